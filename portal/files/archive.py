"""All attachments of a thing as one ZIP: sent while it is being made, never whole in memory, never on disk."""

import hashlib
import io
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from zipfile import ZIP_STORED, ZipFile, ZipInfo

from flask import url_for

from portal.core import clock, formats
from portal.core.text import CONTROLS, clean_line
from portal.files.attachments import Line
from portal.files.models import Attachment
from portal.files.storage import path_of

LARGEST = 2_000_000_000
"""Above this the files are offered one by one: some phones unpack no larger ZIP."""
PIECE = 64 * 1024
LONGEST_NAME = 200
"""In bytes; most disks allow 255."""
FORBIDDEN = str.maketrans(dict.fromkeys('/\\:*?"<>|', "_"))
"""What Windows allows in no file name, path separators among them."""

LOCAL, DESCRIPTOR, CENTRAL, END = 30, 16, 46, 22
"""Lengths of a ZIP's own records, names left out (APPNOTE 4.3)."""


@dataclass(frozen=True, slots=True)
class Whole:
    """The button for all files at once."""

    url: str
    size_text: str


@dataclass(frozen=True, slots=True)
class Member:
    """A file within the ZIP; `changed` is year, month, day, hour, minute and second in the site's time zone."""

    name: str
    path: Path
    size: int
    changed: tuple[int, int, int, int, int, int]


class Sink(io.RawIOBase):
    """What a ZIP is written into: it keeps the bytes until they are taken."""

    def __init__(self) -> None:
        self._pieces: list[bytes] = []

    def writable(self) -> bool:
        return True

    def write(self, octets: object) -> int:
        piece = bytes(octets)  # type: ignore[call-overload]
        self._pieces.append(piece)
        return len(piece)

    def take(self) -> bytes:
        taken, self._pieces = b"".join(self._pieces), []
        return taken


def offered(place: str, lines: Sequence[Line]) -> Whole | None:
    """Return the button for all files of a place, None where it would be of no use."""
    total = sum(line.octets for line in lines)
    if len(lines) < 2 or total > LARGEST:
        return None
    noun, _, number = place.partition(":")
    return Whole(url_for("files.all_of", noun=noun, number=number), formats.size(total))


def members(attachments: Iterable[Attachment]) -> list[Member]:
    """Return attachments as a ZIP's members, under their own names made safe and unlike each other."""
    taken: set[str] = set()
    found = []
    for attachment in attachments:
        file, at = attachment.file, clock.local(attachment.file.created_at)
        name = _unlike(taken, safe_name(attachment.name))
        found.append(Member(name, path_of(file.stored_as), file.size, (at.year, at.month, at.day, at.hour, at.minute, at.second)))
    return found


def safe_name(name: str) -> str:
    """Return a name under which a file can be unpacked everywhere: one part, nothing hidden, not too long."""
    clean = PurePosixPath(clean_line(CONTROLS.sub("", name)).translate(FORBIDDEN).strip(". ") or "_")
    stem = clean.stem.encode()[: LONGEST_NAME - len(clean.suffix[:20].encode())].decode(errors="ignore")
    return stem + clean.suffix[:20]


def length(parts: Sequence[Member]) -> int:
    """Return how many bytes `pieces` will be."""
    return END + sum(LOCAL + DESCRIPTOR + CENTRAL + 2 * len(part.name.encode()) + part.size for part in parts)


def etag(parts: Sequence[Member]) -> str:
    """Return what changes whenever the ZIP's bytes do."""
    return hashlib.sha256(repr([(p.name, p.path.name, p.size, p.changed) for p in parts]).encode()).hexdigest()


def pieces(parts: Sequence[Member]) -> Iterator[bytes]:
    """Yield a ZIP of the members, stored as they are, in small pieces. It needs no application context."""
    sink = Sink()
    with ZipFile(sink, "w", ZIP_STORED) as archive:
        for part in parts:
            info = ZipInfo(part.name, part.changed)
            info.external_attr = 0o644 << 16
            with part.path.open("rb") as source, archive.open(info, "w") as target:
                while octets := source.read(PIECE):
                    target.write(octets)
                    yield sink.take()
    yield sink.take()


def _unlike(taken: set[str], name: str) -> str:
    """Return the name, with a number where one like it, in whatever case, is taken."""
    whole, number = PurePosixPath(name), 1
    while name.casefold() in taken:
        number += 1
        name = f"{whole.stem} ({number}){whole.suffix}"
    taken.add(name.casefold())
    return name
