"""Votes that look wrong: ballots of one network that are alike, seen and judged together, never one by one.

A group is what `velocity` marked alike: one network, one likeness of browser, one embedding site. Staff annul it as a whole or
count it as a whole; the allowance that a group gives free goes to the oldest others of the same network and hour.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeAlias

from sqlalchemy import ColumnElement, Select, and_, case, func, or_, select, update
from sqlalchemy.orm import Session

from portal import audit
from portal.audit import Actor, vocabulary
from portal.audit.vocabulary import Action
from portal.core import versions
from portal.core.db import db, write
from portal.core.errors import Refused
from portal.core.language import _
from portal.polls import managing
from portal.polls.ballots import tag_of
from portal.polls.models import Ballot, BallotChoice, BallotMark, Choice, Poll, PollNetwork

MOST = 50
WORTH_A_LOOK = 20
"""So many ballots that are alike within an hour are seldom people."""
KEY = re.compile(r"([0-9a-f]{16})-([0-9a-f]{4})-([0-9a-z.:\[\]-]{0,260})")
Ids: TypeAlias = Select[Any]
"""What chooses ballots by their ids."""
OURS = "."
"""What stands for our own pages in a group's key, where "" is a site that kept its name to itself."""


@dataclass(frozen=True, slots=True)
class Group:
    """Ballots that are alike. `busiest` is how many came within one hour, hours are those of `BallotMark.hour`."""

    network: bytes
    likeness: bytes
    site: str | None
    number: int
    counted: int
    set_aside: int
    annulled: int
    busiest: int
    first_hour: int
    last_hour: int

    @property
    def key(self) -> str:
        return f"{self.network.hex()}-{self.likeness.hex()}-{OURS if self.site is None else self.site}"


def found(poll_id: int) -> list[Group]:
    """Return the groups of a poll that are worth a look, the busiest first."""
    tell = (BallotMark.network, BallotMark.likeness, Ballot.embedded_at)
    numbers = [_number(status) for status in ("counted", "set_aside", "annulled")]
    hourly = (
        select(*tell, BallotMark.hour, func.count().label("number"), *numbers)
        .join(Ballot, Ballot.id == BallotMark.ballot_id)
        .where(BallotMark.poll_id == poll_id)
        .group_by(*tell, BallotMark.hour)
        .subquery()
    )
    columns, busiest = hourly.c, func.max(hourly.c.number)
    sums = [func.sum(columns[name]) for name in ("number", "counted", "set_aside", "annulled")]
    groups = (
        select(columns.network, columns.likeness, columns.embedded_at, *sums)
        .add_columns(busiest, func.min(columns.hour), func.max(columns.hour))
        .group_by(columns.network, columns.likeness, columns.embedded_at)
        .having(or_(busiest >= WORTH_A_LOOK, sums[2] > 0, sums[3] > 0))
        .order_by(busiest.desc(), columns.network, columns.likeness, columns.embedded_at)
        .limit(MOST)
    )
    rows = db.session.execute(groups)
    return [Group(bytes(one[0]), bytes(one[1]), one[2], *(int(number) for number in one[3:])) for one in rows]


def annul(poll_id: int, key: str, *, reason: str, actor: Actor) -> int:
    """Have no ballot of a group count, and return how many that changed. Raises Refused with a sentence."""

    def act(session: Session, poll: Poll) -> int:
        network, group = _group(poll, key)
        number = _judge(session, group.where(Ballot.status != "annulled"), status="annulled", reason="staff")
        _fill(session, poll, network)
        return number

    return _do(poll_id, act, vocabulary.POLL_GROUP_ANNULLED, reason=reason, actor=actor)


def restore(poll_id: int, key: str, *, reason: str, actor: Actor) -> int:
    """Have all ballots of a group count, beyond the allowance too, and return how many that changed. Raises Refused."""

    def act(session: Session, poll: Poll) -> int:
        _network, group = _group(poll, key)
        return _judge(session, group.where(Ballot.status != "counted"), status="counted", reason=None)

    return _do(poll_id, act, vocabulary.POLL_GROUP_RESTORED, reason=reason, actor=actor)


