"""Which kinds of files are taken: told by the name's ending and by the content, both, and never by one alone."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

import puremagic

from portal.core.errors import Refused
from portal.core.language import _
from portal.core.text import clean_line
from portal.files import containers

READ = 64 * 1024
"""Bytes at the beginning by which a kind is told."""
LONGEST_NAME = 200
BEGINNINGS = {"pdf": b"%PDF-", "mp4": b"", "mp3": b"", "rar": b"Rar!\x1a\x07"}
"""What else a file begins with: a PDF may say what it is further on, and be a page for a browser before."""


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of files: how pages call it, its media type, and what content may show where it is one."""

    letters: str
    media: str
    shows: frozenset[str] = frozenset()

    def fits(self, found: set[str]) -> bool:
        return bool(found & (self.shows or {self.media}))


OFFICE = "application/vnd.openxmlformats-officedocument."
KINDS: Mapping[str, Kind] = {
    "pdf": Kind("PDF", "application/pdf"),
    "docx": Kind("DOCX", f"{OFFICE}wordprocessingml.document"),
    "xlsx": Kind("XLSX", f"{OFFICE}spreadsheetml.sheet"),
    "pptx": Kind("PPTX", f"{OFFICE}presentationml.presentation"),
    "doc": Kind("DOC", "application/msword"),
    "xls": Kind("XLS", "application/vnd.ms-excel"),
    "ppt": Kind("PPT", "application/vnd.ms-powerpoint"),
    "odt": Kind("ODT", "application/vnd.oasis.opendocument.text"),
    "ods": Kind("ODS", "application/vnd.oasis.opendocument.spreadsheet"),
    "png": Kind("PNG", "image/png"),
    "jpg": Kind("JPEG", "image/jpeg"),
    "jpeg": Kind("JPEG", "image/jpeg"),
    "webp": Kind("WEBP", "image/webp"),
    "mp4": Kind("MP4", "video/mp4"),
    "mp3": Kind("MP3", "audio/mpeg"),
    "zip": Kind("ZIP", "application/zip"),
    "rar": Kind("RAR", "application/vnd.rar", frozenset({"application/vnd.rar", "application/x-rar-compressed"})),
}
LETTERS = {kind.media: kind.letters for kind in KINDS.values()}
"""What a page prints for a type by content."""
ENDINGS = ",".join(f".{ending}" for ending in KINDS)
"""As a browser's chooser of files takes them."""


class Wrong(Refused):
    """A file that will never be taken as it is."""


def named(said: str) -> str:
    """Return the name under which a file is kept: its last part, one clean line, not too long; its ending stays.

    What deceives (marks of direction, controls) and what leads elsewhere (folders) is left out.
    """
    line = clean_line(said.replace("\\", "/")).rpartition("/")[2].strip(". ")
    whole = PurePosixPath(line or "_")
    return whole.stem[: LONGEST_NAME - len(whole.suffix[:20])].strip() + whole.suffix[:20]


def kind_of(name: str) -> Kind:
    """Return the kind that a name's ending says. Raises Refused where it is none that is taken."""
    kind = KINDS.get(PurePosixPath(name).suffix.lower().removeprefix("."))
    if kind is None:
        types = ", ".join(dict.fromkeys(one.letters for one in KINDS.values()))
        raise Refused(_("“%(name)s”: this type of file is not accepted. Accepted types: %(types)s.", name=name, types=types))
    return kind


def judged(path: Path, name: str) -> Kind:
    """Return the kind of a file that came whole. Raises Refused where its content is not what its name says, or does harm."""
    kind = kind_of(name)
    if not kind.fits(_shown(path)) or not _begins(path).startswith(BEGINNINGS.get(kind.letters.lower(), b"")):
        said = _(
            "“%(name)s”: the content of the file is not that of a %(kind)s file. Save it anew as what it is, then send it again.",
            name=name,
            kind=kind.letters,
        )
        raise Wrong(said)
    return kind


def _begins(path: Path) -> bytes:
    with path.open("rb") as file:
        return file.read(READ)


def _shown(path: Path) -> set[str]:
    """Return the media types that a content shows; of a container the one that its contents make it."""
    begin = _begins(path)
    if begin.startswith(containers.ZIP):
        return {containers.kind_of_zip(path)}
    if begin.startswith(containers.COMPOUND):
        return {containers.kind_of_compound(path)}
    try:
        return {one.mime_type for one in puremagic.magic_string(begin)}
    except (puremagic.PureError, ValueError):
        return set()
