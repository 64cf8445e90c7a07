"""A password changed by its owner, who says the present one."""

from collections.abc import Iterable

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from portal import audit
from portal.accounts import asked_again, brakes, changing, own_sessions, passwords
from portal.accounts.models import OneTimeLink, User
from portal.accounts.own_sessions import Asking
from portal.accounts.signing_in import NotOpened, refuse
from portal.audit import vocabulary
from portal.core.db import write


def change(asking: Asking, user: User, present: str, new: str, *, about: Iterable[str]) -> str | NotOpened:
    """Change a password and return the key for this session's cookie; every other session, trusted device and link is over.

    Raises Refused, before the present password is looked at, where the new one is not accepted.
    """
    passwords.check(new, about=about)
    attempt = asked_again.for_password(user, present)
    if isinstance(attempt, NotOpened):
        return attempt
    kept, key_hash, user_id = user.password_hash, asking.key_hash, asking.user_id
    with passwords.place():
        hashed = passwords.hash_of(new)

    def store(session: Session) -> str | None:
        same = select(User).where(User.id == user_id, User.active, User.password_hash == kept).with_for_update(of=User)
        actor = session.scalar(same)
        if actor is None or not own_sessions.hold(session, key_hash):
            return None
        session.execute(update(User).where(User.id == user_id).values(password_hash=hashed))
        session.execute(delete(OneTimeLink).where(OneTimeLink.user_id == user_id))
        key, ended = own_sessions.begin_anew(session, user_id, key_hash)
        brakes.forgive(session, attempt)
        audit.record(session, vocabulary.PASSWORD_CHANGED, actor=actor, thing=f"user:{user_id}", way="own")
        changing.record_expelled(session, ended, user_id, actor, "password_changed")
        return key

    return write(store) or refuse(attempt, user, "wrong_password")
