"""Casting a ballot: one for a browser, in one piece of work that also keeps the tallies.

The database decides: who has voted (a unique key), whether the poll is open (its clock), and whether the voter saw the
present text (the version). DESIGN section 5 gives the rules.
"""

import hashlib
import hmac
from dataclasses import dataclass
from enum import Enum, auto
from typing import NamedTuple

from portal.core import versions
from portal.core.commits import shared
from portal.core.statements import Statement, Transaction
from portal.polls.tallies import Tally
from portal.polls.velocity import Source, is_within

TOKEN_BYTES = 16
UNKNOWN = Source()


class Outcome(Enum):
    """What became of a ballot that was sent."""

    COUNTED = auto()
    """Stored; also for a request that is repeated, whose ballot stands."""
    SET_ASIDE = auto()
    """Stored, but not counted: it is beyond what one network is allowed, or was annulled since."""
    ALREADY_VOTED = auto()
    NOT_OPEN = auto()
    CLOSED = auto()
    CHANGED = auto()
    """The poll's text is another by now; nothing was stored, the voter is asked again."""
    WRONG_CHOICES = auto()
    """None, too many, or one that is not this poll's."""
    NO_POLL = auto()
    NOT_YOURS = auto()
    """The request id is that of another browser's ballot."""


@dataclass(frozen=True, slots=True)
class Sent:
    """A ballot as it arrived. `browser` and `request` are 16 random bytes each; a browser's first request names it.

    `changes` is how often the ballot that this one shall replace was changed before; None for a first ballot.
    """

    poll_id: int
    version: int
    choice_ids: frozenset[int]
    browser: bytes
    request: bytes
    changes: int | None = None
    source: Source = UNKNOWN


LOCK_POLL = Statement(
    """
    SELECT version, min_choices, max_choices, opens_at, closes_at, secret, allowance, may_change, voters, uncounted FROM poll
    WHERE id = :poll AND published_at IS NOT NULL
    """,
    locks=True,
)
FIND_CHOICES = Statement("SELECT id, votes, removed FROM poll_choice WHERE poll_id = :poll ORDER BY id")
ADD_BALLOT = Statement("""
    INSERT INTO ballot (poll_id, version, voter_key, request_id, cast_at, status, channel, embedded_at)
    VALUES (:poll, :version, :voter, :request, :now, 'counted', :channel, :site) ON CONFLICT DO NOTHING RETURNING id
""")
ADD_CHOICE = Statement("INSERT INTO ballot_choice (ballot_id, choice_id) VALUES (:ballot, :choice)")
TAKE_CHOICES = Statement("DELETE FROM ballot_choice WHERE ballot_id = :ballot RETURNING choice_id")
TALLY_CHOICE = Statement("UPDATE poll_choice SET votes = votes + :by WHERE id = :choice")
TALLY_VOTER = Statement("UPDATE poll SET voters = voters + 1 WHERE id = :poll")
TALLY_UNCOUNTED = Statement("UPDATE poll SET uncounted = uncounted + 1 WHERE id = :poll")
SET_ASIDE = Statement("UPDATE ballot SET status = 'set_aside', reason = 'network' WHERE id = :ballot")
FIND_BALLOT = Statement("SELECT id, voter_key, status FROM ballot WHERE poll_id = :poll AND request_id = :request")
FIND_STANDING = Statement("SELECT id, changes, changed_by, status FROM ballot WHERE poll_id = :poll AND voter_key = :voter")
FIND_CHOSEN = Statement("SELECT choice_id FROM ballot_choice WHERE ballot_id = :ballot")
ADOPT_BALLOT = Statement("UPDATE ballot SET voter_key = :voter WHERE id = :ballot")
CHANGE_BALLOT = Statement("""
    UPDATE ballot SET version = :version, changes = changes + 1, changed_by = :request WHERE id = :ballot
""")


class Rules(NamedTuple):
    """What a poll demands of a ballot, as LOCK_POLL reads it, with its tally's two numbers."""

    version: int
    fewest: int
    most: int
    opens_at: int | None
    closes_at: int | None
    secret: bytes | None
    allowance: int | None
    may_change: bool
    voters: int
    uncounted: int


