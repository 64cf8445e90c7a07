"""Static pages and sections: trees with addresses that lead on for ever, hidden or closed rather than lost."""

import re
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import event

from portal.articles.models import Section
from portal.articles.sections import shelves
from portal.core.db import db
from portal.desk import choices
from portal.site.models import Page
from tests import cast
from tests.publishing.writing import a_piece
from tests.settings.forms import SETTINGS, Filled, Office, changes


def page_of(title: str) -> Page:
    db.session.rollback()
    return db.session.query(Page).filter_by(title=title).one()


def test_a_tree_of_pages_is_made_and_read(office: Office) -> None:
    rows: list[dict[str, Any]] = [
        {"title": "Giới thiệu"},
        {"title": "Lãnh đạo Sở", "level": 2},
        {"title": "Liên hệ", "slug": "lien-lac"},
    ]
    looked = office.lines("cac-trang", *rows, do="preview").text
    assert ("Lãnh đạo Sở" in looked, "Sơ đồ trang" in looked) == (True, True)
    assert office.lines("cac-trang", *rows).status_code == 303
    map_of_site = office.browser.get("/so-do-trang").text
    assert [path for path in ("gioi-thieu", "lanh-dao-so", "lien-lac") if f'href="/trang/{path}"' not in map_of_site] == []
    below = office.browser.get("/trang/lanh-dao-so").text
    assert "Giới thiệu" in below.partition("<main")[2]


def test_the_text_of_a_page_is_cleaned_looked_at_and_read(office: Office) -> None:
    name = f"trang-{cast.a_page('Giới thiệu')}"
    looked = office.send(name, office.form(name), "preview", body="<h2>Chức năng</h2><p onclick=alert(1)>Quản lý</p>")
    assert ("<h2>Chức năng</h2>" in looked.text, "onclick=alert" in looked.text.partition("<article")[2]) == (True, False)
    assert "Chức năng" not in office.browser.get("/trang/gioi-thieu").text
    assert office.change(name, body="<h2>Chức năng</h2><script>alert(1)</script><p>Quản lý</p>").status_code == 303
    assert "<h2>Chức năng</h2><p>Quản lý</p>" in office.browser.get("/trang/gioi-thieu").text
    assert page_of("Giới thiệu").body == "<h2>Chức năng</h2><p>Quản lý</p>"
    office.change(name, body="<p>Khác</p>")
    history = office.browser.get(f"{SETTINGS}/{name}/lich-su").text
    assert ("Chức năng" in history, "Khác" in history) == (True, True)
    refused = office.change(name, body="<b>" * 60_000)
    assert (refused.status_code, "thẻ không đóng" in refused.text) == (422, True)


def test_a_page_s_former_address_leads_to_it_and_belongs_to_nobody_else(office: Office) -> None:
    page = cast.a_page("Giới thiệu")
    assert office.change("cac-trang", **{"0-slug": "ve-so"}).status_code == 303
    old = office.browser.get("/trang/gioi-thieu")
    assert (old.status_code, old.headers["Location"]) == (301, "/trang/ve-so")
    stands = {"id": page, "title": "Giới thiệu", "slug": "ve-so"}
    for slug, said in (("gioi-thieu", "từng là của “Giới thiệu”"), ("ve-so", "cũng có địa chỉ này"), ("Về Sở", "ve-so")):
        answer = office.lines("cac-trang", stands, {"title": "Khác", "slug": slug})
        assert (answer.status_code, said in answer.text) == (422, True), slug
    unnamed = office.lines("cac-trang", stands, {"title": "¿?"})
    assert (unnamed.status_code, "không có chữ nào" in unnamed.text) == (422, True)
    assert office.change("cac-trang", **{"0-slug": "gioi-thieu"}).status_code == 303
    assert office.browser.get("/trang/gioi-thieu").status_code == 200


