"""Files that hold others: ZIPs, office documents among them, and the compound files of older ones. Nothing is unpacked."""

import io
import lzma
import zipfile
import zlib
from collections.abc import Sequence
from pathlib import Path

import olefile

ZIP = b"PK\x03\x04"
COMPOUND = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"

MOST_MEMBERS = 10_000
LARGEST_DIRECTORY = 4_000_000
"""Bytes that the list of its members may have: it is read whole, and takes twenty times as much memory."""
MOST_UNPACKED = 4_000_000_000
MOST_TIMES = 200
"""How many times its size a ZIP may unpack to, from SMALL on: a sheet of figures comes to fifty."""
SMALL = 50_000_000
LONGEST_MIMETYPE = 100

OPEN_DOCUMENTS = ("application/vnd.oasis.opendocument.text", "application/vnd.oasis.opendocument.spreadsheet")
OFFICE = "application/vnd.openxmlformats-officedocument."
PARTS = {
    "word/document.xml": f"{OFFICE}wordprocessingml.document",
    "xl/workbook.xml": f"{OFFICE}spreadsheetml.sheet",
    "xl/workbook.bin": f"{OFFICE}spreadsheetml.sheet",
    "ppt/presentation.xml": f"{OFFICE}presentationml.presentation",
}
MACROS = "vbaProject.bin"
STREAMS = {
    "WordDocument": "application/msword",
    "Workbook": "application/vnd.ms-excel",
    "Book": "application/vnd.ms-excel",
    "PowerPoint Document": "application/vnd.ms-powerpoint",
}
UNPACKED_WRONGLY = (zipfile.BadZipFile, zlib.error, lzma.LZMAError, EOFError)
DAMAGED = (*UNPACKED_WRONGLY, OSError, ValueError, RuntimeError, NotImplementedError, IndexError)


class _Short(io.BufferedReader):
    """A file of which no more than a list of members is read at once."""

    def read(self, size: int | None = -1, /) -> bytes:
        if size is not None and size > LARGEST_DIRECTORY:
            raise zipfile.BadZipFile("its list of members is too long")
        return super().read(size)


def kind_of_zip(path: Path) -> str:
    """Return what a ZIP is by the names of its members; "" where it is broken, or would fill the disk of who unpacks it."""
    try:
        with _Short(io.FileIO(path)) as file, zipfile.ZipFile(file) as archive:
            members = archive.infolist()
            if _is_bomb(members, path.stat().st_size):
                return ""
            names = {member.filename for member in members}
            if "mimetype" in names:
                return _open_document(archive)
    except DAMAGED:
        return ""
    if "[Content_Types].xml" in names:
        return _office(names)
    return "application/zip"


def kind_of_compound(path: Path) -> str:
    """Return what an older office document is by its streams, "" where it is none."""
    try:
        with olefile.OleFileIO(str(path)) as compound:
            return next((media for name, media in STREAMS.items() if compound.exists(name)), "")
    except DAMAGED:
        return ""


def _is_bomb(members: Sequence[zipfile.ZipInfo], size: int) -> bool:
    unpacked = sum(member.file_size for member in members)
    return len(members) > MOST_MEMBERS or unpacked > MOST_UNPACKED or unpacked > max(SMALL, size * MOST_TIMES)


def _office(names: set[str]) -> str:
    """Return the kind of an office document. One with programs in it has another ending by right, and is not taken."""
    if any(name.endswith(MACROS) for name in names):
        return ""
    return next((media for part, media in PARTS.items() if part in names), "")


def _open_document(archive: zipfile.ZipFile) -> str:
    with archive.open("mimetype") as member:
        said = member.read(LONGEST_MIMETYPE).decode("ascii", "replace")
    return said if said in OPEN_DOCUMENTS else "application/zip"
