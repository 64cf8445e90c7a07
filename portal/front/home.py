"""The home page: what each block holds, gathered in a number of statements that content does not change."""

from collections.abc import Container
from dataclasses import dataclass, replace

from flask import url_for

from portal.articles.heads import lines_of, newest_of_each, pinned_places
from portal.articles.lines import Line, stay_fresh
from portal.articles.scopes import Key
from portal.articles.sections import Node, Tree, tree
from portal.core import clock, language
from portal.core.caching import remember
from portal.files.pictures import Still, leads_at
from portal.front import latest
from portal.front.latest import Album, Document

NOTICES = {"vi": "thong-bao", "en": "notices"}
"""The address of the section whose newest stand in a block of their own."""
IN_NOTICES = 5
IN_NEWS = 4
IN_SECTION = 3
MOST_BLOCKS = 8
MOST_SECTIONS = 60
"""Sections that are looked at, in the order of the menu."""
DEPTH = 2 * IN_NOTICES
"""What is read of each section: enough after what stands on the page already was left out."""


@dataclass(frozen=True, slots=True)
class Block:
    """A section's newest, under a heading that leads to all of it."""

    title: str
    url: str
    lines: tuple[Line, ...]


@dataclass(frozen=True, slots=True)
class Home:
    """The blocks; what is None or empty is not printed."""

    notices: Block | None
    lead: Line | None
    picture: Still | None
    news: tuple[Line, ...]
    news_url: str
    documents: list[Document]
    sections: tuple[Block, ...]
    album: Album | None
    poll_id: int | None


@dataclass(frozen=True, slots=True)
class Choice:
    """Which articles stand where, by their places in time."""

    notices: list[Key]
    news: list[Key]
    sections: list[tuple[Node, list[Key]]]

    @property
    def ids(self) -> set[int]:
        return {number for keys in (self.notices, self.news, *(keys for _, keys in self.sections)) for _, number in keys}


def gathered() -> Home:
    """Return the home page of the request's language."""
    return remember(("home", language.current()), _gather)


def _gather() -> Home:
    now, sections = clock.now_ms(), tree()
    stay_fresh(now)
    notices = sections.find(NOTICES[language.current()])
    pins = pinned_places(now)
    chosen = _choose(sections, notices, pins, now)
    lines = lines_of(chosen.ids, now)
    news = _lines(chosen.news, lines)
    place = f"article:{chosen.news[0][1]}" if news else ""
    blocks = [Block(one.name, one.url, _lines(keys, lines)) for one, keys in chosen.sections]
    return Home(
        notices=_notices(notices, _lines(chosen.notices, lines, pins)),
        lead=news[0] if news else None,
        picture=leads_at([place]).get(place) if place else None,
        news=news[1:],
        news_url=_year_of(max(chosen.news)[0]) if news else "",
        documents=latest.documents(now),
        sections=tuple(block for block in blocks if block.lines),
        album=latest.album(now),
        poll_id=latest.poll_id(now),
    )


def _choose(sections: Tree, notices: Node | None, pins: dict[Key, int], now: int) -> Choice:
    """Choose what stands where: no article twice. What is pinned comes first among notices; the newest of other sections'
    pinned articles is the lead story."""
    filed = sections.within(notices.id) if notices else ()
    newest = newest_of_each(tuple(sections.nodes)[:MOST_SECTIONS], now, limit=DEPTH)
    elsewhere = sorted((key for one in newest if one not in filed for key in newest[one]), reverse=True)
    first = next((key for key, section in pins.items() if section not in filed), None)
    news = _first([first] if first else [], elsewhere, 1 + IN_NEWS)
    held = [key for key, section in pins.items() if section in filed]
    noticed = sorted((key for one in filed for key in newest.get(one, ())), reverse=True)
    blocks = []
    for top in (one for one in sections.under(None) if not one.closed):
        below = (one for one in sections.within(top.id) if one not in filed)
        keys = sorted((key for one in below for key in newest.get(one, ()) if key not in news), reverse=True)
        blocks += [(top, keys[:IN_SECTION])] if keys else []
    return Choice(_first(held, noticed, IN_NOTICES), news, blocks[:MOST_BLOCKS])


def _first(before: list[Key], rest: list[Key], number: int) -> list[Key]:
    return list(dict.fromkeys([*before, *rest]))[:number]


def _lines(keys: list[Key], lines: dict[int, Line], pins: Container[Key] = ()) -> tuple[Line, ...]:
    """Return what is printed of articles; one that was withdrawn since it was chosen is left out."""
    return tuple(replace(lines[key[1]], is_pinned=key in pins) for key in keys if key[1] in lines)


def _notices(section: Node | None, lines: tuple[Line, ...]) -> Block | None:
    return Block(section.name, section.url, lines) if section and lines else None


def _year_of(instant: int) -> str:
    """Return the address of all articles of a year, the latest first."""
    return url_for("articles.whole_archive", year=clock.day_of(instant).year)