@dataclass(frozen=True, slots=True)
class Verdict:
    """What became of a ballot, and the tally in the same instant."""

    outcome: Outcome
    tally: Tally


def cast(sent: Sent) -> Verdict:
    """Store a ballot with its tallies, or say why not; durable when this returns."""
    return shared(_cast, sent)


def tag_of(poll_id: int) -> str:
    """Return the cache tag of a poll's ballots."""
    return f"poll:{poll_id}"


def voter_key(secret: bytes, browser: bytes) -> bytes:
    """Return the key under which a browser votes in one poll; another poll's key tells nothing about it."""
    return hmac.digest(secret, browser, hashlib.sha256)


def request_key(secret: bytes, request: bytes) -> bytes:
    """Return what is stored of a request's id: not the id itself, which may be the browser's cookie."""
    return hmac.digest(secret, b"request:" + request, hashlib.sha256)[:TOKEN_BYTES]


@dataclass(frozen=True, slots=True)
class Keys:
    """What is stored of a ballot's browser and request; `first_voter` is the browser that this request's id would name."""

    voter: bytes
    request: bytes
    first_voter: bytes

    @classmethod
    def of(cls, sent: Sent, secret: bytes) -> "Keys":
        voter, first = voter_key(secret, sent.browser), voter_key(secret, sent.request)
        return cls(voter, request_key(secret, sent.request), first)


def _cast(transaction: Transaction, sent: Sent) -> Verdict:
    row = transaction.run(LOCK_POLL, poll=sent.poll_id).fetchone()
    if row is None:
        return Verdict(Outcome.NO_POLL, Tally(0, {}))
    poll = Rules(*row)
    choices = transaction.run(FIND_CHOICES, poll=sent.poll_id).fetchall()
    tally = Tally(poll.voters, {choice: votes for choice, votes, _ in choices}, poll.uncounted)
    if poll.secret is None:
        return Verdict(Outcome.CLOSED, tally)
    keys, now = Keys.of(sent, bytes(poll.secret)), transaction.now()
    refusal = _refusal(poll, sent, now, {choice for choice, _, gone in choices if not gone})
    if refusal is None:
        verdict = _store(transaction, poll, sent, keys, now, tally) or _change(transaction, poll, sent, keys, tally)
        if verdict is not None:
            return verdict
    return Verdict(_known(transaction, sent, keys, refusal), tally)


def _refusal(poll: Rules, sent: Sent, now: int, offered: set[int]) -> Outcome | None:
    """Return why a ballot cannot be stored, by what the poll says at this instant."""
    if poll.opens_at is not None and now < poll.opens_at:
        return Outcome.NOT_OPEN
    if poll.closes_at is not None and now >= poll.closes_at:
        return Outcome.CLOSED
    if poll.version != sent.version:
        return Outcome.CHANGED
    if not (poll.fewest <= len(sent.choice_ids) <= poll.most and sent.choice_ids <= offered):
        return Outcome.WRONG_CHOICES
    return None


def _store(transaction: Transaction, poll: Rules, sent: Sent, keys: Keys, now: int, tally: Tally) -> Verdict | None:
    """Store a ballot with its tallies; return None where this browser or this request has one already."""
    row = transaction.run(
        ADD_BALLOT,
        poll=sent.poll_id,
        version=sent.version,
        voter=keys.voter,
        request=keys.request,
        now=now,
        channel=sent.source.channel,
        site=sent.source.site,
    ).fetchone()
    if row is None:
        return None
    ballot: int = row[0]
    for choice in sorted(sent.choice_ids):
        transaction.run(ADD_CHOICE, ballot=ballot, choice=choice)
    if poll.allowance is not None and not is_within(
        transaction, sent.source, bytes(poll.secret or b""), poll=sent.poll_id, ballot=ballot, allowance=poll.allowance, now=now
    ):
        transaction.run(SET_ASIDE, ballot=ballot)
        transaction.run(TALLY_UNCOUNTED, poll=sent.poll_id)
        versions.bump_shared(transaction, tag_of(sent.poll_id))
        return Verdict(Outcome.SET_ASIDE, tally.with_ballot_aside())
    for choice in sorted(sent.choice_ids):
        transaction.run(TALLY_CHOICE, choice=choice, by=1)
    transaction.run(TALLY_VOTER, poll=sent.poll_id)
    versions.bump_shared(transaction, tag_of(sent.poll_id))
    return Verdict(Outcome.COUNTED, tally.with_ballot(sent.choice_ids))


