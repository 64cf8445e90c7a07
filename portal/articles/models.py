"""Sections and articles, and the one rule about what the public may see of them."""

from sqlalchemy import CheckConstraint, ForeignKey, Index, Select, String, Text, UniqueConstraint, false, func, select
from sqlalchemy import text as sql
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.core import clock, language
from portal.core.db import Instant, Model, db

EMPTY = sql("''")
FEW = {"pinned": "pinned_until IS NOT NULL", "polled": "poll_id IS NOT NULL"}
"""What few articles have, and is asked for among all: these have an index of their own, in which nothing is passed over."""


class Section(Model):
    """A heading under which articles are filed, in one language; it may stand under another."""

    __tablename__ = "section"
    __table_args__ = (UniqueConstraint("site_id", "language", "slug"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    site_id: Mapped[int] = mapped_column(ForeignKey("site.id"))
    language: Mapped[str] = mapped_column(String(5))
    translation_group: Mapped[str] = mapped_column(String(32), index=True)
    """Shared by the same section in other languages."""
    parent_id: Mapped[int | None] = mapped_column(ForeignKey("section.id"))
    slug: Mapped[str] = mapped_column(String(80))
    name: Mapped[str] = mapped_column(String(120))
    position: Mapped[int]
    review_hours: Mapped[int | None]
    """Within how many hours somebody answers what was sent to review; None: nobody has said."""
    closed: Mapped[bool] = mapped_column(default=False, server_default=false())
    """Whether it takes nothing new, and menus leave it out; what stands there is read as before."""


class Article(Model):
    """A published text. One with published_at in the future is scheduled, and invisible until then."""

    __tablename__ = "article"
    __table_args__ = (
        Index("ix_article_section_published", "section_id", "published_at"),
        Index("ix_article_language_published", "language", "published_at"),
        *(
            Index(f"ix_article_{few}", "language", "published_at", sqlite_where=sql(rule), postgresql_where=sql(rule))
            for few, rule in FEW.items()
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    section_id: Mapped[int] = mapped_column(ForeignKey("section.id"))
    language: Mapped[str] = mapped_column(String(5))
    translation_group: Mapped[str] = mapped_column(String(32), index=True)
    title: Mapped[str] = mapped_column(String(300))
    slug: Mapped[str] = mapped_column(String(80))
    lead: Mapped[str] = mapped_column(Text, default="")
    body: Mapped[str] = mapped_column(Text)
    """Clean HTML, as core.html.clean returns it."""
    author_line: Mapped[str] = mapped_column(String(200), default="")
    photo_line: Mapped[str] = mapped_column(String(200), default="", server_default=EMPTY)
    source_line: Mapped[str] = mapped_column(String(200), default="", server_default=EMPTY)
    genre: Mapped[str] = mapped_column(String(10), default="", server_default=EMPTY)
    """Which kind of text it is, one of content.GENRES."""
    published_at: Mapped[Instant] = mapped_column(index=True)
    updated_at: Mapped[Instant | None]
    pinned_until: Mapped[Instant | None]
    withdrawn_at: Mapped[Instant | None]
    withdrawn_reason: Mapped[str] = mapped_column(String(300), default="", server_default=EMPTY)
    """Said to everybody who asks for it."""
    replaced_by_id: Mapped[int | None] = mapped_column(ForeignKey("article.id"))
    """The article to read instead of a withdrawn one."""
    poll_id: Mapped[int | None] = mapped_column(ForeignKey("poll.id"))

    section: Mapped[Section] = relationship(lazy="joined", innerjoin=True)

    @property
    def place(self) -> str:
        """Its key for attachments and page views."""
        return f"article:{self.id}"


class Correction(Model):
    """What was wrong in a published text, and what stands there now; said in public (đính chính)."""

    __tablename__ = "article_correction"

    id: Mapped[int] = mapped_column(primary_key=True)
    article_id: Mapped[int] = mapped_column(ForeignKey("article.id"), index=True)
    at: Mapped[Instant]
    text: Mapped[str] = mapped_column(Text)


class OldAddress(Model):
    """A path that an article or a section once had, here or on a former site; it leads there for ever."""

    __tablename__ = "old_address"
    __table_args__ = (
        UniqueConstraint("language", "path"),
        CheckConstraint("(article_id IS NULL) <> (section_id IS NULL)", name="leads_to_one"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    language: Mapped[str] = mapped_column(String(5))
    path: Mapped[str] = mapped_column(String(300))
    """Without the language's prefix; with the query where the former site told its pages apart by it."""
    article_id: Mapped[int | None] = mapped_column(ForeignKey("article.id"))
    section_id: Mapped[int | None] = mapped_column(ForeignKey("section.id"))


def visible(now: int) -> Select[Article]:
    """Select what the public may see at an instant, newest first: the one rule for pages, lists, feeds and files."""
    published = select(Article).where(Article.published_at <= now, Article.withdrawn_at.is_(None))
    return published.order_by(Article.published_at.desc(), Article.id.desc())


def in_language(now: int) -> Select[Article]:
    """Select what is visible in the language of the request."""
    return visible(now).where(Article.language == language.current())


def pinned(now: int) -> Select[Article]:
    """Select what is visible and pinned (ghim) in the language of the request."""
    return in_language(now).where(Article.pinned_until > now)


def is_public(article_id: int) -> bool:
    """Tell whether the public may see an article now, in whatever language."""
    return db.session.scalar(visible(clock.now_ms()).where(Article.id == article_id)) is not None


def next_publication(now: int) -> int | None:
    """Return the instant at which the next scheduled article appears, None where none is scheduled."""
    return db.session.scalar(select(func.min(Article.published_at)).where(Article.published_at > now))
