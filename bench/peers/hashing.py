"""The portal with one more address, at which a password is hashed in a thread that answers requests, as signing in does."""

import hashlib
import os
from collections.abc import Iterable
from typing import Any

from wsgi import app as portal

try:
    from argon2 import PasswordHasher

    _hash = PasswordHasher().hash
except ImportError:

    def _hash(password: str) -> str:
        return hashlib.scrypt(password.encode(), salt=os.urandom(16), n=2**15, r=8, p=1, maxmem=2**26).hex()


def app(environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
    if environ["PATH_INFO"] == "/hash":
        hashed = _hash("correct horse battery staple").encode()
        start_response("200 OK", [("Content-Length", str(len(hashed)))])
        return [hashed]
    return portal(environ, start_response)
