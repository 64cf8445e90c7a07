"""Passkeys (khóa truy cập, WebAuthn): what is known of one, and how an answer is refused. `ceremonies` asks and checks."""

import re
import secrets
from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeVar

from portal.core.errors import Refused
from portal.core.language import _

CHALLENGE_BYTES = 32
HANDLE_BYTES = 32
TIMEOUT_MS = 5 * 60_000
LONGEST_ANSWER = 16_384
"""Characters of JSON. An answer without attestation has one or two thousand."""

LIBRARY = "webauthn."

LONGEST_ID = 1023
"""Bytes of a credential's id (WebAuthn Level 3, 4)."""

Found = TypeVar("Found")


class PasskeyRefused(Refused):
    """An answer that is not true. Which check it failed is its cause, for the log; the person reads one sentence."""

    @property
    def why(self) -> str:
        """Return which check it failed, without anything that was sent or is kept: texts of the library quote some of it."""
        cause = self.__cause__
        is_told = isinstance(cause, Untrue) or type(cause).__module__.startswith(LIBRARY)  # which is not loaded to ask this
        said = str(cause) if is_told else type(cause).__name__ if cause else "too long"
        return re.sub('".*"|: .*', "...", said, flags=re.DOTALL)


class Untrue(ValueError):
    """A check of ours that an answer fails."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where passkeys of this site are good: `origin` as "https://so.example.vn", `rp_id` as "so.example.vn"."""

    origin: str
    rp_id: str


@dataclass(frozen=True, slots=True)
class Passkey:
    """What is kept of a credential. `user_handle` is random and the user's own; it names nobody."""

    credential_id: bytes
    user_handle: bytes
    public_key: bytes
    sign_count: int
    backup_eligible: bool
    backed_up: bool
    transports: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Use:
    """What a sign-in changes of a passkey: to be stored where the kept count is still the one that was compared."""

    sign_count: int
    backed_up: bool


def new_challenge() -> bytes:
    """Return 32 random bytes for one question."""
    return secrets.token_bytes(CHALLENGE_BYTES)


def new_user_handle() -> bytes:
    """Return 32 random bytes by which authenticators know a user."""
    return secrets.token_bytes(HANDLE_BYTES)


def not_added() -> str:
    """Return what is said where a passkey is not added, whatever was wrong."""
    return _("This passkey could not be added. Nothing was changed; please try again.")


def not_accepted() -> str:
    """Return what is said where nobody is signed in by an answer, whatever was wrong."""
    return _("This passkey was not accepted. Please try again, or sign in with your password.")


def checked(answer: str, verify: Callable[[], Found], sentence: str) -> Found:
    """Return what a check of an answer returns; raise PasskeyRefused with a sentence, from whatever it raised."""
    if len(answer) > LONGEST_ANSWER:
        raise PasskeyRefused(sentence)
    try:
        return verify()
    except Exception as error:  # the library lets KeyError, ValueError, struct.error and others through where bytes are malformed
        raise PasskeyRefused(sentence) from error


def demand(true: bool, otherwise: str) -> None:
    """Fail a check within `checked`, unless something is true."""
    if not true:
        raise Untrue(otherwise)
