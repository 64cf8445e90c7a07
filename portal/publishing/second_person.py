"""The second person: whether nobody approves their own text here, and which texts are somebody's own. The one rule of it.

It is a condition on `Piece`, so that a refusal asks it of one piece and the desk of all.
"""

from sqlalchemy import ColumnElement, and_, case, exists, func, or_, select
from sqlalchemy.orm import Session

from portal.core import staff
from portal.core.language import _
from portal.core.staff import Permission
from portal.publishing.models import ApprovalRule, Piece, Revision, Taken
from portal.publishing.revisions import SITE
from portal.publishing.rules import RULES, Step


def is_on(session: Session) -> bool:
    """Tell whether the site wants a second person; it does unless it has said otherwise."""
    said = session.scalar(select(ApprovalRule.by_second_person).where(ApprovalRule.site_id == SITE))
    return said is not False


def is_wanted(session: Session) -> bool:
    """Tell whether nobody may approve their own text: where the site wants it so, while two are there who may approve."""
    return is_on(session) and staff.number_who_may(session, Permission.PUBLISH) >= 2


def refuses(session: Session, step: Step, piece: Piece, user_id: int | None) -> bool:
    """Tell whether somebody who took this step would approve what is their own, where nobody may."""
    if not RULES[step].is_approval or not is_wanted(session):
        return False
    own = own_urgent(user_id) if step is Step.CONFIRM else own_text(user_id)
    return session.scalar(select(Piece.id).where(Piece.id == piece.id, own)) is not None


def sentence() -> str:
    """Return what is said to who is refused."""
    return _(
        "Somebody else must approve this: the text is your own, or you have changed it since another person sent it to "
        "review. A leader's approval on record does, too."
    )


def own_text(user_id: int | None) -> ColumnElement[bool]:
    """Return what holds for pieces that somebody began, or has changed since another person stood for the text.

    Another stands for it who sends it to review; and all that is published is settled, unless nobody has confirmed it yet.
    """
    mine = select(Revision.id).where(Revision.piece_id == Piece.id, Revision.author_id == user_id, Revision.kind != "kept")
    since = mine.where(Revision.number > _sent_by_another(user_id), Revision.number > _settled(), Revision.number <= Piece.head)
    return or_(Piece.author_id.is_not_distinct_from(user_id), exists(since.correlate(Piece)))


def own_urgent(user_id: int | None) -> ColumnElement[bool]:
    """Return what holds for pieces that somebody was the last to publish before their review."""
    urgent = select(Taken.actor_id).where(Taken.piece_id == Piece.id, Taken.step == Step.PUBLISH_URGENTLY.value)
    last = urgent.order_by(Taken.id.desc()).limit(1).correlate(Piece).scalar_subquery()
    return last.is_not_distinct_from(user_id)


def _sent_by_another(user_id: int | None) -> ColumnElement[int]:
    sent = select(func.coalesce(func.max(Taken.number), 0)).where(Taken.piece_id == Piece.id, Taken.step == Step.SUBMIT.value)
    return sent.where(Taken.actor_id.is_distinct_from(user_id)).correlate(Piece).scalar_subquery()


def _settled() -> ColumnElement[int]:
    is_settled = and_(Piece.standing != "unpublished", Piece.check_until.is_(None))
    return case((is_settled, func.coalesce(Piece.public, 0)), else_=0)
