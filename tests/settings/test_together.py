"""Several administrators at once, a process that dies, and what is taken back: nothing typed and nothing stored is lost."""

import re
import threading
from collections.abc import Callable

import pytest
from flask import Flask
from sqlalchemy import delete, update

from portal.accounts.models import User
from portal.core import clock
from portal.core.db import db, write
from portal.core.sessions import StaffSession, cookie_name
from portal.settings import changing, groups
from portal.settings.changing import Outcome
from portal.settings.models import SettingChange
from portal.site.models import Site
from tests import cast
from tests.guards.asking import everything
from tests.publishing.test_killed import Killed, dying_at
from tests.settings.forms import SETTINGS, Filled, Office, changes


@pytest.fixture(params=["sqlite", "postgresql"])
def database(request: pytest.FixtureRequest) -> str:
    return str(request.param)


def name_of_the_site() -> str:
    db.session.rollback()
    return db.session.get_one(Site, 1, populate_existing=True).name


def test_the_second_of_two_is_told_what_the_first_has_changed_and_loses_nothing(app: Flask, office: Office) -> None:
    other = Office(app)
    form = other.form("co-quan")
    assert office.change("co-quan", hotline="0255 382 2222").status_code == 303
    answer = other.send("co-quan", form, "save", name="Sở Mới")
    assert answer.status_code == 409
    assert "Phạm Thị D đã lưu lúc" in answer.text
    assert "0255 382 2222" in answer.text
    again = Filled(answer.text).fields
    assert (again["name"], again["hotline"]) == ("Sở Mới", "")
    assert name_of_the_site() == "Sở Khoa học và Công nghệ"
    assert other.send("co-quan", again, "save", hotline="0255 382 2222").status_code == 303
    assert name_of_the_site() == "Sở Mới"
    assert [change.author_id for change in changes("co-quan")] == [office.user.id, other.user.id]


def test_what_was_changed_elsewhere_is_noticed_too(office: Office) -> None:
    section = cast.a_section("Tin tức")
    form = office.form("chuyen-muc")
    cast.change_section(section, review_hours=12)
    assert office.send("chuyen-muc", form, "save", **{"0-name": "Tin"}).status_code == 409


