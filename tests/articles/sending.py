"""What a browser does with files: the plain form, and a script that sends a file piece by piece."""

import hashlib
import io
import json
import secrets
from pathlib import Path
from typing import Any

from flask import Flask
from sqlalchemy import select
from werkzeug.test import TestResponse

from portal.accounts.models import User
from portal.articles import attached
from portal.core.db import db
from portal.files.attachments import Placed
from portal.files.models import File, Upload
from portal.files.storage import path_of
from portal.publishing import revisions
from tests import cast
from tests.accounts.browser import own_token
from tests.articles.typing_in import browser_of
from tests.client import SAME_ORIGIN, PortalClient
from tests.publishing.writing import piece

BASE = "/ban-bien-tap/tep/bai"
PIECE = 1_000
CONTENT = cast.A_PDF + bytes(number % 251 for number in range(3_500))
SUM = hashlib.sha256(CONTENT).hexdigest()
NAME = "Kế hoạch.pdf"


class Sender:
    """Somebody at the attachments of a piece, in a browser."""

    def __init__(self, app: Flask, user: User, piece_id: int) -> None:
        self.browser: PortalClient = browser_of(app, user)
        self.token = own_token(self.browser)
        self.piece_id, self.page = piece_id, f"{BASE}/{piece_id}"

    def form(self, *files: tuple[str, bytes], in_place: bool = False, **more: str) -> TestResponse:
        """Send a plain form with files."""
        data = {"token": self.token, "files": [(io.BytesIO(content), name) for name, content in files], **more}
        return (self.browser.swap if in_place else self.browser.submit)(self.page, data)

    def change(self, act: str, key: str, **more: str) -> TestResponse:
        """Press a button of an attachment."""
        return self.browser.submit(f"{self.page}/sua", {"token": self.token, "act": act, "attachment": key, **more})

    def begin(self, name: str, size: int, key: str = "", **more: str) -> TestResponse:
        fields = {"key": key or secrets.token_hex(16), "name": name, "size": str(size), "modified": "1", **more}
        return self.browser.submit(f"{self.page}/gui", {"token": self.token, **fields})

    def piece(self, key: str, at: int, content: bytes, **environ: Any) -> TestResponse:
        headers = {**SAME_ORIGIN, "X-Form-Token": self.token, "Content-Type": "application/octet-stream"}
        return self.browser.post(f"{self.page}/gui/{key}?tu={at}", data=content, headers=headers, **environ)

    def status(self, key: str) -> TestResponse:
        return self.browser.get(f"{self.page}/gui/{key}")

    def end(self, key: str) -> TestResponse:
        return self.browser.submit(f"{self.page}/gui/{key}/xong", {"token": self.token})

    def send(self, name: str, content: bytes, **more: str) -> TestResponse:
        """Send a file as the script does, and return the answer to its end, or the first that says no."""
        begun = self.begin(name, len(content), **more)
        if begun.status_code != 200:
            return begun
        key = json.loads(begun.text)["key"]
        for at in range(0, len(content), PIECE):
            answer = self.piece(key, at, content[at : at + PIECE])
            if answer.status_code != 200:
                return answer
        return self.end(key)


def begun(sender: Sender, upto: int = 0, content: bytes = CONTENT, name: str = NAME) -> str:
    """Begin an upload, send its first bytes, and return its key."""
    key = sender.begin(name, len(content)).json["key"]  # type: ignore[index]
    assert upto == 0 or sender.piece(key, 0, content[:upto]).status_code == 200
    return str(key)


def said(answer: TestResponse) -> str:
    """Return the sentence with which a script's request was refused."""
    return str(json.loads(answer.text)["said"])


def now(piece_id: int) -> list[Placed]:
    """Return the attachments of a piece's present text."""
    return attached.placed(db.session.scalars(revisions.at(piece_id, piece(piece_id).head)).one().content)


def names(piece_id: int) -> list[str]:
    return [one.name for one in now(piece_id)]


def sums(piece_id: int) -> list[str]:
    """Return the SHA-256 of each attachment's bytes on disk, which its row says too."""
    found = []
    for one in now(piece_id):
        file = db.session.get_one(File, one.file_id)
        assert hashlib.sha256(path_of(file.stored_as).read_bytes()).digest() == file.sha256
        found.append(file.sha256.hex())
    return found


def left_over(app: Flask) -> list[str]:
    """Return what lies on the disk and has no row: unfinished uploads and bytes without a name."""
    db.session.rollback()
    known = set(db.session.scalars(select(File.stored_as)))
    known |= {f"{key}.part" for key in db.session.scalars(select(Upload.key).where(Upload.file_id.is_(None)))}
    folders = [Path(app.instance_path, name) for name in ("files", "uploads")]
    return [path.name for folder in folders for path in folder.rglob("*") if path.is_file() and path.name not in known]
