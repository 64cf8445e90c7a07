"""No password is made of what others know about its owner: the site's name is part of that wherever one is set."""

import pytest
from flask import Flask

from portal.accounts import links, passwords
from portal.audit import COMMAND
from portal.core.errors import Refused
from tests import cast
from tests.accounts.browser import token_of
from tests.accounts.own import PASSWORD_PAGE, at_work
from tests.client import PortalClient

NAME = "Trung tâm Ứng dụng Tỏi Lý Sơn"
MADE_OF_IT = "Trung-tâm Ứng-dụng Tỏi Lý-Sơn"
SAID = "Mật khẩu này quá dễ đoán"


@pytest.fixture(autouse=True)
def _named(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(passwords, "HASHER", cast.QUICK)
    cast.change_site(name=NAME)


def test_it_would_be_good_at_another_site(app: Flask) -> None:
    passwords.check(MADE_OF_IT, about=[cast.PEOPLE["author"], "a@example.vn"])
    with pytest.raises(Refused):
        passwords.check(MADE_OF_IT, about=[cast.PEOPLE["author"], "a@example.vn", NAME])


def test_not_where_one_changes_it(app: Flask) -> None:
    author = at_work(app, cast.somebody("author", password=cast.PASSWORD))
    fields = {"present": cast.PASSWORD, "password": MADE_OF_IT, "again": MADE_OF_IT}
    status, page = author.sends(PASSWORD_PAGE, PASSWORD_PAGE, **fields)
    assert (status, SAID in page) == (422, True)


def test_not_at_a_reset_link(app: Flask, client: PortalClient) -> None:
    path = f"/ban-bien-tap/dat-mat-khau/{links.make_reset(cast.somebody('author').id, actor=COMMAND, way='command')}"
    answer = client.submit(path, {"token": token_of(client, path), "password": MADE_OF_IT, "again": MADE_OF_IT})
    assert (answer.status_code, SAID in answer.text) == (422, True)


def test_not_at_the_set_up_link(app: Flask, client: PortalClient) -> None:
    path = f"/ban-bien-tap/thiet-lap/{links.make_set_up()}"
    who = {"name": cast.PEOPLE["administrator"], "email": "d@example.vn"}
    answer = client.submit(path, {"token": token_of(client, path), **who, "password": MADE_OF_IT, "again": MADE_OF_IT})
    assert (answer.status_code, SAID in answer.text) == (422, True)


def test_not_on_the_command_line(app: Flask) -> None:
    who = ("--email", "d@example.vn", "--name", cast.PEOPLE["administrator"], "--role", "author")
    done = app.test_cli_runner().invoke(args=["accounts", "create", *who], input=f"{MADE_OF_IT}\n{MADE_OF_IT}\n")
    assert (done.exit_code, "This password is too easy to guess" in done.output) == (1, True)
