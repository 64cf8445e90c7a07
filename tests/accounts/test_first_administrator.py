"""The first administrator: made once, at a link that the server prints while nobody can sign in, or on the command line."""

import re

import pytest
from flask import Flask
from sqlalchemy import select

from portal.accounts import changing, links, passwords
from portal.accounts.models import OneTimeLink, User
from portal.audit import COMMAND
from portal.core import clock
from portal.core.db import db
from portal.demo import accounts as demo
from tests import cast
from tests.accounts.administering import actions
from tests.accounts.browser import sign_in, token_of
from tests.client import PortalClient
from tests.serving.crowd import at_once

PASSWORD = "gió Sa Huỳnh thổi muối trắng"
FORM = {"name": cast.PEOPLE["administrator"], "email": "pham.d@example.vn", "password": PASSWORD, "again": PASSWORD}


@pytest.fixture(autouse=True)
def _quick(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(passwords, "HASHER", cast.QUICK)


def a_link() -> str:
    key = links.make_set_up()
    assert key is not None
    return f"/ban-bien-tap/thiet-lap/{key}"


def people() -> list[User]:
    db.session.rollback()
    return list(db.session.scalars(select(User)))


def test_whoever_has_the_link_becomes_the_first_administrator_once(client: PortalClient) -> None:
    path = a_link()
    form = {"token": token_of(client, path), **FORM}

    assert client.submit(path, form).status_code == 303

    (user,) = people()
    assert (user.name, user.email, user.role, user.active) == (FORM["name"], FORM["email"], "administrator", True)
    assert actions() == ["user_created", "first_administrator"]
    assert client.submit(path, {**form, "email": "khac@example.vn"}).status_code == 404
    assert client.get(path).status_code == 404
    assert db.session.scalars(select(OneTimeLink)).all() == []
    assert sign_in(client, FORM["email"], PASSWORD).headers["Location"].startswith("/ban-bien-tap/buoc-hai")


def test_a_restart_voids_the_link_before(client: PortalClient) -> None:
    first, second = a_link(), a_link()
    assert client.get(first).status_code == 404
    assert client.get(second).status_code == 200


def test_two_starts_at_once_leave_one_link(app: Flask) -> None:
    def starting() -> str:
        with app.app_context():
            return a_link()

    made = at_once([starting] * 4)
    assert sum(app.test_client().get(path).status_code == 200 for path in made) == 1
    assert len(db.session.scalars(select(OneTimeLink)).all()) == 1


def test_of_many_who_use_the_link_at_once_one_becomes_administrator(app: Flask) -> None:
    path = a_link()

    def becoming(number: int) -> int:
        with app.app_context():
            browser: PortalClient = app.test_client()  # type: ignore[assignment]
            form = {"token": token_of(browser, path), **FORM, "email": f"nguoi-{number}@example.vn"}
            return browser.submit(path, form).status_code

    number = passwords.MOST_AT_ONCE  # one more is answered 503
    assert sorted(at_once([lambda n=n: becoming(n) for n in range(number)])) == [303, 404, 404]  # type: ignore[misc]
    assert len(people()) == 1


@pytest.mark.parametrize("somebody", ["on the command line", "of the demo"])
def test_the_link_is_void_once_there_is_somebody(client: PortalClient, somebody: str) -> None:
    path = a_link()
    if somebody == "of the demo":
        assert len(demo.add_if_nobody()) == 4
    else:
        changing.create(changing.details("Phạm Thị D", "d@example.vn", changing.Role.AUTHOR), actor=COMMAND)
    assert client.get(path).status_code == 404
    assert links.make_set_up() is None


def test_the_link_is_over_after_a_day(client: PortalClient, monkeypatch: pytest.MonkeyPatch) -> None:
    path = a_link()
    token = token_of(client, path)
    later = clock.now_ms() + clock.DAY
    monkeypatch.setattr(clock, "now_ms", lambda: later)
    assert client.get(path).status_code == 410
    assert client.submit(path, {"token": token, **FORM}).status_code == 410
    assert people() == []


@pytest.mark.parametrize(
    "wrong",
    [
        {"email": "không phải"},
        {"email": "a@example.vn\nBcc: b@example.vn"},
        {"name": ""},
        {"password": "ngắn", "again": "ngắn"},
        {"again": "khác"},
        {"password": "pham.d@example.vn", "again": "pham.d@example.vn"},
    ],
)
def test_bad_input_gets_a_sentence_and_leaves_the_link(client: PortalClient, wrong: dict[str, str]) -> None:
    path = a_link()
    answer = client.submit(path, {"token": token_of(client, path), **FORM, **wrong})
    assert (answer.status_code, 'role="alert"' in answer.text) == (422, True)
    assert PASSWORD not in answer.text
    assert people() == []
    assert client.get(path).status_code == 200


def test_the_form_sets_no_other_column_and_takes_none_of_another_site(client: PortalClient) -> None:
    path = a_link()
    form = {"token": token_of(client, path), **FORM, "role": "author", "id": "99", "active": "", "unit_id": "1"}
    assert client.post(path, data=form, headers={"Origin": "null"}).status_code == 403
    assert client.submit(path, form).status_code == 303
    assert [(user.id != 99, user.role, user.active, user.unit_id) for user in people()] == [(True, "administrator", True, None)]


def test_the_demo_has_one_of_each_role_in_two_units(client: PortalClient) -> None:
    made = demo.add_if_nobody()
    assert {account.role.value: account.name for account in made} == cast.PEOPLE
    assert len({account.password for account in made}) == 4
    assert len({account.unit for account in made}) == 2
    assert all(re.fullmatch(r"[a-z.]+@example\.vn", account.email) for account in made)
    assert demo.add_if_nobody() == []
    assert len(people()) == 4
    steps = {account.role.value: sign_in(client, account.email, account.password).headers["Location"] for account in made[:1]}
    assert steps == {"author": "/ban-bien-tap"}


def test_two_first_starts_at_once_make_the_people_of_the_demo_once(app: Flask) -> None:
    def making() -> int:
        with app.app_context():
            return len(demo.add_if_nobody())

    assert sorted(at_once([making] * 2)) == [0, 4]
    assert len(people()) == 4
