"""Word in: a document (.docx) becomes a new article's draft, with its pictures as our files, and a list of what was not carried.

The file is read in a process with limits (`articles.docx`, core.limits), within the request: docs/decisions/0022-word-in.md.
"""

import logging
import re
import secrets
import shutil
from dataclasses import dataclass
from html import escape
from pathlib import Path
from tempfile import TemporaryDirectory
from threading import BoundedSemaphore
from typing import Any

from flask import url_for
from sqlalchemy.orm import Session
from werkzeug.datastructures import FileStorage

from portal.articles import imported, pictures
from portal.articles.docx import package
from portal.articles.published import KIND
from portal.audit import Actor
from portal.core.errors import Refused
from portal.core.language import _
from portal.core.limits import LimitReached, call
from portal.core.text import clean_line
from portal.files import library, widths
from portal.files.accepting import kept_picture
from portal.files.pictures import place_picture
from portal.files.storage import Stored, discard_unnamed
from portal.publishing import kinds, revisions
from portal.publishing.models import Piece

logger = logging.getLogger(__name__)

LARGEST = 30_000_000
"""What one document may weigh, in bytes."""
CONVERTING, TURNING = "portal.articles.docx.convert:convert", "portal.articles.docx.office:turn"
SECONDS, MEGABYTES = 40.0, 768
TURNING_S, TURNING_MEGABYTES = 60, 4_096
"""LibreOffice reserves far more memory than it uses."""
PROGRAMS = ("soffice", "libreoffice")
TURNED = {"old": "doc", "opendocument": "odt"}
"""What LibreOffice turns into .docx, by what is said of it."""

one_at_a_time = BoundedSemaphore(1)
PATIENCE_S = 20.0
"""How long somebody waits for another document in the same process of the server."""

LONGEST_TITLE, LONGEST_SHOWN = 300, 80
FIGURE = re.compile("<figure>([0-9]+)")


@dataclass(frozen=True, slots=True)
class Wanted:
    """What the article is to be that a document becomes."""

    language: str
    section_id: int | None
    unit_id: int | None
    key: bytes
    """The random name of the request: sent twice, the document is brought in once."""


@dataclass(frozen=True, slots=True)
class Kept:
    """A picture of a document, stored."""

    stored: Stored
    key: str
    alt: str
    element: str


