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
from portal.core.commits import shared
from portal.core.statements import Statement, Transaction
from portal.polls.tallies import Tally

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
    "SELECT version, min_choices, max_choices, opens_at, closes_at, secret, voters FROM poll WHERE id = :poll", locks=True
)
FIND_CHOICES = Statement("SELECT id, votes, removed FROM poll_choice WHERE poll_id = :poll ORDER BY id")
ADD_BALLOT = Statement("""
    INSERT INTO ballot (poll_id, version, voter_key, request_id, cast_at, status)
    VALUES (:poll, :version, :voter, :request, :now, 'counted') ON CONFLICT DO NOTHING RETURNING id
""")
ADD_CHOICE = Statement("INSERT INTO ballot_choice (ballot_id, choice_id) VALUES (:ballot, :choice)")
TALLY_CHOICE = Statement("UPDATE poll_choice SET votes = votes + 1 WHERE id = :choice")
TALLY_VOTER = Statement("UPDATE poll SET voters = voters + 1 WHERE id = :poll")
FIND_BALLOT = Statement("SELECT id, voter_key FROM ballot WHERE poll_id = :poll AND request_id = :request")
FIND_VOTER = Statement("SELECT id FROM ballot WHERE poll_id = :poll AND voter_key = :voter")
FIND_CHOSEN = Statement("SELECT choice_id FROM ballot_choice WHERE ballot_id = :ballot")
ADOPT_BALLOT = Statement("UPDATE ballot SET voter_key = :voter WHERE id = :ballot")


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
    poll: Any = transaction.run(LOCK_POLL, poll=sent.poll_id).fetchone()
    if poll is None:
        return Verdict(Outcome.NO_POLL, Tally(0, {}))
    version, fewest, most, opens_at, closes_at, secret, voters = poll
    choices = transaction.run(FIND_CHOICES, poll=sent.poll_id).fetchall()
    tally = Tally(voters, {choice: votes for choice, votes, _ in choices})
    if secret is None:
        return Verdict(Outcome.CLOSED, tally)
    keys, now = Keys.of(sent, bytes(secret)), transaction.now()
    refusal = None
    if opens_at is not None and now < opens_at:
        refusal = Outcome.NOT_OPEN
    elif closes_at is not None and now >= closes_at:
        refusal = Outcome.CLOSED
    elif version != sent.version:
        refusal = Outcome.CHANGED
    elif not (fewest <= len(sent.choice_ids) <= most and sent.choice_ids <= {choice for choice, _, gone in choices if not gone}):
        refusal = Outcome.WRONG_CHOICES
    elif _store(transaction, sent, keys, now):
        return Verdict(Outcome.COUNTED, tally.with_ballot(sent.choice_ids))
    return Verdict(_known(transaction, sent, keys, refusal), tally)


def _store(transaction: Transaction, sent: Sent, keys: Keys, now: int) -> bool:
    """Store a ballot with its tallies; return False where this browser or this request has one already."""
    ballot = transaction.run(
        ADD_BALLOT, poll=sent.poll_id, version=sent.version, voter=keys.voter, request=keys.request, now=now
    ).fetchone()
    if ballot is None:
        return False
    for choice in sorted(sent.choice_ids):
        transaction.run(ADD_CHOICE, ballot=ballot[0], choice=choice)
        transaction.run(TALLY_CHOICE, choice=choice)
    transaction.run(TALLY_VOTER, poll=sent.poll_id)
    versions.bump_shared(transaction, tag_of(sent.poll_id))
    return True


def _known(transaction: Transaction, sent: Sent, keys: Keys, refusal: Outcome | None) -> Outcome:
    """Return what became of a ballot that was not stored: it may be there already, by this request or by this browser."""
    stored = transaction.run(FIND_BALLOT, poll=sent.poll_id, request=keys.request).fetchone()
    if stored is not None:
        return _repeat(transaction, sent, keys, ballot=stored[0], owner=bytes(stored[1]))
    if refusal in {Outcome.NOT_OPEN, Outcome.CLOSED}:
        return refusal
    return Outcome.ALREADY_VOTED if refusal is None or _has_voted(transaction, sent, keys) else refusal


def _repeat(transaction: Transaction, sent: Sent, keys: Keys, *, ballot: int, owner: bytes) -> Outcome:
    """Say again what was said of a request. A first reply may have been lost with its cookie, and the browser have got
    another cookie from another poll since: then the ballot, which the request id keyed, becomes that cookie's."""
    if owner not in {keys.voter, keys.first_voter}:
        return Outcome.NOT_YOURS
    chosen = {row[0] for row in transaction.run(FIND_CHOSEN, ballot=ballot).fetchall()}
    if not _has_voted(transaction, sent, keys):
        transaction.run(ADOPT_BALLOT, ballot=ballot, voter=keys.voter)
    return Outcome.COUNTED if chosen == sent.choice_ids else Outcome.ALREADY_VOTED


def _has_voted(transaction: Transaction, sent: Sent, keys: Keys) -> bool:
    return transaction.run(FIND_VOTER, poll=sent.poll_id, voter=keys.voter).fetchone() is not None