def test_two_pages_do_not_change_addresses_with_each_other(office: Office) -> None:
    cast.a_page("Một", position=1)
    cast.a_page("Hai", position=2)
    answer = office.change("cac-trang", **{"0-slug": "hai", "1-slug": "mot"})
    assert (answer.status_code, "Địa chỉ này là của “Hai”" in answer.text) == (422, True)


def test_a_hidden_page_is_found_by_nobody_and_keeps_its_text(office: Office) -> None:
    page = cast.a_page("Giới thiệu")
    assert office.change("cac-trang", **{"0-hidden": "y"}).status_code == 303
    assert office.browser.get("/trang/gioi-thieu").status_code == 404
    assert "Giới thiệu" not in office.browser.get("/so-do-trang").text.partition("<main")[2].partition("</main>")[0]
    looked = office.send(f"trang-{page}", office.form(f"trang-{page}"), "preview")
    assert "Nội dung của trang." in looked.text
    form = {key: text for key, text in office.form("cac-trang").items() if key != "0-hidden"}
    assert office.send("cac-trang", form).status_code == 303
    assert office.browser.get("/trang/gioi-thieu").status_code == 200


def test_a_page_cannot_be_lost_by_any_form(office: Office) -> None:
    cast.a_page("Giới thiệu")
    assert 'value="remove-0"' not in office.browser.get(f"{SETTINGS}/cac-trang").text
    form = office.form("cac-trang")
    assert office.send("cac-trang", form, "remove-0").status_code == 400
    assert office.lines("cac-trang", {"title": "Liên hệ"}).status_code == 303
    assert page_of("Giới thiệu").hidden


def test_a_page_that_a_restored_state_does_not_know_is_hidden_and_keeps_its_translation(office: Office) -> None:
    one = cast.a_page("Giới thiệu")
    assert office.lines("cac-trang-en", {"title": "About", "twin": one}).status_code == 303
    assert office.lines("cac-trang", {"title": "Liên hệ"}).status_code == 303
    assert office.form("cac-trang-en")["0-twin"] == str(one)
    form = office.form("cac-trang")
    shown = {name: text for name, text in form.items() if name != "1-hidden"}
    assert (form["1-title"], office.send("cac-trang", shown).status_code) == ("Giới thiệu", 303)
    assert 'href="/en/trang/about"' in office.browser.get("/trang/gioi-thieu").text


def test_the_history_of_a_long_text_is_read_a_few_changes_at_a_time(office: Office) -> None:
    name = f"trang-{cast.a_page('Giới thiệu')}"
    for number in range(5):
        office.change(name, body=f"<p>Bản {number}</p>")
    first = office.browser.get(f"{SETTINGS}/{name}/lich-su").text
    assert first.count("Khôi phục") == 3
    earlier = re.findall(r'rel="next" href="([^"]+)"', first)[0]
    assert office.browser.get(earlier).text.count("Khôi phục") == 2


def test_what_lines_can_choose_is_asked_once_however_many_they_are(office: Office) -> None:
    cast.a_section("Tin tức")
    asked = list[str]()

    def note(*said: Any) -> None:
        asked.append(said[2])

    def number(lines: int) -> int:
        asked.clear()
        answer = office.lines("chuyen-muc-en", *({"name": f"News {n}"} for n in range(lines)), do="add")
        assert answer.status_code == 200
        return len(asked)

    event.listen(db.engine, "before_cursor_execute", note)
    number(1)  # the agency's data is remembered from now on
    assert number(1) == number(40)
    event.remove(db.engine, "before_cursor_execute", note)


def test_a_page_in_english_is_joined_to_its_vietnamese_one(office: Office) -> None:
    one, other = cast.a_page("Giới thiệu"), cast.a_page("Liên hệ")
    assert office.lines("cac-trang-en", {"title": "About", "twin": one}).status_code == 303
    assert 'href="/en/trang/about"' in office.browser.get("/trang/gioi-thieu").text
    form = office.form("cac-trang-en")
    assert form["0-twin"] == str(one)
    answer = office.lines("cac-trang-en", {"title": "About", "twin": one, "id": form["0-id"]}, {"title": "Us", "twin": one})
    assert (answer.status_code, "Đã có dòng khác chọn bản này" in answer.text) == (422, True)
    assert office.change("cac-trang-en", **{"0-twin": str(other)}).status_code == 303
    assert 'href="/en/trang/about"' not in office.browser.get("/trang/gioi-thieu").text
    assert office.change("cac-trang-en", **{"0-twin": "99"}).status_code == 422


