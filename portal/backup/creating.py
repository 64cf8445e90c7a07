"""Making an archive: of one instant, however much is written meanwhile, and whole or not at all."""

import gzip
import hashlib
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import Connection, Table, func, select

from portal.backup import holding, migrations, rows
from portal.backup.archive import ABOUT, MANIFEST, Writer
from portal.backup.folder import claimed
from portal.backup.holding import Held
from portal.backup.manifest import About, Manifest, key_mark
from portal.backup.progress import Progress, Step
from portal.backup.tables import carried
from portal.core import clock, durable
from portal.core.errors import Refused

PART = 1024 * 1024
"""How many bytes of rows make a part; the last row of one may go beyond."""
LARGEST_PART = 64 * PART
"""No row of ours comes near it; what is read is refused beyond."""


@dataclass(frozen=True, slots=True)
class Made:
    """An archive that was made: where, its size in bytes, and what it holds."""

    path: Path
    size: int
    manifest: Manifest


def create(folder: Path, prefix: str, *, progress: Progress) -> Made:
    """Make an archive in a folder and return it. Raises Refused with a sentence, OSError for what the disk refuses."""
    at = clock.now_ms()
    with claimed(folder, prefix, at) as path, holding.holding_place() as place, durable.new_file(path) as file:
        manifest = _write(Writer(file, at), at, place, progress)
        size = file.tell()
    return Made(path, size, manifest)


def _write(archive: Writer, at: int, place: Path, progress: Progress) -> Manifest:
    snapshot = holding.take(place)
    manifest = Manifest(missing=snapshot.missing)
    with closing(snapshot.connection) as connection:
        tables = carried()
        about = About(at, _revision(connection), key_mark(), {table.name: rows.columns_of(table) for table in tables})
        archive.add(ABOUT, about.written())
        with progress("Tables", _number_of_rows(connection, tables)) as step:
            for table in tables:
                manifest.tables[table.name] = _write_table(archive, connection, table, step)
    with progress("Files", sum(held.size for held in snapshot.files)) as step:
        for held in snapshot.files:
            _write_file(archive, held, manifest, step)
    archive.add(MANIFEST, manifest.written())
    archive.end()
    return manifest


def _revision(connection: Connection) -> str:
    """Return the migration of the database. Raises Refused where it is not that of this release."""
    revision, newest = migrations.current(connection), migrations.newest()
    if revision != newest:
        raise Refused(f"The database is at migration {revision}, this release at {newest}: bring both together first.")
    return newest


def _number_of_rows(connection: Connection, tables: list[Table]) -> int:
    numbers = select(*(select(func.count()).select_from(table).scalar_subquery() for table in tables))
    return sum(connection.execute(numbers).one())


def _write_table(archive: Writer, connection: Connection, table: Table, step: Step) -> tuple[int, str]:
    """Write a table's rows in parts; return their number and the SHA-256 of all their lines."""
    found, number = hashlib.sha256(), 0
    for place, part in enumerate(_parts(rows.lines(connection, table, rows.columns_of(table))), 1):
        text = b"".join(part)
        found.update(text)
        number += len(part)
        step(len(part))
        archive.add(f"tables/{table.name}/{place:06}.jsonl.gz", gzip.compress(text, 6, mtime=0))
    return number, found.hexdigest()


def _parts(lines: Iterator[bytes]) -> Iterator[list[bytes]]:
    part: list[bytes] = []
    size = 0
    for line in lines:
        if len(line) > LARGEST_PART - PART:
            raise Refused("A row is too large to be backed up.")
        part.append(line)
        size += len(line)
        if size >= PART:
            yield part
            part, size = [], 0
    if part:
        yield part


def _write_file(archive: Writer, held: Held, manifest: Manifest, step: Step) -> None:
    """Write a file as it is, and note where that is not what its row says."""
    size = held.path.stat().st_size
    with held.path.open("rb") as source:
        digest = archive.add_file(f"files/{held.stored_as}", source, size, step)
    manifest.files[held.stored_as] = (size, digest)
    if (size, digest) != (held.size, held.sha256):
        manifest.damaged.append(held.stored_as)
