"""Renditions: what a job makes of pictures and PDFs, once for each file, however many places it stands at.

The work is done in a process with limits (core.limits). A file that cannot be rendered is marked with the reason and left alone;
only what is no fault of the file (a full disk, a database that is away) is tried again, as jobs are.
"""

import logging
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from blinker import Signal
from sqlalchemy import or_, select, update
from sqlalchemy.orm import Session

from portal.core import jobs, versions
from portal.core.db import db, insert, write
from portal.core.limits import Ended, LimitReached, call
from portal.core.text import CONTROLS, clean_line, nfc
from portal.files import places
from portal.files.models import Attachment, File, PageText, Picture, Rendering, Rendition
from portal.files.storage import Stored, discard, discard_unnamed, keep, path_of, record

logger = logging.getLogger(__name__)

JOB = "files.render"

PDF = "application/pdf"
PICTURES = ("image/jpeg", "image/png", "image/webp")

REASONS = ("broken", "encrypted", "empty", "kind", "large", "limit")
"""What can be wrong with a file: words of `drawing` and `leaves`, and "limit" for one that takes too long or too much memory."""

DRAWING = "portal.files.drawing:draw"
LEAFING = "portal.files.leaves:leaf_through"
SIGNING = "portal.files.signing:look"
SIGNING_S = 60.0
MEGABYTES = 768
DRAWING_S = 60.0
LEAFING_S = 60.0
"""Pages that are not done by then are left out."""
LEAFING_ENDS_S = 120.0

text_extracted = Signal("Sent with session=, file_id= and texts= (one for each page) in the transaction that stores them.")


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of a file: a reason, or sheets with their stored bytes, and what a PDF says of itself."""

    reason: str = ""
    sheets: list[tuple[dict[str, int], Stored]] = field(default_factory=list)
    pages: int | None = None
    texts: list[str] = field(default_factory=list)
    is_signed: bool | None = None
    signatures: list[dict[str, Any]] | None = None


def ask(session: Session, file: File) -> None:
    """Have a picture or PDF rendered after this transaction; where somebody asked before, nothing happens."""
    if file.kind != PDF and file.kind not in PICTURES:
        return
    values = {"file_id": file.id, "state": "waiting", "reason": ""}
    asked = session.execute(
        insert(session, Rendering)
        .values(**values)
        .on_conflict_do_nothing(index_elements=["file_id"])
        .returning(Rendering.file_id)
    )
    if asked.scalar() is not None:
        jobs.add(session, JOB, {"file": file.id})


def render(payload: jobs.Payload) -> None:
    """Do the job: render a file that still waits for it."""
    file_id: int = payload["file"]
    waiting = select(File.kind, File.stored_as).join(Rendering, Rendering.file_id == File.id)
    found = db.session.execute(waiting.where(File.id == file_id, Rendering.state == "waiting")).one_or_none()
    shown_at = db.session.scalars(select(Picture.place).where(Picture.file_id == file_id)).all()
    db.session.rollback()
    if found is None:
        return
    kind, source = found[0], path_of(found[1])
    with TemporaryDirectory(prefix="portal-") as folder:
        outcome = _outcome(kind, source, Path(folder), is_clear=any(map(places.is_clear, shown_at)))
    try:
        write(lambda session: _store(session, file_id, outcome))
    finally:
        discard_unnamed(stored for _, stored in outcome.sheets)


def render_waiting() -> int:
    """Render all that waits, here and now, and return how many files are done; what the machine refuses goes on waiting."""
    waiting = db.session.scalars(select(Rendering.file_id).where(Rendering.state == "waiting").order_by(Rendering.file_id)).all()
    done = 0
    for file_id in waiting:
        try:
            render({"file": file_id})
            done += 1
        except (Ended, OSError):
            logger.exception("not rendered", extra={"fields": {"file": file_id}})
    return done


def ask_for_all(session: Session) -> None:
    """Have rendered what an older release, which asked for nothing, has attached or placed."""
    used = or_(File.id.in_(select(Attachment.file_id)), File.id.in_(select(Picture.file_id)))
    for file in session.scalars(select(File).where(used, File.id.not_in(select(Rendering.file_id))).order_by(File.id)):
        ask(session, file)


def ask_again(session: Session) -> None:
    """Let what failed wait once more, for instance after the limits have been changed."""
    session.execute(update(Rendering).where(Rendering.state == "failed").values(state="waiting", reason=""))


def signatures_of(source: Path) -> list[dict[str, Any]] | None:
    """Return what can be said of a PDF's signatures; None where that cannot be found out."""
    try:
        said: list[dict[str, Any]] = call(SIGNING, {"source": str(source)}, seconds=SIGNING_S, megabytes=MEGABYTES)
    except (LimitReached, ValueError):
        return None
    except Ended:  # its pages are drawn all the same
        logger.exception("signatures not looked at")
        return None
    return [{**one, "signer": clean_line(one["signer"])} for one in said]


