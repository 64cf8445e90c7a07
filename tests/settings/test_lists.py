"""Menu, links, strips and urgent notices are changed line by line, and readers see them."""

import io
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from flask import Flask

from portal.core import clock
from portal.core.db import db
from portal.files.renditions import render_waiting
from portal.site.models import Link, MenuItem, Strip, Urgent
from tests import cast
from tests.client import Elements
from tests.files import samples
from tests.settings.forms import SETTINGS, Filled, Office, changes

ZONE = ZoneInfo("Asia/Ho_Chi_Minh")
ABOUT, NEWS, STAFF = (
    {"label": name, "url": url} for name, url in (("Giới thiệu", "/trang/a"), ("Tin", "/tin"), ("Lãnh đạo", "/b"))
)


def menu(page: str) -> list[str]:
    """Return the menu's lines as readers see them on a wide screen."""
    return [
        word.partition("<")[0]
        for word in page.partition('class="menu-line"')[2].partition("</nav>")[0].split(">")
        if word.partition("<")[0].strip()
    ]


def day(shift: int) -> str:
    """Return a day as a form has it, a number of days from today."""
    return moment(shift * clock.DAY)[:10]


def moment(shift: int) -> str:
    """Return a time as a form has it, a number of milliseconds from now."""
    return datetime.fromtimestamp((clock.now_ms() + shift) / 1000, ZONE).strftime("%Y-%m-%dT%H:%M")


def test_a_menu_of_two_levels_is_made_and_changed(office: Office) -> None:
    answer = office.lines("trinh-don", ABOUT, {**STAFF, "level": 2}, NEWS)
    assert answer.status_code == 303
    assert menu(office.browser.get("/").text)[:4] == ["Giới thiệu", "Giới thiệu", "Lãnh đạo", "Tin"]
    form = office.form("trinh-don")
    kept = [form[f"{place}-id"] for place in range(3)]
    hidden = ({**NEWS, "id": kept[2]}, {**ABOUT, "id": kept[0], "hidden": "y"}, {**STAFF, "id": kept[1], "level": 2})
    assert office.lines("trinh-don", *hidden).status_code == 303
    assert menu(office.browser.get("/").text) == ["Tin", "English"]
    db.session.rollback()
    assert {str(row.id) for row in db.session.query(MenuItem)} == set(kept)
    assert office.lines("trinh-don", {**NEWS, "id": kept[2]}).status_code == 303
    db.session.rollback()
    assert [row.label for row in db.session.query(MenuItem)] == ["Tin"]


def test_buttons_move_lines_without_storing_anything(office: Office) -> None:
    def labels(text: str) -> list[str]:
        form = Filled(text).fields
        return [f"{form[f'{place}-level']} {form[f'{place}-label']}" for place in range(int(form["rows"]))]

    rows = (ABOUT, NEWS, STAFF)
    assert labels(office.lines("trinh-don", *rows, do="up-2").text) == ["1 Giới thiệu", "1 Lãnh đạo", "1 Tin"]
    assert labels(office.lines("trinh-don", *rows, do="down-0").text) == ["1 Tin", "1 Giới thiệu", "1 Lãnh đạo"]
    assert labels(office.lines("trinh-don", *rows, do="in-1").text) == ["1 Giới thiệu", "2 Tin", "1 Lãnh đạo"]
    assert labels(office.lines("trinh-don", *rows, do="remove-0").text) == ["1 Tin", "1 Lãnh đạo"]
    added = office.lines("trinh-don", *rows, do="add").text
    assert labels(added)[3] == "1 "
    assert [one["name"] for one in Elements(added).of("input") if "autofocus" in one] == ["3-label"]
    pressed = office.lines("trinh-don", *rows, do="up-2").text
    assert [one["value"] for one in Elements(pressed).of("button") if "autofocus" in one] == ["up-1"]
    assert changes("trinh-don") == []


def test_in_a_preview_the_menu_stands_in_the_language_of_its_readers(office: Office) -> None:
    rows = ({"label": "About", "url": "/en/trang/a"}, {"label": "Staff", "url": "/b", "level": 2})
    form = {**office.form("trinh-don-en"), "do": "preview"}
    sent = {**form, "rows": "2"} | {
        f"{place}-{name}": text for place, row in enumerate(rows) for name, text in {"id": "0", "level": "1", **row}.items()
    }
    page = office.browser.submit(f"/en{SETTINGS}/trinh-don-en", sent).text
    assert (menu(page), 'lang="en"' in page) == (["About", "About", "Staff", "Tiếng Việt"], True)
    assert "Staff" not in office.browser.get("/en/").text


