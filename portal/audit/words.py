"""The words that entries can hold, each with the text that stands for it, and what can change in a poll."""

from flask_babel import lazy_gettext as _l

from portal.audit.fields import At, Changes, Field, Flag, Maybe, Number, OneOf

ROLES = OneOf(
    {"author": _l("Author"), "editor": _l("Editor"), "publisher": _l("Publisher"), "administrator": _l("Administrator")}
)
FIRST_STEPS = OneOf({"password": _l("password"), "passkey": _l("passkey")})
SECOND_STEPS = OneOf(
    {
        "none": _l("none"),
        "code": _l("authenticator code"),
        "recovery_code": _l("recovery code"),
        "passkey": _l("passkey"),
        "trusted_device": _l("trusted device"),
    }
)
REFUSALS = OneOf(
    {
        "unknown_account": _l("no such account"),
        "disabled_account": _l("account is disabled"),
        "wrong_password": _l("wrong password"),
        "wrong_code": _l("wrong authenticator code"),
        "used_code": _l("code was used before"),
        "wrong_recovery_code": _l("wrong recovery code"),
        "wrong_passkey": _l("wrong passkey"),
        "too_late": _l("account or session was changed meanwhile"),
    }
)
BRAKES = OneOf(
    {
        "account": _l("one account"),
        "code": _l("codes of one account"),
        "network": _l("one network"),
        "everybody": _l("everybody"),
    }
)
ENDINGS = OneOf(
    {
        "ended": _l("ended in the list of sessions"),
        "password_changed": _l("password was changed"),
        "rights_changed": _l("rights were changed"),
        "disabled": _l("account is disabled"),
    }
)
PASSWORD_WAYS = OneOf({"own": _l("by its owner"), "reset_link": _l("with a reset link"), "command": _l("on the command line")})
LINK_WAYS = OneOf(
    {"shown": _l("shown to an administrator"), "mailed": _l("sent by e-mail"), "command": _l("on the command line")}
)
FIRST_WAYS = OneOf({"command": _l("on the command line"), "setup_link": _l("with the set-up link")})
ANSWERS = OneOf({"forbidden": _l("not allowed (403)"), "not_found": _l("not found (404)")})
FILE_CHANGES = OneOf(
    {
        "attached": _l("attached"),
        "replaced": _l("replaced"),
        "renamed": _l("renamed"),
        "moved": _l("moved"),
        "removed": _l("removed"),
    }
)
MADE_WAYS = OneOf({"nightly": _l("by night"), "command": _l("on the command line")})
FAILURES = OneOf({"full": _l("the disk is full"), "ended": _l("its process was ended"), "other": _l("see the server's log")})
SHOWN_WHEN = OneOf({"always": _l("Always"), "voted": _l("After voting"), "closed": _l("After the poll closes")})
POLL_SETTINGS = Changes(
    {
        "version": Field(_l("Version of the text"), Number(1)),
        "min_choices": Field(_l("Choose at least"), Number(1)),
        "max_choices": Field(_l("Choose at most"), Number(1)),
        "opens_at": Field(_l("Opens at"), Maybe(At())),
        "closes_at": Field(_l("Closes at"), Maybe(At())),
        "visibility": Field(_l("The result can be seen"), SHOWN_WHEN),
        "may_change": Field(_l("A vote may be changed while the poll is open"), Flag()),
        "on_home": Field(_l("Show it on the home page"), Flag()),
        "checkable": Field(_l("Voters get a code to check their vote by"), Flag()),
        "allowance": Field(_l("Votes of one network that count within an hour"), Maybe(Number(1))),
    }
)
GROUP_FAULTS = OneOf({"program": _l("cast by a program"), "one_person": _l("cast by one person"), "other": _l("another reason")})
GROUP_MERITS = OneOf({"people": _l("cast by people"), "mistake": _l("annulled by mistake")})
SHEETS = OneOf({"csv": _l("CSV"), "xlsx": _l("XLSX"), "json": _l("JSON")})
