"""Audit"""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"

FOLLOWS = "EXISTS (SELECT 1 FROM audit_head WHERE last_id = NEW.id - 1 AND hash = NEW.previous_hash)"
GOES_FORWARD = """NEW.id = OLD.id AND NEW.last_id = OLD.last_id + 1 AND EXISTS (
    SELECT 1 FROM audit_entry WHERE id = NEW.last_id AND previous_hash = OLD.hash AND hash = NEW.hash
)"""
MOVE = "UPDATE audit_head SET last_id = NEW.id, hash = NEW.hash WHERE id = 1;"


def upgrade() -> None:
    op.create_table(
        "audit_entry",
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("site_id", sa.Integer(), nullable=False),
        sa.Column("actor_id", sa.Integer(), nullable=True),
        sa.Column("actor_name", sa.String(length=120), nullable=False),
        sa.Column("action", sa.String(length=40), nullable=False),
        sa.Column("thing", sa.String(length=40), nullable=False),
        sa.Column("fields", sa.Text(), nullable=False),
        sa.Column("previous_hash", sa.LargeBinary(length=32), nullable=False),
        sa.Column("hash", sa.LargeBinary(length=32), nullable=False),
        sa.CheckConstraint("id >= 1", name=op.f("ck_audit_entry_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_audit_entry")),
    )
    with op.batch_alter_table("audit_entry", schema=None) as batch_op:
        batch_op.create_index("ix_audit_entry_action", ["site_id", "action", "at", "id"], unique=False)
        batch_op.create_index("ix_audit_entry_actor", ["site_id", "actor_id", "at", "id"], unique=False)
        batch_op.create_index("ix_audit_entry_at", ["site_id", "at", "id"], unique=False)
        batch_op.create_index("ix_audit_entry_thing", ["site_id", "thing", "at", "id"], unique=False)

    head = op.create_table(
        "audit_head",
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("last_id", sa.Integer(), nullable=False),
        sa.Column("hash", sa.LargeBinary(length=32), nullable=False),
        sa.CheckConstraint("id = 1", name=op.f("ck_audit_head_one")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_audit_head")),
    )
    op.bulk_insert(head, [{"id": 1, "last_id": 0, "hash": bytes(32)}])
    if op.get_bind().dialect.name == "sqlite":
        guard_on_sqlite()
    else:
        guard_on_postgresql()


def guard_on_sqlite() -> None:
    """REPLACE deletes without a trigger; what may be inserted leaves it nothing to replace."""

    def refuse(name: str, event: str, unless: str = "0") -> None:
        op.execute(
            f"CREATE TRIGGER {name} BEFORE {event} FOR EACH ROW WHEN NOT ({unless}) "
            f"BEGIN SELECT RAISE(ABORT, 'refused by {name}'); END"
        )

    refuse("audit_entry_follows", "INSERT ON audit_entry", FOLLOWS)
    refuse("audit_entry_no_update", "UPDATE ON audit_entry")
    refuse("audit_entry_no_delete", "DELETE ON audit_entry")
    refuse("audit_head_goes_forward", "UPDATE ON audit_head", GOES_FORWARD)
    refuse("audit_head_no_insert", "INSERT ON audit_head")
    refuse("audit_head_no_delete", "DELETE ON audit_head")
    op.execute(f"CREATE TRIGGER audit_entry_moves_head AFTER INSERT ON audit_entry FOR EACH ROW BEGIN {MOVE} END")


def guard_on_postgresql() -> None:
    refused = "RAISE EXCEPTION 'refused by %', TG_NAME USING ERRCODE = 'restrict_violation';"
    functions = {
        "audit_refuse": refused,
        "audit_follow": f"IF NOT ({FOLLOWS}) THEN {refused} END IF; RETURN NEW;",
        "audit_move_head": f"{MOVE} RETURN NULL;",
        "audit_go_forward": f"IF NOT ({GOES_FORWARD}) THEN {refused} END IF; RETURN NEW;",
    }
    for name, body in functions.items():
        op.execute(f"CREATE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN {body} END $$")
    for name, event, function in (
        ("audit_entry_follows", "BEFORE INSERT ON audit_entry FOR EACH ROW", "audit_follow"),
        ("audit_entry_moves_head", "AFTER INSERT ON audit_entry FOR EACH ROW", "audit_move_head"),
        ("audit_entry_only_added", "BEFORE UPDATE OR DELETE OR TRUNCATE ON audit_entry FOR EACH STATEMENT", "audit_refuse"),
        ("audit_head_goes_forward", "BEFORE UPDATE ON audit_head FOR EACH ROW", "audit_go_forward"),
        ("audit_head_no_insert", "BEFORE INSERT ON audit_head FOR EACH STATEMENT", "audit_refuse"),
        ("audit_head_stays", "BEFORE DELETE OR TRUNCATE ON audit_head FOR EACH STATEMENT", "audit_refuse"),
    ):
        op.execute(f"CREATE TRIGGER {name} {event} EXECUTE FUNCTION {function}()")


def downgrade() -> None:
    op.drop_table("audit_head")
    op.drop_table("audit_entry")
    if op.get_bind().dialect.name == "postgresql":
        for name in ("audit_refuse", "audit_follow", "audit_move_head", "audit_go_forward"):
            op.execute(f"DROP FUNCTION {name}()")
