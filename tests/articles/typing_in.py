"""What a browser without scripts does on the page for writing: it opens it, reads its form, and sends it changed."""

import secrets
from typing import Any
from xml.etree.ElementTree import Element

import html5lib
from flask import Flask
from werkzeug.test import TestResponse

from portal.accounts.models import User
from portal.core.sessions import cookie_name
from tests import cast
from tests.client import PortalClient


def browser_of(app: Flask, user: User) -> PortalClient:
    """Return a browser in which somebody is signed in."""
    client: PortalClient = app.test_client()  # type: ignore[assignment]
    client.set_cookie(cookie_name(app), cast.session_of(user))
    return client


def page_of(piece_id: int) -> str:
    return f"/ban-bien-tap/bai/{piece_id}"


def parsed(html: str) -> Element:
    root: Element = html5lib.parse(html, namespaceHTMLElements=False)
    return root


def form_of(html: str, action: str) -> dict[str, str]:
    """Return the fields of the form that posts to an address, as a browser would send them; no button is pressed."""
    form = next(one for one in parsed(html).iter("form") if one.get("action") == action)
    found: dict[str, str] = {}
    for field in form.iter():
        name = field.get("name")
        if not name or field.tag == "button":
            continue
        if field.tag == "textarea":
            found[name] = (field.text or "").removeprefix("\n")
        elif field.tag == "select":
            options = list(field.iter("option"))
            found[name] = next(
                (one.get("value") or "" for one in options if one.get("selected") is not None), options[0].get("value") or ""
            )
        elif field.get("type") not in {"radio", "checkbox"} or field.get("checked") is not None:
            found[name] = field.get("value") or ""
    return found


def opened(client: PortalClient, piece_id: int) -> dict[str, str]:
    """Return the form of a piece as its page has it now."""
    return form_of(client.get(page_of(piece_id)).text, page_of(piece_id))


def sent(client: PortalClient, piece_id: int, fields: dict[str, str], *, in_place: bool = False, **more: Any) -> TestResponse:
    """Send the form with some fields changed."""
    send = client.swap if in_place else client.submit
    return send(page_of(piece_id), {**fields, **more})


def typed(client: PortalClient, piece_id: int, **more: Any) -> TestResponse:
    """Open the page, type, and save by hand."""
    return sent(client, piece_id, opened(client, piece_id), by_hand="1", **more)


def a_key() -> str:
    return secrets.token_hex(16)
