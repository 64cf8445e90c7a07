"""A Word document becomes a draft: its text, its pictures as our files, and on the page for writing what was not carried."""

import io
import re
import stat
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Barrier
from xml.etree.ElementTree import Element

import pytest
from flask import Flask
from sqlalchemy import select
from werkzeug.test import TestResponse

from portal.accounts.models import User
from portal.articles import imported, word
from portal.audit.models import Entry
from portal.core.db import db
from portal.files.models import File, Picture
from portal.files.renditions import render_waiting
from portal.publishing.models import Piece
from portal.publishing.rules import Step
from tests import cast
from tests.articles.bad_documents import GOOD, OLE, opendocument
from tests.articles.documents import TEXT, a_document, a_picture, bold, bytes_of, letterhead, paragraph, put, run, show
from tests.articles.test_word_refused import ADDRESS, said, sent
from tests.articles.typing_in import browser_of, form_of, opened, page_of, parsed, typed
from tests.client import PortalClient
from tests.files.here import rendering_here
from tests.publishing.writing import piece, take, taken

ON_SQLITE = pytest.mark.parametrize("database", ["sqlite"])
OLD_WORD = OLE + 600 * b"\0" + "WordDocument".encode("utf-16-le")


def a_plan() -> bytes:
    """Return a plan as a department writes it, with a picture that is described and one that is not."""
    document = a_document()
    letterhead(document, "UBND TỈNH QUẢNG NGÃI", "*SỞ KHOA HỌC VÀ CÔNG NGHỆ", "Số: 12/KH-SKHCN")
    bold(document, "KẾ HOẠCH", is_centred=True)
    bold(document, "Phát triển cây tỏi Lý Sơn", is_centred=True)
    document.add_paragraph(TEXT)
    show(document, a_picture("JPEG"), 'Ruộng "tỏi" <Lý Sơn>')
    show(document, a_picture("PNG", (320, 200), "#a01010"))
    put(document, paragraph(run("Hết.") + '<w:r><w:commentReference w:id="0"/></w:r>' * 2 + "<w:r><w:object/></w:r>"))
    return bytes_of(document)


def brought_in(answer: TestResponse) -> int:
    assert answer.status_code == 303
    found = re.fullmatch(r"/ban-bien-tap/bai/(\d+)\?xong=word", answer.headers["Location"])
    assert found is not None
    return int(found[1])


def section_of(html: str) -> Element | None:
    return next((one for one in parsed(html).iter("section") if "word-told" in (one.get("class") or "")), None)


def is_open(html: str) -> bool:
    """Tell whether what is said of the document is unfolded."""
    section = section_of(html)
    return section is not None and next(section.iter("details")).get("open") is not None


def told(html: str) -> str:
    """Return what the page for writing says of the document."""
    section = section_of(html)
    return "" if section is None else " ".join("".join(section.itertext()).split())


def test_a_document_becomes_a_draft_with_its_pictures(app: Flask, desk: PortalClient, author: User) -> None:
    section = cast.a_section("Thông báo")
    piece_id = brought_in(sent(desk, a_plan(), section=str(section)))
    begun, fields = piece(piece_id), opened(desk, piece_id)
    assert (begun.unit_id, begun.author_id, begun.language, begun.state) == (author.unit_id, author.id, "vi", "draft")
    assert (fields["title"], fields["section"]) == ("Kế hoạch Phát triển cây tỏi Lý Sơn", str(section))
    pictures = db.session.scalars(select(Picture).order_by(Picture.id)).all()
    assert {one.place for one in pictures} == {begun.place}
    first, second = (one.key for one in pictures)
    assert fields["body"] == (
        f'<p>{TEXT}</p><figure><img src="/anh/{first}/640.webp" alt="Ruộng &quot;tỏi&quot; &lt;Lý Sơn&gt;" width="900"'
        f' height="600"></figure><figure><img src="/anh/{second}/320.webp" alt="" width="320" height="200"></figure><p>Hết.</p>'
    )
    with rendering_here():
        assert render_waiting() == 2
    assert desk.get(f"/anh/{first}/640.webp").status_code == desk.get(f"/anh/{second}/320.webp").status_code == 200
    entries = db.session.scalars(select(Entry.action).where(Entry.thing == begun.place).order_by(Entry.id)).all()
    assert (list(entries), taken(piece_id)) == (["piece_begun", "piece_import"], ["import"])


