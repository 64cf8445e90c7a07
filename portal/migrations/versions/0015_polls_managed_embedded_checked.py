"""Polls that editors manage, other sites embed and voters check"""

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"


def upgrade() -> None:
    # Defaults stay: the release before goes on writing while this one starts.
    with op.batch_alter_table("poll", schema=None) as batch_op:
        batch_op.add_column(sa.Column("language", sa.String(length=5), server_default="vi", nullable=False))
        batch_op.add_column(sa.Column("edits", sa.Integer(), server_default="0", nullable=False))
        batch_op.add_column(sa.Column("shuffled", sa.Boolean(), server_default=sa.false(), nullable=False))
        batch_op.add_column(sa.Column("sites", sa.Text(), server_default=sa.text("''"), nullable=False))
        batch_op.add_column(sa.Column("checkable", sa.Boolean(), server_default=sa.false(), nullable=False))
        batch_op.add_column(sa.Column("listed_root", sa.LargeBinary(length=32), nullable=True))
        batch_op.add_column(sa.Column("listed_at", sa.BigInteger(), nullable=True))
    with op.batch_alter_table("poll_choice", schema=None) as batch_op:
        batch_op.add_column(sa.Column("picture_key", sa.String(length=32), server_default=sa.text("''"), nullable=False))
    op.create_table(
        "poll_listing",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("poll_id", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(length=9), nullable=False),
        sa.Column("counted", sa.Boolean(), nullable=False),
        sa.Column("choices", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(["poll_id"], ["poll.id"], name=op.f("fk_poll_listing_poll_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_poll_listing")),
    )
    op.create_index("ix_poll_listing_code", "poll_listing", ["poll_id", "code"], unique=False)


def downgrade() -> None:
    op.drop_table("poll_listing")
    with op.batch_alter_table("poll_choice", schema=None) as batch_op:
        batch_op.drop_column("picture_key")
    with op.batch_alter_table("poll", schema=None) as batch_op:
        for name in ("listed_at", "listed_root", "checkable", "sites", "shuffled", "edits", "language"):
            batch_op.drop_column(name)
