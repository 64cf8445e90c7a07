"""A disk that is full, real and small: of the database, of files, of temporary files, of logs. Pages are read, what cannot be
kept is refused with a sentence, nothing is half, and once there is room all goes on by itself."""

import hashlib
import secrets
import shutil
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import select, text
from werkzeug.datastructures import FileStorage
from werkzeug.test import encode_multipart

from portal import create_app
from portal.audit import chain
from portal.core import sessions
from portal.core.db import db
from portal.core.sessions import cookie_name
from portal.files.models import File
from portal.files.storage import path_of
from portal.polls.cli import differences
from tests import cast
from tests.articles.sending import left_over, names
from tests.cast import PollIds
from tests.client import PortalClient
from tests.polls.voting import form, tallies
from tests.publishing.writing import a_piece
from tests.serving.server import Answer, Server, get, send, swap
from tests.serving.small_disks import full, small_disk

pytestmark = [pytest.mark.serial, pytest.mark.slow(why="a real server on small disks")]

LARGE = cast.A_PDF + bytes(2_000_000)
"""A PDF that waits on the disk while its form is read."""


@dataclass(frozen=True, slots=True)
class Disks:
    """A server and its four disks."""

    server: Server
    database: Path
    files: Path
    temporary: Path
    logs: Path


@pytest.fixture(scope="module")
def disks(demo_instance: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Disks]:
    folder = tmp_path_factory.mktemp("disks")
    with ExitStack() as stack:
        database, files, temporary, logs = (
            stack.enter_context(small_disk(folder / name)) for name in ("database", "files", "temporary", "logs")
        )
        shutil.copytree(demo_instance, files, dirs_exist_ok=True, ignore=shutil.ignore_patterns("portal.db*"))
        shutil.copy(demo_instance / "portal.db", database)
        environment = {"DATABASE_URL": f"sqlite:///{database}/portal.db", "TMPDIR": str(temporary)}
        server = stack.enter_context(Server(files, logs_to=logs / "portal.log", **environment))
        yield Disks(server, database, files, temporary, logs)


@pytest.fixture
def app(disks: Disks) -> Iterator[Flask]:
    """A portal of the test's own process on the server's database, inside its application context."""
    app = create_app({"INSTANCE": str(disks.files), "DATABASE_URL": disks.server.database_url, "TESTING": True})
    app.test_client_class = PortalClient
    with app.app_context():
        yield app
        app.extensions["sqlalchemy"].session.remove()
        app.extensions["sqlalchemy"].engine.dispose()


class Author:
    """Somebody who sends files to a piece of theirs, each time another one."""

    def __init__(self, app: Flask, server: Server) -> None:
        user = cast.somebody("author", unit=cast.a_unit())
        self._key, self._server = cast.session_of(user), server
        self._cookie = f"{cookie_name(app)}={self._key}"
        self.piece_id = a_piece(user)

    def attach(self, name: str) -> Answer:
        file = FileStorage(BytesIO(LARGE + secrets.token_bytes(8)), filename=name)
        boundary, body = encode_multipart({"token": sessions.token_of(self._key), "files": file})
        headers = {"Content_Type": f"multipart/form-data; boundary={boundary}", "Cookie": self._cookie}
        return send(self._server, "POST", f"/ban-bien-tap/tep/bai/{self.piece_id}", body, **headers)


@pytest.fixture
def author(app: Flask, disks: Disks) -> Author:
    return Author(app, disks.server)


@pytest.fixture
def poll(app: Flask) -> PollIds:
    return cast.a_poll()


@pytest.fixture
def vote(disks: Disks, poll: PollIds) -> Callable[[], Answer]:
    """Votes from one browser after the other."""
    return lambda: swap(disks.server, poll.url, form(poll, 0), Cookie=f"browser={secrets.token_hex(16)}")


@pytest.fixture
def check_pages_are_read(app: Flask, disks: Disks) -> Callable[[], None]:
    """Fails unless pages are answered, also one that nobody has asked for yet."""
    unread = cast.article_path(cast.an_article())

    def check() -> None:
        for path in ("/", unread, "/en/so-lieu/cach-tinh"):
            assert get(disks.server, path).status == 200, path

    return check


def check_whole(app: Flask) -> None:
    """Fail unless database and files are sound and fit together: every row has its bytes, and no bytes are without a row."""
    db.session.rollback()
    assert db.session.scalars(text("PRAGMA integrity_check")).all() == ["ok"]
    assert db.session.execute(text("PRAGMA foreign_key_check")).all() == []
    for file in db.session.scalars(select(File)):
        assert hashlib.sha256(path_of(file.stored_as).read_bytes()).digest() == file.sha256, file.stored_as
    assert left_over(app) == []
    assert differences() == []
    assert chain.verify() is None


def test_a_full_disk_of_the_database(
    disks: Disks, app: Flask, author: Author, poll: PollIds, vote: Callable[[], Answer], check_pages_are_read: Callable[[], None]
) -> None:
    assert vote().status == 200
    with full(disks.database):
        refused = [vote() for _ in range(3)]
        unkept = author.attach("Kế hoạch.pdf")
        check_pages_are_read()
    for answer in (*refused, unkept):
        assert (answer.status, answer.headers["retry-after"]) == (503, "5")
        assert "chưa lưu được. Vui lòng thử lại." in answer.text
    check_whole(app)
    assert tallies(poll) == [1, 0, 0]
    assert names(author.piece_id) == []
    assert vote().status == 200
    assert author.attach("Kế hoạch.pdf").status == 303
    assert tallies(poll) == [2, 0, 0]
    check_whole(app)


def test_a_full_disk_of_files(
    disks: Disks, app: Flask, author: Author, vote: Callable[[], Answer], check_pages_are_read: Callable[[], None]
) -> None:
    with full(disks.files):
        unkept = author.attach("Kế hoạch.pdf")
        assert vote().status == 200, "what needs no file goes on"
        check_pages_are_read()
    assert unkept.status == 507
    assert "Máy chủ không còn chỗ cho nội dung vừa gửi nên chưa lưu gì." in unkept.text
    assert names(author.piece_id) == []
    check_whole(app)
    assert author.attach("Kế hoạch.pdf").status == 303
    assert names(author.piece_id) == ["Kế hoạch.pdf"]
    check_whole(app)


@pytest.mark.parametrize("which", ["temporary", "logs"])
def test_a_full_disk_of_temporary_files_or_of_logs_keeps_nobody_from_anything(
    disks: Disks,
    app: Flask,
    author: Author,
    poll: PollIds,
    vote: Callable[[], Answer],
    check_pages_are_read: Callable[[], None],
    which: str,
) -> None:
    with full(getattr(disks, which)):
        check_pages_are_read()
        assert vote().status == 200
        assert author.attach("Kế hoạch.pdf").status == 303
        assert get(disks.server, "/khong-co").status == 404
    check_whole(app)
    assert tallies(poll) == [1, 0, 0]
    assert get(disks.server, "/khong-co-nua").status == 404
