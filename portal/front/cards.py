"""Cards: the pictures that stand for an article, or for the site, where its address is passed on.

Each is drawn once for what it says and kept on disk under a digest of that, so that asking again costs a look at a file.
Drawing is heavy, and anybody may ask: it is done one at a time, in a process with limits that gives way to readers, and
whoever would have to wait longer than one drawing is asked to come again.
"""

import hashlib
import json
import logging
import os
import threading
from pathlib import Path
from typing import Any

from flask import Blueprint, Flask, Response, abort, current_app, request

from portal.articles.models import Article, in_language
from portal.core import clock, formats, jobs
from portal.core.access import public
from portal.core.caching import PAGE_CONTROL
from portal.core.db import db
from portal.core.limits import Ended, LimitReached, call
from portal.core.text import clean_line
from portal.site import identity

blueprint = Blueprint("cards", __name__)
logger = logging.getLogger(__name__)

FONT = Path(__file__).resolve().parents[2] / "static" / "fonts" / "be-vietnam-pro-600.woff2"
BRANDS = {"co-vit": "#0B4F4A", "cham": "#1E3A6E", "gom": "#6E2F22", "than": "#37384F"}
MOURNING = {"paper": "#F4F4F4", "brand": "#2B2B2B", "straw": "#BDBDBD"}
"""LOOK 1.1."""
DRAWING_S = 10.0
MEGABYTES = 512
MOST_KEPT = 2_000
"""Cards on disk, about 25 kB each; the oldest go first."""

_drawing = threading.Lock()
_waiting = threading.BoundedSemaphore(2)
"""One draws and one waits: the other threads of a process are left to readers."""


@blueprint.get("/the/<id:article_id>.png")
@public
def of_article(article_id: int) -> Response:
    told = in_language(clock.now_ms()).with_only_columns(Article.title, Article.published_at)
    found = db.session.execute(told.where(Article.id == article_id)).one_or_none() or abort(404)
    title, published_at = found
    return _answer(_task(title, formats.day(published_at)))


@blueprint.get("/the/trang.png")
@public
def of_site() -> Response:
    site = identity.current()
    return _answer({**_task(site.name, ""), "agency": clean_line(site.locality), "locality": ""})


def _task(title: str, day: str) -> dict[str, str]:
    """Return what a card says, and in which colours."""
    site = identity.current()
    colours = {"paper": "#F6F4EF", "straw": "#E3B04B", "brand": BRANDS.get(site.palette, BRANDS["co-vit"])}
    return {
        "title": clean_line(title),
        "agency": clean_line(site.name),
        "locality": clean_line(site.locality),
        "day": day,
        "emblem": str(identity.emblem_file() or ""),
        **(MOURNING if site.palette == identity.MOURNING else colours),
    }


def _answer(task: dict[str, str]) -> Response:
    digest = hashlib.sha256(json.dumps(task, sort_keys=True).encode()).hexdigest()[:40]
    response = current_app.response_class(_kept(digest, task), mimetype="image/png")
    response.headers["Cache-Control"] = PAGE_CONTROL
    response.set_etag(digest)
    response.make_conditional(request)
    return response


def _kept(digest: str, task: dict[str, str]) -> bytes:
    """Return a card, drawn now where it is not on disk. Aborts with 503 where others are being drawn, or it cannot be now."""
    path = _folder() / f"{digest}.png"
    db.session.rollback()  # drawing takes long, and nothing is read any more
    try:
        if not path.exists():
            _draw_in_turn(path, task)
        return path.read_bytes()
    except (LimitReached, Ended, OSError):  # a busy machine, a full disk; or it was the oldest, and forgotten in this moment
        logger.exception("no card")
        abort(503)


def _draw_in_turn(path: Path, task: dict[str, str]) -> None:
    if not _waiting.acquire(blocking=False):
        abort(503)
    try:
        with _drawing:
            _draw(path, task)
    finally:
        _waiting.release()


def _draw(path: Path, task: dict[str, Any]) -> None:
    if path.exists():  # whoever was before us drew it
        return
    path.parent.mkdir(exist_ok=True)
    made = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        said = {**task, "font": str(FONT), "into": str(made)}
        call("portal.front.card_drawing:draw", said, seconds=DRAWING_S, megabytes=MEGABYTES)
        made.rename(path)
    finally:
        made.unlink(missing_ok=True)


def forget_oldest(_: jobs.Payload) -> None:
    """Do the job: keep the newest cards."""
    cards = sorted(_folder().glob("*.png"), key=lambda path: path.stat().st_mtime, reverse=True)
    for path in cards[MOST_KEPT:]:
        path.unlink(missing_ok=True)


def _folder() -> Path:
    return Path(current_app.instance_path) / "cards"


def init_app(app: Flask) -> None:
    app.register_blueprint(blueprint)
    jobs.handle(app, "front.forget_cards", forget_oldest, every_ms=clock.HOUR)
