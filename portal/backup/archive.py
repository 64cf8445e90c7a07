"""An archive's own form: a tar of plain files that any machine can unpack, with nothing in it that we would not write ourselves.

    about.json                   the format, the migration, each table's columns; first
    tables/<table>/000001.jsonl.gz   rows as lines of JSON, in parts
    files/<name>                 the bytes of each file
    manifest.json                what there should be: rows and SHA-256 of each table, size and SHA-256 of each file
    sha256                       of every byte before it; last

What is read was perhaps made to do harm: each header must be the one that `header` makes, so there are no links, devices,
other owners, paths or hidden parts in it.
"""

import hashlib
import re
import tarfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from portal.backup.progress import Step
from portal.core.errors import Refused

FORMAT = 1
ABOUT, MANIFEST, SUM = "about.json", "manifest.json", "sha256"
NAME = re.compile(r"about\.json|manifest\.json|tables/[a-z_]{1,50}/[0-9]{6}\.jsonl\.gz|files/[0-9A-Za-z_][0-9A-Za-z_.-]{0,63}")

BLOCK = tarfile.BLOCKSIZE
PIECE = 1024 * 1024
TAIL = 4 * BLOCK
"""The length of what ends an archive: header and content of the sum, and two empty blocks."""


def header(name: str, size: int, at: int) -> bytes:
    """Return a member's header; `at` is an instant, of which tar knows the second."""
    member = tarfile.TarInfo(name)
    member.size, member.mode, member.mtime = size, 0o600, at // 1000
    return member.tobuf(tarfile.USTAR_FORMAT, "ascii", "strict")


def tail(digest: str, at: int) -> bytes:
    """Return what ends an archive."""
    content = f"{digest}\n".encode()
    return header(SUM, len(content), at) + content.ljust(BLOCK, b"\0") + bytes(2 * BLOCK)


class Writer:
    """Writes an archive's members one after the other; whatever it writes goes into the sum. `at` is when it is made."""

    def __init__(self, file: BinaryIO, at: int) -> None:
        self._file, self._at, self._sum = file, at, hashlib.sha256()

    def add(self, name: str, content: bytes) -> None:
        """Write a small member."""
        self._write(header(name, len(content), self._at))
        self._write(content.ljust(_padded(len(content)), b"\0"))

    def add_file(self, name: str, source: BinaryIO, size: int, step: Step) -> str:
        """Write a file of so many bytes and return their SHA-256. Raises OSError where there are fewer."""
        self._write(header(name, size, self._at))
        found, left = hashlib.sha256(), size
        while left:
            piece = source.read(min(left, PIECE))
            if not piece:
                raise OSError(f"{name} became shorter while it was read")
            found.update(piece)
            self._write(piece)
            step(len(piece))
            left -= len(piece)
        self._write(bytes(_padded(size) - size))
        return found.hexdigest()

    def end(self) -> None:
        """Write the sum; nothing follows."""
        self._file.write(tail(self._sum.hexdigest(), self._at))

    def _write(self, octets: bytes) -> None:
        self._sum.update(octets)
        self._file.write(octets)


@dataclass(frozen=True, slots=True)
class Member:
    """A part of an archive that is being read: its pieces can be had until the next one is asked for."""

    name: str
    size: int
    _file: BinaryIO

    def pieces(self) -> Iterator[bytes]:
        """Yield its bytes, at most PIECE at a time."""
        left = self.size
        while left:
            piece = _exactly(self._file, min(left, PIECE))
            left -= len(piece)
            yield piece

    def whole(self, *, most: int) -> bytes:
        """Return its bytes, refused where there are more than `most`."""
        if self.size > most:
            raise Refused(f"The archive is not one of ours: {self.name} is larger than it can be.")
        return _exactly(self._file, self.size)


class Archive:
    """An archive on disk, opened once, so that what is restored is what was checked."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._file = path.open("rb")
        self.size = self._file.seek(0, 2)

    def __enter__(self) -> "Archive":
        return self

    def __exit__(self, *_: object) -> None:
        self._file.close()

    def first(self) -> Member:
        """Return the first member. Raises Refused where this is no archive of ours."""
        self._file.seek(0)
        member = self._member(_exactly(self._file, BLOCK))
        if member.name != ABOUT:
            raise Refused(f"{self.path} is no backup of this portal.")
        return member

    def members(self) -> Iterator[Member]:
        """Yield the members in their order, without the sum. Raises Refused at what we would not write."""
        place, end = 0, self.size - TAIL
        while place < end:
            self._file.seek(place)
            member = self._member(_exactly(self._file, BLOCK))
            place += BLOCK + _padded(member.size)
            if place > end:
                raise Refused("The archive is not whole: it ends within " + member.name + ".")
            yield member

    def demand_whole(self, step: Step) -> None:
        """Read all of it; raise Refused where its end is missing or a byte is another than was written."""
        end = max(self.size - TAIL, 0)
        self._file.seek(end)
        said = self._file.read(TAIL)
        self._file.seek(0)
        found, left = hashlib.sha256(), end
        while left:
            piece = _exactly(self._file, min(left, PIECE))
            found.update(piece)
            step(len(piece))
            left -= len(piece)
        if said[: len(SUM)] != SUM.encode() or len(said) != TAIL or said[-2 * BLOCK :] != bytes(2 * BLOCK):
            raise Refused(f"{self.path} is not whole: its end is missing. Take another copy of it.")
        if said != tail(found.hexdigest(), _at(said[:BLOCK])):
            raise Refused(f"{self.path} was changed since it was made: its sum is another. Take another copy of it.")

    def _member(self, block: bytes) -> Member:
        try:
            read = tarfile.TarInfo.frombuf(block, "ascii", "strict")
            is_ours = NAME.fullmatch(read.name) is not None and header(read.name, read.size, int(read.mtime) * 1000) == block
        except (tarfile.TarError, ValueError) as error:
            raise Refused(f"{self.path} is no backup of this portal.") from error
        if not is_ours:
            raise Refused(f"{self.path} is no backup of this portal: {read.name[:100]!r} does not belong into one.")
        return Member(read.name, read.size, self._file)


def _padded(size: int) -> int:
    return -(-size // BLOCK) * BLOCK


def _at(block: bytes) -> int:
    try:
        return int(tarfile.TarInfo.frombuf(block, "ascii", "strict").mtime) * 1000
    except (tarfile.TarError, ValueError):
        return 0


def _exactly(file: BinaryIO, size: int) -> bytes:
    octets = file.read(size)
    if len(octets) != size:
        raise Refused("The archive is not whole: it ends too early.")
    return octets
