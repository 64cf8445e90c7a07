"""What holds for each setting: it is shown, looked at before it is saved, saved, kept in its history."""

import pytest
from flask import Flask

from portal.demo.content import fill_if_empty
from tests import cast
from tests.guards.asking import apart_from_the_log, everything
from tests.settings.forms import NAMES, SETTINGS, Office, changes

UNSEEN = {"dung-luong", "quy-tac-duyet"}
"""Readers see nothing of these."""


def test_the_index_says_of_each_what_stands_now(app: Flask) -> None:
    cast.change_site(hotline="0255 000 0001")
    page = Office(app).browser.get(SETTINGS).text
    assert [name for name in NAMES if f'href="{SETTINGS}/{name}"' not in page] == []
    assert "Sở Khoa học và Công nghệ, Tỉnh Quảng Ngãi, 0255 000 0001" in page


@pytest.mark.slow(why="fills the database")
def test_what_is_shown_can_be_looked_at_and_saved_as_it_is_and_changes_nothing(app: Flask) -> None:
    fill_if_empty()
    office = Office(app)
    names = [*sorted(NAMES), "trang-1"]
    before = everything()
    for name in names:
        form = office.form(name)
        seen = office.send(name, form, "preview")
        assert (seen.status_code, "Chưa lưu gì" in seen.text) == ((400, False) if name in UNSEEN else (200, True)), name
        assert office.send(name, form).status_code == 303, name
        assert "Chưa có thay đổi nào" in office.browser.get(f"{SETTINGS}/{name}/lich-su").text, name
    assert everything() == before


def test_on_a_site_that_has_nothing_yet_the_first_change_makes_it(app: Flask) -> None:
    office = Office(app)
    for name in sorted(NAMES):
        assert office.browser.get(f"{SETTINGS}/{name}").status_code == 200, name
    assert office.change("co-quan", name="Sở Khoa học và Công nghệ").status_code == 303
    assert "Sở Khoa học và Công nghệ" in office.browser.get("/").text
    assert [change.after["name"] for change in changes("co-quan")] == ["Sở Khoa học và Công nghệ"]


def test_a_setting_that_is_none_is_not_found(app: Flask) -> None:
    browser = Office(app).browser
    for name in ("khong-co", "trang-0", "trang-01", "trang-99", f"trang-{10**12}", "trang-x"):
        assert browser.get(f"{SETTINGS}/{name}").status_code == 404, name
    for query in ("khoi-phuc=1", "khoi-phuc=x", "khoi-phuc=2147483648"):
        assert browser.get(f"{SETTINGS}/co-quan?{query}").status_code == 404, query


FORMS: list[dict[str, str]] = [
    {},
    {"do": "save"},
    {"do": "up-0"},
    {"do": "x"},
    {"do": "up-99", "rows": "1", "0-id": "0", "0-level": "1"},
    {"do": "save", "rows": "9999"},
    {"do": "save", "rows": "-1"},
    {"do": "save", "rows": "1", "0-id": "x", "0-level": "1"},
    {"do": "save", "rows": "1", "0-id": str(2**31), "0-level": "1"},
    {"do": "save", "rows": "1", "0-id": "1", "0-level": "88"},
]


def test_a_form_that_is_none_of_ours_is_refused_and_stores_nothing(app: Flask) -> None:
    cast.a_site()
    office = Office(app)
    token, before = office.form("trinh-don")["token"], apart_from_the_log()
    for form in FORMS:
        assert office.browser.submit(f"{SETTINGS}/trinh-don", {"token": token, **form}).status_code == 400, form
    assert apart_from_the_log() == before