@ON_SQLITE
def test_the_page_says_what_was_not_carried_and_what_the_first_page_proposes(desk: PortalClient) -> None:
    piece_id = brought_in(sent(desk, a_plan(), "kế hoạch.docx"))
    page = desk.get(page_of(piece_id)).text
    assert told(page) == (
        "Đã nhập từ Word; 3 mục không chuyển được: 2 nhận xét, 1 đối tượng nhúng. Về tài liệu đã nhập Tệp: kế hoạch.docx "
        "Lấy từ phần đầu văn bản, đã tách khỏi nội dung bài: Loại văn bản: Kế hoạch Số, ký hiệu: 12/KH-SKHCN "
        "Cơ quan ban hành: SỞ KHOA HỌC VÀ CÔNG NGHỆ Ngày ban hành: ngày 17 tháng 3 năm 2022 "
        "Còn ghi ở đó: UBND TỈNH QUẢNG NGÃI Dùng ngày này làm ngày đăng"
    )
    assert "Ảnh thứ 2 chưa có mô tả" in page
    assert imported.of(piece(piece_id)) == imported.Imported(
        "kế hoạch.docx",
        is_named_by_file=False,
        proposals=imported.Proposals(
            "12/KH-SKHCN",
            "SỞ KHOA HỌC VÀ CÔNG NGHỆ",
            "2022-03-17",
            "ngày 17 tháng 3 năm 2022",
            "Kế hoạch",
            other="UBND TỈNH QUẢNG NGÃI",
        ),
        left={"comments": 2, "objects": 1},
    )
    assert (is_open(page), is_open(desk.get(f"{page_of(piece_id)}?xong=word").text)) == (False, True)
    english = desk.get(f"/en{page_of(piece_id)}").text
    assert told(english).startswith("Brought in from Word; 3 items could not be carried: 2 comments, 1 embedded object.")


@ON_SQLITE
def test_the_day_is_taken_only_by_who_presses(desk: PortalClient) -> None:
    piece_id = brought_in(sent(desk, a_plan()))
    fields = opened(desk, piece_id)
    assert fields["published_on"] == ""
    button = next(one for one in parsed(desk.get(page_of(piece_id)).text).iter("button") if one.get("name") == "day")
    assert (button.get("form"), button.get("value")) == ("piece", "2022-03-17T00:00")
    typed(desk, piece_id, title="Tiêu đề khác", day="2022-03-17T00:00")
    fields = opened(desk, piece_id)
    assert (fields["published_on"], fields["title"]) == ("2022-03-17T00:00", "Tiêu đề khác")
    assert typed(desk, piece_id, day="2022-02-31T00:00").status_code == 422


@ON_SQLITE
def test_once_published_nothing_is_said_of_the_document(app: Flask, desk: PortalClient, author: User) -> None:
    piece_id = brought_in(sent(desk, GOOD, "bai.docx", section=str(cast.a_section("Thông báo"))))
    assert "tên tệp được dùng tạm làm tiêu đề" in told(desk.get(page_of(piece_id)).text)
    take(app, Step.SUBMIT, piece_id, author)
    take(app, Step.PUBLISH, piece_id, cast.somebody("publisher"))
    assert (piece(piece_id).title, told(desk.get(page_of(piece_id)).text)) == ("bai", "")
    assert "Nhập bài từ Word" in desk.get(f"{page_of(piece_id)}/lich-su").text


@ON_SQLITE
def test_a_picture_that_nobody_described_has_no_words_to_choose(desk: PortalClient) -> None:
    piece_id = brought_in(sent(desk, a_plan()))
    assert "Ảnh chưa có mô tả: " in desk.get(page_of(piece_id)).text
    with rendering_here():
        render_waiting()
    choice = desk.get(f"{page_of(piece_id)}/anh/danh-sach").json
    assert [one["alt"] for one in choice or []] == ["", 'Ruộng "tỏi" <Lý Sơn>']


def test_words_of_a_picture_are_cut_where_they_are_too_long(desk: PortalClient) -> None:
    document = a_document(TEXT)
    show(document, a_picture(), "mô tả " * 1_000)
    brought_in(sent(desk, bytes_of(document)))
    assert len(db.session.scalars(select(Picture.alt)).one()) <= 500


@ON_SQLITE
def test_old_letters_are_told_and_stay(desk: PortalClient) -> None:
    document = a_document()
    document.add_paragraph().add_run("Uû ban nh©n d©n").font.name = ".VnTime"
    piece_id = brought_in(sent(desk, bytes_of(document)))
    assert opened(desk, piece_id)["body"] == "<p>Uû ban nh©n d©n</p>"
    assert "bảng mã cũ TCVN3 (.Vn…)" in told(desk.get(page_of(piece_id)).text)


def test_sent_again_it_is_brought_in_once(app: Flask, desk: PortalClient) -> None:
    content = a_plan()
    key = form_of(desk.get(ADDRESS).text, ADDRESS)["key"]
    once, again = (brought_in(sent(desk, content, key=key)) for _ in range(2))
    assert (once == again, db.session.query(Piece).count(), db.session.query(Picture).count()) == (True, 1, 2)
    kept = [path for path in Path(app.instance_path, "files").rglob("*") if path.is_file()]
    assert len(kept) == db.session.query(File).count() == 2


