"""What somebody who has signed in is asked again before something weighty: the password, or a code. Braked as signing in is."""

from dataclasses import dataclass

from flask import request
from sqlalchemy.orm import Session

from portal.accounts import brakes, codes, passwords
from portal.accounts.brakes import Begun, Braked
from portal.accounts.codes import Code
from portal.accounts.models import User
from portal.accounts.signing_in import NotOpened, refuse
from portal.core.db import write


@dataclass(frozen=True, slots=True)
class Asked:
    """A code that somebody gave, and the attempt as which it was counted."""

    attempt: Begun
    code: Code


def for_password(user: User, typed: str) -> Begun | NotOpened:
    """Return the attempt, for the write to forgive, where the password is the present one."""
    with passwords.place():
        attempt = _begin(user)
        is_right = isinstance(attempt, Begun) and passwords.verify(user.password_hash, typed)
    if isinstance(attempt, NotOpened) or is_right:
        return attempt
    return refuse(attempt, user, "wrong_password")


def for_code(user: User, typed: str) -> Asked | NotOpened:
    """Return a code that can be right; whether it is, `take` tells in the write."""
    attempt = _begin(user)
    if isinstance(attempt, NotOpened):
        return attempt
    code = codes.read(user, typed)
    if code.step is None and code.recovery is None:
        return refuse(attempt, user, code.cause)
    return Asked(attempt, code)


def take(session: Session, user_id: int, asked: Asked) -> bool:
    """Use a code up and forgive the attempt; False where it is none, was used meanwhile, or the app is another one by now."""
    if not codes.take(session, user_id, asked.code):
        return False
    brakes.forgive(session, asked.attempt)
    return True


def _begin(user: User) -> Begun | NotOpened:
    keys = brakes.keys_of(user.email, request.remote_addr or "")
    attempt = write(lambda session: brakes.begin(session, keys))
    return NotOpened(attempt.retry_after_s) if isinstance(attempt, Braked) else attempt
