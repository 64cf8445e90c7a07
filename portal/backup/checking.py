"""Looking through an archive: nothing of it is believed before each of its bytes and sums was compared."""

import hashlib
import zlib
from collections.abc import Iterator
from dataclasses import dataclass, field

from portal.backup import rows
from portal.backup.archive import ABOUT, MANIFEST, Archive, Member
from portal.backup.creating import LARGEST_PART
from portal.backup.manifest import LARGEST, About, Manifest, about_from, manifest_from
from portal.backup.progress import Progress
from portal.core.errors import Refused

LARGEST_ABOUT = 1024 * 1024
FILE_ROWS = "file"
"""The table whose rows name the files."""


@dataclass(slots=True)
class _Found:
    """What an archive holds, as far as it was read: of each table the number of rows and a sum, and how many parts."""

    about: About
    sums: dict[str, "hashlib._Hash"] = field(default_factory=dict)
    numbers: dict[str, int] = field(default_factory=dict)
    parts: dict[str, int] = field(default_factory=dict)
    files: dict[str, tuple[int, str]] = field(default_factory=dict)
    named: dict[str, tuple[int, str]] = field(default_factory=dict)
    manifest: Manifest | None = None


def examine(archive: Archive, *, progress: Progress) -> tuple[About, Manifest]:
    """Compare all bytes, sums and numbers of an archive and return what it says of itself. Raises Refused at what is wrong."""
    about = about_from(archive.first().whole(most=LARGEST_ABOUT))
    with progress("Reading", archive.size) as step:
        archive.demand_whole(step)
    found = _Found(about)
    with progress("Comparing", archive.size) as step:
        for member in archive.members():
            _look_at(member, found)
            step(member.size)
    manifest = found.manifest
    if manifest is None:
        raise Refused("The archive does not say what it should hold.")
    _compare(found, manifest)
    return about, manifest


def part_of(member: Member) -> tuple[str, int] | None:
    """Return the table that a member holds rows of, and which part of it, from 1 on; None for any other."""
    folder, _, rest = member.name.partition("/")
    table, _, number = rest.partition("/")
    return (table, int(number[:6])) if folder == "tables" else None


def file_of(member: Member) -> str | None:
    """Return under which name a member's bytes are stored, None where it is no file."""
    return member.name.removeprefix("files/") if member.name.startswith("files/") else None


def lines_of(member: Member) -> Iterator[bytes]:
    """Yield the lines of a part. Raises Refused where it unpacks to more than a part can hold, or to nothing of ours."""
    unpacking = zlib.decompressobj(wbits=31)
    try:
        text = unpacking.decompress(member.whole(most=LARGEST_PART), LARGEST_PART)
    except zlib.error as error:
        raise _unreadable(member) from error
    if unpacking.unconsumed_tail or unpacking.unused_data or not unpacking.eof or not text.endswith(b"\n"):
        raise _unreadable(member)
    yield from text.splitlines(keepends=True)


def _look_at(member: Member, found: _Found) -> None:
    part, name = part_of(member), file_of(member)
    if found.manifest is not None:
        raise Refused(f"The archive holds something after its end: {member.name}.")
    if part is not None:
        _look_at_part(member, part, found)
    elif name is not None:
        _look_at_file(member, name, found)
    elif member.name == MANIFEST:
        found.manifest = manifest_from(member.whole(most=LARGEST))
    elif member.name != ABOUT or found.parts or found.files:
        raise Refused(f"The archive holds {member.name} where it does not belong.")


def _look_at_part(member: Member, part: tuple[str, int], found: _Found) -> None:
    table, number = part
    if table not in found.about.tables or number != found.parts.get(table, 0) + 1 or found.files:
        raise Refused(f"The archive holds {member.name} where it does not belong.")
    found.parts[table] = number
    total = found.sums.setdefault(table, hashlib.sha256())
    for line in lines_of(member):
        total.update(line)
        found.numbers[table] = found.numbers.get(table, 0) + 1
        try:
            values = rows.values_of(line, found.about.tables[table])
        except ValueError as error:
            raise _unreadable(member) from error
        if table == FILE_ROWS:
            found.named[str(values["stored_as"])] = (int(values["size"]), bytes(values["sha256"]).hex())


def _look_at_file(member: Member, name: str, found: _Found) -> None:
    total = hashlib.sha256()
    for piece in member.pieces():
        total.update(piece)
    if name in found.files:
        raise Refused(f"The archive holds {member.name} twice.")
    found.files[name] = (member.size, total.hexdigest())


def _compare(found: _Found, manifest: Manifest) -> None:
    nothing = hashlib.sha256().hexdigest()
    for table in found.about.tables.keys() | manifest.tables.keys():
        digest = found.sums[table].hexdigest() if table in found.sums else nothing
        if manifest.tables.get(table) != (found.numbers.get(table, 0), digest):
            raise Refused(f"The archive holds other rows of the table {table} than it should.")
    for name in sorted(found.files.keys() | manifest.files.keys()):
        if manifest.files.get(name) != found.files.get(name):
            raise Refused(f"The archive does not hold the file {name} as it should.")
    for name, said in found.named.items():
        if name not in manifest.missing and name not in manifest.damaged and found.files.get(name) != said:
            raise Refused(f"The archive does not hold the file {name} as its row says.")
    if not found.files.keys() <= found.named.keys():
        raise Refused("The archive holds a file that no row names.")


def _unreadable(member: Member) -> Refused:
    return Refused(f"The archive is not one of ours: {member.name} cannot be read.")
