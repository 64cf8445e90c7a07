"""Attach files to places, and list them for a page."""

import secrets
from collections.abc import Sequence
from dataclasses import dataclass

from flask import url_for
from sqlalchemy import Select, select
from sqlalchemy.orm import Session, joinedload

from portal.core import formats
from portal.core.db import db
from portal.core.language import _, ngettext
from portal.core.text import clean_line
from portal.files import places, renditions
from portal.files.models import Attachment, File
from portal.files.renditions import PDF
from portal.files.storage import Stored, record

VIDEO = "video/mp4"
LETTERS = {
    PDF: "PDF",
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document": "DOCX",
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet": "XLSX",
    "application/vnd.openxmlformats-officedocument.presentationml.presentation": "PPTX",
    "application/zip": "ZIP",
    "image/png": "PNG",
    "image/jpeg": "JPEG",
    "image/webp": "WEBP",
    VIDEO: "MP4",
}
"""What a page prints for a type by content; for others it says only that it is a file."""


@dataclass(frozen=True, slots=True)
class Line:
    """An attachment as a page lists it. An address is None where it leads nowhere (yet)."""

    name: str
    kind: str
    size_text: str
    octets: int
    about: str
    """Its kind, its size and what else is known of it, as "PDF · 1,2 MB · 14 trang"."""
    url: str
    open_url: str | None
    """Where the browser's own viewer opens it."""
    read_url: str | None
    """Where its pages can be read on any device."""
    video_url: str | None
    """Where a video plays from, on the page itself."""


def attach(session: Session, stored: Stored, *, place: str, name: str) -> Attachment:
    """Put stored bytes at a place under a name, within the caller's transaction; bytes known already are kept once."""
    file = record(session, stored)
    renditions.ask(session, file)
    position = len(session.scalars(select(Attachment.id).where(Attachment.place == place)).all()) + 1
    named = clean_line(name)[:255]
    attachment = Attachment(key=secrets.token_hex(16), file=file, place=place, name=named, position=position)
    session.add(attachment)
    return attachment


def lines(place: str) -> list[Line]:
    """Return what a page lists at a place, in order."""
    return [line(attachment) for attachment in db.session.scalars(at(place))]


def lines_at(some: Sequence[str]) -> dict[str, list[Line]]:
    """Return what several places list, by place; places without attachments are left out."""
    here = _whole().where(Attachment.place.in_(some)).order_by(Attachment.position, Attachment.id)
    found: dict[str, list[Line]] = {}
    for attachment in db.session.scalars(here):
        found.setdefault(attachment.place, []).append(line(attachment))
    return found


def latest_at(noun: str, limit: int) -> list[int]:
    """Return the ids of the things of a kind that files were attached to last, as far as the last `limit` attachments tell."""
    last = select(Attachment.place).where(Attachment.place.startswith(f"{noun}:")).order_by(Attachment.id.desc()).limit(limit)
    return list(dict.fromkeys(places.number_of(place) for place in db.session.scalars(last)))


def at(place: str) -> Select[Attachment]:
    """Select the attachments at a place, in order, with what is known of their files."""
    return _whole().where(Attachment.place == place).order_by(Attachment.position, Attachment.id)


def find_public(key: str) -> Attachment | None:
    """Return an attachment by its key where the public may see what it stands on."""
    attachment = db.session.scalar(_whole().where(Attachment.key == key))
    return attachment if attachment is not None and places.is_public(attachment.place) else None


def line(attachment: Attachment) -> Line:
    """Return an attachment as a page lists it."""
    file = attachment.file
    kind, size = LETTERS.get(file.kind) or _("FILE"), formats.size(file.size)
    opened = url_for("files.open_in_browser", key=attachment.key)
    is_ready = file.rendering is not None and file.rendering.state == "ready"
    return Line(
        name=attachment.name,
        kind=kind,
        size_text=size,
        octets=file.size,
        about=" · ".join([kind, size, *_facts(file)]),
        url=url_for("files.download", key=attachment.key),
        open_url=opened if file.kind == PDF else None,
        read_url=url_for("files.read", key=attachment.key) if file.kind == PDF and is_ready else None,
        video_url=opened if file.kind == VIDEO else None,
    )


def _whole() -> Select[Attachment]:
    return select(Attachment).options(joinedload(Attachment.file).joinedload(File.rendering))


def _facts(file: File) -> list[str]:
    """Return what was found in a PDF; nothing before it was read."""
    rendering = file.rendering
    if rendering is None or rendering.pages is None:
        return []
    facts = [ngettext("%(num)s page", "%(num)s pages", rendering.pages)]
    if rendering.is_signed:
        facts.append(_("Digitally signed"))
    if not rendering.has_text:
        facts.append(_("Scan, text not searchable"))
    return facts
