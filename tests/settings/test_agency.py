"""The agency's data, look, figures and rules are changed on their pages, and readers see it."""

from typing import Any

import pytest
from flask import Flask, current_app

from portal.core import clock
from portal.core.db import db
from portal.publishing import second_person
from portal.site.models import Site
from tests import cast
from tests.audit.recording import entries
from tests.client import Elements
from tests.settings.forms import SETTINGS, Office, changes


def the_site() -> Site:
    db.session.rollback()
    return db.session.get_one(Site, 1, populate_existing=True)


def test_what_is_saved_is_seen_by_readers_in_both_languages_and_is_on_record(office: Office) -> None:
    before = office.browser.get("/").text
    said = {"hotline": "0255 382 2222", "address": "01 đường Ví Dụ", "address_en": "01 Vi Du Street", "licence": "Số 1/GP"}
    answer = office.change("co-quan", **said)
    assert answer.headers["Location"] == f"{SETTINGS}/co-quan?xong=luu"
    page, english = office.browser.get("/").text, office.browser.get("/en/").text
    assert "0255 382 2222" not in before
    assert [text for text in ("0255 382 2222", "01 đường Ví Dụ", "Số 1/GP") if text not in page] == []
    assert "01 Vi Du Street" in english
    (change,) = changes("co-quan")
    assert (change.author_id, change.before["hotline"], change.after["hotline"]) == (office.user.id, "", "0255 382 2222")
    (entry,) = [one for one in entries() if one.action == "setting_changed"]
    assert (entry.actor_id, entry.thing, entry.fields) == (office.user.id, "site:1", '{"setting":"agency"}')


def test_the_log_names_a_setting_as_people_know_it(office: Office) -> None:
    office.change("co-quan", hotline="0255 382 2222")
    office.lines("trinh-don-en", {"label": "About", "url": "/en/"})
    office.change(f"trang-{cast.a_page()}", body="<p>Mới.</p>")
    office.change("quy-tac-duyet", by_second_person="")
    log = office.browser.get("/ban-bien-tap/nhat-ky").text
    for words in ("Cơ quan", "Trình đơn (English)", "Nội dung trang", "Quy tắc duyệt"):
        assert f"Thiết lập: {words}" in log, words


def test_a_form_sent_twice_is_one_change(office: Office) -> None:
    form = office.form("co-quan")
    assert [office.send("co-quan", form, hotline="0255 382 2222").status_code for _ in range(2)] == [303, 303]
    assert len(changes("co-quan")) == 1


@pytest.mark.parametrize("english", [False, True])
def test_a_preview_shows_the_page_as_it_would_be_and_stores_nothing(office: Office, english: bool) -> None:
    prefix = "/en" if english else ""
    form = {**office.form("co-quan"), "name": "Sở Mới", "do": "preview"}
    seen = office.browser.submit(f"{prefix}{SETTINGS}/co-quan", form)
    assert seen.text.count("Sở Mới") > 2
    assert 'class="masthead"' in seen.text
    assert "Sở Mới" not in office.browser.get(f"{prefix}/").text
    assert the_site().name == "Sở Khoa học và Công nghệ"
    assert changes("co-quan") == []


def test_from_a_preview_the_form_comes_back_as_it_was_typed_or_is_saved(office: Office) -> None:
    form = office.form("co-quan")
    seen = office.browser.submit(f"/en{SETTINGS}/co-quan", {**form, "name": "Sở Mới", "do": "preview"})
    assert f'action="{SETTINGS}/co-quan"' in seen.text
    assert 'name="name" value="Sở Mới"' in seen.text
    back = office.send("co-quan", form, "edit", name="Sở Mới")
    assert 'value="Sở Mới"' in back.text
    assert the_site().name != "Sở Mới"
    saved = office.browser.submit(f"/en{SETTINGS}/co-quan", {**form, "name": "Sở Mới", "do": "save"})
    assert saved.headers["Location"] == f"{SETTINGS}/co-quan?xong=luu"
    assert the_site().name == "Sở Mới"


