"""Casting a ballot: one for a browser, in one piece of work that also keeps the tallies.

The database decides: who has voted (a unique key), whether the poll is open (its clock), and whether the voter saw the
present text (the version). DESIGN section 5 gives the rules.
"""

import hashlib
import hmac
from dataclasses import dataclass
from enum import Enum, auto
from typing import Any

from portal.core import versions
from portal.core.commits import Statement, Transaction, shared
from portal.polls.tallies import Tally, tally_within

TOKEN_BYTES = 16


class Outcome(Enum):
    """What became of a ballot that was sent."""

    COUNTED = auto()
    """Stored; also for a request that is repeated, whose ballot stands."""
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
    """A ballot as it arrived. `browser` and `request` are 16 random bytes each; a browser's first request names it."""

    poll_id: int
    version: int
    choice_ids: frozenset[int]
    browser: bytes
    request: bytes


LOCK_POLL = Statement(
    "SELECT version, min_choices, max_choices, opens_at, closes_at, secret FROM poll WHERE id = :poll", locks=True
)
FIND_BALLOT = Statement("SELECT id, voter_key FROM ballot WHERE poll_id = :poll AND request_id = :request")
FIND_VOTER = Statement("SELECT id FROM ballot WHERE poll_id = :poll AND voter_key = :voter")
ADOPT_BALLOT = Statement("UPDATE ballot SET voter_key = :voter WHERE id = :ballot")
FIND_CHOSEN = Statement("SELECT choice_id FROM ballot_choice WHERE ballot_id = :ballot")
CURRENT_CHOICES = Statement("SELECT id FROM poll_choice WHERE poll_id = :poll AND NOT removed")
ADD_BALLOT = Statement("""
    INSERT INTO ballot (poll_id, version, voter_key, request_id, cast_at, status)
    VALUES (:poll, :version, :voter, :request, :now, 'counted') ON CONFLICT DO NOTHING RETURNING id
""")
ADD_CHOICE = Statement("INSERT INTO ballot_choice (ballot_id, choice_id) VALUES (:ballot, :choice)")
TALLY_CHOICE = Statement("UPDATE poll_choice SET votes = votes + 1 WHERE id = :choice")
TALLY_VOTER = Statement("UPDATE poll SET voters = voters + 1 WHERE id = :poll")


@dataclass(frozen=True, slots=True)
class Verdict:
    """What became of a ballot, and the tally in the same instant."""

    outcome: Outcome
    tally: Tally


def cast(sent: Sent) -> Verdict:
    """Store a ballot with its tallies, or say why not; durable when this returns."""

    def work(transaction: Transaction) -> Verdict:
        return Verdict(_cast(transaction, sent), tally_within(transaction, sent.poll_id))

    return shared(work)


def tag_of(poll_id: int) -> str:
    """Return the cache tag of a poll's ballots."""
    return f"poll:{poll_id}"


def voter_key(secret: bytes, browser: bytes) -> bytes:
    """Return the key under which a browser votes in one poll; another poll's key tells nothing about it."""
    return hmac.digest(secret, browser, hashlib.sha256)


def request_key(secret: bytes, request: bytes) -> bytes:
    """Return what is stored of a request's id: not the id itself, which may be the browser's cookie."""
    return hmac.digest(secret, b"request:" + request, hashlib.sha256)[:TOKEN_BYTES]


def _cast(transaction: Transaction, sent: Sent) -> Outcome:
    poll: Any = transaction.run(LOCK_POLL, poll=sent.poll_id).fetchone()
    if poll is None:
        return Outcome.NO_POLL
    version, fewest, most, opens_at, closes_at, secret = poll
    if secret is None:
        return Outcome.CLOSED
    voter = voter_key(bytes(secret), sent.browser)
    asked = request_key(bytes(secret), sent.request)
    stored = transaction.run(FIND_BALLOT, poll=sent.poll_id, request=asked).fetchone()
    if stored is not None:
        first = voter_key(bytes(secret), sent.request)
        return _repeat(transaction, sent, voter, ballot=stored[0], is_mine=bytes(stored[1]) in {voter, first})
    now = transaction.now()
    if opens_at is not None and now < opens_at:
        return Outcome.NOT_OPEN
    if closes_at is not None and now >= closes_at:
        return Outcome.CLOSED
    if version != sent.version:
        return Outcome.ALREADY_VOTED if _has_voted(transaction, sent, voter) else Outcome.CHANGED
    current = {row[0] for row in transaction.run(CURRENT_CHOICES, poll=sent.poll_id).fetchall()}
    if not (fewest <= len(sent.choice_ids) <= most and sent.choice_ids <= current):
        return Outcome.ALREADY_VOTED if _has_voted(transaction, sent, voter) else Outcome.WRONG_CHOICES
    return _store(transaction, sent, voter, asked, now)


def _repeat(transaction: Transaction, sent: Sent, voter: bytes, *, ballot: int, is_mine: bool) -> Outcome:
    """Say again what was said of a request. A first reply may have been lost with its cookie, and the browser have got
    another cookie from another poll since: then the ballot, which the request id keyed, becomes that cookie's."""
    if not is_mine:
        return Outcome.NOT_YOURS
    chosen = {row[0] for row in transaction.run(FIND_CHOSEN, ballot=ballot).fetchall()}
    if not _has_voted(transaction, sent, voter):
        transaction.run(ADOPT_BALLOT, ballot=ballot, voter=voter)
    return Outcome.COUNTED if chosen == sent.choice_ids else Outcome.ALREADY_VOTED


def _has_voted(transaction: Transaction, sent: Sent, voter: bytes) -> bool:
    return transaction.run(FIND_VOTER, poll=sent.poll_id, voter=voter).fetchone() is not None


def _store(transaction: Transaction, sent: Sent, voter: bytes, asked: bytes, now: int) -> Outcome:
    added = transaction.run(ADD_BALLOT, poll=sent.poll_id, version=sent.version, voter=voter, request=asked, now=now).fetchone()
    if added is None:
        return Outcome.ALREADY_VOTED
    for choice in sorted(sent.choice_ids):
        transaction.run(ADD_CHOICE, ballot=added[0], choice=choice)
        transaction.run(TALLY_CHOICE, choice=choice)
    transaction.run(TALLY_VOTER, poll=sent.poll_id)
    versions.bump_shared(transaction, tag_of(sent.poll_id))
    return Outcome.COUNTED
