"""A reset link: shown once, used once, for half an hour; it sets a password and skips nothing else."""

import hashlib
import re

import pyotp
import pytest
from flask import Flask
from sqlalchemy import select

from portal.accounts import changing, devices, links, passwords
from portal.accounts.models import OneTimeLink, TrustedDevice, User
from portal.accounts.sealed import seal
from portal.audit import COMMAND
from portal.audit.models import Entry
from portal.core import clock
from portal.core.db import db, write
from portal.core.sessions import StaffSession, cookie_name
from tests import cast
from tests.accounts.administering import PEOPLE, actions, administrator, details, send, stored
from tests.accounts.browser import own_token, sign_in, token_of
from tests.accounts.own import ACCOUNT, a_passkey
from tests.client import PortalClient
from tests.serving.crowd import at_once

SHOWN = re.compile(r'value="(http://localhost(/ban-bien-tap/dat-mat-khau/([\w-]+)))"')
PASSWORD = "gió Sa Huỳnh thổi muối trắng"


@pytest.fixture(autouse=True)
def _quick(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(passwords, "HASHER", cast.QUICK)


def link_for(user: User) -> str:
    """Return the path of a reset link, made on the command line."""
    return f"/ban-bien-tap/dat-mat-khau/{links.make_reset(user.id, actor=COMMAND, way='command')}"


def choose(client: PortalClient, path: str, password: str = PASSWORD, **more: str) -> int:
    return client.submit(path, {"token": token_of(client, path), "password": password, "again": password, **more}).status_code


def test_an_administrator_makes_a_link_that_is_shown_once_and_kept_as_a_hash(app: Flask, client: PortalClient) -> None:
    administrator(app, client)
    user = cast.somebody("author")
    answer = send(client, f"{PEOPLE}/{user.id}/lien-ket")

    shown = SHOWN.search(answer.text)
    assert shown is not None
    assert answer.headers["Cache-Control"] == "no-store"
    link = db.session.scalars(select(OneTimeLink)).one()
    assert (link.key_hash, link.user_id) == (hashlib.sha256(shown[3].encode()).digest(), user.id)
    assert link.expires_at - link.created_at == 30 * clock.MINUTE
    assert len(shown[3]) == 43
    assert shown[3] not in client.get(f"{PEOPLE}/{user.id}").text
    assert actions() == ["reset_link_made"]
    assert all(shown[3] not in entry.fields for entry in db.session.scalars(select(Entry)))


def test_its_owner_chooses_a_password_and_signs_in(app: Flask, client: PortalClient) -> None:
    user = cast.somebody("author", password=cast.PASSWORD)
    for _ in range(2):
        cast.session_of(user)
    write(lambda session: devices.trust(session, user, "Chrome"))
    path = link_for(user)

    assert choose(client, path) == 303

    assert actions() == ["reset_link_made", "reset_link_used", "password_changed", "session_ended", "device_forgotten"]
    assert db.session.scalars(select(StaffSession)).all() == []
    assert db.session.scalars(select(TrustedDevice)).all() == []
    assert sign_in(client, user.email, cast.PASSWORD).status_code == 422
    assert sign_in(client, user.email, PASSWORD).status_code == 303


@pytest.mark.parametrize("has_passkey", [True, False])
def test_it_is_told_where_passkeys_still_open_the_account(client: PortalClient, *, has_passkey: bool) -> None:
    user = cast.somebody("author")
    if has_passkey:
        a_passkey(user)
    path = link_for(user)
    form = {"token": token_of(client, path), "password": PASSWORD, "again": PASSWORD}
    done = client.submit(path, form).headers["Location"]
    assert ("Khóa truy cập (passkey) vẫn mở được tài khoản này." in client.get(done).text) is has_passkey
    client.set_cookie(cookie_name(client.application), cast.session_of(user))
    assert ("kể cả sau khi đổi mật khẩu" in client.get(ACCOUNT).text) is has_passkey


def test_the_second_factor_is_still_asked_for(app: Flask, client: PortalClient) -> None:
    user = cast.somebody("author", totp_secret=seal(pyotp.random_base32(32)))
    assert choose(client, link_for(user)) == 303
    assert client.get("/ban-bien-tap/tai-khoan").status_code == 303
    assert sign_in(client, user.email, PASSWORD).headers["Location"] == "/ban-bien-tap/ma-xac-thuc"


def test_looking_at_it_changes_nothing(client: PortalClient) -> None:
    user = cast.somebody("author", password=cast.PASSWORD)
    path = link_for(user)
    before = actions()
    for _ in range(3):
        answer = client.get(path)
        assert answer.status_code == 200
        assert client.head(path).status_code == 200
    assert "no-store" in answer.headers["Cache-Control"]
    assert answer.headers["Referrer-Policy"] in {"no-referrer", "strict-origin"}
    assert user.email not in answer.text
    assert actions() == before
    assert len(db.session.scalars(select(OneTimeLink)).all()) == 1


def test_it_counts_once(app: Flask, client: PortalClient) -> None:
    user = cast.somebody("author")
    path = link_for(user)
    token = token_of(client, path)
    assert choose(client, path) == 303
    form = {"token": token, "password": "một mật khẩu khác hẳn", "again": "một mật khẩu khác hẳn"}
    again = client.submit(path, form)
    assert (again.status_code, "không còn dùng được" in again.text) == (404, True)
    assert client.get(path).status_code == 404
    assert sign_in(client, user.email, PASSWORD).status_code == 303


def test_of_many_who_use_it_at_once_one_succeeds(app: Flask) -> None:
    user = cast.somebody("author")
    path = link_for(user)

    def choosing(number: int) -> int:
        with app.app_context():
            return choose(app.test_client(), path, f"{PASSWORD} {number}")  # type: ignore[arg-type]

    answers = at_once([lambda n=n: choosing(n) for n in range(4)])  # type: ignore[misc]
    assert (answers.count(303), set(answers) - {303, 404, 503}) == (1, set()), "at most three passwords at once: else 503"
    assert actions().count("password_changed") == 1


def test_it_is_over_after_half_an_hour(client: PortalClient, monkeypatch: pytest.MonkeyPatch) -> None:
    user = cast.somebody("author", password=cast.PASSWORD)
    path = link_for(user)
    token = token_of(client, path)
    later = clock.now_ms() + 30 * clock.MINUTE
    monkeypatch.setattr(clock, "now_ms", lambda: later)
    assert client.get(path).status_code == 410
    assert client.submit(path, {"token": token, "password": PASSWORD, "again": PASSWORD}).status_code == 410
    assert stored(user).password_hash == user.password_hash


@pytest.mark.each_case_on_both
@pytest.mark.parametrize("voided_by", ["another link", "disabling", "another address", "another role"])
def test_it_is_void_after(app: Flask, client: PortalClient, voided_by: str) -> None:
    user = cast.somebody("author")
    cast.somebody("administrator")
    path = link_for(user)
    if voided_by == "another link":
        assert client.get(link_for(user)).status_code == 200
    elif voided_by == "disabling":
        changing.disable(user.id, actor=COMMAND)
    elif voided_by == "another address":
        changing.change(user.id, changing.details(user.name, "moi@example.vn", changing.Role.AUTHOR), actor=COMMAND)
    else:
        changing.change(user.id, changing.details(user.name, user.email, changing.Role.PUBLISHER), actor=COMMAND)
    assert client.get(path).status_code == 404


def test_two_links_made_at_once_leave_one(app: Flask) -> None:
    user = cast.somebody("author")

    def making() -> str:
        with app.app_context():
            return link_for(user)

    made = at_once([making] * 4)
    assert sum(app.test_client().get(path).status_code == 200 for path in made) == 1


@pytest.mark.each_case_on_both
@pytest.mark.parametrize(
    "key", ["a", "x" * 43, "..", "%00", "a" * 900, "'; DROP TABLE user --", "set_up", "%E2%80%8B", "A" * 42 + "%0A"]
)
def test_a_key_that_never_was_gets_the_same_page(client: PortalClient, key: str) -> None:
    assert client.get(f"/ban-bien-tap/dat-mat-khau/{key}").status_code == 404


def test_a_key_for_something_else_sets_no_password(client: PortalClient) -> None:
    key = links.make_set_up()
    assert client.get(f"/ban-bien-tap/dat-mat-khau/{key}").status_code == 404
    user = cast.somebody("author")
    assert client.get(link_for(user).replace("dat-mat-khau", "thiet-lap")).status_code == 404


def test_the_cookie_of_a_session_or_its_hash_is_no_key(app: Flask, client: PortalClient) -> None:
    user = cast.somebody("author")
    path = link_for(user)
    kept = db.session.scalars(select(OneTimeLink)).one().key_hash.hex()
    for key in (cast.session_of(user), kept, path[-43:].swapcase()):
        assert client.get(f"/ban-bien-tap/dat-mat-khau/{key}").status_code == 404


@pytest.mark.parametrize(
    ("password", "again", "sentence"),
    [
        ("hành tỏi", "hành tỏi", "quá ngắn"),
        (PASSWORD, PASSWORD + " ", "không giống nhau"),
        (PASSWORD, "", "Hãy điền"),
        ("Nguyễn Văn A", "Nguyễn Văn A", ""),
        ("x" * 5_000, "x" * 5_000, "quá dài"),
    ],
)
def test_a_password_that_is_not_accepted_leaves_the_link_alone(
    client: PortalClient, password: str, again: str, sentence: str
) -> None:
    user = cast.somebody("author")
    path = link_for(user)
    answer = client.submit(path, {"token": token_of(client, path), "password": password, "again": again})
    assert answer.status_code == 422
    assert sentence in answer.text
    assert password not in answer.text or password == cast.PEOPLE["author"]
    assert stored(user).password_hash is None
    assert choose(client, path) == 303


def test_a_password_of_a_megabyte_is_refused_unread(client: PortalClient) -> None:
    path = link_for(cast.somebody("author"))
    form = {"token": token_of(client, path), "password": "x" * 1_000_000, "again": "x"}
    assert client.submit(path, form).status_code == 413


@pytest.mark.parametrize("origin", [{"Sec-Fetch-Site": "cross-site"}, {"Origin": "null"}, {"Origin": "http://evil.example"}, {}])
def test_another_site_s_form_sets_no_password(client: PortalClient, origin: dict[str, str]) -> None:
    user = cast.somebody("author")
    path = link_for(user)
    form = {"token": token_of(client, path), "password": PASSWORD, "again": PASSWORD}
    assert client.post(path, data=form, headers=origin).status_code == 403
    assert client.submit(path, {**form, "token": "0" * 64}).status_code == 403
    assert stored(user).password_hash is None


def test_the_form_sets_no_other_column(client: PortalClient) -> None:
    user = cast.somebody("author")
    assert choose(client, link_for(user), role="administrator", user_id="1", active="", email="x@example.vn") == 303
    found = stored(user)
    assert (found.role, found.email, found.active) == ("author", user.email, True)


@pytest.mark.parametrize("host", ["evil.example", "localhost@evil.example", "localhost:80@evil.example", "evil.example:80"])
def test_a_foreign_host_is_in_no_link(app: Flask, client: PortalClient, host: str) -> None:
    administrator(app, client)
    user = cast.somebody("author")
    form = {"token": own_token(client)}
    path = f"{PEOPLE}/{user.id}/lien-ket"
    assert client.submit(path, form, headers={"Host": host}).status_code == 400
    answer = client.submit(path, form, headers={"X-Forwarded-Host": host, "Forwarded": f"host={host}", "X-Host": host})
    assert "evil.example" not in answer.text
    app.config["SITE_URL"] = "https://so.example.vn/"
    assert 'value="https://so.example.vn/ban-bien-tap/dat-mat-khau/' in client.submit(path, form).text


def test_there_is_no_link_for_a_disabled_account(app: Flask, client: PortalClient) -> None:
    administrator(app, client)
    user = cast.somebody("author", active=False)
    answer = send(client, f"{PEOPLE}/{user.id}/lien-ket")
    assert (answer.status_code, "Hãy mở khóa trước" in answer.text) == (422, True)
    assert details(user)["role"] == "author"
    assert db.session.scalars(select(OneTimeLink)).all() == []
