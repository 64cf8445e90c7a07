"""Sums that stay, and traces that are erased within 48 hours (and never backed up)."""

from datetime import date

from sqlalchemy import CheckConstraint, Date, Index, LargeBinary, String
from sqlalchemy.orm import Mapped, mapped_column

from portal.core.db import Instant, Model

SITE = 1


class PageViews(Model):
    """Views of one page in one period: a day as 20220317, a month as 202203, all time as 0."""

    __tablename__ = "page_views"

    site_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    page: Mapped[str] = mapped_column(String(64), primary_key=True)
    period: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    views: Mapped[Instant]


class SiteFigures(Model):
    """Views and visits of the whole site in one period."""

    __tablename__ = "site_figures"
    __table_args__ = (CheckConstraint("views >= visits", name="no_visit_without_view"),)

    site_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    period: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    views: Mapped[Instant]
    visits: Mapped[Instant]


class Baseline(Model):
    """What the agency's former site had counted before this one."""

    __tablename__ = "visit_baseline"

    site_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    views: Mapped[Instant]
    visits: Mapped[Instant]
    since_on: Mapped[date] = mapped_column(Date)


class Salt(Model):
    """A day's random salt of visitor keys: made, never derived, and deleted after 48 hours."""

    __tablename__ = "visit_salt"

    day: Mapped[date] = mapped_column(Date, primary_key=True)
    salt: Mapped[bytes] = mapped_column(LargeBinary(32))


class Visitor(Model):
    """A visitor key with the instant of its last view; a gap of more than 30 minutes begins a new visit."""

    __tablename__ = "visitor"
    __table_args__ = (Index("ix_visitor_last_at", "site_id", "last_at"),)

    site_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    key: Mapped[bytes] = mapped_column(LargeBinary(16), primary_key=True)
    last_at: Mapped[Instant]


class PageLoad(Model):
    """A load id that was counted, so that the same load counts once."""

    __tablename__ = "page_load"

    id: Mapped[bytes] = mapped_column(LargeBinary(16), primary_key=True)
    at: Mapped[Instant] = mapped_column(index=True)


class RecentView(Model):
    """Who saw which page last when: the same visitor on the same page within 10 seconds counts once."""

    __tablename__ = "recent_view"

    key: Mapped[bytes] = mapped_column(LargeBinary(16), primary_key=True)
    page: Mapped[str] = mapped_column(String(64), primary_key=True)
    at: Mapped[Instant] = mapped_column(index=True)
