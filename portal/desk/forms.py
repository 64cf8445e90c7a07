"""Forms of the desk: the one reason for which pieces are taken down, and where pieces are moved."""

from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import SelectField, StringField
from wtforms.validators import DataRequired, Length, ValidationError

from portal.core.forms import Form
from portal.core.text import clean_line
from portal.desk.choices import Options
from portal.publishing import public_words
from portal.publishing.kinds import Concern

LONGEST_REASON = 300
LISTED = _l("Choose one of the list.")


def _line(text: str | None) -> str | None:
    """Return one clean line; what is far too long stays as it is, and is refused for its length."""
    return text if text is None or len(text) > 10 * LONGEST_REASON else clean_line(text)


class ReasonForm(Form):
    """Why something is taken down; shown to everybody who asks for it."""

    reason = StringField(
        _l("Reason (shown to the public)"),
        [
            DataRequired(_l("Give the reason; it is shown to everybody who asks for the article.")),
            Length(max=LONGEST_REASON, message=_l("At most 300 characters.")),
        ],
        filters=[_line],
    )
    concern_reason = StringField(
        _l("Why it is published all the same"),
        [Length(max=LONGEST_REASON, message=_l("At most 300 characters."))],
        filters=[_line],
    )

    @property
    def spoken(self) -> list[Concern]:
        """Return what may be personal data in the reason."""
        return public_words.concerns(self.reason.data or "", str(self.reason.label.text))


class MoveForm(Form):
    """The section and the unit to which pieces go; one of them may be left as it is."""

    section = SelectField(_l("Section"), validate_choice=False)
    unit = SelectField(_l("Unit"), validate_choice=False)

    def offer(self, *, sections: Options, units: Options) -> None:
        """Say what can be chosen."""
        for field, options in ((self.section, sections), (self.unit, units)):
            field.choices = [("", _l("As it is")), *((str(key), name) for key, name in options)]

    def validate_section(self, field: Any) -> None:
        _demand_listed(field)
        if not field.data and not self.unit.data:
            raise ValidationError(_l("Choose a section, a unit, or both."))

    def validate_unit(self, field: Any) -> None:
        _demand_listed(field)


def _demand_listed(field: Any) -> None:
    if field.data not in {value for value, _label in field.choices}:
        raise ValidationError(LISTED)
