"""Polls that are drafts or stand on the home page; ballots that are changed or set aside"""

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"

UNCOUNTED = sa.text("status <> 'counted'")


def upgrade() -> None:
    # Defaults stay: the release before goes on writing while this one starts.
    with op.batch_alter_table("poll", schema=None) as batch_op:
        batch_op.add_column(sa.Column("published_at", sa.BigInteger(), nullable=True))
        for name in ("may_change", "on_home"):
            batch_op.add_column(sa.Column(name, sa.Boolean(), server_default=sa.false(), nullable=False))
        batch_op.add_column(sa.Column("allowance", sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column("uncounted", sa.Integer(), server_default="0", nullable=False))
        batch_op.create_check_constraint("uncounted", "uncounted >= 0")
        batch_op.create_check_constraint("allowance", "allowance > 0")
    op.get_bind().execute(sa.text("UPDATE poll SET published_at = created_at"))  # until now everybody could see all
    with op.batch_alter_table("ballot", schema=None) as batch_op:
        batch_op.add_column(sa.Column("channel", sa.String(length=10), server_default="page", nullable=False))
        batch_op.add_column(sa.Column("changes", sa.Integer(), server_default="0", nullable=False))
        batch_op.add_column(sa.Column("changed_by", sa.LargeBinary(length=16), nullable=True))
        batch_op.create_index(
            "ix_ballot_uncounted", ["poll_id", "status"], unique=False, sqlite_where=UNCOUNTED, postgresql_where=UNCOUNTED
        )
    _create_tables()


def _create_tables() -> None:
    op.create_table(
        "ballot_mark",
        sa.Column("ballot_id", sa.Integer(), nullable=False),
        sa.Column("poll_id", sa.Integer(), nullable=False),
        sa.Column("network", sa.LargeBinary(length=8), nullable=False),
        sa.Column("likeness", sa.LargeBinary(length=2), nullable=False),
        sa.Column("hour", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["ballot_id"], ["ballot.id"], name=op.f("fk_ballot_mark_ballot_id")),
        sa.ForeignKeyConstraint(["poll_id"], ["poll.id"], name=op.f("fk_ballot_mark_poll_id")),
        sa.PrimaryKeyConstraint("ballot_id", name=op.f("pk_ballot_mark")),
    )
    op.create_index("ix_ballot_mark_network", "ballot_mark", ["poll_id", "network", "hour"], unique=False)
    op.create_table(
        "poll_network",
        sa.Column("poll_id", sa.Integer(), nullable=False),
        sa.Column("network", sa.LargeBinary(length=8), nullable=False),
        sa.Column("hour", sa.Integer(), nullable=False),
        sa.Column("counted", sa.Integer(), nullable=False),
        sa.CheckConstraint("counted >= 0", name=op.f("ck_poll_network_counted")),
        sa.ForeignKeyConstraint(["poll_id"], ["poll.id"], name=op.f("fk_poll_network_poll_id")),
        sa.PrimaryKeyConstraint("poll_id", "network", "hour", name=op.f("pk_poll_network")),
    )


def downgrade() -> None:
    op.drop_table("poll_network")
    op.drop_table("ballot_mark")
    with op.batch_alter_table("ballot", schema=None) as batch_op:
        batch_op.drop_index("ix_ballot_uncounted")
        for name in ("changed_by", "changes", "channel"):
            batch_op.drop_column(name)
    with op.batch_alter_table("poll", schema=None) as batch_op:
        for name in ("uncounted", "allowance"):
            batch_op.drop_constraint(op.f(f"ck_poll_{name}"), type_="check")
        for name in ("uncounted", "allowance", "on_home", "may_change", "published_at"):
            batch_op.drop_column(name)
