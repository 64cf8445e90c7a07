"""The forms of signing in and of accounts."""

from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, EmailField, PasswordField, StringField
from wtforms.validators import InputRequired, Length

from portal.core.forms import Form, composed
from portal.core.text import clean_line

LONGEST_FIELD = 4_096
FILL = _l("Please fill in this field.")


class SignInForm(Form):
    email = EmailField(
        _l("E-mail"), [InputRequired(FILL), Length(max=1_000, message=_l("This e-mail address is too long."))], filters=[composed]
    )
    password = PasswordField(_l("Password"), [InputRequired(FILL)])


class CodeForm(Form):
    code = StringField(_l("Code"), [InputRequired(FILL), Length(max=64, message=_l("This is no code."))])
    trust = BooleanField(_l("Do not ask for a code on this device for 30 days"))


class KeyNameForm(Form):
    name = StringField(
        _l("Name"),
        [InputRequired(FILL), Length(min=1, max=80, message=_l("A name has at most 80 characters."))],
        filters=[lambda typed: clean_line(typed or "")],
    )