def bring_in(file: FileStorage | None, wanted: Wanted, *, actor: Actor) -> int:
    """Begin an article with what a document holds, and return the piece's id. Raises Refused where that cannot be."""
    if file is None or not file.filename:
        raise Refused(_("Choose a Word file on your computer."))
    name = _name_of(file.filename)
    with TemporaryDirectory(prefix="portal-") as folder:
        source = Path(folder) / "source"
        file.save(source)
        if source.stat().st_size > LARGEST:
            raise Refused(
                _("“%(name)s” is too large (at most %(megabytes)s MB).", name=_cut(name), megabytes=LARGEST // 1_000_000)
            )
        into = Path(folder) / "pictures"
        into.mkdir()
        made = _converted(source, into, name)
        return _begin(made, _drawn(made["pictures"], into, _cut(name)), name, wanted, actor)


def _converted(source: Path, into: Path, name: str) -> dict[str, Any]:
    if not one_at_a_time.acquire(timeout=PATIENCE_S):
        raise Refused(_("Other documents are being brought in just now. Try again in a minute."))
    task = {"source": str(source), "into": str(into)}
    try:
        try:
            return _called(CONVERTING, task)
        except ValueError as complaint:
            return _called(CONVERTING, {**task, "source": _turned(source, str(complaint))})
    except ValueError as complaint:
        if str(complaint) not in package.WORDS:
            logger.warning("a document that cannot be read", extra={"fields": {"reason": str(complaint)[:500]}})
        raise Refused(_sentence(str(complaint), _cut(name))) from complaint
    except LimitReached as reached:
        raise Refused(_sentence("huge", _cut(name))) from reached
    finally:
        one_at_a_time.release()


def _called(target: str, task: dict[str, str]) -> dict[str, Any]:
    result: dict[str, Any] = call(target, task, seconds=SECONDS, megabytes=MEGABYTES)
    return result


def _turned(source: Path, word: str) -> str:
    """Return the path of the .docx that LibreOffice made of an older file. Raises ValueError with a word where it did not."""
    program = next(filter(None, map(shutil.which, PROGRAMS)), None)
    if word not in TURNED or program is None:
        raise ValueError(word)
    named = source.with_suffix(f".{TURNED[word]}")
    source.rename(named)
    into = source.parent / "turned"
    into.mkdir()
    task = {"program": program, "source": str(named), "into": str(into), "seconds": str(TURNING_S)}
    turned: str = call(TURNING, task, seconds=TURNING_S + 10, megabytes=TURNING_MEGABYTES)
    return turned


def _drawn(some: list[dict[str, Any]], folder: Path, name: str) -> list[Kept]:
    """Store the pictures one after the other, without what their cameras noted, and return each as it will stand in the text."""
    drawn: list[Kept] = []
    try:
        for number, one in enumerate(some):
            drawn.append(_kept(one, kept_picture((folder / str(number)).read_bytes(), name)))
    except BaseException:
        discard_unnamed(one.stored for one in drawn)
        raise
    return drawn


def _kept(one: dict[str, Any], stored: Stored) -> Kept:
    key, drawn = secrets.token_hex(16), widths.widths(one["width"], one["height"])
    url = url_for("files.picture", key=key, width=widths.usual(drawn))
    height = widths.height_of(drawn[0], one["width"], one["height"])
    element = f'<figure><img src="{url}" alt="{escape(one["alt"])}" width="{drawn[0]}" height="{height}">'
    return Kept(stored, key, one["alt"], element)


def _begin(made: dict[str, Any], drawn: list[Kept], name: str, wanted: Wanted, actor: Actor) -> int:
    def store(session: Session, piece: Piece) -> None:
        for one in drawn:
            alt = one.alt or pictures.UNSAID
            picture = place_picture(session, one.stored, place=piece.place, kind="album", alt=alt, key=one.key)
            library.shelve(session, picture.file_id, unit_id=wanted.unit_id, name=_cut(name), actor=actor, alt=one.alt)
        session.flush()
        kinds.named(KIND).kept(session, piece, content)  # its pictures are known only now
        imported.note(session, piece, made, _cut(name), actor=actor)

    stem = name.rpartition(".")[0] or name
    content = {
        "title": made["title"] or stem[:LONGEST_TITLE],
        "lead": made["lead"],
        "body": FIGURE.sub(lambda found: drawn[int(found[1])].element, made["html"]),
        "section_id": wanted.section_id,
    }
    try:
        return revisions.create(
            KIND, content, actor=actor, unit_id=wanted.unit_id, language=wanted.language, key=wanted.key, also=store
        )
    finally:
        discard_unnamed(one.stored for one in drawn)


def _name_of(said: str) -> str:
    """Return a file's name as one line without folders."""
    return clean_line(re.split(r"[/\\]", said)[-1]) or _("document")


def _cut(name: str) -> str:
    return name if len(name) <= LONGEST_SHOWN else f"{name[: LONGEST_SHOWN - 10]}…{name[-9:]}"


def _sentence(word: str, name: str) -> str:
    """Return why a file is not taken, and what to do."""
    save_as = _("Open it in Word or LibreOffice, choose “Save as”, and save it as a Word document (.docx).")
    sentences = {
        "kind": _("“%(name)s” is no Word document.", name=name) + f" {save_as}",
        "old": _("“%(name)s” is a document of an older Word (.doc).", name=name) + f" {save_as}",
        "opendocument": _("“%(name)s” is an OpenDocument file (.odt).", name=name) + f" {save_as}",
        "sheet": _("“%(name)s” is an Excel file. Attach it to the article, or copy its table into the text.", name=name),
        "slides": _("“%(name)s” is a PowerPoint file. Attach it to the article.", name=name),
        "encrypted": _("“%(name)s” is protected by a password. Remove the password in Word and save it again.", name=name),
        "macros": _("“%(name)s” holds macros. Save it as a Word document without macros (.docx).", name=name),
        "doctype": _(
            "“%(name)s” declares entities, which no Word document does. It may be dangerous and was not read.", name=name
        ),
        "bomb": _("“%(name)s” would unpack to far more than a document holds. It may be dangerous and was not read.", name=name),
        "huge": _("“%(name)s” is too long or too complex to be read at once. Divide it into parts.", name=name),
        "empty": _("“%(name)s” holds no text.", name=name),
    }
    broken = _("“%(name)s” is damaged, or is not what its name says. Open it in Word and save it again.", name=name)
    return sentences.get(word, broken)
