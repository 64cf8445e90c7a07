"""The forms of one's own account."""

from flask_babel import lazy_gettext as _l
from wtforms import PasswordField, StringField
from wtforms.validators import EqualTo, InputRequired, Length, ValidationError

from portal.accounts import asked_again
from portal.accounts.forms import FILL
from portal.core.forms import Form
from portal.core.language import _
from portal.core.text import nfc


class PasswordChangeForm(Form):
    present = PasswordField(_l("Present password"), [InputRequired(FILL)])
    password = PasswordField(_l("New password"), [InputRequired(FILL)])
    again = PasswordField(_l("New password once more"), [InputRequired(FILL), EqualTo("password", _l("The two do not agree."))])

    def validate_password(self, field: PasswordField) -> None:
        if nfc(field.data) == nfc(self.present.data or ""):
            raise ValidationError(_("This is the password that you have already."))


class AgainForm(Form):
    """What is asked again before something weighty."""

    again = PasswordField(_l("Present password"), [InputRequired(FILL)])

    def ask_for(self, what: str) -> "AgainForm":
        """Ask for one of `asked_again`'s kinds."""
        if what == asked_again.CODE:
            self.again.label.text = _("Code")
        elif what == asked_again.NOTHING:
            del self.again
        return self


class AppCodeForm(Form):
    code = StringField(_l("Code"), [InputRequired(FILL), Length(max=64, message=_l("This is no code."))])


class SetUpAppForm(AppCodeForm, AgainForm):
    """The first code of a new app, and what is asked again."""
