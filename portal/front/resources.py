"""What the API says of the site, its sections, articles and polls, as finished values; their shapes stand in openapi.py."""

from collections.abc import Sequence
from typing import Any, TypeAlias

from flask import request, url_for
from sqlalchemy import select
from sqlalchemy.orm import lazyload, load_only

from portal.articles.addresses import short_url
from portal.articles.lines import home_url_of, url_of
from portal.articles.models import Article, visible
from portal.articles.sections import Node, tree
from portal.core import formats, language
from portal.core.caching import depends_on, fresh_until
from portal.core.db import db
from portal.core.html import clean
from portal.core.web import absolute
from portal.files.attachments import at
from portal.front.briefs import in_brief
from portal.polls import box
from portal.polls.ballots import tag_of
from portal.polls.models import Poll
from portal.polls.tallies import tally_of
from portal.site import identity

Value: TypeAlias = dict[str, Any]

SAID = ("name", "locality", "governing_body", "responsible", "address", "telephone", "hotline", "email", "hours", "credited_as")


def address(endpoint: str, **values: Any) -> str:
    """Return the full address of a view."""
    return absolute(url_for(endpoint, **values))


def site() -> Value:
    """Return the agency's data."""
    ours = identity.current()
    home = {lang: absolute(language.mount(lang) + "/") for lang in language.NAMES}
    said: Value = {name: getattr(ours, name) for name in SAID}
    return {**said, "language": language.current(), "url": home[language.current()], "languages": home}


def section(node: Node) -> Value:
    """Return a section; parent_id is None at the top."""
    listed = address("api.articles", section=node.id)
    return {"id": node.id, "parent_id": node.parent_id, "name": node.name, "url": absolute(node.url), "articles": listed}


def briefs(ids: Sequence[int], now: int) -> list[Value]:
    """Return articles as a list tells them, newest first."""
    return [_brief(one) for one in db.session.scalars(in_brief(visible(now).where(Article.id.in_(ids))))]


def article(found: Article, now: int) -> Value:
    """Return an article whole."""
    return {
        **_brief(found),
        "body_html": clean(found.body),
        "author": found.author_line or None,
        "source": found.source_line or None,
        "attachments": [
            {
                "name": one.name,
                "media_type": one.file.kind,
                "octets": one.file.size,
                "url": address("files.download", key=one.key),
            }
            for one in db.session.scalars(at(found.place))
        ],
        "translations": _translations(found, now),
        "poll": address("api.poll", poll_id=found.poll_id) if found.poll_id and box.find(found.poll_id) else None,
    }


def newest_polls(now: int, *, limit: int, before: int) -> list[Value]:
    """Return polls by falling ids, those below `before`, without their results."""
    few = load_only(Poll.id, Poll.question, Poll.published_at, Poll.opens_at, Poll.closes_at, Poll.secret)
    public = select(Poll).where(Poll.published_at.is_not(None), Poll.id < before).order_by(Poll.id.desc()).limit(limit)
    return [_poll_in_brief(one, now) for one in db.session.scalars(public.options(few, lazyload(Poll.choices)))]


def poll(poll_id: int, now: int) -> Value | None:
    """Return a poll with its result where everybody may see that; None where there is no such poll."""
    found = box.find(poll_id)
    if found is None:
        return None
    depends_on(tag_of(poll_id))
    return {
        **_poll_in_brief(found, now),
        "help": found.help,
        "fewest": found.min_choices,
        "most": found.max_choices,
        "choices": [{"id": choice.id, "label": choice.label} for choice in found.current_choices()],
        "result": _result(found) if found.shows_results(now, has_voted=False) else None,
    }


def _brief(one: Article) -> Value:
    node = tree().nodes.get(one.section_id)
    return {
        "id": one.id,
        "language": one.language,
        "title": one.title,
        "lead": one.lead,
        "published_at": formats.iso(one.published_at),
        "updated_at": formats.iso(one.updated_at) if one.updated_at else None,
        "section": {"id": node.id, "name": node.name, "url": absolute(node.url)} if node else None,
        "url": absolute(url_of(one)),
        "short_url": short_url(one.id),
        "self": address("api.article", article_id=one.id),
    }


def _translations(found: Article, now: int) -> list[Value]:
    same = visible(now).where(Article.translation_group == found.translation_group, Article.language != found.language)
    rows = db.session.scalars(in_brief(same.limit(len(language.NAMES))))
    own_path = url_for("api.article", article_id=found.id).removeprefix(request.script_root).rpartition("/")[0]
    return [
        {
            "language": one.language,
            "title": one.title,
            "url": absolute(home_url_of(one)),
            "self": absolute(f"{language.mount(one.language)}{own_path}/{one.id}"),
        }
        for one in rows
    ]


def _poll_in_brief(one: Poll, now: int) -> Value:
    for instant in (one.opens_at, one.closes_at):
        if instant is not None and instant > now:
            fresh_until(instant)
    return {
        "id": one.id,
        "question": one.question,
        "state": "open" if one.is_open(now) else "closed" if one.has_opened(now) else "upcoming",
        "opens_at": formats.iso(one.opens_at) if one.opens_at else None,
        "closes_at": formats.iso(one.closes_at) if one.closes_at else None,
        "url": address("polls.show", poll_id=one.id),
        "self": address("api.poll", poll_id=one.id),
    }


def _result(found: Poll) -> Value:
    """Return what the poll box prints as the result: a removed choice stands for its votes."""
    tally = tally_of(found.id)
    percents = box.percents_of(found, tally)
    listed = [choice for choice in found.choices if not choice.removed or tally.votes.get(choice.id)]
    choices = [
        {
            "id": choice.id,
            "label": choice.label,
            "removed": choice.removed,
            "votes": tally.votes.get(choice.id, 0),
            "percent": percents.get(choice.id, 0),
        }
        for choice in listed
    ]
    return {"voters": tally.voters, "uncounted": tally.uncounted, "choices": choices}
