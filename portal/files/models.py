"""A file is bytes; an attachment is a name and a place."""

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, Index, LargeBinary, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.core.db import Instant, Model


class File(Model):
    """Bytes, stored once under a random name outside every public folder."""

    __tablename__ = "file"
    __table_args__ = (CheckConstraint("size >= 0", name="size"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    sha256: Mapped[bytes] = mapped_column(LargeBinary(32), unique=True)
    size: Mapped[int] = mapped_column(BigInteger)
    kind: Mapped[str] = mapped_column(String(100))
    """The media type by content, never by what an uploader said."""
    stored_as: Mapped[str] = mapped_column(String(64), unique=True)
    created_at: Mapped[Instant]


class Attachment(Model):
    """A file under its real name at a place, such as "article:12"."""

    __tablename__ = "attachment"
    __table_args__ = (Index("ix_attachment_place", "place", "position"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(String(32), unique=True)
    """What the public sees instead of the id: random, not to be guessed."""
    file_id: Mapped[int] = mapped_column(ForeignKey("file.id"))
    place: Mapped[str] = mapped_column(String(40))
    name: Mapped[str] = mapped_column(String(255))
    """As its author named it, in NFC, without controls."""
    position: Mapped[int] = mapped_column(default=1)

    file: Mapped[File] = relationship(lazy="joined", innerjoin=True)
