"""Put files and pictures where the site's own things stand."""

from sqlalchemy.orm import Session

from portal.core import versions
from portal.core.db import write
from portal.files.attachments import attach
from portal.files.pictures import place_picture
from portal.files.storage import keep


def a_picture_at(place: str, content: bytes, *, alt: str, kind: str = "lead") -> str:
    """Put a picture at a place and return its key; it still waits to be rendered."""
    stored = keep(content)

    def store(session: Session) -> str:
        picture = place_picture(session, stored, place=place, kind=kind, alt=alt)
        versions.bump(session)
        return picture.key

    return write(store)


def a_file_at(place: str, content: bytes, name: str) -> str:
    """Attach a file to a place and return its key."""
    stored = keep(content)

    def store(session: Session) -> str:
        attachment = attach(session, stored, place=place, name=name)
        versions.bump(session)
        return attachment.key

    return write(store)
