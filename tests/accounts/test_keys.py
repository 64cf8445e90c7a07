"""Passkeys over the web: their owner adds, names and removes them; what is not true is not added."""

import json
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import update

from portal.accounts import kept_keys
from portal.accounts.models import Challenge, User
from portal.core.db import write
from portal.core.sessions import StaffSession, cookie_name
from tests import cast
from tests.accounts.authenticator import BACKED_UP, ELIGIBLE, PRESENT, VERIFIED, Authenticator
from tests.accounts.browser import token_of
from tests.accounts.holding import (
    KEYS,
    actions,
    add,
    asked,
    assert_refused,
    enter,
    fields_of,
    passkeys,
    publisher_with_passkey,
    rows,
)
from tests.client import PortalClient


def test_a_passkey_is_added_and_told_and_ends_no_session(staff: PortalClient, device: Authenticator, user: User) -> None:
    cast.session_of(user)

    answer = add(staff, device, name="  Máy tính   cơ quan ")

    assert answer.get_json() == {"next": f"{KEYS}?xong=them"}
    page = staff.get(f"{KEYS}?xong=them").text
    assert "Máy tính cơ quan" in page
    assert "Đã thêm khóa truy cập" in page
    assert "Chỉ có trên một thiết bị" in page
    assert rows(StaffSession) == 2
    assert actions() == ["passkey_added"]
    assert fields_of("passkey_added") == {"passkey": passkeys()[0].id}
    assert rows(Challenge) == 1


def test_a_passkey_without_a_name_is_called_after_the_browser(staff: PortalClient, device: Authenticator) -> None:
    device.flags = PRESENT | VERIFIED | ELIGIBLE | BACKED_UP
    add(staff, device)
    assert (passkeys()[0].name, passkeys()[0].backed_up) == ("Chrome, Android", True)
    assert "Đã sao lưu" in staff.get(KEYS).text


@pytest.mark.parametrize(
    "wrong", [{"origin": "http://evil.example"}, {"rp_id": "evil.example"}, {"flags": PRESENT}, {"client": {"challenge": "AAAA"}}]
)
def test_an_untrue_new_passkey_is_not_added(staff: PortalClient, device: Authenticator, wrong: dict[str, Any]) -> None:
    for name, value in wrong.items():
        setattr(device, name, value)
    answer = add(staff, device)
    assert answer.status_code == 422
    assert "Khóa truy cập" in answer.get_json()["said"] or "khóa truy cập" in answer.get_json()["said"]
    assert passkeys() == []
    assert actions() == []


def test_a_new_passkey_is_added_once(staff: PortalClient, device: Authenticator) -> None:
    token, question = asked(staff)
    form = {"token": token, "answer": json.dumps(device.create(question))}
    assert [staff.submit(KEYS, form).status_code for _ in range(2)] == [200, 422]
    assert add(staff, device).status_code == 422
    assert len(passkeys()) == 1


def test_another_session_s_question_adds_nothing(
    app: Flask, staff: PortalClient, visitor: PortalClient, device: Authenticator
) -> None:
    visitor.set_cookie(cookie_name(app), cast.session_of(cast.somebody("editor")))
    _, question = asked(visitor)
    token, _ = asked(staff)
    assert staff.submit(KEYS, {"token": token, "answer": json.dumps(device.create(question))}).status_code == 422
    assert passkeys() == []


def test_who_has_passkeys_is_not_asked_for_the_same_device_twice(staff: PortalClient, device: Authenticator) -> None:
    add(staff, device)
    _, question = asked(staff)
    assert [known["transports"] for known in question["excludeCredentials"]] == [["hybrid", "internal"]]


def test_there_are_not_more_than_somebody_can_have(
    staff: PortalClient, device: Authenticator, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(kept_keys, "MOST", 1)
    add(staff, device)
    answer = staff.submit(KEYS + "/cau-hoi", {"token": token_of(staff, KEYS), "again": cast.PASSWORD})
    assert answer.status_code == 422
    assert "là số tối đa" in answer.get_json()["said"]
    assert len(passkeys()) == 1


def test_it_is_renamed(staff: PortalClient, device: Authenticator) -> None:
    add(staff, device)
    form = {"token": token_of(staff, KEYS), "name": " Điện\u200b thoại "}
    answer = staff.submit(f"{KEYS}/{passkeys()[0].id}/ten", form)
    assert (answer.status_code, answer.headers["Location"]) == (303, f"{KEYS}?xong=ten")
    assert passkeys()[0].name == "Điện thoại"


@pytest.mark.parametrize("name", ["", "   ", "dài" * 40])
def test_a_wrong_name_is_said_at_its_field(staff: PortalClient, device: Authenticator, name: str) -> None:
    add(staff, device, name="Cũ")
    answer = staff.submit(f"{KEYS}/{passkeys()[0].id}/ten", {"token": token_of(staff, KEYS), "name": name})
    assert answer.status_code == 422
    assert 'aria-invalid="true"' in answer.text
    assert passkeys()[0].name == "Cũ"


def test_it_is_removed_and_signs_nobody_in_any_more(staff: PortalClient, visitor: PortalClient, device: Authenticator) -> None:
    add(staff, device)
    answer = staff.submit(f"{KEYS}/{passkeys()[0].id}/xoa", {"token": token_of(staff, KEYS)})
    assert answer.headers["Location"] == f"{KEYS}?xong=xoa"
    assert "Đã xóa khóa truy cập" in staff.get(f"{KEYS}?xong=xoa").text
    assert actions() == ["passkey_added", "passkey_removed"]
    assert_refused(enter(visitor, device), "wrong_passkey")


@pytest.mark.parametrize("what", ["ten", "xoa"])
def test_another_user_s_passkey_is_not_there(app: Flask, staff: PortalClient, device: Authenticator, what: str) -> None:
    publisher_with_passkey(app, device)
    number = passkeys()[0].id
    assert staff.get(KEYS).text.count("key-act") == 0
    form = {"token": token_of(staff, KEYS), "name": "Của tôi"}
    assert staff.submit(f"{KEYS}/{number}/{what}", form).status_code == 404
    assert staff.submit(f"{KEYS}/{number}/{what}", {**form, "name": ""}).status_code == 404
    assert passkeys()[0].name != "Của tôi"


@pytest.mark.parametrize(
    ("values", "stays"),
    [
        ({"role": "publisher"}, True),
        ({"role": "administrator"}, True),
        ({"role": "publisher", "totp_secret": "x"}, False),
        ({"role": "author"}, False),
        ({"role": "author", "password_hash": None}, True),
    ],
)
def test_the_last_way_in_is_not_removed(
    staff: PortalClient, device: Authenticator, user: User, values: dict[str, Any], stays: bool
) -> None:
    add(staff, device)
    write(lambda session: session.execute(update(User).values(**values)))
    answer = staff.submit(f"{KEYS}/{passkeys()[0].id}/xoa", {"token": token_of(staff, KEYS)})
    assert answer.status_code == (422 if stays else 303)
    assert len(passkeys()) == (1 if stays else 0)
