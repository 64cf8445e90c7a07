"""Entries that are only added, each chained to the one before it, and the head that knows the newest."""

from sqlalchemy import CheckConstraint, Index, LargeBinary, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from portal.core.db import Instant, Model

SITE = 1
BEFORE_THE_FIRST = bytes(32)
"""What stands in the first entry where others have the hash of the one before."""

TRIGGERS = {
    "sqlite": {
        "audit_entry_follows",
        "audit_entry_moves_head",
        "audit_entry_no_update",
        "audit_entry_no_delete",
        "audit_head_goes_forward",
        "audit_head_no_insert",
        "audit_head_no_delete",
    },
    "postgresql": {
        "audit_entry_follows",
        "audit_entry_moves_head",
        "audit_entry_only_added",
        "audit_head_goes_forward",
        "audit_head_no_insert",
        "audit_head_stays",
    },
}
"""What guards the two tables in each database. A migration that makes a table anew has to make its triggers anew."""


class Entry(Model):
    """Who did what to which thing. `actor_id` has no foreign key: an entry outlives the person."""

    __tablename__ = "audit_entry"
    __table_args__ = (
        CheckConstraint("id >= 1", name="id"),
        Index("ix_audit_entry_at", "site_id", "at", "id"),
        Index("ix_audit_entry_action", "site_id", "action", "at", "id"),
        Index("ix_audit_entry_actor", "site_id", "actor_id", "at", "id"),
        Index("ix_audit_entry_thing", "site_id", "thing", "at", "id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    at: Mapped[Instant]
    site_id: Mapped[int]
    actor_id: Mapped[int | None]
    actor_name: Mapped[str] = mapped_column(String(120))
    action: Mapped[str] = mapped_column(String(40))
    thing: Mapped[str] = mapped_column(String(40))
    """Such as "user:12", or ""."""
    fields: Mapped[str] = mapped_column(Text)
    """JSON, as the hash was made over it."""
    previous_hash: Mapped[bytes] = mapped_column(LargeBinary(32))
    hash: Mapped[bytes] = mapped_column(LargeBinary(32))


class Head(Model):
    """The one row that knows the newest entry. A trigger moves it; whoever adds an entry locks it, so that two wait in line."""

    __tablename__ = "audit_head"
    __table_args__ = (CheckConstraint("id = 1", name="one"),)

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    last_id: Mapped[int]
    hash: Mapped[bytes] = mapped_column(LargeBinary(32))
