"""When pieces were published"""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"

KEPT = sa.text("kind = 'kept'")
AS_ITS_ARTICLE_SAYS = sa.text("""
    UPDATE piece SET published_at = (SELECT article.published_at FROM article WHERE article.id = piece.thing_id)
    WHERE kind = 'article' AND standing <> 'unpublished' AND thing_id IS NOT NULL
""")


def upgrade() -> None:
    # What the release before publishes while this runs has the default: it stands last among what is published.
    with op.batch_alter_table("piece", schema=None) as batch_op:
        batch_op.add_column(sa.Column("published_at", sa.BigInteger(), server_default=sa.text("0"), nullable=False))
        batch_op.create_index("ix_piece_published", ["state", "standing", "published_at"], unique=False)
    op.get_bind().execute(AS_ITS_ARTICLE_SAYS)
    with op.batch_alter_table("revision", schema=None) as batch_op:
        batch_op.create_index("ix_revision_kept", ["at"], unique=False, sqlite_where=KEPT, postgresql_where=KEPT)


def downgrade() -> None:
    with op.batch_alter_table("revision", schema=None) as batch_op:
        batch_op.drop_index("ix_revision_kept")
    with op.batch_alter_table("piece", schema=None) as batch_op:
        batch_op.drop_index("ix_piece_published")
        batch_op.drop_column("published_at")