BAD: list[tuple[str, list[dict[str, Any]], str]] = [
    ("trinh-don", [{**ABOUT, "level": 2}], "sai cấp"),
    ("trinh-don", [ABOUT, {**NEWS, "level": 2}, {**STAFF, "level": 3}], "chỉ có 2 cấp"),
    ("trinh-don", [{**ABOUT, "url": ""}], "nó cần một địa chỉ"),
    ("trinh-don", [{**ABOUT, "url": ""}, {**STAFF, "level": 2, "hidden": "y"}, NEWS], "nó cần một địa chỉ"),
    ("trinh-don", [{**ABOUT, "label": " "}], "Hãy điền mục này"),
    ("lien-ket", [{"title": "Tỉnh", "url": "/trang/liên-hệ", "place": "link"}], "sao chép từ thanh địa chỉ"),
    ("trinh-don", [{**ABOUT, "label": f"{n}"} for n in range(10)], "Chỉ hiện được 9 dòng"),
    ("trinh-don", [ABOUT] * 101, "nhiều nhất 100 dòng"),
    *(
        ("lien-ket", [{"title": "Tỉnh", "url": url, "place": "link"}], "không phải địa chỉ trang" if url else "Hãy điền mục này")
        for url in (
            *("", "javascript:alert(1)", "JAVASCRIPT:alert(1)", "data:text/html,a", "//evil.example/", "/\\evil.example"),
            *("https://", "https:/evil.example", "ftp://example.vn", "trang/lien-he", "https://a@evil.example/", "https://evil.example\\a"),
            *("/a b", "/trang/liên-hệ", "https://[::1]/"),
        )
    ),
    ("lien-ket", [{"title": "Tỉnh", "url": "/a\t", "place": "link"}], "dấu xuống dòng"),
    ("lien-ket", [{"title": "Tỉnh", "url": "/a", "place": "side"}], "trong danh sách"),
    ("bang-anh", [{"title": "Tết", "url": "/a", "first_on": "2026-03-17", "last_on": "2026-03-16"}], "Ngày cuối trước ngày đầu"),
    ("bang-anh", [{"title": "Tết", "url": "/a", "first_on": "2026-02-30", "last_on": "2026-03-16"}], "Không có ngày này"),
    ("bang-anh", [{"title": "Tết", "url": "/a", "first_on": "2026-02-03", "last_on": "3022-03-16"}], "xem lại năm: 3022"),
    ("bang-anh", [{"title": "Tết", "url": "/a", "first_on": "2020-02-03", "last_on": "2020-02-03"}], "Ngày này đã qua"),
    ("bang-anh", [{"title": "Tết", "url": "/a", "first_on": day(0), "last_on": day(0), "picture": "99"}], "trong danh sách"),
    ("tin-khan", [{"text": "Bão"}], "Hãy điền mục này"),
    ("tin-khan", [{"text": "Bão", "ends_at": moment(-clock.HOUR)}], "Giờ này đã qua"),
    ("tin-khan", [{"text": "Bão", "begins_at": moment(2 * clock.DAY), "ends_at": moment(clock.DAY)}], "Kết thúc trước"),
    ("tin-khan", [{"text": "Bão", "ends_at": "3022-01-01T00:00"}], "xem lại năm: 3022"),
    ("tin-khan", [{"text": "Bão", "ends_at": "2026-02-31T00:00"}], "Không có ngày giờ này"),
    ("tin-khan", [{"text": "Bão", "ends_at": "2027-01-01T00:00+00:00"}], "Không có ngày giờ này"),
    ("tin-khan", [{"text": "Bão\u202e", "ends_at": moment(clock.DAY)}], "ký tự không nhìn thấy được"),
]  # fmt: skip


def test_a_line_that_cannot_be_kept_says_why_and_nothing_is_stored(office: Office) -> None:
    wrong = list[object]()
    for setting, rows, said in BAD:
        for do in ("save", "preview"):
            answer = office.lines(setting, *rows, do=do)
            kept = Filled(answer.text).fields.get("rows")
            if (answer.status_code, said in answer.text, kept) != (422, True, str(len(rows))):
                wrong.append((setting, rows[0], do, answer.status_code))
        assert changes(setting) == []
    assert wrong == []


