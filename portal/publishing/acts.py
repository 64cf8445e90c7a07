"""What each step does to a piece and to what the public sees, within the step's own transaction."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from portal.core import clock, jobs
from portal.core.errors import Refused
from portal.core.language import _
from portal.publishing import kinds, revisions
from portal.publishing.kinds import Change
from portal.publishing.models import Content, Piece, PreviewLink, Revision, Taken
from portal.publishing.rules import CHECK_MS, FURTHEST_MS, SOONEST_MS, Step

JOB = "piece_appears"
LONGEST_REASON = 300
"""Characters of a public reason."""


@dataclass(frozen=True, slots=True)
class Given:
    """What somebody says with a step. `seen` is the number of the revision that stood before them, `after` the last step's."""

    seen: int
    after: int | None = None
    """None: what was done with the piece meanwhile does not matter, as long as the step is possible."""
    remark: str = ""
    at: int | None = None
    """The instant of a schedule."""
    note: str | None = None
    """What the public is told of a change: a sentence, "" for a minor one; None where nothing was chosen."""
    leader: dict[str, str] = field(default_factory=dict)
    """A leader's approval on record: {"who", "how", "symbol"}."""
    concern_reason: str = ""
    """Why it is published although there are concerns."""
    instead: int | None = None
    """The thing to read instead of one that is taken down."""

    def detail(self) -> Content:
        """Return what is written down beside the remark."""
        said = {"at": self.at, "note": self.note, "instead": self.instead}
        more = {"leader": self.leader, "concern_reason": self.concern_reason}
        return {name: value for name, value in said.items() if value is not None} | {k: v for k, v in more.items() if v}


@dataclass(frozen=True, slots=True)
class Taking:
    """A step that is being taken: with the piece, locked, and its present revision, by somebody (None: the clock)."""

    session: Session
    piece: Piece
    revision: Revision
    given: Given
    actor_id: int | None
    has_concerns: bool = False
    """Whether the revision is published only with a reason; asked before the write, where the step publishes at all."""


def put(taking: Taking, *, at: int, change: Change | None) -> None:
    """Have the public see the revision from an instant on."""
    piece, revision = taking.piece, taking.revision
    piece.thing_id = kinds.of(piece).put(taking.session, piece, revision.content, at=at, change=change)
    piece.public = revision.number


def show(piece: Piece, *, at: int) -> None:
    """Note that the public sees a piece from an instant on; the first time counts."""
    piece.standing = "published"
    piece.published_at = piece.published_at or at


def _submit(taking: Taking) -> None:
    _demand_whole(taking)
    taking.piece.waits_since = clock.now_ms()


def _recall(taking: Taking) -> None:
    piece = taking.piece
    if piece.state == "scheduled" and piece.standing == "unpublished":
        kinds.of(piece).take_down(taking.session, piece, at=clock.now_ms(), reason="", instead=None)
    piece.publish_at = piece.waits_since = None


def _return(taking: Taking) -> None:
    if not taking.given.remark:
        raise Refused(_("Say what is to be changed, so that its author knows."))
    taking.piece.waits_since = clock.now_ms()


def _approve(taking: Taking) -> None:
    _demand_ready(taking)


def _publish(taking: Taking) -> None:
    _demand_ready(taking)
    put(taking, at=clock.now_ms(), change=_change(taking))
    piece = taking.piece
    show(piece, at=clock.now_ms())
    piece.waits_since, piece.check_until = None, None


def _schedule(taking: Taking) -> None:
    at, now, piece = taking.given.at, clock.now_ms(), taking.piece
    if at is None or at < now + SOONEST_MS:
        raise Refused(_("Choose a moment at least a minute from now."))
    if at > now + FURTHEST_MS:
        raise Refused(_("Choose a moment within a year from now; is the year right?"))
    _demand_ready(taking)
    change = _change(taking)
    if piece.standing == "unpublished":  # else the job puts it there: what stands there now stays until its minute
        put(taking, at=at, change=change)
    piece.publish_at, piece.waits_since = at, None
    jobs.add_once(taking.session, JOB, f"{JOB}:{piece.id}:{at}", {"piece": piece.id, "at": at}, run_at=at)


def _publish_urgently(taking: Taking) -> None:
    if not taking.given.remark:
        raise Refused(_("Say why this cannot wait for a second person."))
    _publish(taking)
    taking.piece.check_until = clock.now_ms() + CHECK_MS


def _confirm(taking: Taking) -> None:
    taking.piece.check_until = None


def _take_down(taking: Taking) -> None:
    piece, given = taking.piece, taking.given
    if not given.remark:
        raise Refused(_("Give the reason; it is shown to everybody who asks for the article."))
    if len(given.remark) > LONGEST_REASON:
        raise Refused(_("The reason is too long: at most %(most)s characters.", most=LONGEST_REASON))
    kinds.of(piece).take_down(taking.session, piece, at=clock.now_ms(), reason=given.remark, instead=given.instead)
    piece.standing, piece.publish_at = "withdrawn", None  # what was urgent is still to be confirmed when it is put back
    open_links = update(PreviewLink).where(PreviewLink.piece_id == piece.id, PreviewLink.revoked_at.is_(None))
    taking.session.execute(open_links.values(revoked_at=clock.now_ms()))
    if piece.state == "scheduled":
        piece.state = "draft"


def _put_back(taking: Taking) -> None:
    kinds.of(taking.piece).put_back(taking.session, taking.piece)
    taking.piece.standing = "published"


def _discard(taking: Taking) -> None:
    session, piece = taking.session, taking.piece
    piece.waits_since = None
    public = session.scalars(revisions.at(piece.id, piece.public or piece.head)).one()
    if public.number != piece.head:
        revisions.keep(session, piece, public.content, author_id=taking.actor_id, kind="restored", base=public.number)
        piece.public = piece.head


ACTS: Mapping[Step, Callable[[Taking], None]] = {
    Step.SUBMIT: _submit,
    Step.RECALL: _recall,
    Step.RETURN: _return,
    Step.APPROVE: _approve,
    Step.PUBLISH: _publish,
    Step.SCHEDULE: _schedule,
    Step.PUBLISH_URGENTLY: _publish_urgently,
    Step.CONFIRM: _confirm,
    Step.TAKE_DOWN: _take_down,
    Step.PUT_BACK: _put_back,
    Step.DISCARD: _discard,
}


READY = {Step.APPROVE, Step.PUBLISH, Step.SCHEDULE, Step.PUBLISH_URGENTLY}
"""Steps after which the public sees the text, at once or later."""


def _demand_whole(taking: Taking) -> None:
    missing = kinds.of(taking.piece).missing(taking.revision.content)
    if missing:
        raise Refused(" ".join(missing))


def is_explained(session: Session, piece: Piece) -> bool:
    """Tell whether somebody has said already why the present text is published although there are concerns."""
    ready = Taken.step.in_([step.value for step in READY])
    said = session.scalars(select(Taken.detail).where(Taken.piece_id == piece.id, Taken.number == piece.head, ready))
    return any(detail.get("concern_reason") for detail in said)


def _demand_ready(taking: Taking) -> None:
    _demand_whole(taking)
    if taking.has_concerns and not taking.given.concern_reason and not is_explained(taking.session, taking.piece):
        raise Refused(_("There may be personal data in the text: mask it, or say why it is published."))


def _change(taking: Taking) -> Change | None:
    """Return what the public is told; None at a first publication. Raises Refused where nothing was chosen."""
    if taking.piece.standing == "unpublished":
        return None
    if taking.given.note is None:
        raise Refused(_("Say what has changed, or choose that it is a minor change."))
    return Change(taking.given.note)
