"""What no page of ours sends to the sign-in page is refused with a sentence: nobody is signed in, and little is stored."""

import time
import unicodedata
from typing import Any
from urllib.parse import quote_plus

import pytest
from flask import Flask
from sqlalchemy import func, select
from werkzeug.test import TestResponse

from portal.accounts import passwords
from portal.accounts.models import Attempt, User
from portal.audit.models import Entry
from portal.core.db import db
from portal.core.sessions import StaffSession
from tests import cast
from tests.accounts.browser import SIGN_IN, sign_in, token_of
from tests.client import SAME_ORIGIN, PortalClient

LOOK_ALIKES = [
    "nguоi-{}@example.vn",
    "nguoi-{}@ехample.vn",
    "ngu\u200boi-{}@example.vn",
    "nguoi-{}@example.vn\u202e",
    "nguoi-{}@éxample.vn",
]


@pytest.fixture
def hashed(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Every password that was hashed, with a quick hasher."""
    seen: list[str] = []

    class Noting:
        salt_len, hash_len, memory_cost, time_cost, parallelism = 16, 32, 8, 1, 1

        @staticmethod
        def verify(kept: str, password: str) -> bool:
            seen.append(password)
            return cast.QUICK.verify(kept, password)

        @staticmethod
        def check_needs_rehash(_kept: str) -> bool:
            return False

    monkeypatch.setattr(passwords, "HASHER", Noting)
    return seen


@pytest.fixture
def user(app: Flask) -> User:
    return cast.somebody("author", password=cast.PASSWORD)


def stored() -> tuple[int, int, int]:
    """Return how many sessions, attempts and entries there are."""
    db.session.rollback()
    sessions_, attempts, entries = (
        db.session.scalar(select(func.count()).select_from(one)) or 0 for one in (StaffSession, Attempt, Entry)
    )
    return sessions_, attempts, entries


def is_said(answer: TestResponse) -> bool:
    """Tell whether an answer is a page with a sentence that does not come from an exception."""
    return "<h1" in answer.text and "Traceback" not in answer.text and "Exception" not in answer.text


def test_a_password_of_a_megabyte_is_refused_quickly_and_unread(client: PortalClient, user: User, hashed: list[str]) -> None:
    token, began = token_of(client, SIGN_IN), time.perf_counter()
    answer = client.submit(SIGN_IN, {"token": token, "email": user.email, "password": "x" * 1_000_000})
    assert answer.status_code == 413
    assert is_said(answer)
    assert time.perf_counter() - began < 2
    assert hashed == []
    assert stored() == (0, 0, 0)


@pytest.mark.parametrize(
    "password",
    [1_025 * "x", 513 * "đ", 60_000 * "x", 5_000 * "e\u0301"],
    ids=["1,025 bytes", "1,026 bytes in Vietnamese", "60 kB", "marks"],
)
def test_a_password_beyond_the_limit_is_never_hashed(client: PortalClient, user: User, hashed: list[str], password: str) -> None:
    answer = sign_in(client, user.email, password)
    assert answer.status_code in {413, 422}
    assert hashed == []
    assert stored()[0] == 0


def test_a_password_of_1024_bytes_is_one(client: PortalClient, hashed: list[str]) -> None:
    longest = 1_024 * "x"
    user = cast.somebody("author", password=longest)
    assert sign_in(client, user.email, longest).status_code == 303
    assert hashed == [longest]


@pytest.mark.each_case_on_both
@pytest.mark.parametrize("password", ["\x00", "a\x00b", "a\r\nb", "\t", "\ufeff", "\U0001f9c4" * 12])
def test_strange_signs_in_a_password_are_a_wrong_one(client: PortalClient, user: User, hashed: list[str], password: str) -> None:
    assert sign_in(client, user.email, password).status_code == 422
    assert stored()[0] == 0


def test_a_password_is_the_same_however_it_is_composed(client: PortalClient, user: User, hashed: list[str]) -> None:
    decomposed = unicodedata.normalize("NFD", cast.PASSWORD)
    assert decomposed != cast.PASSWORD
    assert sign_in(client, user.email, decomposed).status_code == 303


@pytest.mark.each_case_on_both
@pytest.mark.parametrize(
    "email",
    [
        "a\r\nBcc: b@example.vn",
        "a\x00@example.vn",
        "a@b",
        "@",
        1_001 * "a",
        999 * "a" + "@b.vn",
        "<script>alert(1)</script>",
        "' OR 1=1 --",
    ],
)
def test_what_is_no_address_is_answered_like_an_unknown_one(client: PortalClient, hashed: list[str], email: str) -> None:
    answer = sign_in(client, email)
    assert answer.status_code == 422
    assert "<script>alert" not in answer.text
    assert "Set-Cookie" not in answer.headers
    assert stored()[0] == 0


@pytest.mark.each_case_on_both
@pytest.mark.parametrize("pattern", LOOK_ALIKES)
def test_what_looks_like_an_address_is_another(client: PortalClient, user: User, hashed: list[str], pattern: str) -> None:
    number = user.email.split("-")[1].split("@")[0]
    assert sign_in(client, pattern.format(number)).status_code == 422


FORMS: dict[str, dict[str, Any]] = {
    "no field at all": {},
    "no password": {"email": "a@example.vn"},
    "no address": {"password": cast.PASSWORD},
    "empty fields": {"email": "", "password": ""},
    "blanks": {"email": "  ", "password": "  "},
    "two addresses": {"email": ["a@example.vn", "b@example.vn"], "password": cast.PASSWORD},
    "two passwords": {"email": "a@example.vn", "password": [cast.PASSWORD, "x"]},
    "two ways on": {"email": "a@example.vn", "password": cast.PASSWORD, "next": ["/a", "/b"]},
    "a way on with a line end": {"email": "a@example.vn", "password": cast.PASSWORD, "next": "/a\r\nSet-Cookie: x"},
    "a way on without end": {"email": "a@example.vn", "password": cast.PASSWORD, "next": "/" + 301 * "a"},
}


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
@pytest.mark.parametrize("what", FORMS)
def test_a_form_that_is_none_of_ours_is_refused(client: PortalClient, hashed: list[str], what: str) -> None:
    answer = client.submit(SIGN_IN, {"token": token_of(client, SIGN_IN), **FORMS[what]})
    assert answer.status_code in {400, 422}
    assert is_said(answer)
    assert stored()[0] == 0


BODIES = {
    "JSON": ("application/json", b'{"email": "a@example.vn", "password": "x"}'),
    "plain text": ("text/plain", b"email=a@example.vn&password=x&token={token}"),
    "no type": ("", b"email=a@example.vn&password=x&token={token}"),
    "a broken multipart": ("multipart/form-data; boundary=x", b"--y\r\nnothing"),
    "a multipart without boundary": ("multipart/form-data", b"--x--"),
    "bytes that are no text": ("application/x-www-form-urlencoded", b"token=\xff\xfe&email=\xc3\x28&password=\xff"),
}


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
@pytest.mark.parametrize("what", BODIES)
def test_a_body_of_another_kind_is_refused(client: PortalClient, user: User, what: str) -> None:
    kind, body = BODIES[what]
    token = token_of(client, SIGN_IN)
    answer = client.post(SIGN_IN, data=body.replace(b"{token}", token.encode()), content_type=kind, headers=SAME_ORIGIN)
    assert answer.status_code in {400, 403}
    assert is_said(answer)
    assert stored() == (0, 0, 0)


JSON: list[bytes] = [
    b'{"email": 1, "password": 2}',
    b'{"email": {"a": 1}, "password": null}',
    b'{"email": ["a@example.vn", "b@example.vn"], "password": ["x", "y"]}',
    b'{"email": "\\ud800@example.vn", "password": "\\ud800"}',
    b"[1]",
    b"{",
]


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
@pytest.mark.parametrize("body", JSON)
def test_json_with_the_token_in_its_header_is_no_form(client: PortalClient, body: bytes) -> None:
    headers = {**SAME_ORIGIN, "X-Form-Token": token_of(client, SIGN_IN)}
    answer = client.post(SIGN_IN, data=body, content_type="application/json", headers=headers)
    assert answer.status_code in {400, 422}
    assert is_said(answer)
    assert stored() == (0, 0, 0)


def test_an_address_without_end_is_refused_in_vietnamese(client: PortalClient) -> None:
    assert "Địa chỉ thư điện tử này quá dài" in sign_in(client, 1_001 * "a").text


def test_a_password_that_is_no_text_is_a_wrong_one(client: PortalClient, user: User, hashed: list[str]) -> None:
    body = f"token={token_of(client, SIGN_IN)}&email={quote_plus(user.email)}&password=%ff%fe%00%c3%28"
    answer = client.post(SIGN_IN, data=body, content_type="application/x-www-form-urlencoded", headers=SAME_ORIGIN)
    assert answer.status_code == 422


ORIGINS: list[dict[str, str]] = [
    {"Origin": "null"},
    {"Origin": "http://evil.example"},
    {"Origin": "http://localhost.evil.example"},
    {"Sec-Fetch-Site": "cross-site", "Origin": "http://localhost"},
    {"Sec-Fetch-Site": "same-site"},
    {"Referer": "http://localhost/ban-bien-tap/dang-nhap"},
    {},
]


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
@pytest.mark.parametrize("headers", ORIGINS)
def test_what_another_site_sends_is_refused_before_it_is_read(client: PortalClient, user: User, headers: dict[str, str]) -> None:
    form = {"token": token_of(client, SIGN_IN), "email": user.email, "password": cast.PASSWORD}
    answer = client.post(SIGN_IN, data=form, headers=headers)
    assert answer.status_code == 403
    assert is_said(answer)
    assert stored() == (0, 0, 0)
