"""How fast ballots come from one network: those beyond its allowance are kept, but not counted until an editor looks at them.

Hundreds share one address (a school, a mobile network), so an address never stands for a person, and nobody is refused by it.
What is stored are keys that the poll's secret makes, apart from the ballots; they go when that secret goes.
"""

import hashlib
import hmac
from dataclasses import dataclass

from portal.core import clock
from portal.core.statements import Statement, Transaction

DEFAULT_ALLOWANCE = 500
"""Ballots of one network within an hour."""
NETWORK_BYTES = 8
LIKENESS_BYTES = 2

COUNT = Statement("""
    INSERT INTO poll_network (poll_id, network, hour, counted) VALUES (:poll, :network, :hour, 1)
    ON CONFLICT (poll_id, network, hour) DO UPDATE SET counted = poll_network.counted + 1
    WHERE poll_network.counted < :allowance RETURNING counted
""")
MARK = Statement("""
    INSERT INTO ballot_mark (ballot_id, poll_id, network, likeness, hour) VALUES (:ballot, :poll, :network, :likeness, :hour)
""")


@dataclass(frozen=True, slots=True)
class Source:
    """Where a ballot came from. `site` is a host, as `Ballot.embedded_at`.

    `network` (an address) and `likeness` (what the browser says of itself) are looked at in the votes of a guarded poll, and
    stored nowhere.
    """

    channel: str = "page"
    site: str | None = None
    network: str = ""
    likeness: str = ""


def is_within(
    transaction: Transaction, source: Source, secret: bytes, *, poll: int, ballot: int, allowance: int, now: int
) -> bool:
    """Note whence a ballot came, and tell whether it is within its network's allowance."""
    network = _key(secret, "network:" + source.network, NETWORK_BYTES)
    likeness = _key(secret, f"likeness:{source.network} {source.likeness}", LIKENESS_BYTES)
    hour = now // clock.HOUR
    transaction.run(MARK, ballot=ballot, poll=poll, network=network, likeness=likeness, hour=hour)
    return transaction.run(COUNT, poll=poll, network=network, hour=hour, allowance=allowance).fetchone() is not None


def _key(secret: bytes, what: str, length: int) -> bytes:
    return hmac.digest(secret, what.encode("utf-8", "surrogatepass"), hashlib.sha256)[:length]
