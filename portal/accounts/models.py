"""People who work on the site, the units they belong to, and what they sign in with."""

from typing import Any

from flask_login import UserMixin
from sqlalchemy import ForeignKey, Index, LargeBinary, String, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.accounts.names import sorting_key
from portal.core.db import Instant, Model


class Unit(Model):
    """A division of the agency (phòng, đơn vị). One that is no longer there stays, for what it wrote."""

    __tablename__ = "unit"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(120), unique=True)
    active: Mapped[bool] = mapped_column(default=True)
    created_at: Mapped[Instant]


def _sorted_as(context: Any) -> str:
    return sorting_key(context.get_current_parameters()["name"])


class User(UserMixin, Model):  # type: ignore[misc] # Flask-Login has no types
    """Somebody of the agency who may sign in."""

    __tablename__ = "user"
    __table_args__ = (Index("ix_user_sorted_as", "sorted_as", "id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    email: Mapped[str] = mapped_column(String(254), unique=True)
    """In the one form that `accounts.emails` gives it."""
    name: Mapped[str] = mapped_column(String(120))
    sorted_as: Mapped[str] = mapped_column(String(240), default=_sorted_as, server_default=text("''"))
    """By what lists are in order and people are found: `accounts.names.sorting_key`."""
    unit_id: Mapped[int | None] = mapped_column(ForeignKey("unit.id"), index=True)
    role: Mapped[str] = mapped_column(String(20), server_default="author")
    active: Mapped[bool] = mapped_column(default=True)
    created_at: Mapped[Instant]
    password_hash: Mapped[str | None] = mapped_column(String(200))
    """None until its owner has chosen a password."""
    totp_secret: Mapped[str | None] = mapped_column(String(200))
    """Of the authenticator app, sealed with the site's key; None where there is none."""
    totp_step: Mapped[Instant | None]
    """The time step of the code that confirmed the app. Codes used since then are in `used_code`: the release before kept the
    last one here, which is refused as well."""
    passkey_handle: Mapped[bytes | None] = mapped_column(LargeBinary(32), unique=True)
    """By which authenticators know this user; random, it names nobody."""

    unit: Mapped[Unit | None] = relationship(lazy="joined")

    @property
    def is_active(self) -> bool:
        return self.active


class RecoveryCode(Model):
    """A code for whoever has lost the phone. It counts once: then its row is gone."""

    __tablename__ = "recovery_code"

    hash: Mapped[bytes] = mapped_column(LargeBinary(32), primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("user.id", ondelete="CASCADE"), index=True)


class UsedCode(Model):
    """A code from the app that has counted. Its step is kept as such, so that a clock that is set back changes nothing."""

    __tablename__ = "used_code"

    user_id: Mapped[int] = mapped_column(ForeignKey("user.id", ondelete="CASCADE"), primary_key=True)
    step: Mapped[Instant] = mapped_column(primary_key=True, index=True)


class Passkey(Model):
    """A key on somebody's device, which can be the only thing that they sign in with."""

    __tablename__ = "passkey"

    id: Mapped[int] = mapped_column(primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("user.id", ondelete="CASCADE"), index=True)
    name: Mapped[str] = mapped_column(String(80))
    credential_id: Mapped[bytes] = mapped_column(LargeBinary(1023), unique=True)
    public_key: Mapped[bytes] = mapped_column(LargeBinary(2048))
    sign_count: Mapped[Instant]
    backup_eligible: Mapped[bool]
    backed_up: Mapped[bool]
    transports: Mapped[str] = mapped_column(String(120), server_default=text("''"))
    created_at: Mapped[Instant]
    used_at: Mapped[Instant | None]


class Challenge(Model):
    """A question that a passkey has answered: kept for a day after it is over, so that it counts once."""

    __tablename__ = "passkey_challenge"

    hash: Mapped[bytes] = mapped_column(LargeBinary(32), primary_key=True)
    expires_at: Mapped[Instant] = mapped_column(index=True)


class TrustedDevice(Model):
    """A browser that is not asked for the second factor until it expires."""

    __tablename__ = "trusted_device"

    id: Mapped[int] = mapped_column(primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("user.id", ondelete="CASCADE"), index=True)
    key_hash: Mapped[bytes] = mapped_column(LargeBinary(32), unique=True)
    name: Mapped[str] = mapped_column(String(80))
    created_at: Mapped[Instant]
    expires_at: Mapped[Instant]


class OneTimeLink(Model):
    """A link that sets a password, or makes the first administrator. It counts once: then its row is gone."""

    __tablename__ = "one_time_link"

    key_hash: Mapped[bytes] = mapped_column(LargeBinary(32), primary_key=True)
    purpose: Mapped[str] = mapped_column(String(10))
    """"reset" for a user, "set_up" for a site without anybody."""
    user_id: Mapped[int | None] = mapped_column(ForeignKey("user.id", ondelete="CASCADE"), index=True)
    created_at: Mapped[Instant]
    expires_at: Mapped[Instant]


class Attempt(Model):
    """An attempt to sign in that has not succeeded; kept for a day, by keyed hashes of who tried and from where."""

    __tablename__ = "sign_in_attempt"
    __table_args__ = (
        Index("ix_sign_in_attempt_pair", "account_key", "network_key", "at"),
        Index("ix_sign_in_attempt_network", "network_key", "at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    at: Mapped[Instant] = mapped_column(index=True)
    account_key: Mapped[bytes] = mapped_column(LargeBinary(16))
    network_key: Mapped[bytes] = mapped_column(LargeBinary(16))
