"""Xem nhanh: a PDF's pages as pictures with their text, for every device, also those that cannot show a PDF."""

from dataclasses import dataclass
from typing import Any

from flask import url_for
from sqlalchemy import select
from sqlalchemy.orm import joinedload

from portal.core import formats
from portal.core.db import db
from portal.core.language import _
from portal.files import places
from portal.files.attachments import find_public, line
from portal.files.models import Attachment, PageText, Rendition

MOST_SHOWN = 60


@dataclass(frozen=True, slots=True)
class Leaf:
    """One page: its picture, if it could be drawn, and its text, if it has any."""

    number: int
    url: str | None
    width: int
    height: int
    text: str


def preview(attachment: Attachment) -> dict[str, Any]:
    """Return what the page prints of a PDF, as finished values: its leaves, or the sentence why there are none."""
    rendering = attachment.file.rendering
    state = rendering.state if rendering is not None else "waiting"
    leaves = _leaves(attachment) if state == "ready" else []
    total = rendering.pages or 0 if rendering is not None else 0
    return {
        "file": line(attachment),
        "where": places.where(attachment.place),
        "is_waiting": state == "waiting",
        "leaves": leaves,
        "total": total,
        "sorry": _sorry(rendering.reason if rendering is not None else "", shown=len(leaves), total=total, state=state),
    }


def find_leaf(key: str, number: int) -> Rendition | None:
    """Return the picture of a page of a PDF where the public may see what that is attached to."""
    attachment = find_public(key)
    if attachment is None:
        return None
    mine = select(Rendition).where(Rendition.file_id == attachment.file_id, Rendition.page == number)
    return db.session.scalar(mine.options(joinedload(Rendition.image)).limit(1))


def _leaves(attachment: Attachment) -> list[Leaf]:
    """Return the pages that were drawn or read, up to MOST_SHOWN."""
    file_id = attachment.file_id
    drawn = {r.page: r for r in db.session.scalars(select(Rendition).where(Rendition.file_id == file_id, Rendition.page > 0))}
    texts = select(PageText).where(PageText.file_id == file_id, PageText.page <= MOST_SHOWN).order_by(PageText.page)
    leaves = []
    for read in db.session.scalars(texts):
        sheet = drawn.get(read.page)
        url = url_for("files.leaf", key=attachment.key, number=read.page) if sheet else None
        leaves.append(Leaf(read.page, url, sheet.width if sheet else 0, sheet.height if sheet else 0, read.text))
    return leaves


def _sorry(reason: str, *, shown: int, total: int, state: str) -> str:
    """Return the sentence that says what is missing, "" where nothing is."""
    if state == "waiting":
        return _("The quick view is being prepared. Please come back in a minute, or download the file.")
    if state == "ready" and shown == total:
        return ""
    if state == "ready" and shown:
        numbers = {"shown": formats.number(shown), "total": formats.number(total)}
        return _("The first %(shown)s of %(total)s pages are shown here. Download the file to read all.", **numbers)
    sentences = {
        "encrypted": _("This file is protected by a password, so its pages cannot be shown here."),
        "empty": _("This file has no pages."),
        "limit": _("This file is too large or too complex to be shown here."),
    }
    why = "limit" if state == "ready" else reason
    return sentences.get(why) or _("This file is damaged or not a proper PDF, so its pages cannot be shown here.")
