"""Settings"""

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"

LINES = ("licence", "licence_en")


def _added() -> dict[str, list[sa.Column[Any]]]:
    """Return what tables get; code that does not know it goes on as before."""
    lines: list[sa.Column[Any]] = [
        sa.Column(name, sa.String(length=300), server_default=sa.text("''"), nullable=False) for name in LINES
    ]
    site: list[sa.Column[Any]] = [
        *lines,
        sa.Column("emblem", sa.String(length=32), server_default=sa.text("''"), nullable=False),
        sa.Column("unshown_figures", sa.String(length=100), server_default=sa.text("''"), nullable=False),
        sa.Column("largest_upload_mb", sa.Integer(), server_default=sa.text("100"), nullable=False),
        sa.Column("quota_gb", sa.Integer(), server_default=sa.text("50"), nullable=False),
    ]
    flags = {"menu_item": "hidden", "page": "hidden", "section": "closed"}
    flagged: dict[str, list[sa.Column[Any]]] = {
        table: [sa.Column(name, sa.Boolean(), server_default=sa.false(), nullable=False)] for table, name in flags.items()
    }
    return {"site": site} | flagged


def upgrade() -> None:
    for table, columns in _added().items():
        with op.batch_alter_table(table, schema=None) as batch_op:
            for column in columns:
                batch_op.add_column(column)
    op.create_table(
        "setting_change",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("site_id", sa.Integer(), nullable=False),
        sa.Column("setting", sa.String(length=40), nullable=False),
        sa.Column("author_id", sa.Integer(), nullable=True),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("before", sa.JSON(), nullable=False),
        sa.Column("after", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(["author_id"], ["user.id"], name=op.f("fk_setting_change_author_id")),
        sa.ForeignKeyConstraint(["site_id"], ["site.id"], name=op.f("fk_setting_change_site_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_setting_change")),
    )
    with op.batch_alter_table("setting_change", schema=None) as batch_op:
        batch_op.create_index("ix_setting_change_setting", ["site_id", "setting", "id"], unique=False)


def downgrade() -> None:
    op.drop_table("setting_change")
    for table, columns in _added().items():
        with op.batch_alter_table(table, schema=None) as batch_op:
            for column in columns:
                batch_op.drop_column(column.name)