def _do(poll_id: int, act: Callable[[Session, Poll], int], action: Action, *, reason: str, actor: Actor) -> int:
    def store(session: Session) -> int:
        poll = managing.locked(session, poll_id)
        if poll.listed_root is not None:
            raise Refused(_("The list of votes is published: what counts stays as it is."))
        number = act(session, poll)
        if not number:
            raise Refused(_("There is nothing left to do: somebody else has done it meanwhile."))
        _tally(session, poll)
        versions.bump(session, tag_of(poll.id))
        audit.record(session, action, actor=actor, thing=f"poll:{poll.id}", number=number, reason=reason)
        return number

    return write(store)


def _group(poll: Poll, key: str) -> tuple[bytes, Ids]:
    """Return a group's network, and what chooses its ballots."""
    said = KEY.fullmatch(key)
    if said is None:
        raise Refused(_("There is no such group of votes. Open the page anew."))
    network, likeness, site = bytes.fromhex(said[1]), bytes.fromhex(said[2]), None if said[3] == OURS else said[3]
    alike = _marked(poll, network).where(BallotMark.likeness == likeness, Ballot.embedded_at.is_not_distinct_from(site))
    return network, alike


def _marked(poll: Poll, network: bytes) -> Ids:
    marks = select(Ballot.id).join(BallotMark, BallotMark.ballot_id == Ballot.id)
    return marks.where(BallotMark.poll_id == poll.id, BallotMark.network == network)


def _judge(session: Session, ids: Ids, *, status: str, reason: str | None) -> int:
    judged = update(Ballot).where(Ballot.id.in_(ids.scalar_subquery())).values(status=status, reason=reason)
    return session.execute(judged.execution_options(synchronize_session=False)).rowcount  # type: ignore[no-any-return,attr-defined]


def _fill(session: Session, poll: Poll, network: bytes) -> None:
    """Count the oldest of a network's ballots that were set aside, hour by hour, as far as the allowance goes."""
    waiting = _marked(poll, network).where(Ballot.status == "set_aside")
    for hour in session.scalars(waiting.with_only_columns(BallotMark.hour).distinct()).all():
        counted = _marked(poll, network).where(BallotMark.hour == hour, Ballot.status == "counted")
        number = session.scalar(counted.with_only_columns(func.count(Ballot.id))) or 0
        room = max(0, (poll.allowance or 0) - number)
        oldest = session.scalars(waiting.where(BallotMark.hour == hour).order_by(Ballot.id).limit(room)).all()
        _judge(session, select(Ballot.id).where(Ballot.id.in_(oldest)), status="counted", reason=None)


def _tally(session: Session, poll: Poll) -> None:
    """Count a poll's ballots anew, under its lock: the tallies and its networks are what they say."""
    session.flush()
    of_poll, counts = Ballot.poll_id == poll.id, Ballot.status == "counted"
    votes = select(func.count()).select_from(BallotChoice).join(Ballot, Ballot.id == BallotChoice.ballot_id)
    votes = votes.where(BallotChoice.choice_id == Choice.id, counts)
    session.execute(update(Choice).where(Choice.poll_id == poll.id).values(votes=votes.scalar_subquery()))
    voters, all_of_them = (session.scalar(select(func.count()).where(of_poll, *more)) or 0 for more in ([counts], []))
    session.execute(update(Poll).where(Poll.id == poll.id).values(voters=voters, uncounted=all_of_them - voters))
    same = and_(BallotMark.network == PollNetwork.network, BallotMark.hour == PollNetwork.hour)
    marks = select(func.count()).select_from(Ballot).join(BallotMark, BallotMark.ballot_id == Ballot.id)
    marked = marks.where(BallotMark.poll_id == poll.id, same, counts).correlate(PollNetwork)
    session.execute(update(PollNetwork).where(PollNetwork.poll_id == poll.id).values(counted=marked.scalar_subquery()))


def _number(status: str) -> ColumnElement[int]:
    return func.sum(case((Ballot.status == status, 1), else_=0)).label(status)
