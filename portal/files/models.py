"""A file is bytes; an attachment is a name and a place, a picture words and a place. A rendering is what was made of a file."""

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, Index, LargeBinary, String, Text, UniqueConstraint, text
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

    rendering: Mapped["Rendering | None"] = relationship(viewonly=True, lazy="raise")


class Rendering(Model):
    """What a job makes of a file for the eye: a picture in several widths, or a PDF's pages. No row: nobody asked for it."""

    __tablename__ = "rendering"
    __table_args__ = (CheckConstraint("state IN ('waiting', 'ready', 'failed')", name="state"),)

    file_id: Mapped[int] = mapped_column(ForeignKey("file.id"), primary_key=True, autoincrement=False)
    state: Mapped[str] = mapped_column(String(10), default="waiting")
    reason: Mapped[str] = mapped_column(String(20), default="")
    """Why it failed, one of renditions.REASONS."""
    pages: Mapped[int | None]
    """How many a PDF has, shown or not."""
    has_text: Mapped[bool | None]
    """False for a PDF that is only pictures of its pages."""
    is_signed: Mapped[bool | None]
    """Whether a PDF holds a signature; nobody has looked whether that is valid."""


class Rendition(Model):
    """A WebP that was made of a file: the picture itself (page 0) in one width, or a page of a PDF."""

    __tablename__ = "rendition"
    __table_args__ = (UniqueConstraint("file_id", "page", "width"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    file_id: Mapped[int] = mapped_column(ForeignKey("file.id"))
    page: Mapped[int] = mapped_column(default=0)
    width: Mapped[int]
    height: Mapped[int]
    image_id: Mapped[int] = mapped_column(ForeignKey("file.id"))

    image: Mapped[File] = relationship(foreign_keys=[image_id], lazy="raise")


class PageText(Model):
    """The text of one page of a PDF, for ears and for search."""

    __tablename__ = "page_text"

    file_id: Mapped[int] = mapped_column(ForeignKey("file.id"), primary_key=True, autoincrement=False)
    page: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    text: Mapped[str] = mapped_column(Text)


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


class Picture(Model):
    """A file that is shown as a still picture at a place: before its text, or in its album."""

    __tablename__ = "picture"
    __table_args__ = (
        CheckConstraint("kind IN ('lead', 'album')", name="kind"),
        CheckConstraint("alt <> ''", name="alt"),
        Index("ix_picture_place", "place", "position"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(String(32), unique=True)
    file_id: Mapped[int] = mapped_column(ForeignKey("file.id"))
    place: Mapped[str] = mapped_column(String(40))
    kind: Mapped[str] = mapped_column(String(10))
    position: Mapped[int] = mapped_column(default=1)
    alt: Mapped[str] = mapped_column(String(500))
    """What it shows, for people who cannot see it."""
    caption: Mapped[str] = mapped_column(String(500), default="")
    credit: Mapped[str] = mapped_column(String(200), default="")
    """Who made it."""
    link: Mapped[str] = mapped_column(String(500), default="", server_default=text("''"))
    """Where the film lies that the picture stands for: at another site, which is not asked until somebody goes there. Or ""."""
