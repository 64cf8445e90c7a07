"""Articles completed"""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"

FEW = {"pinned": "pinned_until IS NOT NULL", "polled": "poll_id IS NOT NULL"}


def upgrade() -> None:
    with op.batch_alter_table("section", schema=None) as batch_op:
        batch_op.add_column(sa.Column("parent_id", sa.Integer(), nullable=True))
        batch_op.create_foreign_key(batch_op.f("fk_section_parent_id"), "section", ["parent_id"], ["id"])

    with op.batch_alter_table("article", schema=None) as batch_op:
        batch_op.add_column(sa.Column("photo_line", sa.String(length=200), server_default=sa.text("''"), nullable=False))
        batch_op.add_column(sa.Column("source_line", sa.String(length=200), server_default=sa.text("''"), nullable=False))
        batch_op.add_column(sa.Column("pinned_until", sa.BigInteger(), nullable=True))
        batch_op.add_column(sa.Column("withdrawn_reason", sa.String(length=300), server_default=sa.text("''"), nullable=False))
        batch_op.add_column(sa.Column("replaced_by_id", sa.Integer(), nullable=True))
        batch_op.create_foreign_key(batch_op.f("fk_article_replaced_by_id"), "article", ["replaced_by_id"], ["id"])
        batch_op.create_index("ix_article_language_published", ["language", "published_at"], unique=False)
        for few, rule in FEW.items():
            batch_op.create_index(
                f"ix_article_{few}",
                ["language", "published_at"],
                unique=False,
                sqlite_where=sa.text(rule),
                postgresql_where=sa.text(rule),
            )

    op.create_table(
        "article_correction",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("article_id", sa.Integer(), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["article_id"], ["article.id"], name=op.f("fk_article_correction_article_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_article_correction")),
    )
    with op.batch_alter_table("article_correction", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_article_correction_article_id"), ["article_id"], unique=False)

    op.create_table(
        "old_address",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("language", sa.String(length=5), nullable=False),
        sa.Column("path", sa.String(length=300), nullable=False),
        sa.Column("article_id", sa.Integer(), nullable=True),
        sa.Column("section_id", sa.Integer(), nullable=True),
        sa.CheckConstraint("(article_id IS NULL) <> (section_id IS NULL)", name=op.f("ck_old_address_leads_to_one")),
        sa.ForeignKeyConstraint(["article_id"], ["article.id"], name=op.f("fk_old_address_article_id")),
        sa.ForeignKeyConstraint(["section_id"], ["section.id"], name=op.f("fk_old_address_section_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_old_address")),
        sa.UniqueConstraint("language", "path", name=op.f("uq_old_address_language_path")),
    )


def downgrade() -> None:
    op.drop_table("old_address")
    op.drop_table("article_correction")
    with op.batch_alter_table("article", schema=None) as batch_op:
        for few in FEW:
            batch_op.drop_index(f"ix_article_{few}")
        batch_op.drop_index("ix_article_language_published")
        batch_op.drop_constraint(batch_op.f("fk_article_replaced_by_id"), type_="foreignkey")
        batch_op.drop_column("replaced_by_id")
        batch_op.drop_column("withdrawn_reason")
        batch_op.drop_column("pinned_until")
        batch_op.drop_column("source_line")
        batch_op.drop_column("photo_line")
    with op.batch_alter_table("section", schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f("fk_section_parent_id"), type_="foreignkey")
        batch_op.drop_column("parent_id")
