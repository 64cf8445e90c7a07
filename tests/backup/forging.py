"""Archives that are not as we write them, with sums that fit: only looking at what they hold finds them out."""

import gzip
import hashlib
import io
import json
import tarfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

from portal.backup.archive import ABOUT, BLOCK, MANIFEST, TAIL, tail

Members = dict[str, bytes]
Edit = Callable[[Members], None]


def members(archive: Path) -> Members:
    """Return an archive's members but its sum, in their order."""
    with tarfile.open(archive) as opened:
        return {one.name: opened.extractfile(one).read() for one in opened.getmembers()[:-1]}  # type: ignore[union-attr]


def forged(archive: Path, into: Path, edit: Edit) -> Path:
    """Write an archive with other members, as somebody would who knows how they are made."""
    found = members(archive)
    edit(found)
    return sealed(into, b"".join(_member(name, content) for name, content in found.items()))


def sealed(into: Path, octets: bytes) -> Path:
    """End an archive with a sum that fits."""
    into.write_bytes(octets + tail(hashlib.sha256(octets).hexdigest(), 0))
    return into


def a_header(name: str, size: int = 0, **values: Any) -> bytes:
    """Return a header that tar would take, whether we would write it or not."""
    member = tarfile.TarInfo(name)
    member.size, member.mode = size, 0o600
    for key, value in values.items():
        setattr(member, key, value)
    return member.tobuf(tarfile.USTAR_FORMAT)


def lines(found: Members, table: str) -> list[list[Any]]:
    """Return the rows of a table's first part."""
    return [json.loads(line) for line in gzip.decompress(found[part(table)]).splitlines()]


def put(found: Members, table: str, rows: list[list[Any]]) -> None:
    """Put rows in the place of a table's, and say so in the manifest."""
    text = b"".join(
        json.dumps(row, ensure_ascii=False, separators=(",", ":")).encode("utf-8", "surrogatepass") + b"\n" for row in rows
    )
    found[part(table)] = gzip.compress(text)
    says(found, MANIFEST, lambda said: said["tables"].update({table: [len(rows), hashlib.sha256(text).hexdigest()]}))


def part(table: str) -> str:
    return f"tables/{table}/000001.jsonl.gz"


def says(found: Members, name: str, change: Callable[[dict[str, Any]], object]) -> None:
    """Change what an archive says of itself."""
    said = json.loads(found[name])
    change(said)
    found[name] = json.dumps(said).encode()


def column(found: Members, table: str, name: str) -> int:
    """Return the place of a column in a table's rows."""
    return [one for one, _kind in json.loads(found[ABOUT])["tables"][table]].index(name)


def body(archive: Path) -> bytes:
    """Return an archive's bytes without its sum."""
    return archive.read_bytes()[:-TAIL]


def _member(name: str, content: bytes) -> bytes:
    out = io.BytesIO(a_header(name, len(content)))
    out.seek(0, io.SEEK_END)
    out.write(content.ljust(-(-len(content) // BLOCK) * BLOCK, b"\0"))
    return out.getvalue()
