"""What an archive says of itself: at its beginning what it is made of, at its end what there should be."""

import hashlib
import hmac
import json
import re
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any

from flask import current_app

from portal.backup.archive import FORMAT
from portal.backup.rows import KINDS, Columns
from portal.core.errors import Refused

LARGEST = 128 * 1024 * 1024
"""In bytes; a million files take about this much."""
DIGEST = re.compile("[0-9a-f]{64}")
LAST = 8**11 * 1000
"""The instant in whose second a tar's times end."""


@dataclass(frozen=True, slots=True)
class About:
    """What stands first: when it was made (an instant), at which migration, a mark of the key that seals secrets, and each
    table's columns; a table stands after those that it refers to."""

    made_at: int
    revision: str
    key: str
    tables: Mapping[str, Columns]
    format: int = FORMAT

    def written(self) -> bytes:
        return _json(asdict(self))


@dataclass(frozen=True, slots=True)
class Manifest:
    """What stands last: rows and SHA-256 of each table, size and SHA-256 of each file by the name it is stored under.

    Of the files that rows name, `missing` were not on the disk; the bytes of `damaged` were others than when they were stored.
    """

    tables: dict[str, tuple[int, str]] = field(default_factory=dict)
    files: dict[str, tuple[int, str]] = field(default_factory=dict)
    missing: list[str] = field(default_factory=list)
    damaged: list[str] = field(default_factory=list)

    @property
    def rows(self) -> int:
        return sum(rows for rows, _digest in self.tables.values())

    @property
    def octets(self) -> int:
        """All files' bytes."""
        return sum(size for size, _digest in self.files.values())

    def written(self) -> bytes:
        return _json(asdict(self))


def key_mark() -> str:
    """Return by what one recognizes this installation's key, and cannot guess it: it is 384 random bits."""
    return hmac.digest(current_app.config["SECRET_KEY"].encode(), b"backup.key", hashlib.sha256).hex()


def about_from(octets: bytes) -> About:
    """Return what stands first. Raises Refused where it is of another format, or nothing that we would write."""
    told = _read(octets)
    if told.get("format") != FORMAT:
        raise Refused(f"The archive is of format {told.get('format')!r:.20}; this release reads format {FORMAT}.")
    try:
        tables = {str(name): [_column(*column) for column in columns] for name, columns in told["tables"].items()}
        return About(_instant(told["made_at"]), str(told["revision"]), _digest(told["key"]), tables)
    except (AttributeError, KeyError, TypeError, ValueError) as error:
        raise _not_ours() from error


def manifest_from(octets: bytes) -> Manifest:
    """Return what stands last. Raises Refused where it is nothing that we would write."""
    told = _read(octets)
    try:
        tables, files = ({str(name): _sum(*said) for name, said in told[part].items()} for part in ("tables", "files"))
        missing, damaged = ([str(name) for name in told[part]] for part in ("missing", "damaged"))
    except (AttributeError, KeyError, TypeError, ValueError) as error:
        raise _not_ours() from error
    return Manifest(tables, files, missing, damaged)


def _read(octets: bytes) -> dict[str, Any]:
    try:
        told = json.loads(octets)
    except (RecursionError, ValueError) as error:
        raise _not_ours() from error
    if not isinstance(told, dict):
        raise _not_ours()
    return told


def _column(name: object, kind: object) -> tuple[str, str]:
    if not isinstance(name, str) or kind not in KINDS:
        raise ValueError("no column of ours")
    return name, str(kind)


def _sum(number: object, digest: object) -> tuple[int, str]:
    if type(number) is not int or number < 0:
        raise ValueError("no number of ours")
    return number, _digest(digest)


def _digest(told: object) -> str:
    if not isinstance(told, str) or not DIGEST.fullmatch(told):
        raise ValueError("no sum of ours")
    return told


def _instant(told: object) -> int:
    if type(told) is not int or not 0 <= told < LAST:
        raise ValueError("no instant of ours")
    return told


def _not_ours() -> Refused:
    return Refused("The archive is not one of ours: what it says of itself cannot be read.")


def _json(told: dict[str, Any]) -> bytes:
    return (json.dumps(told, ensure_ascii=False, indent=1) + "\n").encode()
