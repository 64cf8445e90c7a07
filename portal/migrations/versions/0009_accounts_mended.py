"""Accounts mended"""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"


def upgrade() -> None:
    # user.totp_step stays, for the release before reads and writes it while this runs.
    op.create_table(
        "used_code",
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("step", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["user_id"], ["user.id"], name=op.f("fk_used_code_user_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("user_id", "step", name=op.f("pk_used_code")),
    )
    with op.batch_alter_table("used_code", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_used_code_step"), ["step"], unique=False)
    op.drop_table("passkey_challenge")  # its rows were good for five minutes
    _create_challenges()


def downgrade() -> None:
    op.drop_table("passkey_challenge")
    _create_challenges(sa.Column("challenge", sa.LargeBinary(length=32), nullable=False))
    op.drop_table("used_code")


def _create_challenges(*more: sa.Column[bytes]) -> None:
    op.create_table(
        "passkey_challenge",
        sa.Column("hash", sa.LargeBinary(length=32), nullable=False),
        *more,
        sa.Column("expires_at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("hash", name=op.f("pk_passkey_challenge")),
    )
    with op.batch_alter_table("passkey_challenge", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_passkey_challenge_expires_at"), ["expires_at"], unique=False)
