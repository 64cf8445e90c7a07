"""Attach files to places, and list them for a page."""

import secrets
from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeAlias

from flask import Flask, current_app, url_for
from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from portal.core import clock, formats
from portal.core.db import db
from portal.core.language import _
from portal.core.text import clean_line
from portal.files.models import Attachment, File
from portal.files.storage import Stored, discard

PDF = "application/pdf"
LETTERS = {
    PDF: "PDF",
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document": "DOCX",
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet": "XLSX",
    "application/vnd.openxmlformats-officedocument.presentationml.presentation": "PPTX",
    "application/zip": "ZIP",
    "image/png": "PNG",
    "image/jpeg": "JPEG",
    "image/webp": "WEBP",
}
"""What a page prints for a type by content; for others it says only that it is a file."""

Guard: TypeAlias = Callable[[int], bool]


@dataclass(frozen=True, slots=True)
class Line:
    """An attachment as a page lists it. `open_url` is None where the browser may only save it."""

    name: str
    kind: str
    size_text: str
    url: str
    open_url: str | None


def guard(app: Flask, noun: str, is_public: Callable[[int], bool]) -> None:
    """Say what tells whether the public may see a thing: places "noun:id" are asked through it."""
    app.extensions["attachment_guards"][noun] = is_public


def attach(session: Session, stored: Stored, *, place: str, name: str) -> Attachment:
    """Put stored bytes at a place under a name, within the caller's transaction; bytes known already are kept once."""
    file = session.scalar(select(File).where(File.sha256 == stored.sha256))
    if file is None:
        file = File(
            sha256=stored.sha256,
            size=stored.size,
            kind=stored.kind,
            stored_as=stored.stored_as,
            created_at=clock.now_ms(),
        )
    elif file.stored_as != stored.stored_as:
        discard(stored)
    position = len(session.scalars(select(Attachment.id).where(Attachment.place == place)).all()) + 1
    named = clean_line(name)[:255]
    attachment = Attachment(key=secrets.token_hex(16), file=file, place=place, name=named, position=position)
    session.add(attachment)
    return attachment


def lines(place: str) -> list[Line]:
    """Return what a page lists at a place, in order."""
    return [_line(attachment) for attachment in db.session.scalars(at(place))]


def at(place: str) -> Select[Attachment]:
    """Select the attachments at a place, in order."""
    return select(Attachment).where(Attachment.place == place).order_by(Attachment.position, Attachment.id)


def find_public(key: str) -> Attachment | None:
    """Return an attachment by its key where the public may see what it stands on."""
    attachment = db.session.scalar(select(Attachment).where(Attachment.key == key))
    if attachment is None:
        return None
    noun, _, number = attachment.place.partition(":")
    is_public: Guard | None = current_app.extensions["attachment_guards"].get(noun)
    return attachment if is_public is not None and is_public(int(number)) else None


def _line(attachment: Attachment) -> Line:
    kind = attachment.file.kind
    return Line(
        name=attachment.name,
        kind=LETTERS.get(kind) or _("FILE"),
        size_text=formats.size(attachment.file.size),
        url=url_for("files.download", key=attachment.key),
        open_url=url_for("files.open_pdf", key=attachment.key) if kind == PDF else None,
    )
