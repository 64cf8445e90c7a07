"""Whose passkeys are kept: what is stored when one is added, named or removed. The last way in is never removed."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import delete, func, select, update
from sqlalchemy.orm import Session

from portal import audit
from portal.accounts import challenges, passkeys
from portal.accounts.later import ceremonies
from portal.accounts.models import Passkey, User
from portal.accounts.passkeys import PasskeyRefused, Place
from portal.accounts.permissions import SECOND_FACTOR_REQUIRED, is_one_of
from portal.audit import vocabulary
from portal.core import clock
from portal.core.db import changed, db, insert, write
from portal.core.errors import Refused
from portal.core.language import _

LONGEST_NAME = 80
MOST = 20
"""Passkeys of one user: nobody has so many devices."""


def of(user: User) -> Sequence[Passkey]:
    """Return a user's passkeys, the oldest first."""
    return db.session.scalars(select(Passkey).where(Passkey.user_id == user.id).order_by(Passkey.created_at, Passkey.id)).all()


def question(user: User, place: Place) -> dict[str, Any]:
    """Return what a browser is asked to add a passkey. Raises Refused where there are too many."""
    rows = of(user)
    _demand_room(len(rows))
    handle = user.passkey_handle or _give_handle(user)
    existing, email, name = [_known(row, handle) for row in rows], user.email, user.name
    challenge = challenges.ask(challenges.ADDING)
    who = {"email": email, "name": name, "site": place.rp_id}  # the agency's name is known above; browsers show the address
    return ceremonies.creation_options(place, challenge, user_handle=handle, existing=existing, **who)


def add(user: User, place: Place, answer: str, *, name: str) -> None:
    """Store the passkey of a browser's answer. Raises Refused where it is not true, or there are too many."""
    user_id, handle, challenge = user.id, user.passkey_handle, challenges.carried(challenges.ADDING, answer)
    if handle is None:
        raise PasskeyRefused(passkeys.not_added())
    made = ceremonies.created(answer, place, challenge, user_handle=handle)
    values = {
        "user_id": user_id,
        "name": name,
        "credential_id": made.credential_id,
        "public_key": made.public_key,
        "sign_count": made.sign_count,
        "backup_eligible": made.backup_eligible,
        "backed_up": made.backed_up,
        "transports": " ".join(made.transports),
        "created_at": clock.now_ms(),
    }

    def store(session: Session) -> None:
        owner = _hold(session, user_id)
        if not challenges.use_up(session, challenge):
            raise PasskeyRefused(passkeys.not_added())
        _demand_room(session.scalar(select(func.count()).where(Passkey.user_id == user_id)) or 0)
        once = (
            insert(session, Passkey)
            .values(**values)
            .on_conflict_do_nothing(index_elements=["credential_id"])
            .returning(Passkey.id)
        )
        added = session.scalar(once)
        if added is None:
            raise PasskeyRefused(passkeys.not_added())
        audit.record(session, vocabulary.PASSKEY_ADDED, actor=owner, thing=f"user:{user_id}", passkey=added)

    write(store)


def rename(user: User, passkey_id: int, name: str) -> bool:
    """Give a user's passkey another name; return False where the user has no such passkey."""
    renamed = update(Passkey).where(Passkey.id == passkey_id, Passkey.user_id == user.id).values(name=name)
    return write(lambda session: changed(session, renamed)) == 1


def remove(user: User, passkey_id: int) -> bool:
    """Remove a user's passkey; return False where the user has no such passkey. Raises Refused where it is the last way in."""
    user_id = user.id

    def store(session: Session) -> bool:
        owner = _hold(session, user_id)
        kept = set(session.scalars(select(Passkey.id).where(Passkey.user_id == user_id)))
        if passkey_id not in kept:
            return False
        if len(kept) == 1:
            _demand_another_way(owner)
        session.execute(delete(Passkey).where(Passkey.id == passkey_id))
        audit.record(session, vocabulary.PASSKEY_REMOVED, actor=owner, thing=f"user:{user_id}", passkey=passkey_id)
        return True

    return write(store)


def _demand_another_way(owner: User) -> None:
    if owner.password_hash is None:
        raise Refused(
            _("This passkey is the only thing that you can sign in with. Set a password first, or add another passkey.")
        )
    if owner.totp_secret is None and is_one_of(owner, SECOND_FACTOR_REQUIRED):
        raise Refused(
            _("Your role needs a second factor, and this passkey is the only one. Set up an app first, or add another passkey.")
        )


def _demand_room(number: int) -> None:
    if number >= MOST:
        raise Refused(_("You have %(most)s passkeys, which is the most. Remove one that you no longer use.", most=MOST))


def _hold(session: Session, user_id: int) -> User:
    """Return the user as the row is now, and have whoever else changes the same user's passkeys wait."""
    return session.scalars(select(User).where(User.id == user_id).with_for_update(of=User)).one()


def _give_handle(user: User) -> bytes:
    """Store by what authenticators know a user, unless that was done meanwhile, and return it."""
    user_id, new = user.id, passkeys.new_user_handle()

    def store(session: Session) -> bytes:
        without = update(User).where(User.id == user_id, User.passkey_handle.is_(None))
        session.execute(without.values(passkey_handle=new))
        return session.scalars(select(User.passkey_handle).where(User.id == user_id)).one() or new

    return write(store)


def _known(row: Passkey, handle: bytes) -> passkeys.Passkey:
    return passkeys.Passkey(
        credential_id=row.credential_id,
        user_handle=handle,
        public_key=row.public_key,
        sign_count=row.sign_count,
        backup_eligible=row.backup_eligible,
        backed_up=row.backed_up,
        transports=tuple(row.transports.split()),
    )
