"""The read-only API for other programs: what the public pages say, as JSON. Its contract is front/openapi.py.

Everybody may read it from any site, so it knows no cookie and no session; errors are problems (RFC 9457).
"""

import json
import re
from typing import Any

from flask import Blueprint, Flask, Response, abort, current_app, request
from sqlalchemy import Select, select

from portal.articles.lines import stay_fresh
from portal.articles.listing import KEY
from portal.articles.models import Article, in_language
from portal.articles.scopes import Scope, newest
from portal.articles.sections import tree
from portal.core import clock, errors, language
from portal.core.caching import cache_for
from portal.core.db import db
from portal.core.language import _
from portal.core.web import LARGEST_ID, query_value
from portal.front import openapi, resources

PATH = "/api/v1"
PER_PAGE = 20
READING = {"GET", "HEAD", "OPTIONS"}
NUMBER = re.compile("[1-9][0-9]{0,9}")

blueprint = Blueprint("api", __name__, url_prefix=PATH)


@blueprint.get("/openapi.json")
@cache_for(3600)
def contract() -> Response:
    return _json(openapi.document(request.script_root + PATH))


@blueprint.get("/site")
@cache_for(300)
def site() -> Response:
    return _json(resources.site())


@blueprint.get("/sections")
@cache_for(300)
def sections() -> Response:
    return _json({"items": [resources.section(node) for node in tree().nodes.values()]})


@blueprint.get("/articles")
@cache_for(60, query=("section", "after"))
def articles() -> Response:
    now, section = _now(), _number("section")
    if section is not None and section not in tree().nodes:
        abort(404)
    scope = Scope(tree().within(section)) if section is not None else Scope()
    rows = newest(scope, now, limit=PER_PAGE + 1, after=_key(now))
    more = rows[PER_PAGE - 1] if len(rows) > PER_PAGE else None
    items = resources.briefs([number for _at, number in rows[:PER_PAGE]], now)
    following = resources.address("api.articles", section=section, after=f"{more[0]}-{more[1]}") if more else None
    return _json({"items": items, "next": following})


@blueprint.get("/articles/<id:article_id>")
@cache_for(60)
def article(article_id: int) -> Response:
    now = _now()
    found = db.session.scalar(in_language(now).where(Article.id == article_id))
    if found is not None:
        return _json(resources.article(found, now))
    reason = db.session.scalar(_taken_down(now).where(Article.id == article_id))
    return problem(410, _("This article was taken down"), reason) if reason is not None else abort(404)


@blueprint.get("/polls")
@cache_for(60, query=("after",))
def polls() -> Response:
    rows = resources.newest_polls(clock.now_ms(), limit=PER_PAGE + 1, before=_number("after") or LARGEST_ID)
    following = resources.address("api.polls", after=rows[PER_PAGE - 1]["id"]) if len(rows) > PER_PAGE else None
    return _json({"items": rows[:PER_PAGE], "next": following})


@blueprint.get("/polls/<id:poll_id>")
@cache_for(60)
def poll(poll_id: int) -> Response:
    return _json(resources.poll(poll_id, clock.now_ms()) or abort(404))


def problem(code: int, title: str, text: str) -> Response:
    """Return an error for programs."""
    response = _json({"type": "about:blank", "title": title, "status": code, "detail": text})
    response.status_code, response.content_type = code, "application/problem+json"
    return _readable(response)


def _json(value: Any) -> Response:
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":"))
    return current_app.response_class(text, content_type="application/json")


@blueprint.after_request
def _readable(response: Response) -> Response:
    """Let pages of other sites read an answer, which bears nothing of whoever asked; nothing but reading, ever."""
    if request.method in READING:
        response.headers["Access-Control-Allow-Origin"] = "*"
        response.headers["Cross-Origin-Resource-Policy"] = "cross-origin"
    if request.method == "OPTIONS":
        response.headers["Access-Control-Allow-Methods"] = "GET, HEAD, OPTIONS"
        response.headers["Access-Control-Allow-Headers"] = "If-None-Match"
    return response


def _now() -> int:
    now = clock.now_ms()
    stay_fresh(now)
    return now


def _number(name: str) -> int | None:
    """Return a query's number, None where it is absent. Aborts with 400 where it is none."""
    said = query_value(name, longest=10)
    if name not in request.args:
        return None
    return int(said) if NUMBER.fullmatch(said) and int(said) <= LARGEST_ID else abort(400)


def _key(now: int) -> tuple[int, int] | None:
    """Return the place after which a page begins. Aborts with 400 for what is none, 404 where no article ever stood there."""
    said = query_value("after", longest=32)
    if "after" not in request.args:
        return None
    match = KEY.fullmatch(said)
    if match is None:
        abort(400)
    at, number = int(match[1]), int(match[2])
    if number > LARGEST_ID:
        abort(404)
    stood = select(Article.id).where(Article.id == number, Article.published_at == at, Article.published_at <= now)
    return (at, number) if db.session.scalar(stood) is not None else abort(404)


def _taken_down(now: int) -> Select[str]:
    """Select the reasons of what was public and is no longer, as articles.absence tells it to readers."""
    was_public = (Article.published_at <= now, Article.withdrawn_at > Article.published_at)
    return select(Article.withdrawn_reason).where(*was_public, Article.language == language.current())


def init_app(app: Flask) -> None:
    app.register_blueprint(blueprint)
    errors.speak_for(app, PATH + "/", problem)
