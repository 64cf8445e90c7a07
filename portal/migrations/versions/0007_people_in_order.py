"""People in order"""

import re
import unicodedata

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"


def upgrade() -> None:
    with op.batch_alter_table("user", schema=None) as batch_op:
        batch_op.add_column(sa.Column("sorted_as", sa.String(length=240), server_default=sa.text("''"), nullable=False))
        batch_op.create_index("ix_user_sorted_as", ["sorted_as", "id"], unique=False)
    people = sa.table("user", sa.column("id"), sa.column("name"), sa.column("sorted_as"))
    for number, name in op.get_bind().execute(sa.select(people.c.id, people.c.name)).all():
        op.execute(sa.update(people).where(people.c.id == number).values(sorted_as=_key(name)))


def _key(name: str) -> str:
    """Return what `accounts.names.sorting_key` returned when this was written."""
    bare = "".join(sign for sign in unicodedata.normalize("NFD", name) if not unicodedata.combining(sign))
    words = re.findall(r"[^\W_]+", bare.lower().replace("đ", "d").replace("ð", "d"))
    return " ".join(words[-1:] + words[:-1])


def downgrade() -> None:
    with op.batch_alter_table("user", schema=None) as batch_op:
        batch_op.drop_index("ix_user_sorted_as")
        batch_op.drop_column("sorted_as")
