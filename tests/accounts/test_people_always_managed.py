"""Nobody locks the site out: the last administrator stays one, and nobody changes the own rights."""

import pytest
from flask import Flask
from sqlalchemy import func, select

from portal.accounts import changing, managers
from portal.accounts.models import User
from portal.audit import COMMAND
from portal.core.db import db, write
from portal.core.errors import Refused
from tests import cast
from tests.accounts.administering import PEOPLE, actions, administrator, details, send, stored
from tests.accounts.browser import token_of
from tests.client import PortalClient
from tests.serving.crowd import at_once


def administrators() -> int:
    db.session.rollback()
    return db.session.scalar(select(func.count()).where(User.role == "administrator", User.active)) or 0


@pytest.mark.parametrize("how", ["khoa", "role"])
def test_nobody_changes_the_own_rights(app: Flask, client: PortalClient, how: str) -> None:
    user = administrator(app, client)
    cast.somebody("administrator")
    path = f"{PEOPLE}/{user.id}/khoa" if how == "khoa" else f"{PEOPLE}/{user.id}"
    answer = send(client, path, **({} if how == "khoa" else details(user, role="publisher")))
    assert (answer.status_code, "Không ai tự đổi quyền của mình" in answer.text) == (422, True)
    assert (stored(user).role, stored(user).active) == ("administrator", True)
    assert actions() == []


@pytest.mark.parametrize("action", ["bo-buoc-hai", "lien-ket"])
def test_nobody_goes_round_the_own_password_or_second_factor_here(app: Flask, client: PortalClient, action: str) -> None:
    user = administrator(app, client, totp_secret="sealed")
    answer = send(client, f"{PEOPLE}/{user.id}/{action}")
    assert (answer.status_code, "Tài khoản của tôi" in answer.text) == (422, True)
    assert stored(user).totp_secret == "sealed"
    assert actions() == []


def test_the_own_name_and_address_can_be_changed(app: Flask, client: PortalClient) -> None:
    user = administrator(app, client)
    assert send(client, f"{PEOPLE}/{user.id}", **details(user, email="moi@example.vn")).status_code == 303
    assert client.get(PEOPLE).status_code == 303


@pytest.mark.each_case_on_both
@pytest.mark.parametrize("how", ["disable", "demote"])
def test_the_last_active_administrator_stays_one(app: Flask, how: str) -> None:
    user = cast.somebody("administrator")
    cast.somebody("administrator", active=False)
    lower = changing.details(user.name, user.email, changing.Role.EDITOR)
    with pytest.raises(Refused, match="quản trị viên cuối cùng"):
        changing.disable(user.id, actor=COMMAND) if how == "disable" else changing.change(user.id, lower, actor=COMMAND)
    assert administrators() == 1
    assert actions() == []


@pytest.mark.each_case_on_both
@pytest.mark.parametrize("how", ["khoa", "role"])
@pytest.mark.parametrize("others", [0, 1])
def test_of_two_administrators_who_demote_each_other_at_once_one_succeeds(app: Flask, how: str, others: int) -> None:
    browsers: list[PortalClient] = [app.test_client(), app.test_client()]  # type: ignore[list-item]
    one, two = (administrator(app, browser) for browser in browsers)
    for _ in range(others):
        cast.somebody("administrator")

    tokens = [token_of(browser, PEOPLE + "/them") for browser in browsers]

    def demoting(number: int, other: User) -> int:
        path = f"{PEOPLE}/{other.id}" + ("/khoa" if how == "khoa" else "")
        with app.app_context():
            return browsers[number].submit(path, {"token": tokens[number], **details(other, role="editor")}).status_code

    statuses = at_once([lambda: demoting(0, two), lambda: demoting(1, one)])

    assert sorted(statuses)[0] == 303
    assert sorted(statuses)[1] in {401, 403, 404, 422}
    assert administrators() == 1 + others


def test_two_writes_that_demote_each_other_wait_in_line(app: Flask) -> None:
    one, two = cast.somebody("administrator"), cast.somebody("administrator")

    def demote(actor: User, other: User) -> str:
        lower = changing.details(other.name, other.email, changing.Role.AUTHOR)
        with app.app_context():
            try:
                changing.change(other.id, lower, actor=actor)
            except Refused as refused:
                return str(refused)
        return "done"

    for _ in range(5):
        said = at_once([lambda: demote(one, two), lambda: demote(two, one)])
        assert sorted(answer == "done" for answer in said) == [False, True]
        assert administrators() == 1
        write(lambda session: session.execute(User.__table__.update().values(role="administrator")))


def test_who_was_demoted_meanwhile_may_nothing_any_more(app: Flask) -> None:
    gone, user = cast.somebody("administrator", active=False), cast.somebody("author")
    cast.somebody("administrator")
    with pytest.raises(Refused, match="Quyền của bạn vừa thay đổi"):
        changing.disable(user.id, actor=gone)
    assert stored(user).active
    assert {"administrator"} == managers.ROLES
