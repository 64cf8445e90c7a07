"""Units: who belongs to which, new ones, other names, and out of use once nobody belongs to them."""

import re

import pytest
from flask import Flask
from sqlalchemy import select

from portal.accounts.models import Unit
from portal.core.db import db
from tests import cast
from tests.accounts.administering import PEOPLE, UNITS, actions, administrator, details, send, stored
from tests.client import PortalClient
from tests.serving.crowd import at_once

NAME = "Phòng Hành chính"


def units() -> list[tuple[str, bool]]:
    db.session.rollback()
    return [(unit.name, unit.active) for unit in db.session.scalars(select(Unit).order_by(Unit.id))]


@pytest.mark.parametrize("role", ["author", "editor", "publisher"])
def test_who_does_not_manage_people_finds_no_units(app: Flask, client: PortalClient, role: str) -> None:
    unit = cast.a_unit()
    client.set_cookie("staff", cast.session_of(cast.somebody(role)))
    for path in (UNITS, f"{UNITS}/{unit}"):
        assert client.get(path).status_code == 404
    for path in (UNITS, f"{UNITS}/{unit}", f"{UNITS}/{unit}/ngung", f"{UNITS}/{unit}/dung-lai"):
        assert send(client, path, name="Khác").status_code == 404
    assert units() == [(NAME, True)]


def test_the_list_says_how_many_people_belong_to_each(app: Flask, client: PortalClient) -> None:
    administrator(app, client)
    unit = cast.a_unit()
    for active in (True, True, False):
        cast.somebody("author", unit=unit, active=active)
    text = client.get(UNITS).text
    assert NAME in text
    assert re.findall(r'aria-label="Số người đang dùng: (\d+)"', text) == ["2"]


def test_a_unit_is_added_and_renamed(app: Flask, client: PortalClient) -> None:
    administrator(app, client)
    assert send(client, UNITS, name="  Phòng   Hành chính").status_code == 303
    unit = db.session.scalars(select(Unit)).one()
    assert send(client, f"{UNITS}/{unit.id}", name="Văn phòng Sở").status_code == 303
    assert send(client, f"{UNITS}/{unit.id}", name="Văn phòng Sở").status_code == 303
    assert units() == [("Văn phòng Sở", True)]
    assert actions() == ["unit_created", "unit_changed"]


@pytest.mark.each_case_on_both
@pytest.mark.parametrize("name", ["", "   ", "x" * 121, "x" * 5_000, "10.0.0.1", "a" * 41, NAME])
def test_a_name_that_is_none_or_is_taken_is_refused(app: Flask, client: PortalClient, name: str) -> None:
    administrator(app, client)
    cast.a_unit()
    other = cast.a_unit("Văn phòng Sở")
    for path in (UNITS, f"{UNITS}/{other}"):
        answer = send(client, path, name=name)
        assert (answer.status_code, 'role="alert"' in answer.text) == (422, True)
    assert units() == [(NAME, True), ("Văn phòng Sở", True)]
    assert actions() == []


def test_two_who_add_the_same_unit_at_once_add_one(app: Flask) -> None:
    def adding() -> int:
        with app.app_context():
            browser: PortalClient = app.test_client()  # type: ignore[assignment]
            administrator(app, browser)
            return send(browser, UNITS, name=NAME).status_code

    assert sorted(at_once([adding] * 3)) == [303, 422, 422]
    assert units() == [(NAME, True)]


def test_a_unit_to_which_people_belong_stays_in_use(app: Flask, client: PortalClient) -> None:
    administrator(app, client)
    unit = cast.a_unit()
    user = cast.somebody("author", unit=unit)
    answer = send(client, f"{UNITS}/{unit}/ngung")
    assert (answer.status_code, "còn người đang dùng" in answer.text) == (422, True)
    assert units() == [(NAME, True)]

    send(client, f"{PEOPLE}/{user.id}/khoa")
    assert send(client, f"{UNITS}/{unit}/ngung").status_code == 303
    assert units() == [(NAME, False)]
    answer = send(client, f"{PEOPLE}/{user.id}/mo-khoa")
    assert (answer.status_code, "không còn dùng" in answer.text) == (422, True)
    assert send(client, f"{UNITS}/{unit}/dung-lai").status_code == 303
    assert send(client, f"{PEOPLE}/{user.id}/mo-khoa").status_code == 303
    assert stored(user).active


def test_a_unit_out_of_use_is_offered_to_nobody_and_taken_from_nobody(app: Flask, client: PortalClient) -> None:
    administrator(app, client)
    unit = cast.a_unit()
    user, other = cast.somebody("author", unit=unit, active=False), cast.somebody("author")
    send(client, f"{UNITS}/{unit}/ngung")
    assert NAME not in client.get(f"{PEOPLE}/{other.id}").text
    assert send(client, f"{PEOPLE}/{other.id}", **details(other, unit=unit)).status_code == 422
    assert send(client, f"{PEOPLE}/{user.id}", **details(user, name="Lê Văn C")).status_code == 303
    assert stored(user).unit_id == unit


def test_somebody_put_into_a_unit_while_it_is_taken_out_of_use_is_in_one_that_is_used(app: Flask) -> None:
    unit = cast.a_unit()
    user = cast.somebody("author")
    browsers: list[PortalClient] = [app.test_client(), app.test_client()]  # type: ignore[list-item]
    for browser in browsers:
        administrator(app, browser)

    def moving() -> int:
        with app.app_context():
            return send(browsers[0], f"{PEOPLE}/{user.id}", **details(user, unit=unit)).status_code

    def stopping() -> int:
        with app.app_context():
            return send(browsers[1], f"{UNITS}/{unit}/ngung").status_code

    assert sorted(at_once([moving, stopping])) == [303, 422]
    assert units() == [(NAME, stored(user).unit_id == unit)]
