"""Pictures, and a PDF's pages"""

import time

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"

RENDER = "files.render"
RENDERED = ("application/pdf", "image/jpeg", "image/png", "image/webp")
APART_MS = 5_000
"""Between one file and the next, so that other jobs come in between."""


def upgrade() -> None:
    op.create_table(
        "picture",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(length=32), nullable=False),
        sa.Column("file_id", sa.Integer(), nullable=False),
        sa.Column("place", sa.String(length=40), nullable=False),
        sa.Column("kind", sa.String(length=10), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("alt", sa.String(length=500), nullable=False),
        sa.Column("caption", sa.String(length=500), nullable=False),
        sa.Column("credit", sa.String(length=200), nullable=False),
        sa.CheckConstraint("alt <> ''", name=op.f("ck_picture_alt")),
        sa.CheckConstraint("kind IN ('lead', 'album')", name=op.f("ck_picture_kind")),
        sa.ForeignKeyConstraint(["file_id"], ["file.id"], name=op.f("fk_picture_file_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_picture")),
        sa.UniqueConstraint("key", name=op.f("uq_picture_key")),
    )
    with op.batch_alter_table("picture", schema=None) as batch_op:
        batch_op.create_index("ix_picture_place", ["place", "position"], unique=False)

    op.create_table(
        "rendering",
        sa.Column("file_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("reason", sa.String(length=20), nullable=False),
        sa.Column("pages", sa.Integer(), nullable=True),
        sa.Column("has_text", sa.Boolean(), nullable=True),
        sa.Column("is_signed", sa.Boolean(), nullable=True),
        sa.CheckConstraint("state IN ('waiting', 'ready', 'failed')", name=op.f("ck_rendering_state")),
        sa.ForeignKeyConstraint(["file_id"], ["file.id"], name=op.f("fk_rendering_file_id")),
        sa.PrimaryKeyConstraint("file_id", name=op.f("pk_rendering")),
    )
    op.create_table(
        "rendition",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("file_id", sa.Integer(), nullable=False),
        sa.Column("page", sa.Integer(), nullable=False),
        sa.Column("width", sa.Integer(), nullable=False),
        sa.Column("height", sa.Integer(), nullable=False),
        sa.Column("image_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["file_id"], ["file.id"], name=op.f("fk_rendition_file_id")),
        sa.ForeignKeyConstraint(["image_id"], ["file.id"], name=op.f("fk_rendition_image_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_rendition")),
        sa.UniqueConstraint("file_id", "page", "width", name=op.f("uq_rendition_file_id_page_width")),
    )
    op.create_table(
        "page_text",
        sa.Column("file_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("page", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["file_id"], ["file.id"], name=op.f("fk_page_text_file_id")),
        sa.PrimaryKeyConstraint("file_id", "page", name=op.f("pk_page_text")),
    )
    ask_for_what_is_attached()


def ask_for_what_is_attached() -> None:
    """Have the files rendered that stand on articles already."""
    file = sa.table("file", sa.column("id"), sa.column("kind"))
    attachment = sa.table("attachment", sa.column("file_id"))
    rendering = sa.table("rendering", *map(sa.column, ("file_id", "state", "reason")))
    job = sa.table("job", *map(sa.column, ("kind", "run_at", "attempts")), sa.column("payload", sa.JSON()))
    attached = sa.select(file.c.id).where(file.c.kind.in_(RENDERED), file.c.id.in_(sa.select(attachment.c.file_id)))
    ids = op.get_bind().scalars(attached.order_by(file.c.id)).all()
    now = int(time.time() * 1000)
    op.bulk_insert(rendering, [{"file_id": one, "state": "waiting", "reason": ""} for one in ids])
    op.bulk_insert(
        job,
        [{"kind": RENDER, "payload": {"file": one}, "run_at": now + n * APART_MS, "attempts": 0} for n, one in enumerate(ids)],
    )


def downgrade() -> None:
    job = sa.table("job", sa.column("kind"))
    op.execute(sa.delete(job).where(job.c.kind == RENDER))  # an older release could not do them
    op.drop_table("page_text")
    op.drop_table("rendition")
    op.drop_table("rendering")
    with op.batch_alter_table("picture", schema=None) as batch_op:
        batch_op.drop_index("ix_picture_place")

    op.drop_table("picture")
