"""Merkle trees over lines of text, with the hashes of RFC 6962: a leaf is SHA-256(0x00, line), a node SHA-256(0x01, left, right).

What is left over at the end of a row stands in the next one as it is. A root of 32 bytes binds all lines; a proof shows that
one line is among them without the others.
"""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Step:
    """A hash that a line's own is put together with, on its left or its right."""

    hash: bytes
    is_left: bool


def rows(lines: Sequence[str]) -> list[list[bytes]]:
    """Return a tree's rows of hashes, the leaves first and the root last."""
    found = [[leaf(line) for line in lines] or [hashlib.sha256().digest()]]
    while len(found[-1]) > 1:
        found.append(_above(found[-1]))
    return found


def root(lines: Sequence[str]) -> bytes:
    """Return the root of a tree; the hash of nothing where there is no line."""
    return rows(lines)[-1][0]


def proof(tree: Sequence[Sequence[bytes]], place: int) -> list[Step]:
    """Return the steps from a line up to the root, in a tree's rows."""
    steps = []
    for row in tree:
        beside = place ^ 1
        if beside < len(row):
            steps.append(Step(row[beside], is_left=beside < place))
        place //= 2
    return steps


def leaf(line: str) -> bytes:
    return hashlib.sha256(b"\x00" + line.encode()).digest()


def node(left: bytes, right: bytes) -> bytes:
    return hashlib.sha256(b"\x01" + left + right).digest()


def _above(row: list[bytes]) -> list[bytes]:
    pairs = zip(row[::2], row[1::2], strict=False)
    return [node(left, right) for left, right in pairs] + row[len(row) - len(row) % 2 :]
