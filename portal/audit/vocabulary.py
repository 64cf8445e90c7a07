"""The vocabulary: every action that can be recorded, what it can be done to, and the exact fields that it carries.

No field holds what a person types in secret or what a browser sends: a refused sign-in does not tell the address that was typed,
a passkey or a device is its row's number. Names and e-mail addresses are those that stand in the lists of people and units.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from flask_babel import lazy_gettext as _l

from portal.audit.fields import Changes, Code, Email, Field, Flag, Id, Maybe, Name, Named, Number, OneOf, Text
from portal.audit.words import (
    ANSWERS,
    BRAKES,
    ENDINGS,
    FAILURES,
    FILE_CHANGES,
    FIRST_STEPS,
    FIRST_WAYS,
    GROUP_FAULTS,
    GROUP_MERITS,
    LINK_WAYS,
    MADE_WAYS,
    PASSWORD_WAYS,
    POLL_SETTINGS,
    REFUSALS,
    ROLES,
    SECOND_STEPS,
    SHEETS,
)
from portal.core.web import LARGEST_ID

THING = re.compile("([a-z]{1,20}):([1-9][0-9]{0,9})")
LONGEST_ACTION = 40


class Undeclared(ValueError):
    """An entry that the vocabulary does not know: a mistake in our source, never one of the person who acts."""


@dataclass(frozen=True, slots=True)
class Action:
    """Something that is done. `sentence` says it without its fields, `things` are kinds of what it is done to, "" for none."""

    name: str
    sentence: Text
    things: frozenset[str] | None
    """None: things of any kind, or none."""
    fields: Mapping[str, Field] = field(default_factory=dict)

    def __reduce__(self) -> tuple[Any, ...]:
        """Be packed by its name: shared work goes to another process, and there it is the same constant."""
        return _declared, (self.name,)


ALL: dict[str, Action] = {}


def checked(action: Action, thing: str, values: Mapping[str, object]) -> dict[str, object]:
    """Return the values as they are recorded. Raises Undeclared unless action, thing and every field are as declared."""
    if not isinstance(action, Action) or ALL.get(action.name) is not action:
        raise Undeclared(f"{action!r:.80} is no declared action")
    if not _is_thing(action, thing):
        raise Undeclared(f"{action.name} is not done to such a thing")
    if values.keys() != action.fields.keys():
        raise Undeclared(f"{action.name} carries {sorted(action.fields)}, not {sorted(values)}")
    for name, one in action.fields.items():
        if not one.kind.accepts(values[name]):
            raise Undeclared(f"{action.name}: {name} is no {type(one.kind).__name__}")  # the value may be what must not be told
    return dict(values)


def told(name: str, values: Mapping[str, Any]) -> str:
    """Return an entry's sentence with its fields, in the language of the request; as stored, where it is declared no more."""
    action = ALL.get(name)
    if action is None:
        return "; ".join([name, *(f"{key}: {value}" for key, value in values.items())])
    parts = [action.fields[key].shown(value) if key in action.fields else f"{key}: {value}" for key, value in values.items()]
    return f"{action.sentence}. {'; '.join(parts)}" if parts else str(action.sentence)


def _declared(name: str) -> Action:
    return ALL[name]


def _is_thing(action: Action, thing: object) -> bool:
    if not isinstance(thing, str):
        return False
    match = THING.fullmatch(thing)
    if thing and (match is None or int(match[2]) > LARGEST_ID):
        return False
    return action.things is None or (match[1] if match else "") in action.things


def _action(name: str, sentence: Text, things: str | None, /, **fields: Field) -> Action:
    """Declare an action; `things` are kinds joined by "|"."""
    if name in ALL or len(name) > LONGEST_ACTION or fields.keys() & {"session", "transaction", "action", "actor", "thing"}:
        raise Undeclared(f"{name} cannot be declared so")
    ALL[name] = Action(name, sentence, None if things is None else frozenset(things.split("|")), fields)
    return ALL[name]


NAME = Field(_l("Name"), Name())
EMAIL = Field(_l("E-mail"), Email())
ROLE = Field(_l("Role"), ROLES)
UNIT = Field(_l("Unit"), Maybe(Id()))
ACTIVE = Field(_l("Active"), Flag())
PASSKEY = Field(_l("Passkey"), Id())
DEVICE = Field(_l("Device"), Id())

