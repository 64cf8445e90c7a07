"""Pictures (ảnh): still, with words for those who cannot see them, in the width that a screen needs."""

import re
import secrets
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from urllib.parse import urlsplit

from flask import url_for
from sqlalchemy import Select, exists, func, select
from sqlalchemy.orm import Session, joinedload

from portal.core.db import db
from portal.core.errors import Refused
from portal.core.language import _
from portal.core.text import clean_line
from portal.files import places, renditions, uses
from portal.files.models import Picture, Rendition
from portal.files.storage import Stored, record
from portal.files.widths import USUAL_WIDTH

LARGEST = 20_000_000
"""What one picture may weigh, in bytes."""
MOST_SHOWN = 60
FILM = re.compile(r"https://[a-z0-9-]+(?:\.[a-z0-9-]+)+(?::[0-9]{1,5})?(?:/[!-;=?-~]*)?")
LONGEST_LINK = 500


@dataclass(frozen=True, slots=True)
class Still:
    """A picture as a page shows it: addresses of its renditions, and the words around it."""

    url: str
    srcset: str
    width: int
    height: int
    large_url: str
    alt: str
    caption: str
    credit: str
    link: str = ""
    """Where the film lies that it stands for."""
    link_host: str = ""


@dataclass(frozen=True, slots=True)
class Pictures:
    """What there is to see at a place; pictures that are not ready are left out."""

    lead: Still | None
    album: tuple[Still, ...]


def place_picture(
    session: Session,
    stored: Stored,
    *,
    place: str,
    kind: str,
    alt: str,
    caption: str = "",
    credit: str = "",
    link: str = "",
    position: int | None = None,
    key: str | None = None,
) -> Picture:
    """Put a stored picture at a place, as its "lead" or in its "album", within the caller's transaction.

    `key` is what a text calls it already that is stored with it. `link` leads to a film at another site that it stands for; that
    site's player is never part of a page. Raises Refused where
    it is no picture that we take, is too large, or nobody said what it shows, or the link is no full https address.
    """
    _check(stored, alt)
    if link and (len(link) > LONGEST_LINK or not FILM.fullmatch(link)):
        raise Refused(_("A film's address begins with https:// and a full name, such as https://video.example.vn/1."))
    file = record(session, stored)
    renditions.ask(session, file)
    words = {"alt": alt, "caption": caption, "credit": credit, "link": link}
    return place_file(session, file.id, place=place, kind=kind, position=position, key=key, **words)


def place_file(
    session: Session,
    file_id: int,
    *,
    place: str,
    alt: str,
    kind: str = "album",
    caption: str = "",
    credit: str = "",
    link: str = "",
    position: int | None = None,
    key: str | None = None,
) -> Picture:
    """Put a picture that is there already at another place, within the caller's transaction."""
    here = select(func.coalesce(func.max(Picture.position), 0)).where(Picture.place == place)
    picture = Picture(
        key=key or secrets.token_hex(16),
        file_id=file_id,
        place=place,
        kind=kind,
        position=session.scalars(here).one() + 1 if position is None else position,
        alt=clean_line(alt)[:500],
        caption=clean_line(caption)[:500],
        credit=clean_line(credit)[:200],
        link=link,
    )
    session.add(picture)
    return picture


def pictures_at(place: str) -> Pictures:
    """Return what a page shows at a place, in order: MOST_SHOWN pictures at most."""
    rows = db.session.scalars(at(place).limit(MOST_SHOWN)).all()
    stills = _stills(rows)
    shown = [(row, stills[row.id]) for row in rows if row.id in stills]
    lead = next((still for row, still in shown if row.kind == "lead"), None)
    return Pictures(lead, tuple(still for row, still in shown if row.kind == "album"))


def listed(some: Select[Picture]) -> list[tuple[Picture, Still | None]]:
    """Run a selection and return each picture with what a page shows, None while it is not ready."""
    rows = db.session.scalars(some).all()
    stills = _stills(rows)
    return [(row, stills.get(row.id)) for row in rows]


def leads_at(some: Sequence[str]) -> dict[str, Still]:
    """Return the lead pictures of several places, for a list; places without one are left out."""
    is_ready = exists().where(Rendition.file_id == Picture.file_id, Rendition.page == 0)
    nth = func.row_number().over(partition_by=Picture.place, order_by=(Picture.position, Picture.id)).label("nth")
    ready = select(Picture.id, nth).where(Picture.place.in_(some), Picture.kind == "lead", is_ready).subquery()
    rows = db.session.scalars(select(Picture).join(ready, ready.c.id == Picture.id).where(ready.c.nth == 1)).all()
    stills = _stills(rows)
    return {row.place: stills[row.id] for row in rows if row.id in stills}


def latest_albums(noun: str, limit: int) -> list[int]:
    """Return the ids of the things of a kind with an album, as far as the last `limit` pictures tell."""
    last = select(Picture.place, Picture.kind).order_by(Picture.id.desc()).limit(limit)
    albums = {place for place, kind in db.session.execute(last) if kind == "album" and place.startswith(f"{noun}:")}
    return [places.number_of(place) for place in albums]


def at(place: str) -> Select[Picture]:
    """Select the pictures at a place, in order."""
    return _in_order().where(Picture.place == place)


def find_public(key: str, width: int) -> Rendition | None:
    """Return a picture's rendition of a width where the public may see what it stands on, or anything else that shows it."""
    picture = db.session.scalar(select(Picture).where(Picture.key == key))
    if picture is None or not (places.is_public(picture.place) or uses.is_shown(picture.file_id)):
        return None
    return db.session.scalar(_renditions([picture.file_id]).where(Rendition.width == width).options(joinedload(Rendition.image)))


def _check(stored: Stored, alt: str) -> None:
    if stored.kind not in renditions.PICTURES:
        raise Refused(_("This type of file is not accepted. Accepted types: %(types)s.", types="JPEG, PNG, WebP"))
    if stored.size > LARGEST:
        raise Refused(_("The file is too large (at most %(megabytes)s MB).", megabytes=LARGEST // 1_000_000))
    if not clean_line(alt):
        raise Refused(_("Say what the picture shows, for people who cannot see it."))


def _in_order() -> Select[Picture]:
    return select(Picture).order_by(Picture.position, Picture.id)


def _renditions(file_ids: Iterable[int]) -> Select[Rendition]:
    return select(Rendition).where(Rendition.file_id.in_(file_ids), Rendition.page == 0).order_by(Rendition.width)


def _stills(rows: Sequence[Picture]) -> dict[int, Still]:
    """Return finished values by picture id; nothing for a picture without renditions."""
    ready = defaultdict(list)
    for rendition in db.session.scalars(_renditions({row.file_id for row in rows})):
        ready[rendition.file_id].append(rendition)
    return {row.id: _still(row, ready[row.file_id]) for row in rows if row.file_id in ready}


def _still(picture: Picture, made: Sequence[Rendition]) -> Still:
    def url(rendition: Rendition) -> str:
        return url_for("files.picture", key=picture.key, width=rendition.width)

    widest = made[-1]
    usual = next((one for one in made if one.width >= USUAL_WIDTH), widest)
    return Still(
        url=url(usual),
        srcset=", ".join(f"{url(one)} {one.width}w" for one in made),
        width=widest.width,
        height=widest.height,
        large_url=url(widest),
        alt=picture.alt,
        caption=picture.caption,
        credit=picture.credit,
        link=picture.link,
        link_host=urlsplit(picture.link).hostname or "",
    )
