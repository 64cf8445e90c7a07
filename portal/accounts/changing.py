"""Changing people: who they are, what they may do, whether they may sign in.

Whatever changes somebody's rights ends all their sessions in the same write and forgets the browsers that they trust. Nobody
changes the own rights, and somebody who manages people always remains.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeVar

from sqlalchemy import delete, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from portal import audit
from portal.accounts import devices, links, managers
from portal.accounts.emails import canonical
from portal.accounts.models import Passkey, RecoveryCode, Unit, User
from portal.accounts.names import sorting_key
from portal.accounts.permissions import Role
from portal.audit import Actor, vocabulary
from portal.audit.fields import is_name
from portal.core import clock, sessions
from portal.core.db import write
from portal.core.errors import Refused
from portal.core.language import _
from portal.core.text import clean_line

T = TypeVar("T")

RIGHTS = {"role", "unit", "email"}
"""What of somebody's details, when it changes, ends their sessions."""

TAKEN = re.compile("user[._]email")


class Misfit(Refused):
    """A refusal that concerns one field of a form."""

    def __init__(self, field: str, sentence: str) -> None:
        super().__init__(sentence)
        self.field = field


@dataclass(frozen=True, slots=True)
class Details:
    """Who somebody is. Made by `details`."""

    name: str
    email: str
    role: Role
    unit_id: int | None = None


def details(name: str, email: str, role: Role, unit_id: int | None = None) -> Details:
    """Return details in their one form. Raises Misfit where the name or the address is none."""
    line = clean_line(name)
    if not is_name(line):
        raise Misfit("name", _("This is not a name: at most 120 characters, in words of at most 40."))
    try:
        return Details(line, canonical(email), role, unit_id)
    except Refused as refused:
        raise Misfit("email", str(refused)) from refused


def create(new: Details, *, actor: Actor, password_hash: str | None = None) -> int:
    """Add somebody and return their id. The set-up link, if there is one, is void from then on."""

    def store(session: Session) -> int:
        is_first = not links.is_peopled(session)
        if is_first:
            links.void_set_up(session)
            is_first = not links.is_peopled(session)  # of two at once the second has waited for the first
        managers.held(session, actor)
        made = add(session, new, actor=actor, password_hash=password_hash)
        if is_first and new.role.value in managers.ROLES:
            audit.record(session, vocabulary.FIRST_ADMINISTRATOR, actor=actor, thing=f"user:{made}", way="command")
        return made

    return _unless_taken(store)


def add(session: Session, new: Details, *, actor: Actor, password_hash: str | None) -> int:
    """Add somebody, within a write."""
    _demand_unit(session, new.unit_id)
    kept = {"name": new.name, "email": new.email, "role": new.role.value, "unit_id": new.unit_id}
    user = User(**kept, active=True, password_hash=password_hash, created_at=clock.now_ms())
    session.add(user)
    session.flush()
    said = {"name": new.name, "email": new.email, "role": new.role.value, "unit": new.unit_id}
    audit.record(session, vocabulary.USER_CREATED, actor=actor, thing=f"user:{user.id}", **said)
    return user.id


def change(user_id: int, new: Details, *, actor: Actor) -> bool:
    """Give somebody new details and tell whether any differed."""

    def store(session: Session) -> bool:
        managing, user = managers.held(session, actor), _locked(session, user_id)
        changes = _differences(user, new)
        if "unit" in changes:
            _demand_unit(session, new.unit_id)
        if "role" in changes:
            _demand_others(managing, user, actor, "role", still=new.role.value in managers.ROLES)
        if not changes:
            return False
        user.name, user.sorted_as, user.email = new.name, sorting_key(new.name), new.email
        user.role, user.unit_id = new.role.value, new.unit_id
        session.flush()
        ended = _expel(session, user.id) if changes.keys() & RIGHTS else None
        if changes.keys() & {"email", "role"}:  # a link that was handed out for less must not open more
            links.void(session, user.id)
        audit.record(session, vocabulary.USER_CHANGED, actor=actor, thing=f"user:{user.id}", changes=changes)
        record_expelled(session, ended, user.id, actor, "rights_changed")
        return True

    return _unless_taken(store)


def disable(user_id: int, *, actor: Actor) -> None:
    """Have somebody sign in no longer. What they have written stays."""

    def store(session: Session) -> None:
        managing, user = managers.held(session, actor), _locked(session, user_id)
        _demand_others(managing, user, actor, "", still=False)
        if user.active:
            user.active = False
            links.void(session, user.id)
            ended = _expel(session, user.id)
            audit.record(session, vocabulary.USER_DISABLED, actor=actor, thing=f"user:{user.id}")
            record_expelled(session, ended, user.id, actor, "disabled")

    write(store)