def test_whoever_did_not_change_it_is_not_named(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    """A notice that has ended meanwhile was ended by nobody."""
    ends = [{"text": text, "ends_at": at} for text, at in (("Một", "2099-01-01T00:00"), ("Hai", "2099-01-02T00:00"))]
    assert office.lines("tin-khan", *ends).status_code == 303
    form = office.form("tin-khan")
    after = clock.instant_at("2099-01-01T12:00")
    monkeypatch.setattr(clock, "now_ms", lambda: after)
    office.browser.set_cookie(cookie_name(office.browser.application), cast.session_of(office.user))
    answer = office.send("tin-khan", {**form, "token": office.form("tin-khan")["token"]}, "save", **{"1-text": "Hai mới"})
    assert (answer.status_code, "đã lưu lúc" in answer.text) == (409, False)


def test_whose_session_has_ended_sees_what_they_typed_and_nothing_else(office: Office) -> None:
    office.lines("trinh-don", {"label": "Một", "url": "/1"}, {"label": "Hai", "url": "/2", "level": 2})
    form = office.form("trinh-don")
    write(lambda session: session.execute(delete(StaffSession)))
    answer = office.send("trinh-don", form, "save", **{"1-label": "Hai mới"})
    shown = re.findall(r"<textarea[^>]*>\n([^<]*)</textarea>", answer.text)
    assert (answer.status_code, shown) == (401, ["Một", "/1", "Hai mới", "/2"])


def test_what_can_no_longer_be_chosen_is_said_when_it_is_restored(office: Office) -> None:
    office.lines("lien-ket", {"title": "Tỉnh", "url": "/tinh", "place": "link"})
    office.lines("lien-ket")
    (_first, change) = changes("lien-ket")
    before = {"rows": [{**change.before["rows"][0], "place": "side", "gone": 5}]}
    write(lambda session: session.execute(update(SettingChange).where(SettingChange.id == change.id).values(before=before)))
    shown = office.browser.get(f"{SETTINGS}/lien-ket?khoi-phuc={change.id}")
    assert (shown.status_code, "Hãy chọn một mục trong danh sách" in shown.text) == (200, True)
    assert office.browser.get(f"{SETTINGS}/lien-ket/lich-su").status_code == 200
    assert office.send("lien-ket", Filled(shown.text).fields).status_code == 303


def test_of_many_at_the_same_moment_one_saves(app: Flask, office: Office) -> None:
    assert sorted(outcome.name for outcome in at_the_same_moment(app, office.user)) == ["MEANWHILE"] * 3 + ["SAVED"]
    assert len(changes("co-quan")) == 1


def test_the_first_changes_of_a_site_are_made_at_the_same_moment(app: Flask) -> None:
    assert "SAVED" in {outcome.name for outcome in at_the_same_moment(app, cast.somebody("administrator"))}


def at_the_same_moment(app: Flask, user: User) -> list[Outcome]:
    """Have four people save another name of the agency, and return what became of it."""
    setting = groups.find("co-quan")
    assert setting is not None
    now, outcomes = changing.now(setting), list[Outcome]()

    def save(number: int) -> None:
        with app.app_context():
            values = {**now.values, "name": f"Sở {number}"}
            outcomes.append(changing.save(setting, values, seen=now.seen, actor=user))
            db.session.remove()

    threads = [threading.Thread(target=save, args=(number,)) for number in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(outcomes) == len(threads)
    return outcomes


def test_what_stood_there_before_is_restored_by_the_form_that_shows_it(office: Office) -> None:
    before = name_of_the_site()
    office.change("co-quan", name="Sở Mới")
    office.change("co-quan", hotline="0255 382 2222")
    history = office.browser.get(f"{SETTINGS}/co-quan/lich-su").text
    assert history.count("Phạm Thị D") == 2 + 1  # who is signed in, too
    links = re.findall(r'href="([^"]+khoi-phuc=\d+)"', history)
    shown = office.browser.get(links[1])
    form = Filled(shown.text).fields
    assert ("Chỉ có hiệu quả sau khi bạn lưu" in shown.text, form["name"]) == (True, before)
    assert name_of_the_site() == "Sở Mới"
    assert office.send("co-quan", form).status_code == 303
    assert name_of_the_site() == before
    assert len(changes("co-quan")) == 3


def test_a_line_that_was_removed_comes_back_from_the_history(office: Office) -> None:
    office.lines("trinh-don", {"label": "Một", "url": "/1"}, {"label": "Hai", "url": "/2", "level": 2})
    office.lines("trinh-don", {"label": "Ba", "url": "/3"})
    link = re.findall(r'href="([^"]+khoi-phuc=\d+)"', office.browser.get(f"{SETTINGS}/trinh-don/lich-su").text)[0]
    assert office.send("trinh-don", Filled(office.browser.get(link).text).fields).status_code == 303
    assert [(row["label"], row["level"]) for row in changes("trinh-don")[-1].after["rows"]] == [("Một", 1), ("Hai", 2)]


def _page_text() -> str:
    return f"trang-{cast.a_page('Giới thiệu')}"


def _sections() -> str:
    cast.a_section("Tin tức")
    return "chuyen-muc"


CHANGES: dict[str, tuple[Callable[[], str], dict[str, object]]] = {
    "agency": (lambda: "co-quan", {"name": "Sở Mới"}),
    "menu": (lambda: "trinh-don", {"rows": [{"id": 0, "level": 1, "label": "Một", "url": "/1", "hidden": False}]}),
    "sections": (_sections, {"rows": [{"id": 1, "level": 1, "name": "Tin", "slug": "tin", "review_hours": 5, "closed": False}]}),
    "page": (_page_text, {"body": "<p>Mới</p>"}),
    "approval": (lambda: "quy-tac-duyet", {"by_second_person": False}),
}


@pytest.mark.each_case_on_both
@pytest.mark.slow(why="saves as often as there are statements, and reads all tables each time")
@pytest.mark.parametrize("name", CHANGES)
def test_thrown_out_at_any_statement_a_change_leaves_nothing(office: Office, name: str) -> None:
    made, values = CHANGES[name]
    setting = groups.find(made())
    assert setting is not None
    now = changing.now(setting)
    before, statement, died = everything(), 0, True
    while died:
        statement, died = statement + 1, False
        db.session.rollback()
        with dying_at(statement) as begun:
            try:
                changing.save(setting, {**now.values, **values}, seen=now.seen, actor=office.user)
            except Killed:
                died = True
        assert not died or everything() == before, f"statement {statement}: {begun[-1]}"
    assert statement > 6
    assert len(changes(setting.name)) == 1
