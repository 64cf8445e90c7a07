"""Files of the unit HOME for addresses that name one: on their way, attached to a piece, in the library."""

import secrets
from collections.abc import Callable
from typing import Any

from sqlalchemy.orm import Session

from portal.articles import attaching
from portal.core.db import db, write
from portal.files import library, renditions, uploads
from portal.files.models import Item
from portal.files.storage import keep, record
from tests import cast
from tests.files import samples
from tests.files.here import rendering_here
from tests.guards import pieces

BASE = "/ban-bien-tap/tep/bai/<id:piece_id>"


def a_whole_upload(unit: int, person: Any) -> str:
    """Store an upload of whoever asks, of which everything has come, and return the address of it."""
    piece_id, key = pieces.a_piece_of(unit), secrets.token_hex(16)
    actor = person.user or cast.somebody()
    sent = uploads.Sent(key, "Kế hoạch.pdf", len(cast.A_PDF), 0)
    uploads.begin(sent, place=f"piece:{piece_id}", actor=actor)
    uploads.part_of(key).write_bytes(cast.A_PDF)
    return f"/ban-bien-tap/tep/bai/{piece_id}/gui/{key}"


def an_attached_file(unit: int) -> str:
    """Attach a file to a piece and return the address at which who writes it reads it."""
    piece_id, actor = pieces.a_piece_of(unit), cast.somebody("editor")
    stored = keep(cast.A_PDF)
    file_id = write(lambda session: attaching.add(session, piece_id, stored, "Kế hoạch.pdf", actor=actor, may_edit=True))
    return f"/ban-bien-tap/tep/bai/{piece_id}/tai/{file_id}"


def an_item(unit: int) -> int:
    """Store a picture in a unit's library, rendered, and return its id."""
    stored, actor = keep(samples.a_photo(400, 300)), cast.somebody("editor")

    def store(session: Session) -> Item:
        file = record(session, stored)
        renditions.ask(session, file)
        return library.shelve(session, file.id, unit_id=unit, name="Ruộng tỏi.jpg", actor=actor, alt="Ruộng tỏi")

    item = write(store)
    with rendering_here():
        renditions.render_waiting()
    db.session.rollback()
    return item.id


def examples(unit: Callable[[], int]) -> dict[str, Callable[[Any], str]]:
    """Return for each address of a file how to make one that leads somewhere."""

    def of_upload(rest: str) -> Callable[[Any], str]:
        return lambda person: a_whole_upload(unit(), person) + rest

    return {f"{BASE}/gui/<key>{rest}": of_upload(rest) for rest in ("", "/xong", "/huy")} | {
        f"{BASE}/tai/<id:file_id>": lambda _: an_attached_file(unit())
    }
