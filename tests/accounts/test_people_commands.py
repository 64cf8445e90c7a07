"""`flask accounts`: adding somebody, and a way back in, for whoever has the server."""

import re
import threading

import pytest
from click.testing import Result
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from portal import audit
from portal.accounts import changing, links, passwords
from portal.accounts.models import User
from portal.accounts.permissions import Role
from portal.core import language
from portal.core.db import db
from tests import cast
from tests.accounts.administering import actions
from tests.accounts.browser import sign_in
from tests.client import PortalClient
from tests.serving.crowd import at_once

PASSWORD = "gió Sa Huỳnh thổi muối trắng"
WHO = ("--email", "Pham.D@example.vn", "--name", "Phạm Thị D")
LINK = re.compile(r"http://127\.0\.0\.1:8000(/ban-bien-tap/dat-mat-khau/[\w-]{43})")


@pytest.fixture(autouse=True)
def _quick(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(passwords, "HASHER", cast.QUICK)
    for name in ("HOST", "PORT"):
        monkeypatch.delenv(name, raising=False)


def run(app: Flask, *arguments: str, typed: str = "") -> Result:
    return app.test_cli_runner().invoke(args=["accounts", *arguments], input=typed)


def test_the_first_administrator_is_made_with_a_hidden_password(app: Flask, client: PortalClient) -> None:
    done = run(app, "create", *WHO, "--role", "administrator", typed=f"{PASSWORD}\n{PASSWORD}\n")
    assert done.exit_code == 0, done.output
    assert PASSWORD not in done.output
    assert actions() == ["user_created", "first_administrator"]
    assert sign_in(client, "pham.d@example.vn", PASSWORD).status_code == 303


def test_somebody_of_a_unit_is_added_with_a_link(app: Flask, client: PortalClient) -> None:
    unit = cast.a_unit()
    done = run(app, "create", *WHO, "--role", "author", "--unit", "Phòng Hành chính", "--link")
    link = LINK.search(done.output)
    assert (done.exit_code, link is not None) == (0, True), done.output
    assert client.get(link[1] if link else "").status_code == 200
    assert db.session.scalars(select(User)).one().unit_id == unit
    assert actions() == ["user_created", "reset_link_made"]


def test_a_way_back_in_is_printed(app: Flask, client: PortalClient) -> None:
    user = cast.somebody("administrator")
    app.config["SITE_URL"] = "https://so.example.vn"
    done = run(app, "reset-link", user.email.upper())
    assert done.exit_code == 0
    path = done.output.strip().removeprefix("https://so.example.vn")
    assert client.get(path).status_code == 200


@pytest.mark.parametrize(
    "arguments",
    [
        ("create", *WHO, "--role", "author", "--unit", "Không có", "--link"),
        ("create", "--email", "khong phai", "--name", "Phạm Thị D", "--role", "author", "--link"),
        ("create", "--email", "a@example.vn", "--name", "10.0.0.1", "--role", "author", "--link"),
        ("create", "--email", "co.roi@example.vn", "--name", "Phạm Thị D", "--role", "author", "--link"),
        ("reset-link", "khong.co@example.vn"),
        ("reset-link", "da.khoa@example.vn"),
        ("reset-link", "không phải"),
    ],
)
def test_a_refusal_is_a_sentence_and_exit_1(app: Flask, arguments: tuple[str, ...]) -> None:
    cast.somebody("author", email="co.roi@example.vn")
    cast.somebody("author", email="da.khoa@example.vn", active=False)
    done = run(app, *arguments)
    assert done.exit_code == 1
    assert done.output.startswith("Error: ")
    assert "Traceback" not in done.output
    assert actions() == []


@pytest.mark.parametrize("password", ["ngắn", "Phạm Thị D"])
def test_a_password_that_is_not_accepted_adds_nobody(app: Flask, password: str) -> None:
    done = run(app, "create", *WHO, "--role", "author", typed=f"{password}\n{password}\n")
    assert done.exit_code == 1
    assert "Error: This password is too " in done.output
    assert db.session.scalars(select(User)).all() == []


def test_refusals_are_in_english_as_the_questions_are(app: Flask) -> None:
    cast.somebody("author", email="co.roi@example.vn")
    taken = run(app, "create", "--email", "co.roi@example.vn", "--name", "Phạm Thị D", "--role", "author", "--link")
    assert taken.output == "Error: Somebody has this e-mail address already, perhaps in a disabled account.\n"
    assert language.current() == "vi", "nothing else that runs outside a request has changed its language"


def test_of_two_at_once_one_is_the_first_administrator(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    looked, is_peopled, met = threading.Barrier(2), links.is_peopled, set[int]()

    def both_look(session: Session) -> bool:
        found = is_peopled(session)
        if "sqlite" not in str(db.engine.url) and threading.get_ident() not in met:
            met.add(threading.get_ident())
            looked.wait(10)
        return found

    monkeypatch.setattr(links, "is_peopled", both_look)

    def creating(number: int) -> None:
        with app.app_context():
            new = changing.details("Phạm Thị D", f"d{number}@example.vn", Role.ADMINISTRATOR)
            changing.create(new, actor=audit.COMMAND)

    at_once([lambda n=n: creating(n) for n in range(2)])  # type: ignore[misc]
    assert len(db.session.scalars(select(User)).all()) == 2
    assert sorted(actions()) == ["first_administrator", "user_created", "user_created"]


def test_a_role_that_is_none_is_refused(app: Flask) -> None:
    assert run(app, "create", *WHO, "--role", "owner", "--link").exit_code == 2
