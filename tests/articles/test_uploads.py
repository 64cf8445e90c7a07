"""Files that a script sends piece by piece: whole or not at all, gone on with after a cut, once however often they are sent."""

import io
import threading
from collections.abc import Callable
from pathlib import Path
from types import ModuleType
from typing import IO, Any

import pytest
from flask import Flask
from sqlalchemy import select
from werkzeug.test import TestResponse

from portal.accounts.models import User
from portal.core.db import db
from portal.files import accepting, storage, uploads
from portal.files.models import File, Upload
from tests import cast
from tests.articles.sending import CONTENT, NAME, PIECE, SUM, Sender, begun, left_over, names, now, said, sums
from tests.files import documents, samples
from tests.publishing.writing import a_piece


@pytest.fixture
def author(app: Flask) -> User:
    return cast.somebody("author", unit=cast.a_unit())


@pytest.fixture
def sender(app: Flask, author: User) -> Sender:
    return Sender(app, author, a_piece(author))


def test_a_file_comes_in_pieces_and_is_attached_whole(app: Flask, sender: Sender) -> None:
    answer = sender.send(NAME, CONTENT)
    assert (answer.status_code, NAME in answer.text) == (200, True)
    assert sums(sender.piece_id) == [SUM]
    assert left_over(app) == []
    assert list(Path(app.instance_path, "uploads").iterdir()) == []


def test_after_a_cut_it_goes_on_from_what_came(sender: Sender) -> None:
    key = begun(sender, PIECE)
    assert sender.status(key).json == {"key": key, "received": PIECE, "size": len(CONTENT), "is_there": False}
    again = sender.begin(NAME, len(CONTENT), key=key)
    assert again.json["received"] == PIECE  # type: ignore[index]
    sender.piece(key, PIECE, CONTENT[PIECE:])
    assert sender.end(key).status_code == 200
    assert names(sender.piece_id) == [NAME]


def test_a_body_that_stops_halfway_leaves_what_came_of_it(sender: Sender) -> None:
    key = begun(sender)
    sender.piece(key, 0, b"", input_stream=io.BytesIO(CONTENT[:700]), environ_overrides={"CONTENT_LENGTH": "1000"})
    assert sender.status(key).json["received"] == 700  # type: ignore[index]
    sender.piece(key, 700, CONTENT[700:])
    assert sender.end(key).status_code == 200
    assert sums(sender.piece_id) == [SUM]


def test_the_same_piece_twice_is_taken_once_and_one_too_far_not_at_all(sender: Sender) -> None:
    key = begun(sender, PIECE)
    for at in (0, PIECE + 1, len(CONTENT)):
        assert sender.piece(key, at, CONTENT[:PIECE]).json["received"] == PIECE  # type: ignore[index]


class Halting(io.BytesIO):
    """A body that comes while something else happens in the midst of it."""

    def __init__(self, content: bytes, meanwhile: Any) -> None:
        super().__init__(content)
        self._meanwhile = meanwhile

    def read(self, size: int | None = -1) -> bytes:
        piece = super().read(size)
        meanwhile, self._meanwhile = self._meanwhile, None
        if meanwhile:
            meanwhile()
        return piece


def test_the_same_piece_twice_at_once_is_taken_once(sender: Sender) -> None:
    key = begun(sender)
    upload = db.session.scalars(select(Upload)).one()
    told: list[int] = []
    body: IO[bytes] = Halting(CONTENT[:PIECE], lambda: told.append(uploads.add(upload, 0, io.BytesIO(CONTENT[:PIECE]))))
    assert uploads.add(upload, 0, body) == PIECE
    assert told == [0], "the other is told how far it is, and waits"
    assert uploads.part_of(key).read_bytes() == CONTENT[:PIECE]


def at_once(app: Flask, act: Callable[[str], TestResponse], module: ModuleType, *said: str) -> list[int]:
    """Have requests come to the write of a module at the same moment, and return their codes."""
    together, codes = threading.Barrier(len(said)), list[int]()
    real = vars(module)["write"]

    def write(work: Any) -> Any:
        together.wait()
        return real(work)

    def ask(one: str) -> None:
        with app.app_context():
            codes.append(act(one).status_code)
            db.session.remove()

    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(module, "write", write)
        threads = [threading.Thread(target=ask, args=(one,)) for one in said]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    return codes


def test_two_who_end_the_same_upload_at_once_attach_it_once(app: Flask, sender: Sender) -> None:
    key = begun(sender, len(CONTENT))
    assert at_once(app, sender.end, accepting, key, key) == [200, 200]
    assert names(sender.piece_id) == [NAME]
    assert left_over(app) == []


