"""What somebody who has signed in is asked again before something weighty: the password, or a code. Braked as signing in is.

Whoever has neither signs in with a passkey alone: they must have done so within the last ten minutes.
"""

from dataclasses import dataclass

from flask import request
from sqlalchemy.orm import Session

from portal.accounts import brakes, codes, passwords
from portal.accounts.brakes import Begun, Braked
from portal.accounts.codes import Code
from portal.accounts.models import User
from portal.accounts.own_sessions import Asking
from portal.accounts.signing_in import NotOpened, refuse
from portal.core import clock
from portal.core.db import write
from portal.core.language import _

PASSWORD, CODE, NOTHING = "password", "code", "nothing"
FRESH_MS = 10 * clock.MINUTE
"""How young the session is of whoever can be asked for nothing."""


@dataclass(frozen=True, slots=True)
class Asked:
    """A code that somebody gave, and the attempt as which it was counted."""

    attempt: Begun
    code: Code


def what(user: User) -> str:
    """Return what a user is asked for: PASSWORD, where there is none CODE, and where there is no app either NOTHING."""
    if user.password_hash is not None:
        return PASSWORD
    return NOTHING if user.totp_secret is None else CODE


def is_late(user: User, asking: Asking) -> bool:
    """Tell whether somebody who can be asked for nothing signed in too long ago, so that only signing in again helps."""
    return what(user) == NOTHING and not 0 <= clock.now_ms() - asking.began_at < FRESH_MS  # a clock set back makes none young


def confirm(user: User, asking: Asking, typed: str) -> NotOpened | None:
    """Ask again, whatever this user is asked for; None where that was right. A code is used up by it."""
    kind = what(user)
    if kind == NOTHING:
        return NotOpened() if is_late(user, asking) else None
    if kind == PASSWORD:
        attempt = for_password(user, typed)
        if isinstance(attempt, Begun):
            write(lambda session: brakes.forgive(session, attempt))
        return None if isinstance(attempt, Begun) else attempt
    asked = for_code(user, typed)
    return asked if isinstance(asked, NotOpened) else _use_up(user, asked)


def sentence(user: User) -> str:
    """Return what to say where it was not right."""
    return {
        PASSWORD: _("The present password is not right. If you have tried several times, wait for 5 minutes."),
        CODE: _("This code is not right, or was used already. Wait for the next one."),
        NOTHING: _("You signed in more than 10 minutes ago. Sign out and sign in again first, and then do this."),
    }[what(user)]


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
    attempt = _begin(user, codes_of=user.id)
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


def _use_up(user: User, asked: Asked) -> NotOpened | None:
    """Use a code up, and say so in the log where it was a recovery code."""

    def store(session: Session) -> bool:
        if not take(session, user.id, asked):
            return False
        codes.tell(session, user, asked.code)
        return True

    return None if write(store) else refuse(asked.attempt, user, asked.code.cause)


def _begin(user: User, *, codes_of: int | None = None) -> Begun | NotOpened:
    keys = brakes.keys_of(user.email, request.remote_addr or "")
    attempt = write(lambda session: brakes.begin(session, keys, codes_of=codes_of))
    return NotOpened(attempt.retry_after_s) if isinstance(attempt, Braked) else attempt
