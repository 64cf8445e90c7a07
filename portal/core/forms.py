"""Forms of staff pages: WTForms' fields over what was sent, in Vietnamese's one composed form, each field once.

The token that every form carries is checked before any view runs (`core.staff`), so no form knows it.
"""

from typing import Any, ClassVar

from flask import abort, request
from flask_wtf import FlaskForm

from portal.core.text import nfc


class Form(FlaskForm):  # type: ignore[misc] # Flask-WTF has no types
    """A form whose fields stand once each; what it does not name it does not read."""

    repeated: ClassVar[frozenset[str]] = frozenset()
    """Fields that may stand more than once."""

    class Meta(FlaskForm.Meta):  # type: ignore[misc]
        csrf = False
        locales = ("en",)

        def wrap_formdata(self, form: Any, formdata: Any) -> Any:
            """Read a form's own fields and nothing else: JSON would bring numbers, lists and the same field twice."""
            return request.form if formdata is not None and request.method == "POST" else None

        def get_translations(self, form: Any) -> Any:
            return _Translations

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if any(len(request.form.getlist(name)) > 1 for name in self._fields if name not in self.repeated):
            abort(400)

    def first_error(self) -> str:
        """Return the first sentence that says what is wrong, or ""."""
        return next((str(error) for errors in self.errors.values() for error in errors), "")


class _Translations:
    """WTForms' own messages are never shown: each validator of ours says its sentence."""

    @staticmethod
    def gettext(text: str) -> str:
        return text

    @staticmethod
    def ngettext(singular: str, plural: str, number: int) -> str:
        return singular if number == 1 else plural


def composed(text: str | None) -> str | None:
    """Filter of a text field: NFC, without spaces at its ends."""
    return None if text is None else nfc(text).strip()
