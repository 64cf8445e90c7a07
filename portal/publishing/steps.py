"""Taking a step with a piece: state, what the public sees, the step's own line and the log's, in one write."""

from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal import audit
from portal.audit import Actor, Program, vocabulary
from portal.core import clock, versions
from portal.core.db import db, write
from portal.core.errors import Refused
from portal.core.language import _
from portal.core.staff import Permission
from portal.publishing import acts, kinds, public_words, revisions, second_person
from portal.publishing.acts import Given, Taking
from portal.publishing.kinds import Change
from portal.publishing.models import Piece, Taken
from portal.publishing.rules import RULES, Step, is_possible, permission_for

CLOCK = Program("clock")


class Overtaken(Refused):
    """Somebody has saved, or taken a step, since the page was opened on which this step was chosen."""


def take(step: Step, piece_id: int, given: Given, *, actor: Actor, asked: Permission | None = None) -> None:
    """Take a step, or raise Refused with the sentence why not; Overtaken where the piece is not as it was seen.

    Raises LookupError where the piece is gone. Who may do it at all the view has asked: `asked` is the permission, which may
    be another by the time the piece is held.
    """
    if public_words.needs_reason(step, given):
        raise Refused(_("What everybody will read may hold personal data: change it, or say why it is published."))
    has_concerns = step in acts.READY and not given.concern_reason and _has_concerns(piece_id, given.seen)

    def store(session: Session) -> None:
        piece = revisions.locked(session, piece_id)
        _settle_what_has_appeared(session, piece)
        _demand_as_seen(session, step, piece, given)
        if asked is not None and permission_for(step, piece) is not asked:
            raise _overtaken()
        revision = session.scalars(revisions.at(piece.id, piece.head)).one()
        taking = Taking(session, piece, revision, given, actor.id, has_concerns=has_concerns)
        _demand_second_person(step, taking)
        acts.ACTS[step](taking)
        piece.state = RULES[step].to or piece.state
        _tell(session, step, piece, given, actor)

    write(store)


def _has_concerns(piece_id: int, number: int) -> bool:
    """Tell whether a revision is published only with a reason: reading a long text takes seconds, so before the write."""
    piece, revision = db.session.get(Piece, piece_id), db.session.scalar(revisions.at(piece_id, number))
    return piece is not None and revision is not None and bool(kinds.of(piece).concerns(revision.content))


def appear(piece_id: int, at: int) -> None:
    """Settle what was scheduled for an instant; nothing happens where it was recalled or scheduled anew since."""

    def store(session: Session) -> None:
        piece = revisions.locked(session, piece_id)
        if piece.state == "scheduled" and piece.publish_at == at:
            _settle(session, piece, at)

    write(store)


def _settle(session: Session, piece: Piece, at: int) -> None:
    """Have a scheduled piece be published. A first publication is there by itself, by its own instant; now with its date."""
    revision = session.scalars(revisions.at(piece.id, piece.head)).one()
    change = Change(_planned_note(session, piece)) if piece.standing != "unpublished" else None
    acts.put(Taking(session, piece, revision, Given(piece.head), None), at=at, change=change)
    acts.show(piece, at=at)
    piece.state, piece.publish_at, piece.check_until = "settled", None, None
    _tell(session, Step.APPEAR, piece, Given(seen=piece.head), CLOCK)


def _settle_what_has_appeared(session: Session, piece: Piece) -> None:
    """Do what the job is about to do: nobody recalls as a schedule what the public sees already."""
    is_there = piece.state == "scheduled" and piece.standing == "unpublished"
    if is_there and piece.publish_at is not None and piece.publish_at <= clock.now_ms():
        _settle(session, piece, piece.publish_at)


def of_job(payload: dict[str, Any]) -> None:
    """Do the job that waits for a scheduled piece's minute."""
    appear(payload["piece"], payload["at"])


def last_step(session: Session, piece_id: int) -> int:
    """Return the number of the last step that was taken with a piece, 0 where none was."""
    last = select(Taken.id).where(Taken.piece_id == piece_id).order_by(Taken.id.desc()).limit(1)
    return session.scalar(last) or 0


def _demand_as_seen(session: Session, step: Step, piece: Piece, given: Given) -> None:
    is_as_seen = piece.head == given.seen and given.after in {None, last_step(session, piece.id)}
    if not is_as_seen or not is_possible(step, piece):
        raise _overtaken()


def _overtaken() -> Overtaken:
    return Overtaken(_("The article has changed since you opened this page. Nothing was done; look at it again, then decide."))


def _demand_second_person(step: Step, taking: Taking) -> None:
    """Refuse who would approve their own text, while there are two who could, unless a leader's approval is on record."""
    if not taking.given.leader and second_person.refuses(taking.session, step, taking.piece, taking.actor_id):
        raise Refused(second_person.sentence())


def _planned_note(session: Session, piece: Piece) -> str:
    last = select(Taken.detail).where(Taken.piece_id == piece.id, Taken.step == Step.SCHEDULE.value)
    planned = session.scalar(last.order_by(Taken.id.desc()).limit(1)) or {}
    return str(planned.get("note", ""))


def _tell(session: Session, step: Step, piece: Piece, given: Given, actor: Actor) -> None:
    """Write down who did what, and have every process notice."""
    piece.changed_at = now = clock.now_ms()
    taken = Taken(piece_id=piece.id, at=now, actor_id=actor.id, step=step.value, number=piece.head, remark=given.remark)
    taken.detail = given.detail()
    session.add(taken)
    session.flush()
    versions.bump(session)
    audit.record(session, vocabulary.PIECE_STEPS[step.value], actor=actor, thing=piece.place, revision=piece.head)
