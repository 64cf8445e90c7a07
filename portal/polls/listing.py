"""The published list of a checkable poll: each ballot's code with its choices, in the order of the codes, under one root.

A code is random to everybody but its browser, so the order tells nothing of time. The list says whose ballot is whose to
nobody; it says to each voter that theirs is among those counted, and to everybody what they add up to.
"""

from dataclasses import asdict, dataclass

from sqlalchemy import Select, delete, func, select
from sqlalchemy import insert as insert_into
from sqlalchemy.orm import Session

from portal import audit
from portal.audit import Actor, vocabulary
from portal.core import clock, jobs, versions
from portal.core.db import db, now_in, write
from portal.core.errors import Refused
from portal.core.jobs import Payload
from portal.core.language import _
from portal.polls import codes, merkle
from portal.polls.models import Ballot, BallotChoice, Listing, Poll

FEWEST = 30
"""Among fewer, a list of choices tells who chose what."""
JOB = "poll-list"
HOLD_MS = clock.DAY
"""How long staff may look at the networks of a watched poll before what counts is fixed."""
BOT = audit.Program("polls")


@dataclass(frozen=True, slots=True)
class Line:
    """A ballot as it is published: its code, whether it counts, its choices' ids, the smallest first."""

    code: str
    counted: bool
    choices: list[int]

    def __str__(self) -> str:
        """Return what is hashed and stands in the sheet, such as "K7QF-2M9D,1,12 15"."""
        return f"{self.code},{int(self.counted)},{' '.join(map(str, self.choices))}"


def put(session: Session, poll: Poll, *, actor: Actor) -> None:
    """Put the list of a closed poll, which is locked, into the database."""
    lines = _ballots(session, poll)
    session.execute(delete(Listing).where(Listing.poll_id == poll.id))
    session.execute(insert_into(Listing), [{"poll_id": poll.id, **asdict(line)} for line in lines])
    poll.listed_root, poll.listed_at = merkle.root(list(map(str, lines))), clock.now_ms()
    session.flush()
    versions.bump(session)
    audit.record(session, vocabulary.POLL_LISTED, actor=actor, thing=f"poll:{poll.id}", number=len(lines))


def demand(session: Session, poll: Poll) -> None:
    """Raise Refused, with a sentence, where a poll can have no list, or none yet."""
    if not poll.checkable:
        raise Refused(_("The voters of this poll got no codes, so there is no list."))
    if not poll.has_closed(now_in(session)):
        raise Refused(_("Close the poll first: the list is that of all votes."))
    if _number(session, poll.id) < FEWEST:
        raise Refused(_("There are fewer than %(fewest)s votes: a list would tell who chose what.", fewest=FEWEST))


def is_due(session: Session, poll: Poll) -> bool:
    """Tell whether a closed poll has a list to be published still."""
    return poll.checkable and poll.listed_root is None and _number(session, poll.id) >= FEWEST


def schedule(session: Session, poll: Poll) -> None:
    """Have the list be published by itself: at the end, or a day later where staff look at networks."""
    if poll.checkable and poll.closes_at is not None:
        payload = {"poll": poll.id, "closes_at": poll.closes_at}
        key = f"{JOB}:{poll.id}:{poll.closes_at}"
        jobs.add_once(session, JOB, key, payload, run_at=due_at(poll))


def due_at(poll: Poll) -> int:
    """Return when the list of a poll that has an end is published by itself."""
    return (poll.closes_at or 0) + (HOLD_MS if poll.allowance is not None else 0)


def publish_due(payload: Payload) -> None:
    """Publish the list that a job names, unless the poll is another by now. Raises StillOpenError."""

    def store(session: Session) -> None:
        poll = session.scalars(select(Poll).where(Poll.id == payload["poll"]).with_for_update(of=Poll)).first()
        if poll is None or poll.secret is None or poll.closes_at != payload["closes_at"]:
            return
        if not poll.has_closed(now_in(session)):
            raise StillOpenError
        if is_due(session, poll):
            put(session, poll, actor=BOT)

    write(store)


class StillOpenError(Exception):
    """The poll is open by the database's clock; the job is tried again."""


def lines_of(poll_id: int) -> list[Line]:
    """Return the published list."""
    return _lines(select(Listing).where(Listing.poll_id == poll_id))


def found(poll_id: int, code: str) -> list[Line]:
    """Return what is published under a code: one line, none, or, once among millions of codes, two."""
    return _lines(select(Listing).where(Listing.poll_id == poll_id, Listing.code == code))


def differences() -> list[str]:
    """Return a line for each published list that is not what the ballots, or its own root, say."""
    wrong = []
    for poll in db.session.scalars(select(Poll).where(Poll.listed_root.is_not(None))):
        stored, ballots = lines_of(poll.id), _ballots(db.session(), poll)
        if merkle.root(list(map(str, stored))) != poll.listed_root:
            wrong.append(f"poll {poll.id}: the published list has another root")
        if stored != ballots if poll.secret is not None else _said(stored) != _said(ballots):
            wrong.append(f"poll {poll.id}: the published list is not what its ballots say")
    return wrong


def _lines(which: Select[Listing]) -> list[Line]:
    return sorted((Line(row.code, row.counted, row.choices) for row in db.session.scalars(which)), key=str)


def _ballots(session: Session, poll: Poll) -> list[Line]:
    """Return the ballots as the list has them; without their codes once the poll's secret is erased."""
    taken: dict[int, list[int]] = {}
    chosen = select(BallotChoice.ballot_id, BallotChoice.choice_id).join(Ballot, Ballot.id == BallotChoice.ballot_id)
    for ballot, choice in session.execute(chosen.where(Ballot.poll_id == poll.id).order_by(BallotChoice.choice_id)):
        taken.setdefault(ballot, []).append(choice)
    rows = session.execute(select(Ballot.id, Ballot.request_id, Ballot.status).where(Ballot.poll_id == poll.id))
    secret = poll.secret
    lines = [
        Line(codes.code_of(secret, bytes(request)) if secret is not None else "", status == "counted", taken.get(ballot, []))
        for ballot, request, status in rows
    ]
    return sorted(lines, key=str)


def _said(lines: list[Line]) -> list[tuple[bool, list[int]]]:
    return sorted((line.counted, line.choices) for line in lines)


def _number(session: Session, poll_id: int) -> int:
    return session.scalar(select(func.count()).select_from(Ballot).where(Ballot.poll_id == poll_id)) or 0
