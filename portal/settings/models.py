"""Who changed which setting, when, from what to what. Rows are only added."""

from typing import Any

from sqlalchemy import JSON, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.core.db import Instant, Model


class SettingChange(Model):
    """One change of a setting, whole: what stood there before, and what has stood there since."""

    __tablename__ = "setting_change"
    __table_args__ = (Index("ix_setting_change_setting", "site_id", "setting", "id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    site_id: Mapped[int] = mapped_column(ForeignKey("site.id"))
    setting: Mapped[str] = mapped_column(String(40))
    """The setting's name, as its address has it."""
    author_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    at: Mapped[Instant]
    before: Mapped[dict[str, Any]] = mapped_column(JSON)
    after: Mapped[dict[str, Any]] = mapped_column(JSON)

    author: Mapped[Any] = relationship("User", foreign_keys=[author_id], lazy="raise", viewonly=True)
