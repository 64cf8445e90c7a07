"""What the home page shows beside the news: documents lately attached, the newest album, and a poll that is open."""

from dataclasses import dataclass

from sqlalchemy import and_, or_, select
from sqlalchemy.orm import lazyload, load_only

from portal.articles.lines import Line, line, without_texts
from portal.articles.models import Article, in_language
from portal.core.caching import fresh_until
from portal.core.db import db
from portal.core.language import ngettext
from portal.files.attachments import Line as File
from portal.files.attachments import latest_at, lines_at
from portal.files.pictures import Still, latest_albums, pictures_at
from portal.polls.models import Poll

DOCUMENTS = 5
STILLS = 4
LOOKED_AT = 200
"""How many attachments and pictures are looked at, the last first; those of the other language are among them."""
POLLS = 10


@dataclass(frozen=True, slots=True)
class Document:
    """An article that carries files, with a word on these, such as "PDF · 1,2 MB"."""

    article: Line
    about: str


@dataclass(frozen=True, slots=True)
class Album:
    """The first pictures of the newest album, and the article in which it stands."""

    article: Line
    stills: tuple[Still, ...]


def documents(now: int) -> list[Document]:
    """Return the newest articles with files."""
    ids = latest_at("article", LOOKED_AT)
    rows = db.session.scalars(without_texts(in_language(now).where(Article.id.in_(ids)).limit(DOCUMENTS))).all()
    files = lines_at([row.place for row in rows])
    return [Document(line(row), _about(files[row.place])) for row in rows if row.place in files]


def album(now: int) -> Album | None:
    """Return the newest article's album; None where no article has one that is ready."""
    ids = latest_albums("article", LOOKED_AT)
    row = db.session.scalar(without_texts(in_language(now).where(Article.id.in_(ids)).limit(1)))
    stills = pictures_at(row.place).album[:STILLS] if row is not None else ()
    return Album(line(row), stills) if row is not None and stills else None


def poll_id(now: int) -> int | None:
    """Return the newest open poll that was put on the home page, else that of the newest article whose poll is open; where
    none is, that of the newest article with one."""
    with_poll = in_language(now).where(Article.poll_id.is_not(None)).with_only_columns(Article.poll_id)
    ids = [one for one in dict.fromkeys(db.session.scalars(with_poll.limit(POLLS))) if one is not None]
    placed = and_(Poll.on_home, Poll.secret.is_not(None), or_(Poll.closes_at.is_(None), Poll.closes_at > now))
    public = select(Poll).where(Poll.published_at.is_not(None), or_(Poll.id.in_(ids), placed)).order_by(Poll.id.desc())
    few = load_only(Poll.published_at, Poll.opens_at, Poll.closes_at, Poll.secret, Poll.on_home)
    polls = {poll.id: poll for poll in db.session.scalars(public.options(few, lazyload(Poll.choices)))}
    for poll in polls.values():
        for instant in (poll.opens_at, poll.closes_at):
            if instant is not None and instant > now:
                fresh_until(instant)
    own = [number for number, poll in polls.items() if poll.on_home]
    shown = [one for one in ids if one in polls]
    return next((one for one in own + shown if polls[one].is_open(now)), next(iter(shown), None))


def _about(files: list[File]) -> str:
    return files[0].about if len(files) == 1 else ngettext("%(num)s attachment", "%(num)s attachments", len(files))
