"""Taking a step with a piece: state, what the public sees, the step's own line and the log's, in one write."""

from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from portal import audit
from portal.audit import Actor, Program, vocabulary
from portal.core import clock, staff, versions
from portal.core.db import db, write
from portal.core.errors import Refused
from portal.core.language import _
from portal.core.staff import Permission
from portal.publishing import acts, kinds, revisions
from portal.publishing.acts import Given, Taking
from portal.publishing.kinds import Change
from portal.publishing.models import ApprovalRule, Piece, Revision, Taken
from portal.publishing.revisions import SITE
from portal.publishing.rules import RULES, Step, is_possible, permission_for

CLOCK = Program("clock")


class Overtaken(Refused):
    """Somebody has saved, or taken a step, since the page was opened on which this step was chosen."""


def take(step: Step, piece_id: int, given: Given, *, actor: Actor, asked: Permission | None = None) -> None:
    """Take a step, or raise Refused with the sentence why not; Overtaken where the piece is not as it was seen.

    Raises LookupError where the piece is gone. Who may do it at all the view has asked: `asked` is the permission, which may
    be another by the time the piece is held.
    """
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
    piece.state, piece.standing, piece.publish_at, piece.check_until = "settled", "published", None, None
    _tell(session, Step.APPEAR, piece, Given(seen=piece.head), CLOCK)


def _settle_what_has_appeared(session: Session, piece: Piece) -> None:
    """Do what the job is about to do: nobody recalls as a schedule what the public sees already."""
    is_there = piece.state == "scheduled" and piece.standing == "unpublished"
    if is_there and piece.publish_at is not None and piece.publish_at <= clock.now_ms():
        _settle(session, piece, piece.publish_at)


def of_job(payload: dict[str, Any]) -> None:
    """Do the job that waits for a scheduled piece's minute."""
    appear(payload["piece"], payload["at"])


def wants_second_person(session: Session) -> bool:
    """Tell whether nobody may approve their own text: unless the site says otherwise, while two are there who may approve."""
    said = session.scalar(select(ApprovalRule.by_second_person).where(ApprovalRule.site_id == SITE))
    return said is not False and staff.number_who_may(session, Permission.PUBLISH) >= 2


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
    session, piece = taking.session, taking.piece
    if not RULES[step].is_approval or taking.given.leader or not wants_second_person(session):
        return
    if step is Step.CONFIRM:
        urgent = select(Taken.actor_id).where(Taken.piece_id == piece.id, Taken.step == Step.PUBLISH_URGENTLY.value)
        is_own = session.scalar(urgent.order_by(Taken.id.desc()).limit(1)) == taking.actor_id
    else:
        is_own = piece.author_id == taking.actor_id or _has_changed(session, piece, taking.actor_id)
    if is_own:
        raise Refused(
            _(
                "Somebody else must approve this: the text is your own, or you have changed it since another person sent it to "
                "review. A leader's approval on record does, too."
            )
        )


def _has_changed(session: Session, piece: Piece, user_id: int | None) -> bool:
    """Tell whether somebody has changed the text since another person sent it to review, or since it was published."""
    stood_for = select(func.max(Taken.number)).where(
        Taken.piece_id == piece.id, Taken.step == Step.SUBMIT.value, Taken.actor_id.is_distinct_from(user_id)
    )
    is_settled = piece.standing != "unpublished" and piece.check_until is None  # nobody has confirmed what was urgent
    seen = max(session.scalar(stood_for) or 0, (piece.public or 0) if is_settled else 0)
    own = select(Revision.id).where(Revision.piece_id == piece.id, Revision.author_id == user_id, Revision.kind != "kept")
    return session.scalar(own.where(Revision.number > seen, Revision.number <= piece.head).limit(1)) is not None


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
