"""Questions to passkeys, each for one browser, one purpose, one answer and a few minutes.

A question says itself until when it is good, under a seal that also covers the browser and the purpose, and its answer carries it
back: so nothing is kept of a question that nobody answers. Once a true answer has used it up, its hash is kept for a day.
"""

import hashlib
import hmac
from ipaddress import ip_address
from urllib.parse import urlsplit

from flask import abort, current_app, request
from sqlalchemy import delete
from sqlalchemy.orm import Session

from portal.accounts import passkeys
from portal.accounts.later import ceremonies
from portal.accounts.models import Challenge
from portal.accounts.passkeys import Place
from portal.core import clock, sessions
from portal.core.db import insert

ADDING, SIGNING_IN = "adding", "signing_in"
"""What a question is for. An answer to one is none to the other."""

PORTS = {"http": 80, "https": 443}

KEPT_MS = clock.DAY
"""For how long after its end a question is known as used: a clock that was set back by less makes no answer good again."""

INSTANT_BYTES, SEAL_BYTES = 8, 32


def here() -> Place | None:
    """Return where passkeys are good for whoever asks; None where the site is opened by a number or another name than its own.

    A browser ties a passkey to a name: none can be made for 127.0.0.1 (WebAuthn Level 3, 5.1.3).
    """
    site, asked = urlsplit(current_app.config["SITE_URL"] or request.host_url), urlsplit(request.host_url).hostname
    name = site.hostname or ""
    if name != asked or _is_number(name):
        return None
    port = f":{site.port}" if site.port not in {None, PORTS.get(site.scheme)} else ""
    return Place(origin=f"{site.scheme}://{name}{port}", rp_id=name)


def own_name() -> str:
    """Return the address by which the site must be opened for passkeys, "" where it has no name at all."""
    if current_app.config["SITE_URL"]:
        return str(current_app.config["SITE_URL"])
    port = urlsplit(request.host_url).port
    return "http://localhost" + (f":{port}" if port else "") if request.host.startswith(("127.0.0.1", "[::1]")) else ""


def ask(purpose: str) -> bytes:
    """Return a new question of this browser: random bytes, the instant when it is over, and the seal over both."""
    said = passkeys.new_challenge() + (clock.now_ms() + passkeys.TIMEOUT_MS).to_bytes(INSTANT_BYTES, "big")
    return said + _seal(purpose, _browser(), said)


def carried(purpose: str, answer: str) -> bytes:
    """Return the question that an answer carries back. Raises PasskeyRefused unless it is this browser's, for this, and good."""
    browser = _browser()

    def verify() -> bytes:
        question = ceremonies.challenge_in(answer)
        said, seal = question[:-SEAL_BYTES], question[-SEAL_BYTES:]
        passkeys.demand(hmac.compare_digest(seal, _seal(purpose, browser, said)), "no question of this browser's for this")
        left = _over_at(question) - clock.now_ms()  # more is left than there ever was where the clock was set back
        passkeys.demand(0 < left <= passkeys.TIMEOUT_MS, "the question is over")
        return question

    return passkeys.checked(answer, verify, passkeys.not_added() if purpose == ADDING else passkeys.not_accepted())


def use_up(session: Session, question: bytes) -> bool:
    """Use a question up, in the write that its true answer leads to; False where that was done before."""
    sweep(session, clock.now_ms())
    values = {"hash": hashlib.sha256(question).digest(), "expires_at": _over_at(question)}
    once = insert(session, Challenge).values(**values).on_conflict_do_nothing(index_elements=["hash"]).returning(Challenge.hash)
    return session.scalar(once) is not None


def sweep(session: Session, now: int) -> None:
    """Erase used questions that were over more than a day ago."""
    session.execute(delete(Challenge).where(Challenge.expires_at <= now - KEPT_MS))


def _over_at(question: bytes) -> int:
    return int.from_bytes(question[:-SEAL_BYTES][-INSTANT_BYTES:], "big")


def _browser() -> bytes:
    """Return by what a browser's questions are known: the session that it has, or else the cookie by which its form is known."""
    row, start = sessions.current(), request.cookies.get(sessions.cookie_name(current_app, "start"))
    if row is None and not start:
        abort(403)
    return row.key_hash if row is not None else sessions.hash_of(start or "")


def _seal(purpose: str, browser: bytes, said: bytes) -> bytes:
    key = current_app.config["SECRET_KEY"].encode()
    return hmac.digest(key, f"accounts.question.{purpose}:".encode() + browser + said, hashlib.sha256)


def _is_number(host: str) -> bool:
    try:
        ip_address(host)
    except ValueError:
        return False
    return True