SIGN_IN = _action(
    "sign_in",
    _l("Signed in"),
    "user",
    first=Field(_l("First step"), FIRST_STEPS),
    second=Field(_l("Second step"), SECOND_STEPS),
)
SIGN_IN_REFUSED = _action("sign_in_refused", _l("Sign-in was refused"), "user|", cause=Field(_l("Cause"), REFUSALS))
SIGN_OUT = _action("sign_out", _l("Signed out"), "user")
BRAKED = _action(
    "braked",
    _l("Sign-in was braked"),
    "user|",
    brake=Field(_l("Applies to"), BRAKES),
    failures=Field(_l("Failed attempts"), Number()),
)
SESSION_ENDED = _action(
    "session_ended",
    _l("Ended sessions"),
    "user",
    cause=Field(_l("Cause"), ENDINGS),
    sessions=Field(_l("Sessions"), Number()),
)

PASSWORD_CHANGED = _action("password_changed", _l("Changed the password"), "user", way=Field(_l("How"), PASSWORD_WAYS))
SECOND_FACTOR_SET_UP = _action("second_factor_set_up", _l("Set up the authenticator app"), "user")
SECOND_FACTOR_REMOVED = _action("second_factor_removed", _l("Removed the authenticator app"), "user")
RECOVERY_CODE_USED = _action(
    "recovery_code_used", _l("Used a recovery code"), "user", left=Field(_l("Recovery codes left"), Number())
)
RECOVERY_CODES_MADE = _action("recovery_codes_made", _l("Made new recovery codes"), "user")
PASSKEY_ADDED = _action("passkey_added", _l("Added a passkey"), "user", passkey=PASSKEY)
PASSKEY_REMOVED = _action("passkey_removed", _l("Removed a passkey"), "user", passkey=PASSKEY)
DEVICE_TRUSTED = _action("device_trusted", _l("Trusted a device"), "user", device=DEVICE)
DEVICE_FORGOTTEN = _action("device_forgotten", _l("Forgot a trusted device"), "user", device=DEVICE)

USER_CREATED = _action("user_created", _l("Created a user"), "user", name=NAME, email=EMAIL, role=ROLE, unit=UNIT)
USER_CHANGED = _action(
    "user_changed",
    _l("Changed a user"),
    "user",
    changes=Field(None, Changes({"role": ROLE, "unit": UNIT, "name": NAME, "email": EMAIL, "active": ACTIVE})),
)
USER_DISABLED = _action("user_disabled", _l("Disabled a user"), "user")
USER_ENABLED = _action("user_enabled", _l("Enabled a user"), "user")
UNIT_CREATED = _action("unit_created", _l("Created a unit"), "unit", name=NAME)
UNIT_CHANGED = _action(
    "unit_changed", _l("Changed a unit"), "unit", changes=Field(None, Changes({"name": NAME, "active": ACTIVE}))
)
RESET_LINK_MADE = _action("reset_link_made", _l("Made a reset link"), "user", way=Field(_l("How"), LINK_WAYS))
RESET_LINK_USED = _action("reset_link_used", _l("Used a reset link"), "user")
FIRST_ADMINISTRATOR = _action("first_administrator", _l("Made the first administrator"), "user", way=Field(_l("How"), FIRST_WAYS))

SETTING_CHANGED = _action("setting_changed", _l("Changed a setting"), "site|page|", setting=Field(_l("Setting"), Named()))
SITE_PICTURES_CHANGED = _action(
    "site_pictures_changed",
    _l("Changed the pictures of the site"),
    "site",
    what=Field(_l("What was done"), OneOf({"put_up": _l("put up"), "removed": _l("removed")})),
)
DEADLINE_SET = _action(
    "deadline_set",
    _l("Set a section's deadline for reviews"),
    "section",
    hours=Field(_l("Within how many hours"), Maybe(Number(least=1))),
)
CHAIN_VERIFIED = _action(
    "chain_verified",
    _l("Checked whether the log is whole"),
    "",
    entries=Field(_l("Entries in order"), Number()),
    broken=Field(_l("Broken at entry"), Maybe(Id())),
)
AUDIT_EXPORTED = _action("audit_exported", _l("Downloaded the log"), "", whole=Field(_l("All entries"), Flag()))
ACCESS_REFUSED = _action(
    "access_refused",
    _l("Access was refused"),
    None,
    answer=Field(_l("Answer"), ANSWERS),
    endpoint=Field(_l("Address"), Code()),
)

