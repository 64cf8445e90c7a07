"""Within how many hours sections answer: set by administrators, on record, nobody's change lost."""

import pytest
from flask import Flask

from portal.articles.models import Section
from portal.core.db import db
from tests import cast
from tests.accounts.browser import own_token, token_of
from tests.audit.recording import entries
from tests.desk.working import HOURS, at_work


def hours_of(section: int) -> int | None:
    db.session.rollback()
    return db.session.get_one(Section, section, populate_existing=True).review_hours


@pytest.mark.parametrize("role", ["author", "editor", "publisher"])
def test_nobody_else_finds_them(app: Flask, role: str) -> None:
    browser, _ = at_work(app, role)
    section = cast.a_section()
    token = own_token(browser)
    assert browser.get(HOURS).status_code == 404
    assert browser.submit(HOURS, {"token": token, f"cu-{section}": "", f"gio-{section}": "5"}).status_code == 404
    assert hours_of(section) is None


def test_hours_are_set_taken_back_and_on_record(app: Flask) -> None:
    browser, administrator = at_work(app, "administrator")
    one, other = cast.a_section("Một"), cast.a_section("Hai", review_hours=48)
    token = token_of(browser, HOURS)
    sent = {"token": token, f"cu-{one}": "", f"gio-{one}": "24", f"cu-{other}": "48", f"gio-{other}": "48"}
    assert browser.submit(HOURS, sent).headers["Location"] == f"{HOURS}?xong=luu"
    assert (hours_of(one), hours_of(other)) == (24, 48)
    assert browser.submit(HOURS, sent | {f"cu-{one}": "24", f"gio-{one}": ""}).status_code == 303
    assert hours_of(one) is None
    told = [(entry.actor_id, entry.action, entry.thing, entry.fields) for entry in entries()]
    assert told == [
        (administrator.id, "deadline_set", f"section:{one}", '{"hours":24}'),
        (administrator.id, "deadline_set", f"section:{one}", '{"hours":null}'),
    ]


def test_the_same_form_sent_twice_is_on_record_once(app: Flask) -> None:
    browser, _ = at_work(app, "administrator")
    section = cast.a_section()
    sent = {"token": token_of(browser, HOURS), f"cu-{section}": "", f"gio-{section}": "24"}
    assert [browser.submit(HOURS, sent).status_code for _ in range(2)] == [303, 303]
    assert len(entries()) == 1


def test_what_somebody_else_has_set_meanwhile_stays(app: Flask) -> None:
    browser, _ = at_work(app, "administrator")
    one, other = cast.a_section("Một"), cast.a_section("Hai")
    token = token_of(browser, HOURS)
    cast.change_section(other, review_hours=12)
    sent = {"token": token, f"cu-{one}": "", f"gio-{one}": "24", f"cu-{other}": "", f"gio-{other}": ""}
    assert browser.submit(HOURS, sent).status_code == 303
    assert (hours_of(one), hours_of(other)) == (24, 12)


@pytest.mark.parametrize("typed", ["0", "721", "-1", "1,5", "x", "１２", "24h"])
def test_what_is_no_number_of_hours_is_said_at_its_field_and_nothing_is_stored(app: Flask, typed: str) -> None:
    browser, _ = at_work(app, "administrator")
    one, other = cast.a_section("Một"), cast.a_section("Hai")
    sent = {"token": token_of(browser, HOURS), f"cu-{one}": "", f"gio-{one}": typed, f"cu-{other}": "", f"gio-{other}": "5"}
    answer = browser.submit(HOURS, sent)
    assert answer.status_code == 422
    assert "Ghi số giờ nguyên từ 1 đến 720" in answer.text
    assert f'value="{typed}"' in answer.text
    assert 'value="5"' in answer.text
    assert (hours_of(one), hours_of(other)) == (None, None)
