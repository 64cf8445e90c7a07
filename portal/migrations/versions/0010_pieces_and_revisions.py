"""Pieces and revisions"""

import hashlib
import json
import time
from collections.abc import Iterator
from typing import Any

import sqlalchemy as sa
from alembic import op

from portal.core.text import fold

revision = "0010"
down_revision = "0009"

AT_ONCE = 500
TEXTS = ("title", "author_line", "photo_line", "source_line", "lead", "body")


def upgrade() -> None:
    _create_pieces()
    _create_revisions()
    _create_what_follows_pieces()
    with op.batch_alter_table("article", schema=None) as batch_op:
        batch_op.add_column(sa.Column("genre", sa.String(length=10), server_default=sa.text("''"), nullable=False))
    with op.batch_alter_table("section", schema=None) as batch_op:
        batch_op.add_column(sa.Column("review_hours", sa.Integer(), nullable=True))
    _adopt_articles(op.get_bind())


def _create_pieces() -> None:
    op.create_table(
        "piece",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("site_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("language", sa.String(length=5), nullable=False),
        sa.Column("unit_id", sa.Integer(), nullable=True),
        sa.Column("author_id", sa.Integer(), nullable=True),
        sa.Column("title", sa.String(length=300), nullable=False),
        sa.Column("title_folded", sa.String(length=300), nullable=False),
        sa.Column("shelf_id", sa.Integer(), nullable=True),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("standing", sa.String(length=12), nullable=False),
        sa.Column("head", sa.Integer(), nullable=False),
        sa.Column("public", sa.Integer(), nullable=True),
        sa.Column("thing_id", sa.Integer(), nullable=True),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.Column("changed_at", sa.BigInteger(), nullable=False),
        sa.Column("waits_since", sa.BigInteger(), nullable=True),
        sa.Column("publish_at", sa.BigInteger(), nullable=True),
        sa.Column("check_until", sa.BigInteger(), nullable=True),
        sa.CheckConstraint("standing IN ('unpublished', 'published', 'withdrawn')", name=op.f("ck_piece_standing")),
        sa.CheckConstraint(
            "state IN ('draft', 'in_review', 'returned', 'approved', 'scheduled', 'settled')", name=op.f("ck_piece_state")
        ),
        sa.ForeignKeyConstraint(["author_id"], ["user.id"], name=op.f("fk_piece_author_id")),
        sa.ForeignKeyConstraint(["site_id"], ["site.id"], name=op.f("fk_piece_site_id")),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"], name=op.f("fk_piece_unit_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_piece")),
        sa.UniqueConstraint("kind", "thing_id", name=op.f("uq_piece_kind_thing_id")),
    )
    with op.batch_alter_table("piece", schema=None) as batch_op:
        batch_op.create_index("ix_piece_author", ["author_id", "changed_at"], unique=False)
        batch_op.create_index("ix_piece_changed", ["changed_at", "id"], unique=False)
        batch_op.create_index("ix_piece_shelf", ["shelf_id", "changed_at"], unique=False)
        batch_op.create_index("ix_piece_state", ["state", "standing", "changed_at"], unique=False)
        batch_op.create_index("ix_piece_unchecked", ["check_until"], unique=False)
        batch_op.create_index("ix_piece_unit", ["unit_id", "changed_at"], unique=False)


def _create_revisions() -> None:
    op.create_table(
        "revision",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("piece_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("base", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=10), nullable=False),
        sa.Column("author_id", sa.Integer(), nullable=True),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("save_key", sa.LargeBinary(length=16), nullable=True),
        sa.Column("digest", sa.LargeBinary(length=32), nullable=False),
        sa.Column("content", sa.JSON(), nullable=False),
        sa.CheckConstraint("kind IN ('first', 'auto', 'saved', 'kept', 'restored')", name=op.f("ck_revision_kind")),
        sa.ForeignKeyConstraint(["author_id"], ["user.id"], name=op.f("fk_revision_author_id")),
        sa.ForeignKeyConstraint(["piece_id"], ["piece.id"], name=op.f("fk_revision_piece_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_revision")),
        sa.UniqueConstraint("piece_id", "number", name=op.f("uq_revision_piece_id_number")),
        sa.UniqueConstraint("piece_id", "save_key", name=op.f("uq_revision_piece_id_save_key")),
    )
    with op.batch_alter_table("revision", schema=None) as batch_op:
        batch_op.create_index("ix_revision_author", ["author_id", "at"], unique=False)


def _create_what_follows_pieces() -> None:
    op.create_table(
        "piece_presence",
        sa.Column("piece_id", sa.Integer(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("seen_at", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["piece_id"], ["piece.id"], name=op.f("fk_piece_presence_piece_id"), ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["user_id"], ["user.id"], name=op.f("fk_piece_presence_user_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("piece_id", "user_id", name=op.f("pk_piece_presence")),
    )
    op.create_table(
        "piece_step",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("piece_id", sa.Integer(), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("actor_id", sa.Integer(), nullable=True),
        sa.Column("step", sa.String(length=20), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("remark", sa.Text(), nullable=False),
        sa.Column("detail", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(["actor_id"], ["user.id"], name=op.f("fk_piece_step_actor_id")),
        sa.ForeignKeyConstraint(["piece_id"], ["piece.id"], name=op.f("fk_piece_step_piece_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_piece_step")),
    )
    with op.batch_alter_table("piece_step", schema=None) as batch_op:
        batch_op.create_index("ix_piece_step_at", ["at", "id"], unique=False)
        batch_op.create_index("ix_piece_step_piece", ["piece_id", "id"], unique=False)

    op.create_table(
        "approval_rule",
        sa.Column("site_id", sa.Integer(), nullable=False),
        sa.Column("by_second_person", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["site_id"], ["site.id"], name=op.f("fk_approval_rule_site_id")),
        sa.PrimaryKeyConstraint("site_id", name=op.f("pk_approval_rule")),
    )
    op.create_table(
        "preview_link",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("key_hash", sa.LargeBinary(length=32), nullable=False),
        sa.Column("piece_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("made_by", sa.Integer(), nullable=True),
        sa.Column("made_at", sa.BigInteger(), nullable=False),
        sa.Column("expires_at", sa.BigInteger(), nullable=False),
        sa.Column("revoked_at", sa.BigInteger(), nullable=True),
        sa.ForeignKeyConstraint(["made_by"], ["user.id"], name=op.f("fk_preview_link_made_by")),
        sa.ForeignKeyConstraint(["piece_id"], ["piece.id"], name=op.f("fk_preview_link_piece_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_preview_link")),
        sa.UniqueConstraint("key_hash", name=op.f("uq_preview_link_key_hash")),
    )
    with op.batch_alter_table("preview_link", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_preview_link_piece_id"), ["piece_id"], unique=False)


def _adopt_articles(connection: sa.Connection) -> None:
    """Make a settled piece of each article that is there, with its text as the first revision."""
    now = time.time_ns() // 1_000_000
    pieces, revisions, jobs = _table("piece"), _table("revision"), _table("job")
    ids = connection.execute(sa.text("SELECT id FROM article ORDER BY id")).scalars().all()
    for some in _in_parts(ids):
        found = sa.text("SELECT a.*, s.site_id FROM article a JOIN section s ON s.id = a.section_id WHERE a.id IN :ids")
        rows = connection.execute(found.bindparams(sa.bindparam("ids", some, expanding=True))).mappings().all()
        connection.execute(sa.insert(pieces), [_piece(row, now) for row in rows])
        of = sa.select(pieces.c.thing_id, pieces.c.id).where(pieces.c.kind == "article", pieces.c.thing_id.in_(some))
        ours = dict(connection.execute(of).all())
        connection.execute(sa.insert(revisions), [_revision(row, ours[row["id"]], now) for row in rows])
        waiting = [row for row in rows if row["withdrawn_at"] is None and row["published_at"] > now]
        if waiting:
            connection.execute(sa.insert(jobs), [_job(row, ours[row["id"]]) for row in waiting])


def _in_parts(ids: Any) -> Iterator[list[int]]:
    for start in range(0, len(ids), AT_ONCE):
        yield list(ids[start : start + AT_ONCE])


def _piece(row: Any, now: int) -> dict[str, Any]:
    is_scheduled = row["withdrawn_at"] is None and row["published_at"] > now
    changed_at = row["withdrawn_at"] or row["updated_at"] or min(row["published_at"], now)
    return {
        "site_id": row["site_id"],
        "kind": "article",
        "language": row["language"],
        "title": row["title"],
        "title_folded": fold(row["title"])[:300],
        "shelf_id": row["section_id"],
        "state": "scheduled" if is_scheduled else "settled",
        "standing": "withdrawn" if row["withdrawn_at"] is not None else "unpublished" if is_scheduled else "published",
        "head": 1,
        "public": 1,
        "thing_id": row["id"],
        "created_at": min(row["published_at"], changed_at),
        "changed_at": changed_at,
        "publish_at": row["published_at"] if is_scheduled else None,
    }


def _revision(row: Any, piece_id: int, now: int) -> dict[str, Any]:
    content = {name: row[name] for name in TEXTS}
    content |= {"section_id": row["section_id"], "poll_id": row["poll_id"], "genre": "", "published_on": ""}
    written = json.dumps(content, ensure_ascii=False, separators=(",", ":"), sort_keys=True)
    return {
        "piece_id": piece_id,
        "number": 1,
        "base": 0,
        "kind": "first",
        "at": min(row["updated_at"] or row["published_at"], now),
        "name": "",
        "digest": hashlib.sha256(written.encode("utf-8", "surrogatepass")).digest(),
        "content": content,
    }


def _job(row: Any, piece_id: int) -> dict[str, Any]:
    payload = {"piece": piece_id, "at": row["published_at"]}
    return {"kind": "piece_appears", "payload": payload, "run_at": row["published_at"], "attempts": 0}


def _table(name: str) -> sa.Table:
    return sa.Table(name, sa.MetaData(), autoload_with=op.get_bind())


def downgrade() -> None:
    op.get_bind().execute(sa.text("DELETE FROM job WHERE kind IN ('piece_appears', 'pieces_thinned')"))
    with op.batch_alter_table("section", schema=None) as batch_op:
        batch_op.drop_column("review_hours")
    with op.batch_alter_table("article", schema=None) as batch_op:
        batch_op.drop_column("genre")
    for table in ("approval_rule", "preview_link", "piece_presence", "piece_step", "revision", "piece"):
        op.drop_table(table)