def test_ended_again_because_the_answer_was_lost_it_is_there_once(sender: Sender) -> None:
    key = begun(sender, len(CONTENT))
    assert [sender.end(key).status_code for _ in range(2)] == [200, 200]
    assert sender.begin(NAME, len(CONTENT), key=key).json["is_there"]  # type: ignore[index]
    assert names(sender.piece_id) == [NAME]


def test_one_that_has_not_come_whole_is_not_attached(sender: Sender) -> None:
    answer = sender.end(begun(sender, PIECE))
    assert (answer.status_code, said(answer)) == (422, f"“{NAME}” chưa gửi xong. Hãy chọn lại tệp để gửi tiếp.")
    assert names(sender.piece_id) == []


def test_what_is_cancelled_is_gone(app: Flask, sender: Sender) -> None:
    key = begun(sender, PIECE)
    assert sender.browser.submit(f"{sender.page}/gui/{key}/huy", {"token": sender.token}).status_code == 303
    assert sender.status(key).status_code == 404
    assert list(Path(app.instance_path, "uploads").iterdir()) == []


def test_after_the_page_was_left_it_names_what_did_not_end(sender: Sender) -> None:
    key = begun(sender, PIECE)
    page = sender.browser.get(sender.page).text
    assert f'data-unfinished="{key}" data-name="{NAME}" data-size="{len(CONTENT)}" data-modified="1"' in page
    assert "đã nhận 1 kB trên 3,6 kB. Hãy chọn lại đúng tệp này để gửi tiếp." in page


def test_an_upload_is_its_own_sender_s(app: Flask, sender: Sender) -> None:
    key = begun(sender, PIECE)
    other = Sender(app, cast.somebody("editor"), sender.piece_id)
    answers = [other.status(key), other.piece(key, PIECE, CONTENT[PIECE:]), other.end(key)]
    assert [answer.status_code for answer in answers] == [404, 404, 404]
    assert other.begin(NAME, len(CONTENT), key=key).status_code == 422


@pytest.mark.parametrize(
    ("name", "size", "sentence"),
    [
        ("a.html", 10, "“a.html”: không nhận loại tệp này."),
        ("a.pdf", 100_000_001, "“a.pdf” quá lớn (tối đa 100 MB)."),
        ("a.pdf", 0, "“a.pdf” là tệp rỗng."),
    ],
)
def test_what_cannot_be_taken_is_refused_before_a_byte_is_sent(sender: Sender, name: str, size: int, sentence: str) -> None:
    answer = sender.begin(name, size)
    assert (answer.status_code, sentence in said(answer)) == (422, True)
    assert sender.begin("a.pdf", 100_000_000).status_code == 200


@pytest.mark.each_case_on_both
@pytest.mark.parametrize(("field", "value"), [("key", "x"), ("key", ""), ("size", "-1"), ("size", "1" * 17), ("size", "١")])
def test_what_no_page_of_ours_sends_is_refused(sender: Sender, field: str, value: str) -> None:
    fields = {"key": "0" * 32, "name": "a.pdf", "size": "10", "modified": "1", field: value}
    answer = sender.browser.submit(f"{sender.page}/gui", {"token": sender.token, **fields})
    assert answer.status_code in {400, 422}


def test_more_bytes_than_were_said_are_refused(sender: Sender) -> None:
    key = begun(sender)
    answer = sender.piece(key, 0, CONTENT + b"x")
    assert (answer.status_code, "lớn hơn dung lượng đã báo" in said(answer)) == (422, True)


def test_what_is_used_up_takes_nothing_more(app: Flask, sender: Sender) -> None:
    app.extensions["upload_limits"] = lambda: (100, 1)
    for number in range(9):
        assert sender.begin(f"{number}.pdf", 100_000_000).status_code == 200
    assert sender.begin("9.pdf", 99_000_000).status_code == 200, "what is under way counts"
    answer = sender.begin("10.pdf", 100_000_000)
    assert (answer.status_code, "đã dùng hết 1 GB" in said(answer)) == (422, True)


@pytest.mark.parametrize("wrong", [documents.A_PAGE, documents.GOOD["zip"]])
def test_what_its_content_betrays_is_refused_at_its_end_and_gone(app: Flask, sender: Sender, wrong: bytes) -> None:
    answer = sender.send("Trang.pdf", wrong)
    assert (answer.status_code, "nội dung tệp không đúng với đuôi PDF" in said(answer)) == (422, True)
    assert (names(sender.piece_id), left_over(app)) == ([], [])
    assert list(Path(app.instance_path, "uploads").iterdir()) == []
    assert db.session.scalars(select(File)).all() == []


