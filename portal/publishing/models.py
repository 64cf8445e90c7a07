"""Pieces and their revisions, the steps that were taken, links to a preview, and who has a piece open."""

from typing import Any, TypeAlias

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, LargeBinary, String, Text, UniqueConstraint
from sqlalchemy import text as sql
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.core.db import Instant, Model

Content: TypeAlias = dict[str, Any]
"""What somebody wrote: flat, strings and numbers by the names that its kind declares."""
NEVER = 0
"""The instant of what has not happened."""
KEPT = sql("kind = 'kept'")


class Piece(Model):
    """Something that is written, reviewed and published: an article in the making. What the public sees is its thing.

    `state` is how far the text has come, `standing` whether the public sees a copy; the two together have a name (`states`).
    """

    __tablename__ = "piece"
    __table_args__ = (
        CheckConstraint("state IN ('draft', 'in_review', 'returned', 'approved', 'scheduled', 'settled')", name="state"),
        CheckConstraint("standing IN ('unpublished', 'published', 'withdrawn')", name="standing"),
        UniqueConstraint("kind", "thing_id"),
        Index("ix_piece_state", "state", "standing", "changed_at"),
        Index("ix_piece_published", "state", "standing", "published_at"),
        Index("ix_piece_unit", "unit_id", "changed_at"),
        Index("ix_piece_author", "author_id", "changed_at"),
        Index("ix_piece_changed", "changed_at", "id"),
        Index("ix_piece_shelf", "shelf_id", "changed_at"),
        Index("ix_piece_unchecked", "check_until"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    site_id: Mapped[int] = mapped_column(ForeignKey("site.id"))
    kind: Mapped[str] = mapped_column(String(20))
    language: Mapped[str] = mapped_column(String(5))
    unit_id: Mapped[int | None] = mapped_column(ForeignKey("unit.id"))
    """Whose it is; None: nobody's of the units, so that only who reaches everything reaches it."""
    author_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    title: Mapped[str] = mapped_column(String(300))
    """As in its present revision, for lists."""
    title_folded: Mapped[str] = mapped_column(String(300))
    """The same as `core.text.fold` returns it, to look for."""
    shelf_id: Mapped[int | None]
    """Where its kind files it, for lists: an article's section."""
    state: Mapped[str] = mapped_column(String(10), default="draft")
    standing: Mapped[str] = mapped_column(String(12), default="unpublished")
    head: Mapped[int] = mapped_column(default=0)
    """The number of the present revision."""
    public: Mapped[int | None]
    """The number of the revision that the public sees, or will see at its minute."""
    thing_id: Mapped[int | None]
    """The row of its kind that the public sees; None until something was put there."""
    created_at: Mapped[Instant]
    changed_at: Mapped[Instant]
    """When its text or its state changed last."""
    published_at: Mapped[Instant] = mapped_column(default=NEVER, server_default=sql(str(NEVER)))
    """When the public saw it first, NEVER where it has not."""
    waits_since: Mapped[Instant | None]
    """Since when it waits for somebody else: in review, or returned."""
    publish_at: Mapped[Instant | None]
    """Its minute, while it is scheduled."""
    check_until: Mapped[Instant | None]
    """Until when a second person should have looked at what was published urgently; None where nobody needs to."""

    author: Mapped[Any] = relationship("User", foreign_keys=[author_id], lazy="raise", viewonly=True)
    unit: Mapped[Any] = relationship("Unit", foreign_keys=[unit_id], lazy="raise", viewonly=True)

    @property
    def place(self) -> str:
        """Its key in the log."""
        return f"piece:{self.id}"


class Revision(Model):
    """One state of a piece's text, kept for ever unless it is an autosave that later ones made needless."""

    __tablename__ = "revision"
    __table_args__ = (
        UniqueConstraint("piece_id", "number"),
        UniqueConstraint("piece_id", "save_key"),
        CheckConstraint("kind IN ('first', 'auto', 'saved', 'kept', 'restored')", name="kind"),
        Index("ix_revision_author", "author_id", "at"),
        Index("ix_revision_kept", "at", sqlite_where=KEPT, postgresql_where=KEPT),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    piece_id: Mapped[int] = mapped_column(ForeignKey("piece.id"))
    number: Mapped[int]
    base: Mapped[int] = mapped_column(default=0)
    """The number of the revision that its author had before them; 0: none."""
    kind: Mapped[str] = mapped_column(String(10))
    """"kept" beside the others: a save on an older base, or of a text that has gone on without it."""
    author_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    at: Mapped[Instant]
    name: Mapped[str] = mapped_column(String(120), default="")
    """What its author called it, "" mostly."""
    save_key: Mapped[bytes | None] = mapped_column(LargeBinary(16))
    """The random key of the save that made it, so that one sent twice is stored once."""
    digest: Mapped[bytes] = mapped_column(LargeBinary(32))
    """SHA-256 of the content's one written form."""
    content: Mapped[Content] = mapped_column(JSON)

    author: Mapped[Any] = relationship("User", foreign_keys=[author_id], lazy="raise", viewonly=True)


class Taken(Model):
    """A step that somebody took with a piece; never changed. What the log must not hold, such as reasons, stands here."""

    __tablename__ = "piece_step"
    __table_args__ = (Index("ix_piece_step_piece", "piece_id", "id"), Index("ix_piece_step_at", "at", "id"))

    id: Mapped[int] = mapped_column(primary_key=True)
    piece_id: Mapped[int] = mapped_column(ForeignKey("piece.id"))
    at: Mapped[Instant]
    actor_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    """None: the clock."""
    step: Mapped[str] = mapped_column(String(20))
    number: Mapped[int]
    """The revision that it was taken with."""
    remark: Mapped[str] = mapped_column(Text, default="")
    detail: Mapped[Content] = mapped_column(JSON)
    """What else was said, as `acts.Given.detail` returns it: {"at": instant} of a schedule, {"leader": {"who", …}}."""

    actor: Mapped[Any] = relationship("User", foreign_keys=[actor_id], lazy="raise", viewonly=True)
    piece: Mapped[Piece] = relationship(lazy="raise", viewonly=True)


class PreviewLink(Model):
    """A link that shows a piece to whoever has it, read-only, until it expires or is revoked."""

    __tablename__ = "preview_link"

    id: Mapped[int] = mapped_column(primary_key=True)
    key_hash: Mapped[bytes] = mapped_column(LargeBinary(32), unique=True)
    piece_id: Mapped[int] = mapped_column(ForeignKey("piece.id"), index=True)
    number: Mapped[int]
    """The revision that it shows."""
    made_by: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    made_at: Mapped[Instant]
    expires_at: Mapped[Instant]
    revoked_at: Mapped[Instant | None]

    maker: Mapped[Any] = relationship("User", foreign_keys=[made_by], lazy="raise", viewonly=True)


class ApprovalRule(Model):
    """Whether a second person approves what somebody wrote, on a site that has said so or not; it does where nothing was said."""

    __tablename__ = "approval_rule"

    site_id: Mapped[int] = mapped_column(ForeignKey("site.id"), primary_key=True)
    by_second_person: Mapped[bool]


class Presence(Model):
    """Somebody who has a piece open; as good as gone some time after `seen_at`."""

    __tablename__ = "piece_presence"

    piece_id: Mapped[int] = mapped_column(ForeignKey("piece.id", ondelete="CASCADE"), primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("user.id", ondelete="CASCADE"), primary_key=True)
    seen_at: Mapped[Instant]

    user: Mapped[Any] = relationship("User", foreign_keys=[user_id], lazy="raise", viewonly=True)
