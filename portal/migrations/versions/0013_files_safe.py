"""Uploads, the library, what is shown where; attachments as a part of what is written"""

import hashlib
import json
import re
from collections import defaultdict
from collections.abc import Iterator
from typing import Any

import sqlalchemy as sa
from alembic import op

from portal.core.text import fold

revision = "0013"
down_revision = "0012"

AT_ONCE = 500
PICTURE = re.compile(r'src="/anh/([0-9a-f]{32})/')


def upgrade() -> None:
    with op.batch_alter_table("attachment", schema=None) as batch_op:
        batch_op.add_column(sa.Column("replaced_at", sa.BigInteger(), nullable=True))
    with op.batch_alter_table("rendering", schema=None) as batch_op:
        batch_op.add_column(sa.Column("signatures", sa.JSON(none_as_null=True), nullable=True))
    _create_tables()
    _fill(op.get_bind())


def _create_tables() -> None:
    op.create_table(
        "upload",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(length=32), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("place", sa.String(length=40), nullable=False),
        sa.Column("name", sa.String(length=255), nullable=False),
        sa.Column("size", sa.BigInteger(), nullable=False),
        sa.Column("modified", sa.BigInteger(), nullable=False),
        sa.Column("replaces", sa.String(length=32), nullable=False),
        sa.Column("seen", sa.Integer(), nullable=True),
        sa.Column("begun_at", sa.BigInteger(), nullable=False),
        sa.Column("file_id", sa.Integer(), nullable=True),
        sa.CheckConstraint("size > 0", name=op.f("ck_upload_size")),
        sa.ForeignKeyConstraint(["file_id"], ["file.id"], name=op.f("fk_upload_file_id")),
        sa.ForeignKeyConstraint(["user_id"], ["user.id"], name=op.f("fk_upload_user_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_upload")),
        sa.UniqueConstraint("key", name=op.f("uq_upload_key")),
    )
    op.create_index("ix_upload_place", "upload", ["place", "user_id"], unique=False)
    op.create_table(
        "library_item",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("file_id", sa.Integer(), nullable=False),
        sa.Column("unit_id", sa.Integer(), nullable=True),
        sa.Column("name", sa.String(length=255), nullable=False),
        sa.Column("alt", sa.String(length=500), nullable=False),
        sa.Column("credit", sa.String(length=200), nullable=False),
        sa.Column("folded", sa.String(length=1000), nullable=False),
        sa.Column("added_by", sa.Integer(), nullable=True),
        sa.Column("added_at", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["added_by"], ["user.id"], name=op.f("fk_library_item_added_by")),
        sa.ForeignKeyConstraint(["file_id"], ["file.id"], name=op.f("fk_library_item_file_id")),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"], name=op.f("fk_library_item_unit_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_library_item")),
        sa.UniqueConstraint("file_id", "unit_id", name=op.f("uq_library_item_file_id_unit_id")),
    )
    op.create_index("ix_library_item_unit", "library_item", ["unit_id", "id"], unique=False)
    op.create_table(
        "file_use",
        sa.Column("place", sa.String(length=40), nullable=False),
        sa.Column("file_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["file_id"], ["file.id"], name=op.f("fk_file_use_file_id")),
        sa.PrimaryKeyConstraint("place", "file_id", name=op.f("pk_file_use")),
    )
    op.create_index(op.f("ix_file_use_file_id"), "file_use", ["file_id"], unique=False)


def _fill(connection: sa.Connection) -> None:
    pieces = connection.execute(sa.text("SELECT id, thing_id, unit_id, head FROM piece WHERE kind = 'article'")).all()
    attached = defaultdict(list)
    found = "SELECT place, key, file_id, name FROM attachment WHERE place LIKE 'article:%' ORDER BY position, id"
    for place, key, file_id, name in connection.execute(sa.text(found)):
        attached[place].append({"key": key, "file": file_id, "name": name})
    pictures: dict[str, int] = dict(connection.execute(sa.text("SELECT key, file_id FROM picture")).all())
    for piece in pieces:
        if attached.get(f"article:{piece.thing_id}"):
            _tell_revisions(connection, piece.id, attached[f"article:{piece.thing_id}"])
    _note_uses(connection, pieces, attached, pictures)
    _shelve(connection, pieces)


def _tell_revisions(connection: sa.Connection, piece_id: int, attachments: list[dict[str, Any]]) -> None:
    """Have every text of a piece name the attachments that its article has: until now they stood beside all of them alike."""
    revisions = _table("revision")
    found = sa.select(revisions.c.id, revisions.c.content).where(revisions.c.piece_id == piece_id)
    for number, content in connection.execute(found).all():
        whole = {**content, "attachments": attachments}
        written = json.dumps(whole, ensure_ascii=False, separators=(",", ":"), sort_keys=True)
        digest = hashlib.sha256(written.encode("utf-8", "surrogatepass")).digest()
        connection.execute(sa.update(revisions).where(revisions.c.id == number).values(content=whole, digest=digest))


def _note_uses(connection: sa.Connection, pieces: Any, attached: Any, pictures: dict[str, int]) -> None:
    uses, revisions = _table("file_use"), _table("revision")
    shown: set[tuple[str, int]] = {(place, one["file"]) for place, some in attached.items() for one in some}
    for place, file_id in connection.execute(sa.text("SELECT place, file_id FROM picture WHERE place LIKE 'article:%'")):
        shown.add((place, file_id))
    for article, body in connection.execute(sa.text("SELECT id, body FROM article WHERE body LIKE '%<img %'")):
        shown |= {(f"article:{article}", pictures[key]) for key in PICTURE.findall(body) if key in pictures}
    for piece in pieces:
        head = sa.select(revisions.c.content).where(revisions.c.piece_id == piece.id, revisions.c.number == piece.head)
        content = connection.execute(head).scalar() or {}
        shown |= {(f"draft:{piece.id}", pictures[key]) for key in PICTURE.findall(content.get("body") or "") if key in pictures}
        shown |= {(f"draft:{piece.id}", one["file"]) for one in content.get("attachments") or []}
    for some in _in_parts(sorted(shown)):
        connection.execute(sa.insert(uses), [{"place": place, "file_id": file_id} for place, file_id in some])


def _shelve(connection: sa.Connection, pieces: Any) -> None:
    """Put what articles and their pieces have into the library of their unit, under the name or words that it had there last."""
    items = _table("library_item")
    units = {f"piece:{piece.id}": piece.unit_id for piece in pieces}
    units |= {f"article:{piece.thing_id}": piece.unit_id for piece in pieces if piece.thing_id is not None}
    rows: dict[tuple[int, int | None], dict[str, Any]] = {}
    found = (
        "SELECT a.place, a.file_id, a.name, '' AS alt, '' AS credit, f.created_at FROM attachment a"
        " JOIN file f ON f.id = a.file_id UNION ALL"
        " SELECT p.place, p.file_id, p.alt, p.alt, p.credit, f.created_at FROM picture p JOIN file f ON f.id = p.file_id"
    )
    for place, file_id, name, alt, credit, at in connection.execute(sa.text(found)):
        if place in units:
            rows[file_id, units[place]] = _item(file_id, units[place], name, alt, credit, at)
    for some in _in_parts(list(rows.values())):
        connection.execute(sa.insert(items), some)


def _item(file_id: int, unit_id: int | None, name: str, alt: str, credit: str, at: int) -> dict[str, Any]:
    folded = fold(" ".join([name, alt, credit]))[:1000]
    words = {"name": name[:255], "alt": alt, "credit": credit, "folded": folded}
    return {"file_id": file_id, "unit_id": unit_id, **words, "added_at": at}


def _in_parts(rows: list[Any]) -> Iterator[list[Any]]:
    for start in range(0, len(rows), AT_ONCE):
        yield rows[start : start + AT_ONCE]


def _table(name: str) -> sa.Table:
    return sa.Table(name, sa.MetaData(), autoload_with=op.get_bind())


def downgrade() -> None:
    op.get_bind().execute(sa.text("DELETE FROM job WHERE kind = 'files.swept'"))
    for table in ("file_use", "library_item", "upload"):
        op.drop_table(table)
    with op.batch_alter_table("rendering", schema=None) as batch_op:
        batch_op.drop_column("signatures")
    with op.batch_alter_table("attachment", schema=None) as batch_op:
        batch_op.drop_column("replaced_at")