@pytest.mark.slow(why="washes in a process with limits")
def test_a_picture_loses_what_the_camera_noted(sender: Sender, app: Flask) -> None:
    assert sender.send("Ruộng.jpg", samples.taken_somewhere()).status_code == 200
    (one,) = now(sender.piece_id)
    kept = storage.path_of(db.session.get_one(File, one.file_id).stored_as).read_bytes()
    assert b"SECRET" not in kept
    assert not samples.seen(kept).getexif()
    refused = sender.send("Bom.png", samples.a_bomb(100_000, 100_000))
    assert (refused.status_code, "quá nhiều điểm ảnh" in said(refused)) == (422, True)
    assert left_over(app) == []


def test_two_files_of_the_same_bytes_are_stored_once(app: Flask, sender: Sender) -> None:
    for name in ("Một.pdf", "Hai.pdf"):
        assert sender.send(name, CONTENT).status_code == 200
    assert len({one.file_id for one in now(sender.piece_id)}) == 1
    assert left_over(app) == []


def test_more_than_a_piece_may_hold_is_refused(sender: Sender) -> None:
    key = begun(sender, name="a.pdf", content=bytes(20_000_000))
    answer = sender.piece(key, 0, bytes(8 * 1024 * 1024 + 1))
    assert (answer.status_code, sender.status(key).json["received"]) == (422, 0)  # type: ignore[index]


def test_what_was_begun_has_its_room_and_goes_on_where_all_is_used_up(app: Flask, sender: Sender) -> None:
    app.extensions["upload_limits"] = lambda: (100, 1)
    keys = [sender.begin(f"{number}.pdf", 100_000_000).json["key"] for number in range(10)]  # type: ignore[index]
    assert sender.begin("9.pdf", 100_000_000, key=keys[9]).status_code == 200, "its answer was lost, or its page left"


def test_of_two_who_begin_at_once_where_one_has_room_one_is_refused(app: Flask, sender: Sender) -> None:
    app.extensions["upload_limits"] = lambda: (100, 1)
    for number in range(9):
        sender.begin(f"{number}.pdf", 100_000_000)
    codes = at_once(app, lambda name: sender.begin(name, 100_000_000), uploads, "a.pdf", "b.pdf")
    assert sorted(codes) == [200, 422]


def test_the_same_upload_begun_twice_at_once_is_one(app: Flask, sender: Sender) -> None:
    assert at_once(app, lambda key: sender.begin(NAME, len(CONTENT), key=key), uploads, "0" * 32, "0" * 32) == [200, 200]
    assert len(db.session.scalars(select(Upload)).all()) == 1


def test_an_upload_that_is_cancelled_while_it_is_ended_is_not_told_to_be_there(sender: Sender) -> None:
    key = begun(sender, len(CONTENT))
    real = accepting.write

    def cancelled(work: Any) -> Any:
        uploads.cancel(db.session.scalars(select(Upload)).one())
        return real(work)

    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(accepting, "write", cancelled)
        answer = sender.end(key)
    assert (answer.status_code, "không còn trong hàng gửi" in said(answer)) == (422, True)
    assert names(sender.piece_id) == []


def test_who_ends_it_second_while_the_first_is_at_it_is_told_the_same(sender: Sender) -> None:
    key = begun(sender, len(CONTENT))
    real, codes = accepting.kinds.judged, list[int]()

    def slowly(path: Path, name: str) -> Any:
        if not codes:
            codes.append(0)
            codes.append(sender.end(key).status_code)
        return real(path, name)

    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(accepting.kinds, "judged", slowly)
        answer = sender.end(key)
    assert (codes, answer.status_code) == ([0, 200], 200)
    assert names(sender.piece_id) == [NAME]


def test_the_number_of_a_file_that_no_database_has_is_no_fault_of_ours(sender: Sender) -> None:
    assert sender.begin(NAME, 10, replaces="f" * 32, seen="9999999999").status_code == 200


def test_bytes_that_are_lost_on_the_disk_are_there_again_once_they_are_sent_anew(app: Flask, sender: Sender) -> None:
    assert sender.send(NAME, CONTENT).status_code == 200
    file = db.session.scalars(select(File)).one()
    storage.path_of(file.stored_as).unlink()
    db.session.rollback()
    assert sender.send("Gửi lại.pdf", CONTENT).status_code == 200
    assert sums(sender.piece_id) == [SUM, SUM]
    assert left_over(app) == []
