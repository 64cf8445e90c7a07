"""People who work on the site."""

from flask_login import UserMixin
from sqlalchemy import String
from sqlalchemy.orm import Mapped, mapped_column

from portal.core.db import Instant, Model


class User(UserMixin, Model):  # type: ignore[misc] # Flask-Login has no types
    """Somebody of the agency who may sign in. Signing in itself comes with its own pages."""

    __tablename__ = "user"

    id: Mapped[int] = mapped_column(primary_key=True)
    email: Mapped[str] = mapped_column(String(254), unique=True)
    name: Mapped[str] = mapped_column(String(120))
    active: Mapped[bool] = mapped_column(default=True)
    created_at: Mapped[Instant]
