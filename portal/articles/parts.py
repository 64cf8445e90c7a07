"""What stands in a text on its way to being an article: its parts with their names, and the article that an address names."""

import re
from collections.abc import Callable
from typing import Any
from urllib.parse import urlsplit

from flask import current_app, request
from sqlalchemy import select

from portal.articles import attached
from portal.articles.content import GENRES, LABELS
from portal.articles.models import Section
from portal.core.db import db
from portal.core.web import LARGEST_ID
from portal.publishing.kinds import Part
from portal.publishing.models import Content

PATH = re.compile(r"(?:/en)?(?:/bai-viet/[a-z0-9-]+-|/b/)([1-9][0-9]{0,9})/?")
NUMBER = re.compile("[1-9][0-9]{0,9}")


def parts_of(content: Content) -> list[Part]:
    """Return all parts of a content with their names, in the order in which readers meet them."""
    polls = dict(current_app.extensions["poll_names"]()) if content.get("poll_id") else {}
    shown: dict[str, Callable[[Any], str]] = {
        "section_id": lambda number: db.session.scalar(select(Section.name).where(Section.id == number)) or "",
        "poll_id": lambda number: polls.get(number, str(number)),
        "genre": lambda genre: str(GENRES.get(genre, "")) if genre else "",
        "published_on": lambda moment: moment.replace("T", " "),
        attached.FIELD: attached.told,
    }
    texts = {name: shown.get(name, str)(content.get(name) or "") for name in LABELS}
    return [Part(name, str(label), texts[name], is_html=name == "body") for name, label in LABELS.items()]


def article_at(text: str) -> int | None:
    """Return the number of the article that an address of this site, or a number, names; None where it names none."""
    try:
        parts = urlsplit(text.strip())
    except ValueError:
        return None
    ours = {"", request.host, urlsplit(current_app.config["SITE_URL"] or "").netloc}
    match = NUMBER.fullmatch(parts.path) or PATH.fullmatch(parts.path)
    if match is None or parts.netloc not in ours or parts.scheme not in {"", "http", "https"}:
        return None
    number = int(match[match.lastindex or 0])
    return number if number <= LARGEST_ID else None
