"""Polls, their choices and versions, and the ballots cast.

`Choice.votes` and `Poll.voters` are tallies: kept in the ballot's own transaction, written by no form, and always equal to
what the ballots say (`flask polls recount`).
"""

from enum import StrEnum
from typing import TypedDict

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, LargeBinary, String, Text, UniqueConstraint, false, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.core.db import Instant, Model

MOST_CHOICES = 60


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
        CheckConstraint("uncounted >= 0", name="uncounted"),
        CheckConstraint("allowance > 0", name="allowance"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    question: Mapped[str] = mapped_column(String(300))
    help: Mapped[str] = mapped_column(Text, default="")
    version: Mapped[int] = mapped_column(default=1)
    """Raised by each change of its text or choices; ballots stay with the version that was voted on."""
    min_choices: Mapped[int] = mapped_column(default=1)
    max_choices: Mapped[int] = mapped_column(default=1)
    visibility: Mapped[str] = mapped_column(String(10), default=Visibility.ALWAYS)
    published_at: Mapped[Instant | None]
    """Since when readers may see it; None for a draft."""
    opens_at: Mapped[Instant | None]
    closes_at: Mapped[Instant | None]
    may_change: Mapped[bool] = mapped_column(default=False, server_default=false())
    """Whether a ballot may be changed while the poll is open."""
    on_home: Mapped[bool] = mapped_column(default=False, server_default=false())
    allowance: Mapped[int | None]
    """How many ballots of one network count within an hour; None where nobody looks (see `velocity`)."""
    language: Mapped[str] = mapped_column(String(5), default="vi", server_default="vi")
    """The language of its text."""
    edits: Mapped[int] = mapped_column(default=0, server_default="0")
    """Raised by each save of an editor, so that nobody saves over what they have not seen."""
    shuffled: Mapped[bool] = mapped_column(default=False, server_default=false())
    """Whether each reader sees the choices in an order of their own."""
    sites: Mapped[str] = mapped_column(Text, default="", server_default=text("''"))
    """The origins that may embed it, parted by spaces, as `frame-ancestors` has them."""
    checkable: Mapped[bool] = mapped_column(default=False, server_default=false())
    """Whether voters get a code, and codes and choices are published after the end."""
    listed_root: Mapped[bytes | None] = mapped_column(LargeBinary(32))
    """The Merkle root of the published list of codes; None where none is published."""
    listed_at: Mapped[Instant | None]
    secret: Mapped[bytes | None] = mapped_column(LargeBinary(32))
    """Keys the voters; erased when the poll is archived, and with it every link between a browser and a ballot."""
    voters: Mapped[int] = mapped_column(default=0)
    uncounted: Mapped[int] = mapped_column(default=0, server_default="0")
    """Ballots that were set aside or annulled."""
    created_at: Mapped[Instant]

    choices: Mapped[list["Choice"]] = relationship(order_by="Choice.position", lazy="selectin")

    @property
    def is_multiple(self) -> bool:
        return self.max_choices > 1

    def is_open(self, now: int) -> bool:
        """Tell whether readers may vote at an instant."""
        return self.is_public and self.takes_ballots(now)

    def takes_ballots(self, now: int) -> bool:
        """Tell whether an instant is between opening and closing, as a draft's preview shows it too."""
        return self.has_opened(now) and not self.has_closed(now) and self.secret is not None

    @property
    def is_public(self) -> bool:
        return self.published_at is not None

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
    picture_key: Mapped[str] = mapped_column(String(32), default="", server_default=text("''"))
    """The key of a picture at the poll's place "poll:<id>", "" for none."""


class PollVersion(Model):
    """A poll's text as it stood in one version, so that a ballot can be read as it was cast."""

    __tablename__ = "poll_version"

    poll_id: Mapped[int] = mapped_column(ForeignKey("poll.id"), primary_key=True)
    version: Mapped[int] = mapped_column(primary_key=True)
    wording: Mapped[Wording] = mapped_column(JSON)
    at: Mapped[Instant]


UNCOUNTED = text("status <> 'counted'")


class Channel(StrEnum):
    """Where the box stood in which a ballot was cast."""

    PAGE = "page"
    HOME = "home"
    ARTICLE = "article"
    EMBED = "embed"


class Ballot(Model):
    """One browser's answer. No address, no user agent: only a key that the poll's secret makes."""

    __tablename__ = "ballot"
    __table_args__ = (
        UniqueConstraint("poll_id", "voter_key"),
        UniqueConstraint("poll_id", "request_id"),
        CheckConstraint("status IN ('counted', 'set_aside', 'annulled')", name="status"),
        Index("ix_ballot_uncounted", "poll_id", "status", sqlite_where=UNCOUNTED, postgresql_where=UNCOUNTED),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    poll_id: Mapped[int] = mapped_column(ForeignKey("poll.id"))
    version: Mapped[int]
    voter_key: Mapped[bytes] = mapped_column(LargeBinary(32))
    request_id: Mapped[bytes] = mapped_column(LargeBinary(16))
    cast_at: Mapped[Instant]
    status: Mapped[str] = mapped_column(String(10), default="counted")
    reason: Mapped[str | None] = mapped_column(String(40))
    channel: Mapped[str] = mapped_column(String(10), default=Channel.PAGE, server_default="page")
    embedded_at: Mapped[str | None] = mapped_column(String(253))
    """The host of the site in which the box stood; None for our own pages, "" where an embedding site kept its name to itself."""
    changes: Mapped[int] = mapped_column(default=0, server_default="0")
    changed_by: Mapped[bytes | None] = mapped_column(LargeBinary(16))
    """The key of the request that changed it last, so that a retried change is not another one."""


class BallotChoice(Model):
    """What a ballot says: one row for each choice taken."""

    __tablename__ = "ballot_choice"

    ballot_id: Mapped[int] = mapped_column(ForeignKey("ballot.id"), primary_key=True)
    choice_id: Mapped[int] = mapped_column(ForeignKey("poll_choice.id"), primary_key=True, index=True)


class BallotMark(Model):
    """Where a ballot came from, in keys that the poll's secret makes; apart from the ballots, and erased with that secret."""

    __tablename__ = "ballot_mark"
    __table_args__ = (Index("ix_ballot_mark_network", "poll_id", "network", "hour"),)

    ballot_id: Mapped[int] = mapped_column(ForeignKey("ballot.id"), primary_key=True)
    poll_id: Mapped[int] = mapped_column(ForeignKey("poll.id"))
    network: Mapped[bytes] = mapped_column(LargeBinary(8))
    likeness: Mapped[bytes] = mapped_column(LargeBinary(2))
    """Equal for browsers of one network that say the same of themselves; too short to tell anybody by."""
    hour: Mapped[int]
    """Hours since 1970-01-01T00:00Z."""


class Listing(Model):
    """A line of a closed poll's published list: a ballot as its voter can find it, with nothing that tells whose or when."""

    __tablename__ = "poll_listing"
    __table_args__ = (Index("ix_poll_listing_code", "poll_id", "code"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    poll_id: Mapped[int] = mapped_column(ForeignKey("poll.id"))
    code: Mapped[str] = mapped_column(String(9))
    counted: Mapped[bool]
    choices: Mapped[list[int]] = mapped_column(JSON)
    """The ids of the choices taken, the smallest first."""


class PollNetwork(Model):
    """How many ballots of a network count within an hour; erased with the poll's secret."""

    __tablename__ = "poll_network"
    __table_args__ = (CheckConstraint("counted >= 0", name="counted"),)

    poll_id: Mapped[int] = mapped_column(ForeignKey("poll.id"), primary_key=True)
    network: Mapped[bytes] = mapped_column(LargeBinary(8), primary_key=True)
    hour: Mapped[int] = mapped_column(primary_key=True)
    counted: Mapped[int]
