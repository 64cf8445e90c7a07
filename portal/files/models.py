"""A file is bytes; an attachment is a name and a place, a picture words and a place. A rendering is what was made of a file."""

from typing import Any

from sqlalchemy import JSON, BigInteger, CheckConstraint, ForeignKey, Index, LargeBinary, String, Text, UniqueConstraint, text
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
    """Whether a PDF holds a signature."""
    signatures: Mapped[list[dict[str, Any]] | None] = mapped_column(JSON(none_as_null=True))
    """What `signing.look` says of each signature of a PDF; None where nobody has looked, [] where that found out nothing."""


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
    replaced_at: Mapped[Instant | None]
    """Since when the public has another file here than it had first."""

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


class Upload(Model):
    """A file on its way here, piece by piece: what has come lies beside, under its key (`uploads`)."""

    __tablename__ = "upload"
    __table_args__ = (CheckConstraint("size > 0", name="size"), Index("ix_upload_place", "place", "user_id"))

    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(String(32), unique=True)
    """Random, made by the browser: by it an upload is gone on with after whatever happened."""
    user_id: Mapped[int] = mapped_column(ForeignKey("user.id"))
    place: Mapped[str] = mapped_column(String(40))
    name: Mapped[str] = mapped_column(String(255))
    size: Mapped[int] = mapped_column(BigInteger)
    modified: Mapped[Instant]
    """When the file was changed last, as the browser says: another file of the same name and size is not gone on with."""
    replaces: Mapped[str] = mapped_column(String(32), default="")
    """The key of the attachment that it takes the place of, or ""."""
    seen: Mapped[int | None]
    """The file that the attachment had when somebody chose to replace it."""
    begun_at: Mapped[Instant]
    file_id: Mapped[int | None] = mapped_column(ForeignKey("file.id"))
    """What it became; None while it is under way."""


class Item(Model):
    """A file as a unit's library has it: the words by which it is found, and those that go with it when it is used again."""

    __tablename__ = "library_item"
    __table_args__ = (
        UniqueConstraint("file_id", "unit_id"),
        Index("ix_library_item_unit", "unit_id", "id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    file_id: Mapped[int] = mapped_column(ForeignKey("file.id"))
    unit_id: Mapped[int | None] = mapped_column(ForeignKey("unit.id"))
    """Whose it is; None: nobody's of the units."""
    name: Mapped[str] = mapped_column(String(255))
    alt: Mapped[str] = mapped_column(String(500), default="")
    credit: Mapped[str] = mapped_column(String(200), default="")
    folded: Mapped[str] = mapped_column(String(1000))
    """Name, alt and credit as `core.text.fold` returns them, to look for."""
    added_by: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    added_at: Mapped[Instant]

    file: Mapped[File] = relationship(lazy="raise")


class Use(Model):
    """That a thing shows a file: what the public sees ("article:12"), or a text in the making ("draft:12")."""

    __tablename__ = "file_use"

    place: Mapped[str] = mapped_column(String(40), primary_key=True)
    file_id: Mapped[int] = mapped_column(ForeignKey("file.id"), primary_key=True, index=True, autoincrement=False)
