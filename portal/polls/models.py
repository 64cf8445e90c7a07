"""Polls, their choices and versions, and the ballots cast.

`Choice.votes` and `Poll.voters` are tallies: kept in the ballot's own transaction, written by no form, and always equal to
what the ballots say (`flask polls recount`).
"""

from enum import StrEnum
from typing import TypedDict

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, LargeBinary, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.core.db import Instant, Model


class Visibility(StrEnum):
    """When the result may be seen."""

    ALWAYS = "always"
    VOTED = "voted"
    CLOSED = "closed"


class Wording(TypedDict):
    """A poll's text as one version had it: the question, and each choice's label by its id."""

    question: str
    choices: dict[str, str]


class Poll(Model):
    """A question with choices."""

    __tablename__ = "poll"
    __table_args__ = (
        CheckConstraint("min_choices >= 1 AND max_choices >= min_choices", name="choices"),
        CheckConstraint("visibility IN ('always', 'voted', 'closed')", name="visibility"),
        CheckConstraint("voters >= 0", name="voters"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    question: Mapped[str] = mapped_column(String(300))
    help: Mapped[str] = mapped_column(Text, default="")
    version: Mapped[int] = mapped_column(default=1)
    """Raised by each change of its text or choices; ballots stay with the version that was voted on."""
    min_choices: Mapped[int] = mapped_column(default=1)
    max_choices: Mapped[int] = mapped_column(default=1)
    visibility: Mapped[str] = mapped_column(String(10), default=Visibility.ALWAYS)
    opens_at: Mapped[Instant | None]
    closes_at: Mapped[Instant | None]
    secret: Mapped[bytes | None] = mapped_column(LargeBinary(32))
    """Keys the voters; erased when the poll is archived, and with it every link between a browser and a ballot."""
    voters: Mapped[int] = mapped_column(default=0)
    created_at: Mapped[Instant]

    choices: Mapped[list["Choice"]] = relationship(order_by="Choice.position", lazy="selectin")

    @property
    def is_multiple(self) -> bool:
        return self.max_choices > 1

    def is_open(self, now: int) -> bool:
        """Tell whether ballots are taken at an instant."""
        return self.has_opened(now) and not self.has_closed(now) and self.secret is not None

    def has_opened(self, now: int) -> bool:
        return self.opens_at is None or self.opens_at <= now

    def has_closed(self, now: int) -> bool:
        return self.closes_at is not None and self.closes_at <= now

    def shows_results(self, now: int, *, has_voted: bool) -> bool:
        """Tell whether the result may be shown at an instant to one who has voted, or not."""
        if self.has_closed(now) or self.visibility == Visibility.ALWAYS:
            return True
        return self.visibility == Visibility.VOTED and has_voted

    def wording(self) -> Wording:
        """Return the text as it is now."""
        return {"question": self.question, "choices": {str(c.id): c.label for c in self.current_choices()}}

    def current_choices(self) -> list["Choice"]:
        """Return the choices that can be voted for."""
        return [choice for choice in self.choices if not choice.removed]


class Choice(Model):
    """One answer. A removed one keeps its ballots and its place in the result."""

    __tablename__ = "poll_choice"
    __table_args__ = (
        CheckConstraint("votes >= 0", name="votes"),
        Index("ix_poll_choice_poll_id", "poll_id", "position"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    poll_id: Mapped[int] = mapped_column(ForeignKey("poll.id"))
    position: Mapped[int]
    label: Mapped[str] = mapped_column(String(200))
    votes: Mapped[int] = mapped_column(default=0)
    removed: Mapped[bool] = mapped_column(default=False)


class PollVersion(Model):
    """A poll's text as it stood in one version, so that a ballot can be read as it was cast."""

    __tablename__ = "poll_version"

    poll_id: Mapped[int] = mapped_column(ForeignKey("poll.id"), primary_key=True)
    version: Mapped[int] = mapped_column(primary_key=True)
    wording: Mapped[Wording] = mapped_column(JSON)
    at: Mapped[Instant]


class Ballot(Model):
    """One browser's answer. No address, no user agent: only a key that the poll's secret makes."""

    __tablename__ = "ballot"
    __table_args__ = (
        UniqueConstraint("poll_id", "voter_key"),
        UniqueConstraint("poll_id", "request_id"),
        CheckConstraint("status IN ('counted', 'set_aside', 'annulled')", name="status"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    poll_id: Mapped[int] = mapped_column(ForeignKey("poll.id"))
    version: Mapped[int]
    voter_key: Mapped[bytes] = mapped_column(LargeBinary(32))
    request_id: Mapped[bytes] = mapped_column(LargeBinary(16))
    cast_at: Mapped[Instant]
    status: Mapped[str] = mapped_column(String(10), default="counted")
    reason: Mapped[str | None] = mapped_column(String(40))
    embedded_at: Mapped[str | None] = mapped_column(String(253))
    """The host of the site in which the box stood; None for our own pages."""


class BallotChoice(Model):
    """What a ballot says: one row for each choice taken."""

    __tablename__ = "ballot_choice"

    ballot_id: Mapped[int] = mapped_column(ForeignKey("ballot.id"), primary_key=True)
    choice_id: Mapped[int] = mapped_column(ForeignKey("poll_choice.id"), primary_key=True, index=True)