def _change(transaction: Transaction, poll: Rules, sent: Sent, keys: Keys, tally: Tally) -> Verdict | None:
    """Put other choices on a browser's ballot; return None unless that may be, and the ballot is as its page saw it."""
    standing = _standing(transaction, sent, keys) if poll.may_change and sent.changes is not None else None
    if standing is None or standing.changes != sent.changes:
        return None
    taken = frozenset(row[0] for row in transaction.run(TAKE_CHOICES, ballot=standing.id).fetchall())
    for choice in sorted(sent.choice_ids):
        transaction.run(ADD_CHOICE, ballot=standing.id, choice=choice)
    transaction.run(CHANGE_BALLOT, ballot=standing.id, version=sent.version, request=keys.request)
    if standing.status != "counted":
        return Verdict(Outcome.SET_ASIDE, tally)
    for choice in sorted(taken ^ sent.choice_ids):
        transaction.run(TALLY_CHOICE, choice=choice, by=-1 if choice in taken else 1)
    versions.bump_shared(transaction, tag_of(sent.poll_id))
    return Verdict(Outcome.COUNTED, tally.with_change(taken, sent.choice_ids))


def _known(transaction: Transaction, sent: Sent, keys: Keys, refusal: Outcome | None) -> Outcome:
    """Return what became of a ballot that was not stored: it may be there already, by this request or by this browser."""
    stored = transaction.run(FIND_BALLOT, poll=sent.poll_id, request=keys.request).fetchone()
    if stored is not None:
        return _repeat(transaction, sent, keys, ballot=stored[0], owner=bytes(stored[1]), status=stored[2])
    standing = _standing(transaction, sent, keys)
    if standing is not None and standing.changed_by == keys.request:
        return _told(transaction, sent, ballot=standing.id, status=standing.status)
    if refusal in {Outcome.NOT_OPEN, Outcome.CLOSED}:
        return refusal
    if sent.changes is not None and refusal is not None:
        return refusal  # who changes a ballot is asked again; it stands as it was
    return Outcome.ALREADY_VOTED if refusal is None or standing is not None else refusal


def _repeat(transaction: Transaction, sent: Sent, keys: Keys, *, ballot: int, owner: bytes, status: str) -> Outcome:
    """Say again what was said of a request. A first reply may have been lost with its cookie, and the browser have got
    another cookie from another poll since: then the ballot, which the request id keyed, becomes that cookie's."""
    if owner not in {keys.voter, keys.first_voter}:
        return Outcome.NOT_YOURS
    if _standing(transaction, sent, keys) is None:
        transaction.run(ADOPT_BALLOT, ballot=ballot, voter=keys.voter)
    return _told(transaction, sent, ballot=ballot, status=status)


def _told(transaction: Transaction, sent: Sent, *, ballot: int, status: str) -> Outcome:
    """Return what was said of a ballot that stands, if it says what was sent now."""
    chosen = {row[0] for row in transaction.run(FIND_CHOSEN, ballot=ballot).fetchall()}
    if chosen != sent.choice_ids:
        return Outcome.ALREADY_VOTED
    return Outcome.COUNTED if status == "counted" else Outcome.SET_ASIDE


class Standing(NamedTuple):
    """A browser's ballot, as FIND_STANDING reads it."""

    id: int
    changes: int
    changed_by: bytes | None
    status: str


def _standing(transaction: Transaction, sent: Sent, keys: Keys) -> Standing | None:
    row = transaction.run(FIND_STANDING, poll=sent.poll_id, voter=keys.voter).fetchone()
    return None if row is None else Standing(row[0], row[1], None if row[2] is None else bytes(row[2]), row[3])
