"""Whether a second person approves: a rule that the site sets, and that counts while two people are there."""

import pytest
from flask import Flask
from sqlalchemy import select

from portal.accounts.models import User
from portal.audit.models import Entry
from portal.core.db import db
from portal.core.errors import Refused
from portal.core.sessions import cookie_name
from portal.publishing.rules import Step
from portal.publishing.states import State, state_of
from tests import cast
from tests.accounts.browser import token_of
from tests.client import PortalClient
from tests.publishing.writing import Desk, a_piece, piece, take

RULE = "/ban-bien-tap/quy-tac-duyet"


@pytest.fixture
def publisher(app: Flask) -> User:
    cast.a_site()
    cast.somebody("publisher")
    return cast.somebody("publisher")


@pytest.fixture
def administrator(app: Flask, client: PortalClient) -> PortalClient:
    client.set_cookie(cookie_name(app), cast.session_of(cast.somebody("administrator")))
    return client


def say(browser: PortalClient, **form: str) -> int:
    return browser.submit(RULE, {"token": token_of(browser, RULE), **form}).status_code


def settings_changed() -> list[str]:
    db.session.rollback()
    return list(db.session.scalars(select(Entry.fields).where(Entry.action == "setting_changed")))


def test_it_is_on_by_default_and_can_be_put_off_and_on(app: Flask, publisher: User, administrator: PortalClient) -> None:
    own = a_piece(publisher)
    take(app, Step.SUBMIT, own, publisher)
    assert "checked" in administrator.get(RULE).text
    assert say(administrator) == 303
    assert "checked" not in administrator.get(RULE).text
    take(app, Step.APPROVE, own, publisher)
    assert say(administrator, by_second_person="y") == 303
    with pytest.raises(Refused, match="người khác"):
        take(app, Step.PUBLISH, own, publisher)
    assert state_of(piece(own)) is State.APPROVED
    assert settings_changed() == ['{"setting":"approval_by_second_person"}'] * 2


def test_said_again_it_is_no_change(app: Flask, publisher: User, administrator: PortalClient) -> None:
    assert [say(administrator, by_second_person="y"), say(administrator), say(administrator)] == [303, 303, 303]
    assert len(settings_changed()) == 1


@pytest.mark.parametrize("role", ["author", "editor", "publisher"])
def test_nobody_else_finds_it(app: Flask, role: str) -> None:
    desk = Desk(app, cast.somebody(role))
    assert desk.browser.get(RULE).status_code == 404
    assert desk.browser.submit(RULE, {"token": desk.token}).status_code == 404
    assert settings_changed() == []
