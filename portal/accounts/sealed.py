"""Secrets that the site must read again (of authenticator apps), sealed with its key: a copy of the database is not enough."""

import base64
import hashlib
import hmac

from cryptography.fernet import Fernet
from flask import current_app


def seal(secret: str) -> str:
    """Return a secret as it is stored."""
    return _box().encrypt(secret.encode()).decode("ascii")


def unseal(stored: str) -> str:
    """Return a secret as it was. Raises InvalidToken where the site's key is no longer the one that sealed it."""
    return _box().decrypt(stored.encode()).decode()


def _box() -> Fernet:
    key = hmac.digest(current_app.config["SECRET_KEY"].encode(), b"accounts.sealed", hashlib.sha256)
    return Fernet(base64.urlsafe_b64encode(key))
