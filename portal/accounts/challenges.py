"""Questions to passkeys: kept on the server for one answer and a few minutes, each for the browser that asked for it."""

import hashlib
from ipaddress import ip_address
from urllib.parse import urlsplit

from flask import abort, current_app, request
from sqlalchemy import delete
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from portal.accounts import passkeys
from portal.accounts.models import Challenge
from portal.accounts.passkeys import Place
from portal.core import clock, sessions
from portal.core.db import write

ADDING, SIGNING_IN = "adding", "signing_in"
"""What a question is for. An answer to one is none to the other."""

PORTS = {"http": 80, "https": 443}


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
    """Store a new question of this browser, in place of the one before, and return it."""
    challenge, kept = passkeys.new_challenge(), _hash(purpose)

    def store(session: Session) -> None:
        now = clock.now_ms()
        session.execute(delete(Challenge).where(Challenge.expires_at <= now))
        insert = (sqlite if session.get_bind().dialect.name == "sqlite" else postgresql).insert(Challenge)
        values = {"challenge": challenge, "expires_at": now + passkeys.TIMEOUT_MS}
        session.execute(insert.values(hash=kept, **values).on_conflict_do_update(index_elements=["hash"], set_=values))

    write(store)
    return challenge


def take(purpose: str) -> bytes | None:
    """Return this browser's question, which is gone from here on; None where there is none any more, or never was."""
    taken = delete(Challenge).where(Challenge.hash == _hash(purpose)).returning(Challenge.challenge, Challenge.expires_at)
    found = write(lambda session: session.execute(taken).one_or_none())
    return found.challenge if found is not None and clock.now_ms() < found.expires_at else None


def _hash(purpose: str) -> bytes:
    """Return by what a browser's question is kept: the session that it has, or else the cookie by which its form is known."""
    row, start = sessions.current(), request.cookies.get(sessions.cookie_name(current_app, "start"))
    if row is None and not start:
        abort(403)
    held = row.key_hash if row is not None else sessions.hash_of(start or "")
    return hashlib.sha256(f"passkey.{purpose}:".encode() + held).digest()


def _is_number(host: str) -> bool:
    try:
        ip_address(host)
    except ValueError:
        return False
    return True