def test_sent_twice_at_once_it_is_brought_in_once(
    app: Flask, desk: PortalClient, author: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    both, begin = Barrier(2), word._begin

    def together(*given: object) -> int:
        both.wait(30)
        return begin(*given)  # type: ignore[arg-type]

    monkeypatch.setattr(word, "_begin", together)
    form = form_of(desk.get(ADDRESS).text, ADDRESS)
    browsers, content = [desk, browser_of(app, author)], a_plan()
    tokens = [form_of(one.get(ADDRESS).text, ADDRESS)["token"] for one in browsers]

    def send(place: int) -> str:
        data = {**form, "token": tokens[place], "document": (io.BytesIO(content), "a.docx")}
        return str(browsers[place].submit(ADDRESS, data, content_type="multipart/form-data").headers["Location"])

    with ThreadPoolExecutor(2) as threads:
        assert len(set(threads.map(send, range(2)))) == 1
    db.session.rollback()
    assert (db.session.query(Piece).count(), db.session.query(Picture).count()) == (1, 2)
    kept = [path for path in Path(app.instance_path, "files").rglob("*") if path.is_file()]
    assert len(kept) == db.session.query(File).count() == 2


@ON_SQLITE
def test_an_english_article_takes_a_section_of_its_language(desk: PortalClient) -> None:
    news = cast.a_section("News", language="en")
    assert "không thuộc ngôn ngữ" in said(sent(desk, GOOD, section=str(news)))
    assert piece(brought_in(sent(desk, GOOD, section=str(news), language="en"))).language == "en"


@ON_SQLITE
def test_who_belongs_to_no_unit_is_offered_no_form(app: Flask) -> None:
    cast.a_site()
    browser = browser_of(app, cast.somebody("author"))
    page = browser.get(ADDRESS)
    assert (page.status_code, "Bạn chưa thuộc đơn vị nào" in page.text, "document-said" in page.text) == (200, True, False)
    assert "document-said" not in browser.get("/ban-bien-tap").text


@ON_SQLITE
def test_the_form_stands_on_the_desk_and_where_articles_begin(desk: PortalClient) -> None:
    for page in ("/ban-bien-tap", "/ban-bien-tap/bai/moi"):
        fields = form_of(desk.get(page).text, ADDRESS)
        assert (fields["language"], len(fields["key"])) == ("vi", 32)


# --- Older files, where LibreOffice is installed: a program of its name in its place.


def office(folder: Path, monkeypatch: pytest.MonkeyPatch, work: str) -> None:
    """Install a program called soffice, which does some work in Python with `source`, `into` and `document` at hand."""
    (folder / "good.docx").write_bytes(GOOD)
    program = folder / "soffice"
    values = f"source, into, document = sys.argv[-1], sys.argv[-2], {str(folder / 'good.docx')!r}"
    program.write_text(f"#!{sys.executable}\nimport os, pathlib, shutil, sys, time\n{values}\n{work}\n", "utf-8")
    program.chmod(program.stat().st_mode | stat.S_IXUSR)
    monkeypatch.setenv("PATH", str(folder))


@ON_SQLITE
@pytest.mark.parametrize(("content", "kind"), [(OLD_WORD, "doc"), (opendocument(), "odt")])
def test_older_files_are_turned_by_libreoffice(
    desk: PortalClient, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, content: bytes, kind: str
) -> None:
    settings = "pathlib.Path(into, 'profile/user/registrymodifications.xcu').read_text()"
    asserted = f"assert source.endswith('.{kind}') and 'DisableMacrosExecution' in {settings}"
    work = f"{asserted}\nshutil.copy(document, into + '/source.docx')"
    office(tmp_path, monkeypatch, work)
    assert opened(desk, brought_in(sent(desk, content)))["body"] == f"<p>{TEXT}</p>"


@ON_SQLITE
@pytest.mark.parametrize("work", ["sys.exit(1)", "pathlib.Path(into + '/source.docx').write_bytes(b'x')"])
def test_what_libreoffice_cannot_turn_is_refused(
    desk: PortalClient, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, work: str
) -> None:
    office(tmp_path, monkeypatch, work)
    assert "Tệp “kế hoạch.docx”" in said(sent(desk, OLD_WORD))


@ON_SQLITE
def test_a_libreoffice_that_does_not_end_is_ended_with_all_that_it_started(
    desk: PortalClient, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    office(tmp_path, monkeypatch, "os.fork()\ntime.sleep(600)")
    monkeypatch.setattr(word, "TURNING_S", 1)
    assert "bị hỏng" in said(sent(desk, OLD_WORD))
    assert not [one for one in Path("/proc").glob("[0-9]*/cmdline") if str(tmp_path).encode() in one.read_bytes()]