@pytest.fixture
def sections(office: Office) -> list[int]:
    return [cast.a_section("Tin tức", position=1), cast.a_section("Thông báo", position=2)]


def test_sections_are_renamed_and_their_former_addresses_lead_on(office: Office, sections: list[int]) -> None:
    article = cast.an_article(section=sections[0])
    changed = {"0-name": "Tin tức – Sự kiện", "0-slug": "tin-tuc-su-kien", "0-review_hours": "24"}
    looked = office.send("chuyen-muc", office.form("chuyen-muc"), "preview", **changed)
    assert "Tin tức – Sự kiện" in looked.text
    assert "Tin tức – Sự kiện" not in office.browser.get("/").text
    assert office.change("chuyen-muc", **changed).status_code == 303
    old = office.browser.get("/chuyen-muc/tin-tuc")
    assert (old.status_code, old.headers["Location"]) == (301, "/chuyen-muc/tin-tuc-su-kien")
    assert "Tin tức – Sự kiện" in office.browser.get(cast.article_path(article)).text
    assert db.session.get_one(Section, sections[0]).review_hours == 24
    taken = office.change("chuyen-muc", **{"1-slug": "tin-tuc"})
    assert (taken.status_code, "từng là của “Tin tức – Sự kiện”" in taken.text) == (422, True)


def test_a_section_with_articles_is_not_removed(app: Flask, office: Office, sections: list[int]) -> None:
    cast.an_article(section=sections[0])
    a_piece(cast.somebody("author", unit=cast.a_unit()), section_id=sections[0])
    form = office.form("chuyen-muc")
    moved = office.send("chuyen-muc", form, "remove-0")
    answer = office.send("chuyen-muc", Filled(moved.text).fields)
    assert answer.status_code == 422
    assert "Không bỏ được “Tin tức”: còn 2 bài" in answer.text
    assert "đóng chuyên mục" in answer.text
    assert office.lines("chuyen-muc", {"name": "Tin tức", "slug": "tin-tuc", "id": sections[0]}).status_code == 303
    assert office.browser.get("/chuyen-muc/thong-bao").status_code == 404


def test_a_closed_section_takes_nothing_new_and_is_read_as_before(app: Flask, office: Office, sections: list[int]) -> None:
    article = cast.an_article(section=sections[0])
    assert office.change("chuyen-muc", **{"0-closed": "y"}).status_code == 303
    assert choices.sections(open_ones=True) == [(sections[1], "Thông báo")]
    with app.test_request_context():
        assert [number for number, _name in shelves("vi")] == [sections[1]]
        assert [number for number, _name in shelves("vi", kept=sections[0])] == sections
    home = office.browser.get("/").text
    assert "Tin tức" not in home.partition('class="menu-line"')[2].partition("</nav>")[0]
    assert office.browser.get("/chuyen-muc/tin-tuc").status_code == 200
    assert office.browser.get(cast.article_path(article)).status_code == 200


def test_sections_stand_in_each_other(office: Office, sections: list[int]) -> None:
    form = Filled(office.send("chuyen-muc", office.form("chuyen-muc"), "in-1").text).fields
    assert office.send("chuyen-muc", form).status_code == 303
    db.session.rollback()
    assert db.session.get_one(Section, sections[1]).parent_id == sections[0]
    assert [change.after["rows"][1]["level"] for change in changes("chuyen-muc")] == [2]
    for typed in ("0", "721", "x"):
        assert office.change("chuyen-muc", **{"0-review_hours": typed}).status_code == 422