def _outcome(kind: str, source: Path, folder: Path, *, is_clear: bool) -> Outcome:
    task: dict[str, Any] = {"source": str(source), "into": str(folder), "seconds": LEAFING_S, "clear": is_clear}
    try:
        if kind == PDF:
            made = call(LEAFING, task, seconds=LEAFING_ENDS_S, megabytes=MEGABYTES)
        else:
            made = call(DRAWING, task, seconds=DRAWING_S, megabytes=MEGABYTES)
    except LimitReached:
        return Outcome(reason="limit")
    except ValueError as complaint:
        return Outcome(reason=str(complaint) if str(complaint) in REASONS else "broken")
    if made.get("pages") and not made["texts"]:  # the time was over before the first page
        return Outcome(reason="limit")
    texts = [_clean(text) for text in made.get("texts", [])]
    signatures = signatures_of(source) if made.get("is_signed") else None
    return Outcome("", _kept(folder, made["sheets"]), made.get("pages"), texts, made.get("is_signed"), signatures)


def _kept(folder: Path, sheets: list[dict[str, Any]]) -> list[tuple[dict[str, int], Stored]]:
    """Keep all sheets or none."""
    kept: list[tuple[dict[str, int], Stored]] = []
    try:
        for sheet in sheets:
            kept.append((sheet, keep((folder / sheet.pop("file")).read_bytes())))
    except BaseException:
        for _, stored in kept:
            discard(stored)
        raise
    return kept


def _clean(text: str) -> str:
    """Return a page's text in NFC with single line ends, without controls and halves of characters."""
    whole = text.encode("utf-8", "ignore").decode().replace("\r\n", "\n").replace("\r", "\n").replace("\ufffe", "-")
    return nfc(CONTROLS.sub("", whole)).strip()


def _store(session: Session, file_id: int, outcome: Outcome) -> None:
    """Store an outcome, unless another process was first."""
    rendering = session.get(Rendering, file_id, with_for_update=True)
    if rendering is None or rendering.state != "waiting":
        return
    rendering.state, rendering.reason = ("failed" if outcome.reason else "ready"), outcome.reason
    rendering.pages, rendering.is_signed, rendering.signatures = outcome.pages, outcome.is_signed, outcome.signatures
    for sheet, stored in outcome.sheets:
        session.add(Rendition(file_id=file_id, image_id=record(session, stored).id, **sheet))
    if outcome.pages is not None:
        rendering.has_text = any(outcome.texts)
        session.add_all(PageText(file_id=file_id, page=page, text=text) for page, text in enumerate(outcome.texts, 1))
        text_extracted.send(file_id, session=session, file_id=file_id, texts=outcome.texts)
    if _is_placed(session, file_id):
        versions.bump(session)


def _is_placed(session: Session, file_id: int) -> bool:
    """Tell whether a page may show the file already: what only a draft has makes no page another."""
    some = (select(one.id).where(one.file_id == file_id).limit(1) for one in (Attachment, Picture))
    return any(session.scalar(one) is not None for one in some)