def test_links_stand_at_their_places(office: Office) -> None:
    rows = [{"title": f"Nơi {place}", "url": "HTTPS://example.vn/a?b=c#d", "place": place} for place in ("task", "link", "foot")]
    preview = office.lines("lien-ket", *rows, do="preview").text
    assert office.lines("lien-ket", *rows).status_code == 303
    page = office.browser.get("/").text
    for text in (preview, page):
        assert 'href="https://example.vn/a?b=c#d">Nơi foot' in text.partition('<footer class="foot">')[2]
        assert "Nơi task" in text.partition('class="tasks"')[2].partition("</nav>")[0]
    db.session.rollback()
    assert [(row.place, row.position) for row in db.session.query(Link).order_by(Link.position)] == [
        ("task", 1),
        ("link", 2),
        ("foot", 3),
    ]


def test_an_urgent_notice_begins_at_once_and_ends_as_it_must(app: Flask, office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    row = {"text": "Bão số 5 vào bờ", "ends_at": moment(2 * clock.HOUR)}
    assert "Bão số 5" in office.lines("tin-khan", row, do="preview").text
    assert "Bão số 5" not in office.browser.get("/").text
    assert office.lines("tin-khan", row).status_code == 303
    assert "Bão số 5" in office.browser.get("/").text
    db.session.rollback()
    begun = db.session.query(Urgent).one().begins_at
    assert office.change("tin-khan", **{"0-text": "Bão số 6"}).status_code == 303
    db.session.rollback()
    assert db.session.query(Urgent).one().begins_at == begun
    later = clock.now_ms() + 3 * clock.HOUR
    monkeypatch.setattr(clock, "now_ms", lambda: later)
    assert "Bão số" not in office.browser.get("/").text
    assert Office(app).form("tin-khan")["rows"] == "0"


@pytest.mark.slow(why="renders a picture")
def test_a_strip_shows_a_picture_of_the_shelf_with_its_words(office: Office) -> None:
    sent = {"token": office.form("bang-anh")["token"], "alt": "Đèn lồng", "credit": ""}
    put = office.browser.submit(
        "/ban-bien-tap/anh-cua-trang", {**sent, "picture": (io.BytesIO(samples.a_photo(1400, 300)), "tet.jpg")}
    )
    assert put.status_code == 303
    render_waiting()
    page = office.browser.get(f"{SETTINGS}/bang-anh")
    added = office.lines("bang-anh", {"title": "Tết", "url": "/tet", "first_on": day(-1), "last_on": day(1)}, do="add").text
    picture = next(value["value"] for value in Elements(added).of("option") if value["value"])
    row = {"title": "Tết", "url": "/tet", "first_on": day(-1), "last_on": day(1), "picture": picture}
    refused = office.lines("bang-anh", row)
    assert (page.status_code, refused.status_code, "Hãy cho biết ảnh" in refused.text or "ảnh" in refused.text) == (
        200,
        422,
        True,
    )
    row["alt"] = "Đèn lồng đỏ ở sân Sở"
    assert 'alt="Đèn lồng đỏ ở sân Sở"' in office.lines("bang-anh", row, do="preview").text
    assert office.lines("bang-anh", row).status_code == 303
    assert 'alt="Đèn lồng đỏ ở sân Sở"' in office.browser.get("/").text
    assert office.change("bang-anh", **{"0-picture": "", "0-alt": ""}).status_code == 303
    assert "Đèn lồng" not in office.browser.get("/").text
    db.session.rollback()
    assert db.session.query(Strip).count() == 1


def test_lines_of_another_language_stay_as_they_are(office: Office) -> None:
    cast.listed(MenuItem(label="About", url="/en/trang/about", language="en"))
    mine = cast.listed(MenuItem(label="Cũ", url="/cu"))
    foreign = db.session.query(MenuItem.id).filter_by(language="en").scalar()
    assert office.lines("trinh-don", {**NEWS, "id": foreign}, {**ABOUT, "id": mine}).status_code == 303
    db.session.rollback()
    rows = {(row.language, row.label) for row in db.session.query(MenuItem)}
    assert rows == {("en", "About"), ("vi", "Tin"), ("vi", "Giới thiệu")}
