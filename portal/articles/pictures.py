"""Pictures for the text of an article: its own, put up while it is written, and those of what the public sees already."""

from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass

from sqlalchemy import Select, String, cast, literal, or_, select
from sqlalchemy.orm import Session

from portal.articles.models import Article, visible
from portal.audit import Actor
from portal.core import clock
from portal.core.db import db, write
from portal.core.errors import Refused
from portal.core.language import _
from portal.core.text import clean_line
from portal.files import library, pictures, places
from portal.files.accepting import kept_picture
from portal.files.models import Item, Picture
from portal.files.pictures import Still
from portal.files.renditions import PICTURES
from portal.files.storage import discard_unnamed
from portal.publishing.models import Piece

NOUN = "piece"
MOST = 60
"""Pictures of one piece; a list that nobody can look through helps nobody."""
LATEST = 60
LARGEST_READ = pictures.LARGEST + 1
UNSAID = "[?]"
"""The description of a picture that came with a document, while nobody has said what it shows; the text itself has none yet."""


@dataclass(frozen=True, slots=True)
class Offered:
    """A picture that can stand in a text; `url` is None while it is made ready, or where that failed."""

    url: str | None
    thumb: str
    alt: str
    caption: str
    width: int
    height: int


def put(piece: Piece, content: bytes, name: str, *, alt: str, caption: str, credit: str, actor: Actor) -> None:
    """Store a picture of a piece. Raises Refused where it is none that we take, or nobody said what it shows."""
    if not content:
        raise Refused(_("Choose a picture on your computer."))
    if len(content) > pictures.LARGEST:
        raise Refused(_("The file is too large (at most %(megabytes)s MB).", megabytes=pictures.LARGEST // 1_000_000))
    if not clean_line(alt):
        raise Refused(_("Say what the picture shows, for people who cannot see it."))
    place, unit_id = piece.place, piece.unit_id
    stored = kept_picture(content, name or clean_line(alt))

    def store(session: Session) -> None:
        if len(session.scalars(pictures.at(place)).all()) >= MOST:
            raise Refused(_("One article takes at most %(most)s pictures.", most=MOST))
        picture = pictures.place_picture(session, stored, place=place, kind="album", alt=alt, caption=caption, credit=credit)
        library.shelve(session, picture.file_id, unit_id=unit_id, name=name or alt, actor=actor, alt=alt, credit=credit)

    try:
        write(store)
    finally:
        discard_unnamed([stored])


def use(piece: Piece, items: Sequence[Item]) -> None:
    """Put pictures of the library beside a piece's own, with their words. Raises Refused where one is none or has no words."""
    place = piece.place
    for item in items:
        if item.file.kind not in PICTURES or not item.alt:
            raise Refused(_("“%(name)s” is no picture, or the library does not say yet what it shows.", name=item.name))

    def store(session: Session) -> None:
        if len(session.scalars(pictures.at(place)).all()) + len(items) > MOST:
            raise Refused(_("One article takes at most %(most)s pictures.", most=MOST))
        for item in items:
            pictures.place_file(session, item.file_id, place=place, alt=item.alt, credit=item.credit)

    write(store)


def own(piece: Piece) -> list[Offered]:
    """Return the pictures that were put up for a piece, the latest first."""
    return _offered(pictures.listed(pictures.at(piece.place)))[::-1]


def choice(piece: Piece) -> list[dict[str, object]]:
    """Return what an editor may choose from: the piece's own, its article's, and the latest that the public sees."""
    article = pictures.listed(pictures.at(f"article:{piece.thing_id}")) if piece.thing_id is not None else []
    all_of_them = [*own(piece), *_offered(article), *_offered(pictures.listed(_latest()))]
    return [asdict(one) for one in dict.fromkeys(one for one in all_of_them if one.url)]


def is_public(piece_id: int) -> bool:
    """Tell whether pictures of a piece are shown: by addresses that nobody guesses, until what they are of is taken down."""
    shown = select(Piece.id).where(Piece.id == piece_id, Piece.standing != "withdrawn")
    return db.session.scalar(shown) is not None


def _latest() -> Select[Picture]:
    """Select the latest pictures of what the public sees."""
    nouns = or_(*(Picture.place.startswith(f"{noun}:") for noun in (NOUN, "article")))
    rows = db.session.scalars(select(Picture).where(nouns).order_by(Picture.id.desc()).limit(LATEST)).all()
    numbers = {noun: {places.number_of(row.place) for row in rows if row.place.startswith(noun)} for noun in (NOUN, "article")}
    public, place = visible(clock.now_ms()).order_by(None), literal(f"{NOUN}:").concat(cast(Piece.id, String))
    texts = public.join(Piece, Piece.thing_id == Article.id).join(Picture, Picture.place == place).where(Piece.kind == "article")
    used = texts.where(Piece.id.in_(numbers[NOUN]), Picture.id.in_([row.id for row in rows]), Article.body.contains(Picture.key))
    shown = set(db.session.scalars(used.with_only_columns(Picture.id)))  # not what was put up for a text that is not published
    articles = public.where(Article.id.in_(numbers["article"])).with_only_columns(Article.id)
    seen = {f"article:{number}" for number in db.session.scalars(articles)}
    shown |= {row.id for row in rows if row.place in seen}
    return select(Picture).where(Picture.id.in_(shown)).order_by(Picture.id.desc())


def _offered(some: Iterable[tuple[Picture, Still | None]]) -> list[Offered]:
    return [
        Offered(still.url, still.srcset.partition(" ")[0], _alt(row), _caption(row), still.width, still.height)
        if still is not None
        else Offered(None, "", _alt(row), _caption(row), 0, 0)
        for row, still in some
    ]


def _alt(picture: Picture) -> str:
    return "" if picture.alt == UNSAID else picture.alt


def _caption(picture: Picture) -> str:
    """Return the caption with who made the picture, as it would stand below it."""
    made_by = _("Photo: %(name)s", name=picture.credit) if picture.credit else ""
    return " ".join(filter(None, [picture.caption, made_by]))
