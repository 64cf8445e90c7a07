"""The site's own pictures: put up by administrators, for strips, for static pages, and as the emblem."""

import io
from collections.abc import Iterable
from dataclasses import dataclass

from PIL import Image, UnidentifiedImageError
from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from portal import audit
from portal.audit import Actor, vocabulary
from portal.audit.models import SITE
from portal.core.db import db, write
from portal.core.errors import Refused
from portal.core.language import _
from portal.core.text import clean_line
from portal.files import pictures
from portal.files.accepting import kept_picture
from portal.files.models import Picture
from portal.files.pictures import Still
from portal.files.storage import discard_unnamed, true_kind
from portal.settings.fields import Options
from portal.site.models import Page, Site

PICTURES, EMBLEMS = "site:1", "emblem:1"
"""The two places where they stand."""
HELPERS = {"upload": "site_pictures.index", "pictures": "site_pictures.choice"}
"""Endpoints that forms with pictures lead to."""
MOST = 60
LARGEST_READ = pictures.LARGEST + 1
LARGEST_EMBLEM = 2_000_000
LEAST_SIDE, MOST_SIDE = 64, 4_096
"""What an emblem measures in pixels; looked at before it is decoded."""
EMBLEM_KINDS = {"image/png": "PNG", "image/webp": "WEBP"}


@dataclass(frozen=True, slots=True)
class Offered:
    """A picture of the shelf; `url` is None while it is made ready, or where that failed."""

    key: str
    file_id: int
    url: str | None
    thumb: str
    alt: str
    caption: str
    width: int
    height: int


def put(content: bytes, *, alt: str, credit: str, actor: Actor) -> None:
    """Put a picture up. Raises Refused where it is none that we take, or nobody said what it shows."""
    if not content:
        raise Refused(_("Choose a picture on your computer."))
    if len(content) > pictures.LARGEST:
        raise Refused(_("The file is too large (at most %(megabytes)s MB).", megabytes=pictures.LARGEST // 1_000_000))
    _put(content, PICTURES, alt=alt, credit=credit, actor=actor)


def put_emblem(content: bytes, *, actor: Actor) -> None:
    """Put an emblem up. Raises Refused where it is no PNG or WebP, or too large or too small."""
    if not content:
        raise Refused(_("Choose a picture on your computer."))
    if len(content) > LARGEST_EMBLEM:
        raise Refused(_("The file is too large (at most %(megabytes)s MB).", megabytes=LARGEST_EMBLEM // 1_000_000))
    if b"<svg" in content[:4_096].lower() or content[:5].lower() == b"<?xml":
        raise Refused(_("SVG is not accepted, since it can hold programs. Save the emblem as PNG or WebP."))
    kind = true_kind(content)
    if kind not in EMBLEM_KINDS:
        raise Refused(_("This type of file is not accepted. Accepted types: %(types)s.", types="PNG, WebP"))
    _demand_side(content, EMBLEM_KINDS[kind])
    _put(content, EMBLEMS, alt=_("Emblem"), credit="", actor=actor)


def remove(key: str, *, actor: Actor) -> None:
    """Take a picture off its shelf, unless it is gone already. Raises Refused where something shows it."""

    def store(session: Session) -> None:
        picture = session.scalar(select(Picture).where(Picture.key == key, Picture.place.in_((PICTURES, EMBLEMS))))
        if picture is None:
            return
        if session.scalar(select(Site.id).where(Site.emblem == key)):
            raise Refused(_("This is the emblem of the site. Choose another one first."))
        page = session.scalar(select(Page.title).where(Page.body.contains(key)).limit(1))
        if page is not None:
            raise Refused(_("The picture stands in the text of “%(title)s”. Take it out there first.", title=page))
        session.delete(picture)
        _record(session, "removed", actor)

    write(store)


def shelf(place: str = PICTURES) -> list[Offered]:
    """Return the pictures of a place, the latest first."""
    return _offered(pictures.listed(pictures.at(place)))[::-1]


def choice() -> list[Offered]:
    """Return what an editor may choose from for a text."""
    return [one for one in shelf() if one.url]


def picture_options() -> Options:
    """Return the pictures that a strip can show, by the files that they are."""
    here = select(Picture).where(or_(Picture.place == PICTURES, Picture.place.startswith("strip:"))).order_by(Picture.id.desc())
    rows = db.session.scalars(here.limit(2 * MOST)).all()
    return [("", _("No picture")), *{str(row.file_id): row.alt for row in reversed(rows)}.items()]


def emblem_options() -> Options:
    """Return what can be chosen as the emblem."""
    numbered = [(one.key, _("Emblem %(number)s", number=number)) for number, one in enumerate(shelf(EMBLEMS)[::-1], start=1)]
    return [("", _("The one that comes with the portal")), *numbered]


def _record(session: Session, what: str, actor: Actor) -> None:
    audit.record(session, vocabulary.SITE_PICTURES_CHANGED, actor=actor, thing=f"site:{SITE}", what=what)


def _put(content: bytes, place: str, *, alt: str, credit: str, actor: Actor) -> None:
    if not clean_line(alt):
        raise Refused(_("Say what the picture shows, for people who cannot see it."))
    stored = kept_picture(content, clean_line(alt))

    def store(session: Session) -> None:
        if len(session.scalars(pictures.at(place)).all()) >= MOST:
            raise Refused(_("There is room for %(most)s pictures here, and that many are there. Remove one first.", most=MOST))
        pictures.place_picture(session, stored, place=place, kind="album", alt=alt, credit=credit)
        _record(session, "put_up", actor)

    try:
        write(store)
    finally:
        discard_unnamed([stored])


def _demand_side(content: bytes, kind: str) -> None:
    """Refuse what measures too much or too little; only its header is read."""
    wanted = _("Each side must have %(least)s to %(most)s pixels.", least=LEAST_SIDE, most=MOST_SIDE)
    try:
        with Image.open(io.BytesIO(content), formats=[kind]) as picture:
            sides = picture.size
    except (Image.DecompressionBombError, Image.DecompressionBombWarning) as error:
        raise Refused(wanted) from error
    except (UnidentifiedImageError, OSError, SyntaxError, ValueError) as error:
        raise Refused(_("The picture cannot be read. Save it anew as PNG or WebP.")) from error
    if not all(LEAST_SIDE <= side <= MOST_SIDE for side in sides):
        measured = _("The emblem measures %(width)s × %(height)s pixels.", width=sides[0], height=sides[1])
        raise Refused(f"{measured} {wanted}")


def _offered(some: Iterable[tuple[Picture, Still | None]]) -> list[Offered]:
    return [
        Offered(row.key, row.file_id, still.url, still.srcset.partition(" ")[0], row.alt, row.caption, still.width, still.height)
        if still is not None
        else Offered(row.key, row.file_id, None, "", row.alt, row.caption, 0, 0)
        for row, still in some
    ]
