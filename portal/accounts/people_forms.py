"""The forms about people and units, and those behind links that count once."""

from collections.abc import Iterable
from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import EmailField, PasswordField, SelectField, StringField
from wtforms.validators import InputRequired, Length, ValidationError

from portal.accounts.forms import FILL
from portal.accounts.models import Unit
from portal.accounts.permissions import NAMES, Role
from portal.core.forms import Form, composed
from portal.core.language import _

LONGEST_TYPED = 1_000
TOO_LONG = _l("This is too long.")


class Chosen(SelectField):  # type: ignore[misc] # WTForms has no types
    """One of a list; anything else gets a sentence."""

    def pre_validate(self, form: Any) -> None:
        if self.data not in {value for value, _label in self.choices}:
            raise ValidationError(_("Choose one of the list."))


class UnitForm(Form):
    name = StringField(
        _l("Name of the unit"), [InputRequired(FILL), Length(max=LONGEST_TYPED, message=TOO_LONG)], filters=[composed]
    )


class WhoForm(Form):
    name = StringField(_l("Full name"), [InputRequired(FILL), Length(max=LONGEST_TYPED, message=TOO_LONG)], filters=[composed])
    email = EmailField(_l("E-mail"), [InputRequired(FILL), Length(max=LONGEST_TYPED, message=TOO_LONG)], filters=[composed])


class PersonForm(WhoForm):
    unit = Chosen(_l("Unit"))
    role = Chosen(_l("Role"))

    def offer(self, units: Iterable[Unit]) -> None:
        """Say what can be chosen."""
        self.unit.choices = [("", _("No unit")), *((str(unit.id), unit.name) for unit in units)]
        self.role.choices = [(role.value, str(NAMES[role])) for role in Role]


class NewPasswordForm(Form):
    password = PasswordField(_l("New password"), [InputRequired(FILL)])
    again = PasswordField(_l("The same password again"), [InputRequired(FILL)])

    def validate_again(self, field: Any) -> None:
        if field.data != self.password.data:
            raise ValidationError(_("The two passwords are not the same."))


class SetUpForm(WhoForm):
    password = PasswordField(_l("Password"), [InputRequired(FILL)])
    again = PasswordField(_l("The same password again"), [InputRequired(FILL)])
    validate_again = NewPasswordForm.validate_again