BAD: list[tuple[str, str, str, str]] = [
    ("co-quan", "name", "", "Hãy điền mục này"),
    ("co-quan", "name", "\u00a0", "Hãy điền mục này"),
    ("co-quan", "name", "\u3000 \u2003", "Hãy điền mục này"),
    ("co-quan", "name", "Sở\ufffe", "ký tự không nhìn thấy được"),
    ("co-quan", "name", "a" * 201, "Quá dài: 201 ký tự, tối đa 200"),
    ("co-quan", "name", "a\u0301" * 3_000, "Quá dài"),
    ("co-quan", "name", "Sở\x00", "ký tự không nhìn thấy được"),
    ("co-quan", "name", "Sở \u202eKhoa học", "ký tự không nhìn thấy được"),
    ("co-quan", "name", "Sở\r\nSet-Cookie: a=b", "dấu xuống dòng"),
    ("co-quan", "address", "Số 1\u2028đường Ví Dụ", "dấu xuống dòng"),
    ("co-quan", "email", "so-khcn", "không phải địa chỉ thư điện tử"),
    ("co-quan", "email", 'a"onmouseover=alert(1)@example.vn', "không phải địa chỉ thư điện tử"),
    ("co-quan", "hotline", "javascript:alert(1)", "không phải số điện thoại"),
    ("giao-dien", "palette", "hong", "Hãy chọn một mục trong danh sách"),
    ("giao-dien", "palette", "quoc-tang", "Hãy chọn một mục trong danh sách"),
    ("giao-dien", "mourning_from", "2026-02-31", "Không có ngày này"),
    ("giao-dien", "mourning_from", "3022-01-01", "Hãy xem lại năm: 3022"),
    ("giao-dien", "mourning_from", "2026-03-17", "Hãy ghi cả hai ngày"),
    ("dung-luong", "largest_upload_mb", "0", "số nguyên từ 1 đến 1000"),
    ("dung-luong", "largest_upload_mb", "1e3", "số nguyên từ 1 đến 1000"),
    ("dung-luong", "quota_gb", "-5", "số nguyên từ 1 đến"),
    ("dung-luong", "quota_gb", "９", "số nguyên từ 1 đến"),
    ("bieu-trung", "emblem", "0" * 32, "Hãy chọn một mục trong danh sách"),
]


def test_what_cannot_be_kept_is_said_at_its_field_and_nothing_is_stored(office: Office) -> None:
    wrong = list[object]()
    for setting, field, typed, said in BAD:
        answer = office.change(setting, **{field: typed})
        at_field = answer.text.partition('class="field-bad"')[2].partition("</")[0]
        focused = [one.get("name") for _tag, one in Elements(answer.text).found if "autofocus" in one]
        if (answer.status_code, said in at_field, len(focused)) != (422, True, 1):
            wrong.append((setting, field, typed[:20], answer.status_code, at_field, focused))
        assert changes(setting) == []
    assert wrong == []


def test_days_out_of_order_are_refused(office: Office) -> None:
    answer = office.change("giao-dien", mourning_from="2026-03-17", mourning_until="2026-03-16")
    assert (answer.status_code, "Ngày cuối trước ngày đầu" in answer.text) == (422, True)


def test_palette_and_mourning_are_seen_by_readers(office: Office) -> None:
    assert office.change("giao-dien", palette="cham").status_code == 303
    assert 'data-palette="cham"' in office.browser.get("/").text
    today = clock.day_of(clock.now_ms()).isoformat()
    seen = office.send("giao-dien", office.form("giao-dien"), "preview", mourning_from=today, mourning_until=today)
    assert 'data-palette="quoc-tang"' in seen.text
    assert 'data-palette="quoc-tang"' not in office.browser.get("/").text
    assert office.change("giao-dien", mourning_from=today, mourning_until=today).status_code == 303
    assert 'data-palette="quoc-tang"' in office.browser.get("/").text


def figures(page: str) -> list[str]:
    return [label for label in ("Đang truy cập", "Lượt truy cập hôm nay", "Tổng số lượt xem") if label in page]


def test_a_figure_that_is_not_ticked_is_left_out(office: Office) -> None:
    form = {name: text for name, text in office.form("so-lieu").items() if name not in {"online", "today", "month"}}
    assert figures(office.send("so-lieu", form, "preview").text) == ["Tổng số lượt xem"]
    assert len(figures(office.browser.get("/").text)) == 3
    assert office.send("so-lieu", form).status_code == 303
    assert figures(office.browser.get("/").text) == ["Tổng số lượt xem"]
    none = {name: text for name, text in office.form("so-lieu").items() if name not in {"visits", "views"}}
    refused = office.send("so-lieu", none)
    assert (refused.status_code, "ít nhất một số liệu" in refused.text) == (422, True)


def test_what_files_may_weigh_is_told_to_who_takes_them(app: Flask, office: Office) -> None:
    limits: Any = current_app.extensions["upload_limits"]
    assert (limits().largest_upload_mb, limits().quota_gb) == (100, 50)
    assert office.change("dung-luong", largest_upload_mb="20", quota_gb="7").status_code == 303
    assert (limits().largest_upload_mb, limits().quota_gb) == (20, 7)


def test_the_rule_of_approval_is_one_of_the_settings(office: Office) -> None:
    def is_on() -> bool:
        db.session.rollback()
        return second_person.is_on(db.session())

    form = {name: text for name, text in office.form("quy-tac-duyet").items() if name != "by_second_person"}
    assert is_on()
    assert office.send("quy-tac-duyet", form).status_code == 303
    assert not is_on()
    assert office.change("quy-tac-duyet", by_second_person="y").status_code == 303
    assert is_on()
    assert [change.after for change in changes("quy-tac-duyet")] == [{"by_second_person": False}, {"by_second_person": True}]
