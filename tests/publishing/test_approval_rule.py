"""Whether a second person approves: a rule that the site sets, and that counts while two people are there."""

import pytest
from flask import Flask
from sqlalchemy import select

from portal.accounts.models import User
from portal.audit.models import Entry
from portal.core.db import db
from portal.core.errors import Refused
from portal.publishing.rules import Step
from portal.publishing.states import State, state_of
from tests import cast
from tests.publishing.writing import Desk, a_piece, piece, take
from tests.settings.forms import SETTINGS, Office

FORMER, RULE = "/ban-bien-tap/quy-tac-duyet", f"{SETTINGS}/quy-tac-duyet"


@pytest.fixture
def publisher(app: Flask) -> User:
    cast.a_site()
    cast.somebody("publisher")
    return cast.somebody("publisher")


@pytest.fixture
def administrator(app: Flask) -> Office:
    return Office(app)


def say(office: Office, **form: str) -> int:
    kept = {name: text for name, text in office.form("quy-tac-duyet").items() if name != "by_second_person"}
    return office.send("quy-tac-duyet", kept, "save", **form).status_code


def settings_changed() -> list[str]:
    db.session.rollback()
    return list(db.session.scalars(select(Entry.fields).where(Entry.action == "setting_changed")))


def test_it_is_on_by_default_and_can_be_put_off_and_on(app: Flask, publisher: User, administrator: Office) -> None:
    own = a_piece(publisher)
    take(app, Step.SUBMIT, own, publisher)
    assert "checked" in administrator.browser.get(RULE).text
    assert say(administrator) == 303
    assert "checked" not in administrator.browser.get(RULE).text
    take(app, Step.APPROVE, own, publisher)
    assert say(administrator, by_second_person="y") == 303
    with pytest.raises(Refused, match="người khác"):
        take(app, Step.PUBLISH, own, publisher)
    assert state_of(piece(own)) is State.APPROVED
    assert settings_changed() == ['{"setting":"approval_by_second_person"}'] * 2


def test_said_again_it_is_no_change(app: Flask, publisher: User, administrator: Office) -> None:
    assert [say(administrator, by_second_person="y"), say(administrator), say(administrator)] == [303, 303, 303]
    assert len(settings_changed()) == 1


def test_the_former_page_leads_to_it(administrator: Office) -> None:
    answer = administrator.browser.get(FORMER)
    assert (answer.status_code, answer.headers["Location"]) == (301, RULE)


@pytest.mark.parametrize("role", ["author", "editor", "publisher"])
def test_nobody_else_finds_it(app: Flask, role: str) -> None:
    desk = Desk(app, cast.somebody(role))
    for path in (RULE, FORMER):
        assert desk.browser.get(path).status_code == 404
        assert desk.browser.submit(path, {"token": desk.token, "do": "save"}).status_code == 404
    assert settings_changed() == []
