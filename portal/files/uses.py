"""Which things show which files: what the public sees, and what is being written. Told by the features that own them."""

from collections.abc import Iterable

from sqlalchemy import delete, select
from sqlalchemy.orm import Session, joinedload

from portal.core.db import db
from portal.files import places
from portal.files.models import Picture, Rendition, Use
from portal.files.places import Where


def note(session: Session, place: str, files: Iterable[int]) -> None:
    """Note all files that a thing shows, within the caller's transaction; what it showed before and does not now is forgotten."""
    shown, known = set(files), set(session.scalars(select(Use.file_id).where(Use.place == place)))
    if gone := known - shown:
        session.execute(delete(Use).where(Use.place == place, Use.file_id.in_(gone)))
    session.add_all(Use(place=place, file_id=file_id) for file_id in sorted(shown - known))
    session.flush()


def files_of(session: Session, keys: Iterable[str]) -> set[int]:
    """Return the files of pictures by their keys."""
    return set(session.scalars(select(Picture.file_id).where(Picture.key.in_(sorted(set(keys))))))


def is_shown(file_id: int) -> bool:
    """Tell whether anything that the public sees shows a file."""
    return any(places.is_public(place) for place in places_of(file_id))


def named(file_id: int, *, apart_from: Iterable[str] = ()) -> list[Where]:
    """Return where a file is shown as links for whoever asks; what they may not see is left out."""
    found = [places.where(place) for place in places_of(file_id) if place not in set(apart_from)]
    return list(dict.fromkeys(one for one in found if one is not None))


def smallest(file_id: int) -> Rendition | None:
    """Return the smallest picture that was made of a file, of a PDF that of its first page; None where none was."""
    made = select(Rendition).where(Rendition.file_id == file_id).options(joinedload(Rendition.image))
    return db.session.scalar(made.order_by(Rendition.page, Rendition.width).limit(1))


def places_of(file_id: int) -> list[str]:
    """Return where a file is shown."""
    return list(db.session.scalars(select(Use.place).where(Use.file_id == file_id).order_by(Use.place)))
