"""The browser's id: 16 random bytes in a cookie that the vote itself sets. Nobody who only reads has one."""

import binascii
import secrets

from flask import Response, current_app, request

from portal.polls.ballots import TOKEN_BYTES

DAY_S = 86_400


def token(text: str) -> bytes | None:
    """Return a 16-byte token from 32 hexadecimal figures, or None where it is none."""
    try:
        octets = binascii.unhexlify(text)
    except (binascii.Error, ValueError):
        return None
    return octets if len(octets) == TOKEN_BYTES else None


def new_token() -> bytes:
    return secrets.token_bytes(TOKEN_BYTES)


def known(*, embedded: bool = False) -> bytes | None:
    """Return the id of the browser that asks, None where it has not voted yet; in a frame it has another."""
    return token(request.cookies.get(_cookie_name("embedded" if embedded else "browser"), ""))


def remember(response: Response, browser: bytes, *, embedded: bool = False) -> Response:
    """Have the browser keep its id: for this site alone, out of reach of scripts, sent along from our own pages only.

    In a frame it is sent from there, and kept apart for each site that embeds us. Browsers take that over HTTPS alone, and on
    loopback.
    """
    kept_s, secure = current_app.config["BROWSER_COOKIE_DAYS"] * DAY_S, "; Secure" * (embedded or current_app.config["SECURE"])
    name, sent = ("embedded", "None; Partitioned") if embedded else ("browser", "Lax")
    # Written out, as every vote has one: there is nothing to quote in figures and a-f.
    cookie = f"{_cookie_name(name)}={browser.hex()}; Max-Age={kept_s}{secure}; HttpOnly; Path=/; SameSite={sent}"
    response.headers.add("Set-Cookie", cookie)
    return response


def _cookie_name(name: str) -> str:
    return f"__Host-{name}" if current_app.config["SECURE"] else name
