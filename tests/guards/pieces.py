"""Pieces of the unit HOME for addresses that name one: in a state in which what is asked there can be done."""

import secrets
from collections.abc import Callable

from sqlalchemy.orm import Session

from portal.accounts.models import User
from portal.core.db import db, write
from portal.publishing import links, revisions, steps
from portal.publishing.acts import Given
from portal.publishing.choices import SLUGS
from portal.publishing.models import PreviewLink, Revision
from portal.publishing.rules import Step
from tests import cast
from tests.publishing.writing import a_piece

BASE = "/ban-bien-tap/bai/<id:piece_id>"
BEFORE: dict[Step, tuple[Step, ...]] = {
    Step.RECALL: (Step.SUBMIT,),
    Step.RETURN: (Step.SUBMIT,),
    Step.APPROVE: (Step.SUBMIT,),
    Step.PUBLISH: (Step.SUBMIT,),
    Step.SCHEDULE: (Step.SUBMIT,),
    Step.CONFIRM: (Step.PUBLISH_URGENTLY,),
    Step.TAKE_DOWN: (Step.PUBLISH_URGENTLY,),
    Step.PUT_BACK: (Step.PUBLISH_URGENTLY, Step.TAKE_DOWN),
    Step.DISCARD: (Step.PUBLISH_URGENTLY,),
}
"""What was done with a piece before a step can be."""


def a_piece_of(unit: int) -> int:
    """Store a draft of a unit, with two revisions, and return its id."""
    author = cast.somebody("author", unit=unit)
    piece_id = a_piece(author)
    _write_on(piece_id, author)
    return piece_id


def a_piece_before(step: Step, unit: int) -> int:
    """Store a piece of a unit with which a step can be taken, and return its id."""
    piece_id, publisher = a_piece_of(unit), cast.somebody("publisher")
    for number, one in enumerate(BEFORE.get(step, ())):
        steps.take(one, piece_id, Given(seen=2, remark=f"Lý do {number}"), actor=publisher)
    if step is Step.DISCARD:
        _write_on(piece_id, publisher)
    return piece_id


def a_link_of(piece_id: int) -> int:
    """Store a preview link of a piece and return its id."""
    links.make(piece_id, actor=cast.somebody("editor"))
    return db.session.query(PreviewLink).filter_by(piece_id=piece_id).one().id


def examples(unit: Callable[[], int]) -> dict[str, Callable[[object], str]]:
    """Return for each address of a step, and of a link, how to make one that leads somewhere."""

    def of_step(step: Step, slug: str) -> Callable[[object], str]:
        return lambda _: f"/ban-bien-tap/bai/{a_piece_before(step, unit())}/{slug}"

    def of_link(_: object) -> str:
        piece_id = a_piece_of(unit())
        return f"/ban-bien-tap/bai/{piece_id}/lien-ket-xem/{a_link_of(piece_id)}/thu-hoi"

    return {f"{BASE}/{slug}": of_step(step, slug) for step, slug in SLUGS.items()} | {
        f"{BASE}/lien-ket-xem/<id:link_id>/thu-hoi": of_link
    }


def _write_on(piece_id: int, author: User) -> None:
    def store(session: Session) -> Revision:
        piece = revisions.locked(session, piece_id)
        head = session.scalars(revisions.at(piece_id, piece.head)).one()
        content = {**head.content, "lead": f"Sở ban hành kế hoạch {secrets.token_hex(3)}."}
        if piece.state == "settled":
            piece.state = "draft"
        return revisions.keep(session, piece, content, author_id=author.id, kind="saved", base=piece.head)

    write(store)
