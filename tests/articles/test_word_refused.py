"""Bad files: each is refused with a sentence that names it, nothing is stored, and nothing larger than it is ever held."""

import io
import resource
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from flask import Flask
from werkzeug.test import TestResponse

from portal.articles import word
from portal.core import limits
from portal.files.storage import path_of
from tests.articles.bad_documents import BAD, GOOD, SENTENCES
from tests.articles.documents import a_document, a_picture, bytes_of, show
from tests.articles.typing_in import form_of, parsed
from tests.client import PortalClient
from tests.guards.asking import apart_from_the_log

pytestmark = pytest.mark.parametrize("database", ["sqlite"])

ADDRESS = "/ban-bien-tap/bai/tu-word"
GROWTH_KB = 24 * 1024
"""A file that is sent, and the pages of a test; a bomb would need far more."""


def sent(desk: PortalClient, content: bytes | None, name: str = "kế hoạch.docx", **more: str) -> TestResponse:
    """Send the form as a browser does."""
    fields = {**form_of(desk.get(ADDRESS).text, ADDRESS), **more}
    file = (io.BytesIO(content or b""), name if content is not None else "")
    return desk.submit(ADDRESS, {**fields, "document": file}, content_type="multipart/form-data")


def said(answer: TestResponse) -> str:
    """Return the sentence of a refusal."""
    assert answer.status_code == 422
    return next(" ".join("".join(one.itertext()).split()) for one in parsed(answer.text).iter() if one.get("role") == "alert")


@contextmanager
def storing_nothing(app: Flask) -> Iterator[None]:
    before = apart_from_the_log()
    yield
    assert {name: rows for name, rows in apart_from_the_log().items() if name != "session"} == {
        name: rows for name, rows in before.items() if name != "session"
    }
    assert [path for path in Path(app.instance_path, "files").rglob("*") if path.is_file()] == []


@pytest.mark.slow(why="starts a process for each kind of bad file")
def test_a_refusal_names_the_file_and_stores_nothing(app: Flask, desk: PortalClient, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(word, "PROGRAMS", ())  # where LibreOffice is installed, older files are no bad ones
    by_word = {word: make() for make, word in BAD.values()}
    desk.get(ADDRESS)
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    with storing_nothing(app):
        for name, content in by_word.items():
            refused = said(sent(desk, content))
            assert SENTENCES[name] in refused, name
            assert "“kế hoạch.docx”" in refused, name
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < GROWTH_KB


def test_no_file_is_told(app: Flask, desk: PortalClient) -> None:
    with storing_nothing(app):
        assert said(sent(desk, None)) == "Hãy chọn một tệp Word trên máy của bạn."


def test_a_file_that_is_too_large_is_not_read(app: Flask, desk: PortalClient, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(word, "LARGEST", len(GOOD) - 1)
    monkeypatch.setattr(word, "call", pytest.fail)
    with storing_nothing(app):
        assert "quá lớn" in said(sent(desk, GOOD))


@pytest.mark.parametrize(("bound", "value"), [("SECONDS", 0.05), ("MEGABYTES", 200)])
def test_who_takes_too_long_or_too_much_is_ended(
    app: Flask, desk: PortalClient, monkeypatch: pytest.MonkeyPatch, bound: str, value: float
) -> None:
    monkeypatch.setattr(word, bound, value)
    document = a_document()
    show(document, a_picture("PNG", (7_000, 6_000)))
    with storing_nothing(app):
        assert "quá dài hoặc quá phức tạp" in said(sent(desk, bytes_of(document)))


def test_what_nobody_foresaw_is_refused_and_logged(
    desk: PortalClient, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def break_down(*_given: object, **_more: object) -> None:
        raise ValueError("broken: KeyError('x')")

    monkeypatch.setattr(word, "call", break_down)
    assert "bị hỏng" in said(sent(desk, GOOD))
    assert "a document that cannot be read" in caplog.text


def test_a_file_is_read_in_a_process_with_limits(desk: PortalClient, monkeypatch: pytest.MonkeyPatch) -> None:
    asked = []

    def watched(target: str, argument: object, *, seconds: float, megabytes: int) -> object:
        asked.append((target, seconds, megabytes))
        return limits.call(target, argument, seconds=seconds, megabytes=megabytes)

    monkeypatch.setattr(word, "call", watched)
    assert sent(desk, GOOD).status_code == 303
    assert asked == [("portal.articles.docx.convert:convert", word.SECONDS, word.MEGABYTES)]


def test_while_another_document_is_read_one_waits_and_is_told(
    app: Flask, desk: PortalClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(word, "PATIENCE_S", 0.01)
    with word.one_at_a_time, storing_nothing(app):
        assert "Hãy thử lại sau một phút" in said(sent(desk, GOOD))
    assert sent(desk, GOOD).status_code == 303


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("x" * 400 + ".docx", f"“{'x' * 70}…xxxx.docx”"),
        ("../../etc/pass.docx", "“pass.docx”"),
        ('a"\r\nX: <b>.docx', "“a"),
        ("ke\u0302\u0301 hoa\u0323ch\u202e.docx", "“kế hoạch.docx”"),
    ],
)
def test_a_file_is_named_as_one_line_without_folders(desk: PortalClient, name: str, shown: str) -> None:
    answer = sent(desk, b"no document", name)
    assert shown in said(answer)
    assert "<b>" not in answer.text.partition('role="alert"')[2][:400]


def test_what_was_chosen_stands_on_the_page_that_refuses(desk: PortalClient) -> None:
    page = sent(desk, b"no document", language="en")
    assert form_of(page.text, ADDRESS)["language"] == "en"


def test_without_a_form_of_ours_nothing_is_read(desk: PortalClient, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(word, "call", pytest.fail)
    assert sent(desk, GOOD, key="no key").status_code == 422
    assert sent(desk, GOOD, token="another").status_code == 403


def test_nothing_is_left_in_the_folder_for_temporary_files(
    desk: PortalClient, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    before = set(tmp_path.iterdir())
    sent(desk, GOOD)
    sent(desk, b"no document")
    assert set(tmp_path.iterdir()) == before
    assert path_of("x").parent.parent.name == "files"
