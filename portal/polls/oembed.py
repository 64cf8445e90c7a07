"""oEmbed 1.0 (https://oembed.com): programs ask here how to embed the poll whose page they have found.

401 for a poll that no site may embed, 404 for what is no public poll of ours, 501 for formats other than JSON.
"""

import json
import re
from urllib.parse import urlsplit

from flask import Blueprint, Flask, Response, current_app, request, url_for

from portal.core import errors, language
from portal.core.caching import cache_for
from portal.core.language import _
from portal.core.web import LARGEST_ID, absolute, query_value
from portal.polls import box, places
from portal.polls.heights import height
from portal.polls.models import Poll
from portal.polls.snippets import Look, snippet

PATH = "/oembed"
WIDTH = 480
"""Pixels, where nobody says how many there are."""
CACHE_S = 3_600
LONGEST_ADDRESS = 300
PAGE = re.compile(r"(/en)?/tham-do/([1-9][0-9]{0,9})")
NUMBER = re.compile("[1-9][0-9]{0,4}")

blueprint = Blueprint("oembed", __name__)


@blueprint.get(PATH)
@cache_for(CACHE_S, query=("url", "format", "maxwidth", "maxheight"))
def show() -> Response:
    """Answer for the address of a poll's own page."""
    if query_value("format", longest=20) not in {"", "json"}:
        return _error(501, _("Only JSON is spoken here."))
    most = [_pixels(name) for name in ("maxwidth", "maxheight")]
    if 0 in most:
        return _error(400, _("%(name)s is a whole number of pixels.", name="maxwidth, maxheight"))
    lang, poll = _asked_for(query_value("url", longest=LONGEST_ADDRESS))
    if poll is None:
        return _error(404, _("There is no poll at this address."))
    if not places.allowed(poll):
        return _error(401, _("No site may embed this poll."))
    width = min(WIDTH, most[0] or WIDTH)
    reckoned = height(poll, width)
    tall = min(reckoned, most[1] or reckoned)
    return _json(
        {
            "version": "1.0",
            "type": "rich",
            "title": poll.question,
            "provider_name": current_app.extensions["site_name"](),
            "provider_url": absolute("/"),
            "cache_age": CACHE_S,
            "width": width,
            "height": tall,
            "html": snippet(poll, Look(lang=lang), width=str(width), tall=tall),
        }
    )


def address_of(poll: Poll) -> str:
    """Return where programs ask about a poll's page; "" where no site may embed it."""
    if not places.allowed(poll):
        return ""
    page = absolute(url_for("polls.show", poll_id=poll.id))
    return absolute(url_for("oembed.show", url=page, format="json"))


def _asked_for(address: str) -> tuple[str, Poll | None]:
    """Return the language and the poll of one of our addresses; None for any other."""
    try:
        parts = urlsplit(address)
    except ValueError:
        return "", None
    match = PAGE.fullmatch(parts.path)
    if match is None or f"{parts.scheme}://{parts.netloc}" != absolute("") or int(match[2]) > LARGEST_ID:
        return "", None
    return language.PREFIXES.get(match[1] or "", language.DEFAULT), box.find(int(match[2]))


def _pixels(name: str) -> int | None:
    """Return a number of pixels, None where nobody says one, 0 for what is none."""
    said = query_value(name, longest=10)
    if name not in request.args:
        return None
    return int(said) if NUMBER.fullmatch(said) else 0


def _error(code: int, text: str) -> Response:
    response = _json({"error": text})
    response.status_code = code
    return response


def _json(value: object) -> Response:
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":"))
    return current_app.response_class(text, content_type="application/json")


def init_app(app: Flask) -> None:
    app.register_blueprint(blueprint)
    errors.speak_for(app, PATH, lambda code, _title, text: _error(code, text))
