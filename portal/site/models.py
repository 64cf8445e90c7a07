"""The agency's data: what the masthead, the menu and the footer print, and the static pages."""

from datetime import date

from sqlalchemy import CheckConstraint, Date, ForeignKey, Index, String, Text, UniqueConstraint, false
from sqlalchemy import text as sql
from sqlalchemy.orm import Mapped, mapped_column

from portal.core.db import Instant, Model

EMPTY = sql("''")
ADDRESS = (
    "substr(url, 1, 1) = '/' AND substr(url, 2, 1) NOT IN ('/', '\\')"
    " OR substr(url, 1, 8) = 'https://' OR substr(url, 1, 7) = 'http://'"
)
"""What the database takes for an address: a path of this site or a page of another; never "javascript:",
nor "//host" or "/\\host", which browsers take for another."""


class Site(Model):
    """One agency's site. An instance serves the first; the column site_id elsewhere leaves room for several.

    An empty English value leaves the Vietnamese one standing.
    """

    __tablename__ = "site"
    __table_args__ = (
        CheckConstraint("palette IN ('co-vit', 'cham', 'gom', 'than')", name="palette"),
        CheckConstraint("mourning_until >= mourning_from", name="mourning"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(200))
    locality: Mapped[str] = mapped_column(String(200), default="")
    name_en: Mapped[str] = mapped_column(String(200), default="")
    locality_en: Mapped[str] = mapped_column(String(200), default="")
    governing_body: Mapped[str] = mapped_column(String(200), default="")
    governing_body_en: Mapped[str] = mapped_column(String(200), default="", server_default=EMPTY)
    responsible: Mapped[str] = mapped_column(String(200), default="")
    responsible_en: Mapped[str] = mapped_column(String(200), default="", server_default=EMPTY)
    address: Mapped[str] = mapped_column(String(300), default="")
    address_en: Mapped[str] = mapped_column(String(300), default="", server_default=EMPTY)
    telephone: Mapped[str] = mapped_column(String(40), default="")
    hotline: Mapped[str] = mapped_column(String(40), default="")
    email: Mapped[str] = mapped_column(String(254), default="")
    hours: Mapped[str] = mapped_column(String(300), default="", server_default=EMPTY)
    hours_en: Mapped[str] = mapped_column(String(300), default="", server_default=EMPTY)
    credited_as: Mapped[str] = mapped_column(String(300), default="", server_default=EMPTY)
    """The name under which others cite this site; empty: its own name."""
    credited_as_en: Mapped[str] = mapped_column(String(300), default="", server_default=EMPTY)
    licence: Mapped[str] = mapped_column(String(300), default="", server_default=EMPTY)
    """The line about the licence under which the site is run, where it needs one."""
    licence_en: Mapped[str] = mapped_column(String(300), default="", server_default=EMPTY)
    emblem: Mapped[str] = mapped_column(String(32), default="", server_default=EMPTY)
    """The key of the picture that is its emblem; empty: the one that comes with the portal."""
    palette: Mapped[str] = mapped_column(String(10), default="co-vit", server_default="co-vit")
    mourning_from: Mapped[date | None] = mapped_column(Date)
    """First and last day of national mourning, in the site's time zone; both or neither."""
    mourning_until: Mapped[date | None] = mapped_column(Date)
    unshown_figures: Mapped[str] = mapped_column(String(100), default="", server_default=EMPTY)
    """Figures of visits that its pages leave out, by their names, with spaces between."""
    largest_upload_mb: Mapped[int] = mapped_column(default=100, server_default=sql("100"))
    """What one uploaded file may weigh, in millions of bytes."""
    quota_gb: Mapped[int] = mapped_column(default=50, server_default=sql("50"))
    """What all files together may weigh, in thousands of millions of bytes."""


class Placed:
    """What all that stands in a list of a site has: whose it is, in which language, and where."""

    id: Mapped[int] = mapped_column(primary_key=True)
    site_id: Mapped[int] = mapped_column(ForeignKey("site.id"))
    language: Mapped[str] = mapped_column(String(5))
    position: Mapped[int] = mapped_column(default=1)


class MenuItem(Placed, Model):
    """A line of the main menu. One with a parent stands on the second level; there is no third."""

    __tablename__ = "menu_item"
    __table_args__ = (CheckConstraint(f"url = '' OR {ADDRESS}", name="url"), Index("ix_menu_item_place", "site_id", "language"))

    parent_id: Mapped[int | None] = mapped_column(ForeignKey("menu_item.id"))
    label: Mapped[str] = mapped_column(String(80))
    url: Mapped[str] = mapped_column(String(300))
    """Empty where it only opens its second level."""
    hidden: Mapped[bool] = mapped_column(default=False, server_default=false())


class Link(Placed, Model):
    """A link that the agency lists: a task of the home page, a link of its block, or one in the footer."""

    __tablename__ = "site_link"
    __table_args__ = (
        CheckConstraint("place IN ('task', 'link', 'foot')", name="place"),
        CheckConstraint(ADDRESS, name="url"),
        Index("ix_site_link_place", "site_id", "language"),
    )

    place: Mapped[str] = mapped_column(String(10))
    title: Mapped[str] = mapped_column(String(120))
    url: Mapped[str] = mapped_column(String(300))


class Strip(Placed, Model):
    """A strip on the home page between two days, a campaign's or a holiday's. Its picture is the attachment at its place."""

    __tablename__ = "site_strip"
    __table_args__ = (
        CheckConstraint(ADDRESS, name="url"),
        CheckConstraint("last_on >= first_on", name="days"),
        Index("ix_site_strip_place", "site_id", "language"),
    )

    title: Mapped[str] = mapped_column(String(200))
    url: Mapped[str] = mapped_column(String(300))
    first_on: Mapped[date] = mapped_column(Date)
    last_on: Mapped[date] = mapped_column(Date)

    @property
    def place(self) -> str:
        """Its key for attachments."""
        return f"strip:{self.id}"


class Urgent(Model):
    """An urgent notice under the masthead of every page. It ends by itself."""

    __tablename__ = "urgent_notice"
    __table_args__ = (
        CheckConstraint(f"url = '' OR {ADDRESS}", name="url"),
        CheckConstraint("ends_at > begins_at", name="end"),
        Index("ix_urgent_notice_ends_at", "site_id", "language", "ends_at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    site_id: Mapped[int] = mapped_column(ForeignKey("site.id"))
    language: Mapped[str] = mapped_column(String(5))
    text: Mapped[str] = mapped_column(String(300))
    url: Mapped[str] = mapped_column(String(300), default="")
    begins_at: Mapped[Instant]
    ends_at: Mapped[Instant]


class Page(Placed, Model):
    """A page that stays, such as "Giới thiệu": one of a tree, in one language."""

    __tablename__ = "page"
    __table_args__ = (UniqueConstraint("site_id", "language", "slug"),)

    translation_group: Mapped[str] = mapped_column(String(32), index=True)
    """Shared by the same page in other languages."""
    parent_id: Mapped[int | None] = mapped_column(ForeignKey("page.id"))
    slug: Mapped[str] = mapped_column(String(80))
    title: Mapped[str] = mapped_column(String(200))
    body: Mapped[str] = mapped_column(Text)
    """Clean HTML, as core.html.clean returns it."""
    updated_at: Mapped[Instant]
    hidden: Mapped[bool] = mapped_column(default=False, server_default=false())
    """Whether readers do not find it; what stands below it they do."""

    @property
    def place(self) -> str:
        """Its key for attachments and page views."""
        return f"page:{self.id}"


class OldSlug(Model):
    """An address that a page had before; it leads to the present one for ever."""

    __tablename__ = "page_old_slug"

    site_id: Mapped[int] = mapped_column(ForeignKey("site.id"), primary_key=True)
    language: Mapped[str] = mapped_column(String(5), primary_key=True)
    slug: Mapped[str] = mapped_column(String(80), primary_key=True)
    page_id: Mapped[int] = mapped_column(ForeignKey("page.id"))
