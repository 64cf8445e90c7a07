"""Attach files to places, and list them for a page."""

import secrets
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from flask import url_for
from sqlalchemy import Select, select
from sqlalchemy.orm import Session, joinedload

from portal.core import formats
from portal.core.db import db
from portal.core.language import _, ngettext
from portal.core.text import clean_line
from portal.files import places, renditions
from portal.files.kinds import LETTERS
from portal.files.models import Attachment, File
from portal.files.renditions import PDF
from portal.files.storage import Stored, record

VIDEO = "video/mp4"


@dataclass(frozen=True, slots=True)
class Placed:
    """An attachment as a text names it: the key that the public will know, a file, and its name there."""

    key: str
    file_id: int
    name: str


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
    replaced: str = ""
    """That it was replaced, and when."""
    is_public: bool = True


def attach(session: Session, stored: Stored, *, place: str, name: str) -> Attachment:
    """Put stored bytes at a place under a name, within the caller's transaction; bytes known already are kept once."""
    file = record(session, stored)
    renditions.ask(session, file)
    position = len(session.scalars(select(Attachment.id).where(Attachment.place == place)).all()) + 1
    named = clean_line(name)[:255]
    attachment = Attachment(key=secrets.token_hex(16), file=file, place=place, name=named, position=position)
    session.add(attachment)
    return attachment


def put_at(session: Session, place: str, some: Sequence[Placed], *, at: int) -> None:
    """Have exactly these stand at a place, in this order, within the caller's transaction. A key keeps its address; where it has
    another file than the public saw, the public is told from the instant `at` on."""
    there = {row.key: row for row in session.scalars(select(Attachment).where(Attachment.place == place))}
    for position, one in enumerate(some, 1):
        row = there.pop(one.key, None)
        if row is None:
            session.add(Attachment(key=one.key, file_id=one.file_id, place=place, name=one.name, position=position))
            continue
        if row.file_id != one.file_id:
            row.file_id, row.replaced_at = one.file_id, at
        row.name, row.position = one.name, position
    for row in there.values():
        session.delete(row)
    session.flush()


def named(session: Session, place: str) -> list[Placed]:
    """Return what stands at a place as a text would name it."""
    rows = session.scalars(select(Attachment).where(Attachment.place == place).order_by(Attachment.position, Attachment.id))
    return [Placed(row.key, row.file_id, row.name) for row in rows]


def files(ids: Iterable[int]) -> dict[int, File]:
    """Return files with what is known of them, by id."""
    found = select(File).where(File.id.in_(sorted(set(ids)))).options(joinedload(File.rendering))
    return {file.id: file for file in db.session.scalars(found)}


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
    opened = url_for("files.open_in_browser", key=attachment.key)
    is_ready = file.rendering is not None and file.rendering.state == "ready"
    return Line(
        name=attachment.name,
        kind=letters(file),
        size_text=formats.size(file.size),
        octets=file.size,
        about=about(file),
        url=url_for("files.download", key=attachment.key),
        open_url=opened if file.kind == PDF else None,
        read_url=url_for("files.read", key=attachment.key) if file.kind == PDF and is_ready else None,
        video_url=opened if file.kind == VIDEO else None,
        replaced=_("File replaced on %(day)s", day=formats.day(attachment.replaced_at)) if attachment.replaced_at else "",
    )


def unpublished(name: str, file: File, url: str) -> Line:
    """Return an attachment as a page lists it before the public has it: whoever sees that page saves it at `url`."""
    kind, size = letters(file), formats.size(file.size)
    return Line(name, kind, size, file.size, about(file), url, open_url=None, read_url=None, video_url=None, is_public=False)


def letters(file: File) -> str:
    """Return what a page prints for a file's type by content."""
    return LETTERS.get(file.kind) or _("FILE")


def about(file: File) -> str:
    """Return a file's kind, its size and what else is known of it, as "PDF · 1,2 MB · 14 trang"."""
    return " · ".join([letters(file), formats.size(file.size), *_facts(file)])


def _whole() -> Select[Attachment]:
    return select(Attachment).options(joinedload(Attachment.file).joinedload(File.rendering))


def _facts(file: File) -> list[str]:
    """Return what was found in a PDF; nothing before it was read."""
    rendering = file.rendering
    if rendering is None or rendering.pages is None:
        return []
    facts = [ngettext("%(num)s page", "%(num)s pages", rendering.pages)]
    if rendering.is_signed:
        facts += [_signature(one) for one in rendering.signatures or []] or [_("Digitally signed")]
    if not rendering.has_text:
        facts.append(_("Scan, text not searchable"))
    return facts


def _signature(said: Mapping[str, Any]) -> str:
    """Return who signed, and whether the file is still what was signed."""
    if not said["is_whole"]:
        return _("Changed since it was digitally signed by %(name)s", name=said["signer"] or _("somebody"))
    return _("Digitally signed by %(name)s, unchanged since", name=said["signer"] or _("somebody"))