def enable(user_id: int, *, actor: Actor) -> None:
    """Let somebody sign in again."""

    def store(session: Session) -> None:
        managers.held(session, actor)
        user = _locked(session, user_id)
        if not user.active:
            _demand_unit(session, user.unit_id)
            user.active = True
            audit.record(session, vocabulary.USER_ENABLED, actor=actor, thing=f"user:{user.id}")

    write(store)


def end_sessions(user_id: int, *, actor: Actor) -> None:
    """End all of somebody's sessions, and forget the browsers that they trust."""

    def store(session: Session) -> None:
        managers.held(session, actor)
        ended = _expel(session, _locked(session, user_id).id)
        record_expelled(session, ended, user_id, actor, "ended")

    write(store)


def reset_factors(user_id: int, *, actor: Actor) -> None:
    """Remove somebody's authenticator app, recovery codes and passkeys: the phone is lost, say."""

    def store(session: Session) -> None:
        managers.held(session, actor)
        user = _locked(session, user_id)
        if user.id == actor.id:
            raise Refused(_("Change your own second factor on the page “My account”."))
        had_app, user.totp_secret, user.totp_step = user.totp_secret is not None, None, None
        session.execute(delete(RecoveryCode).where(RecoveryCode.user_id == user.id))
        passkeys = session.scalars(delete(Passkey).where(Passkey.user_id == user.id).returning(Passkey.id)).all()
        session.flush()
        ended, thing = _expel(session, user.id), f"user:{user.id}"
        if had_app:
            audit.record(session, vocabulary.SECOND_FACTOR_REMOVED, actor=actor, thing=thing)
        for passkey in sorted(passkeys):
            audit.record(session, vocabulary.PASSKEY_REMOVED, actor=actor, thing=thing, passkey=passkey)
        record_expelled(session, ended, user.id, actor, "rights_changed")

    write(store)


def set_password(key: str, password_hash: str) -> bool:
    """Set the password of whom a reset link is for; False where the link counts no longer. The second factor stays."""

    def store(session: Session) -> bool:
        user_id = links.take_reset(session, key)
        user = _locked(session, user_id) if user_id is not None else None
        if user is None or not user.active:
            return False
        user.password_hash = password_hash
        links.void(session, user.id)
        session.flush()
        ended, thing = _expel(session, user.id), f"user:{user.id}"
        audit.record(session, vocabulary.RESET_LINK_USED, actor=user, thing=thing)
        audit.record(session, vocabulary.PASSWORD_CHANGED, actor=user, thing=thing, way="reset_link")
        record_expelled(session, ended, user.id, user, "password_changed")
        return True

    return write(store)


@dataclass(frozen=True, slots=True)
class Expelled:
    """How many sessions somebody lost, and the rows of the browsers that are trusted no longer."""

    sessions: int
    devices: list[int]


def _expel(session: Session, user_id: int) -> Expelled:
    return Expelled(sessions.end_sessions(session, user_id), devices.forget_all(session, user_id))


def record_expelled(session: Session, ended: Expelled | None, user_id: int, actor: Actor, cause: str) -> None:
    """Record what somebody lost by a change, after the change itself."""
    thing = f"user:{user_id}"
    if ended is not None and ended.sessions:
        audit.record(session, vocabulary.SESSION_ENDED, actor=actor, thing=thing, cause=cause, sessions=ended.sessions)
    for device in ended.devices if ended is not None else ():
        audit.record(session, vocabulary.DEVICE_FORGOTTEN, actor=actor, thing=thing, device=device)


def _locked(session: Session, user_id: int) -> User:
    return session.scalars(select(User).where(User.id == user_id).with_for_update(of=User)).one()


def _differences(user: User, new: Details) -> dict[str, tuple[Any, Any]]:
    pairs = {
        "name": (user.name, new.name),
        "email": (user.email, new.email),
        "role": (user.role, new.role.value),
        "unit": (user.unit_id, new.unit_id),
    }
    return {column: (old, now) for column, (old, now) in pairs.items() if old != now}


def _demand_unit(session: Session, unit_id: int | None) -> None:
    """Demand that a unit is there and stays so until the commit."""
    found = select(Unit.id).where(Unit.id == unit_id, Unit.active).with_for_update(read=True)
    if unit_id is not None and session.scalar(found) is None:
        raise Misfit("unit", _("This unit is not in use any more. Choose another one."))


def _demand_others(managing: set[int], user: User, actor: Actor, field: str, *, still: bool) -> None:
    """Demand that it is another one whose rights change, and that somebody who manages people remains."""
    if user.id == actor.id:
        raise Misfit(field, _("Nobody changes the own rights. Ask another administrator."))
    if user.id in managing and not still and not managing - {user.id}:
        raise Misfit(field, _("This is the last administrator. Make somebody else an administrator first."))


def _unless_taken(work: Callable[[Session], T]) -> T:
    try:
        return write(work)
    except IntegrityError as error:
        if not TAKEN.search(str(error.orig)):
            raise
        raise Misfit("email", _("Somebody has this e-mail address already, perhaps in a disabled account.")) from error