REVISION = Field(_l("Revision"), Number())
PIECE_BEGUN = _action("piece_begun", _l("Began a text"), "piece")
PIECE_RESTORED = _action(
    "piece_restored", _l("Restored an earlier revision"), "piece", revision=REVISION, restored=Field(_l("As it was in"), Number())
)
PIECE_MOVED = _action("piece_moved", _l("Gave a text to another unit"), "piece", unit=UNIT)
PIECE_FILED = _action(
    "piece_filed", _l("Moved a text to another section"), "piece", revision=REVISION, section=Field(_l("Section"), Maybe(Id()))
)
PIECE_PINNED = _action("piece_pinned", _l("Pinned a text, or no longer"), "piece", pinned=Field(_l("Pinned"), Flag()))
ATTACHMENTS_CHANGED = _action(
    "attachments_changed",
    _l("Changed a text's attachments"),
    "piece",
    revision=REVISION,
    what=Field(_l("What was done"), FILE_CHANGES),
    file=Field(_l("File"), Id()),
)
FILE_DESCRIBED = _action("file_described", _l("Changed a file's words in the library"), "item")
PREVIEW_LINK_MADE = _action("preview_link_made", _l("Made a preview link"), "piece", revision=REVISION)
PREVIEW_LINK_REVOKED = _action("preview_link_revoked", _l("Revoked a preview link"), "piece", revision=REVISION)
PIECE_STEPS = {
    step: _action(f"piece_{step}", sentence, "piece", revision=REVISION)
    for step, sentence in {
        "import": _l("Brought a text in from Word"),
        "submit": _l("Sent a text to review"),
        "recall": _l("Recalled a text"),
        "return": _l("Returned a text"),
        "approve": _l("Approved a text"),
        "publish": _l("Approved and published a text"),
        "schedule": _l("Scheduled a text"),
        "appear": _l("A scheduled text appeared"),
        "publish_urgently": _l("Published a text before its review"),
        "confirm": _l("Confirmed what was published before its review"),
        "take_down": _l("Took a text down"),
        "put_back": _l("Published again what was taken down"),
        "discard": _l("Gave up the changes of a text"),
    }.items()
}
"""What can be done with a text, by the names of `publishing.rules.Step`; and "import" (`articles.imported`)."""

BACKUP_MADE = _action(
    "backup_made",
    _l("Made a backup"),
    "",
    way=Field(_l("How"), MADE_WAYS),
    kilobytes=Field(_l("Kilobytes"), Number()),
    files=Field(_l("Files"), Number()),
    missing=Field(_l("Missing or damaged files"), Number()),
)
BACKUP_FAILED = _action("backup_failed", _l("The nightly backup failed"), "", cause=Field(_l("Cause"), FAILURES))
BACKUP_RESTORED = _action(
    "backup_restored",
    _l("Restored the site from a backup"),
    "",
    files=Field(_l("Files"), Number()),
    new_key=Field(_l("Under a new key"), Flag()),
)

POLL_CHANGED = _action(
    "poll_changed",
    _l("Changed a poll"),
    "poll",
    save=Field(_l("Save"), Number(1)),
    changes=Field(None, Maybe(POLL_SETTINGS)),
)
POLL_STEPS = {
    step: _action(f"poll_{step}", sentence, "poll")
    for step, sentence in {
        "create": _l("Made a poll"),
        "publish": _l("Published a poll"),
        "withdraw": _l("Took a poll down"),
        "close": _l("Closed a poll"),
        "archive": _l("Archived a poll and erased its keys"),
        "delete": _l("Deleted a poll without votes"),
    }.items()
}
POLL_COPIED = _action("poll_copied", _l("Copied a poll"), "poll", copied=Field(_l("Copied from"), Id()))
POLL_GROUP_ANNULLED = _action(
    "poll_group_annulled",
    _l("Annulled a group of votes"),
    "poll",
    number=Field(_l("Votes"), Number(1)),
    reason=Field(_l("Reason"), GROUP_FAULTS),
)
POLL_GROUP_RESTORED = _action(
    "poll_group_restored",
    _l("Counted a group of votes"),
    "poll",
    number=Field(_l("Votes"), Number(1)),
    reason=Field(_l("Reason"), GROUP_MERITS),
)
POLL_LISTED = _action(
    "poll_listed",
    _l("Published the list of a poll's votes"),
    "poll",
    number=Field(_l("Votes"), Number(1)),
)
POLL_EXPORTED = _action("poll_exported", _l("Took out a poll's result"), "poll", kind=Field(_l("Form"), SHEETS))
