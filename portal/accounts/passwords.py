"""Passwords: which are accepted, how they are kept, how one is checked. Hashing takes a fifth of a second, one at a time."""

import base64
import secrets
import threading
from collections.abc import Iterable, Iterator
from contextlib import contextmanager

from argon2 import PasswordHasher
from argon2.exceptions import VerifyMismatchError

from portal.accounts.guesses import weakness
from portal.core.errors import Refused
from portal.core.language import _
from portal.core.text import nfc

SHORTEST = 12
"""Characters, counted as people count them: composed."""

LONGEST_BYTES = 1024
LONGEST_TYPED = 4 * LONGEST_BYTES
"""Characters before composing, which makes of at most four one; whatever is longer is refused unread."""

HASHER = PasswordHasher(time_cost=3, memory_cost=64 * 1024, parallelism=1, hash_len=32, salt_len=16)
"""argon2id with the passes, memory (KiB), salt and length of RFC 9106's second recommendation, in one lane instead of four: the
same work for whoever guesses, and a sign-in takes one core of two and leaves the other to readers."""

_one_at_a_time = threading.Lock()
"""Of a process's threads one hashes at a time, so that a rush of sign-ins takes 64 MiB and one core."""

MOST_AT_ONCE = 3
"""One that hashes and two that wait: of a process's four threads one is always left to readers."""

_places = threading.BoundedSemaphore(MOST_AT_ONCE)


class Busy(Exception):
    """As many as can wait for their password's hash do so already. Answered with 503 at once; nothing was done."""


def check(password: str, *, about: Iterable[str]) -> None:
    """Raise Refused, with the reason, where a password is too short, too long or too easy to guess.

    `about` is what others know about its owner: name, e-mail address, unit, the name of the site.
    """
    composed = _composed(password)
    if composed is None:
        raise Refused(
            _("This password is too long: at most %(bytes)s bytes, which is some hundreds of letters.", bytes=LONGEST_BYTES)
        )
    if len(composed) < SHORTEST:
        raise Refused(_("This password is too short: at least %(length)s characters.", length=SHORTEST))
    why = weakness(composed, about)
    if why is not None:
        raise Refused(why)


@contextmanager
def place() -> Iterator[None]:
    """Take a place among those whose passwords are hashed: every request does, before it does anything. Raises Busy."""
    if not _places.acquire(blocking=False):
        raise Busy
    try:
        yield
    finally:
        _places.release()


def hash_of(password: str) -> str:
    """Return the hash of a password that was checked, with its salt and parameters; never within a write."""
    composed = _composed(password)
    if composed is None:
        raise ValueError("a password that check() refuses")
    with _one_at_a_time:
        return HASHER.hash(composed)


def verify(kept: str | None, password: str) -> bool:
    """Return whether a password is the one whose hash is kept; as slowly where nothing is kept, so that time tells nothing."""
    composed = _composed(password)
    if composed is None:
        return False
    with _one_at_a_time:
        try:
            HASHER.verify(kept or _nobodys(), composed)
        except VerifyMismatchError:
            return False
    return kept is not None


def needs_rehash(kept: str) -> bool:
    """Return whether a hash was made with other parameters than today's: hash anew once its password was seen to be right."""
    return HASHER.check_needs_rehash(kept)


def _composed(password: str) -> str | None:
    """Return a password in its one form, or None where it is longer than is ever read, or no text at all."""
    if len(password) > LONGEST_TYPED:
        return None
    composed = nfc(password)
    try:
        return composed if len(composed.encode()) <= LONGEST_BYTES else None
    except UnicodeEncodeError:  # half a surrogate pair, from JSON
        return None


def _nobodys() -> str:
    """Return a hash that no password has and that costs what any does: salt and hash are random."""
    salt, tag = (base64.b64encode(secrets.token_bytes(size)).decode().rstrip("=") for size in (HASHER.salt_len, HASHER.hash_len))
    return f"$argon2id$v=19$m={HASHER.memory_cost},t={HASHER.time_cost},p={HASHER.parallelism}${salt}${tag}"
