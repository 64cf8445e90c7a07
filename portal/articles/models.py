"""Sections and articles, and the one rule about what the public may see of them."""

from sqlalchemy import ForeignKey, Index, Select, String, Text, UniqueConstraint, func, select
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.core import clock, language
from portal.core.db import Instant, Model, db


class Section(Model):
    """A heading under which articles are filed, in one language."""

    __tablename__ = "section"
    __table_args__ = (UniqueConstraint("site_id", "language", "slug"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    site_id: Mapped[int] = mapped_column(ForeignKey("site.id"))
    language: Mapped[str] = mapped_column(String(5))
    translation_group: Mapped[str] = mapped_column(String(32), index=True)
    """Shared by the same section in other languages."""
    slug: Mapped[str] = mapped_column(String(80))
    name: Mapped[str] = mapped_column(String(120))
    position: Mapped[int]


class Article(Model):
    """A published text. One with published_at in the future is scheduled, and invisible until then."""

    __tablename__ = "article"
    __table_args__ = (Index("ix_article_section_published", "section_id", "published_at"),)

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
    published_at: Mapped[Instant] = mapped_column(index=True)
    updated_at: Mapped[Instant | None]
    withdrawn_at: Mapped[Instant | None]
    poll_id: Mapped[int | None] = mapped_column(ForeignKey("poll.id"))

    section: Mapped[Section] = relationship(lazy="joined", innerjoin=True)

    @property
    def place(self) -> str:
        """Its key for attachments and page views."""
        return f"article:{self.id}"


def visible(now: int) -> Select[Article]:
    """Select what the public may see at an instant, newest first: the one rule for pages, lists, feeds and files."""
    published = select(Article).where(Article.published_at <= now, Article.withdrawn_at.is_(None))
    return published.order_by(Article.published_at.desc(), Article.id.desc())


def in_language(now: int) -> Select[Article]:
    """Select what is visible in the language of the request."""
    return visible(now).where(Article.language == language.current())


def is_public(article_id: int) -> bool:
    """Tell whether the public may see an article now, in whatever language."""
    return db.session.scalar(visible(clock.now_ms()).where(Article.id == article_id)) is not None


def next_publication(now: int) -> int | None:
    """Return the instant at which the next scheduled article appears, None where none is scheduled."""
    return db.session.scalar(select(func.min(Article.published_at)).where(Article.published_at > now))
