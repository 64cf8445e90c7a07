"""People for administrators: found without marks, added, changed; a change of rights ends all their sessions at once."""

import json
import re

import pytest
from flask import Flask
from sqlalchemy import event, select

from portal.accounts import devices
from portal.accounts.models import Passkey, RecoveryCode, TrustedDevice, User
from portal.audit.models import Entry
from portal.core import clock
from portal.core.db import db, write
from portal.core.sessions import StaffSession
from tests import cast
from tests.accounts.administering import PEOPLE, actions, administrator, details, send, stored
from tests.client import PortalClient
from tests.serving.crowd import at_once


def names(client: PortalClient, query: str = "") -> list[str]:
    return re.findall(r'<th scope="row"><a [^>]+>([^<]+)<', client.get(f"{PEOPLE}?{query}").text)


def trusting(user: User) -> None:
    write(lambda session: devices.trust(session, user, "Chrome, Android"))


def last_changes() -> object:
    entry = db.session.scalars(select(Entry).where(Entry.action == "user_changed").order_by(Entry.id.desc())).first()
    return json.loads(entry.fields)["changes"] if entry else None


@pytest.mark.parametrize("role", ["author", "editor", "publisher"])
def test_who_does_not_manage_people_finds_nothing_there(app: Flask, client: PortalClient, role: str) -> None:
    user, other = cast.somebody(role), cast.somebody("author")
    client.set_cookie("staff", cast.session_of(user))
    for path in (PEOPLE, f"{PEOPLE}/them", f"{PEOPLE}/{other.id}"):
        assert client.get(path).status_code == 404
    for path in (f"{PEOPLE}/them", f"{PEOPLE}/{other.id}", f"{PEOPLE}/{other.id}/khoa", f"{PEOPLE}/{other.id}/lien-ket"):
        assert send(client, path, **details(other, role="administrator")).status_code == 404
    assert stored(other).role == "author"
    assert set(actions()) == {"access_refused"}


def test_people_stand_by_their_given_names(app: Flask, client: PortalClient) -> None:
    administrator(app, client)
    for role in ("publisher", "author", "editor"):
        cast.somebody(role)
    assert names(client) == [cast.PEOPLE[role] for role in ("author", "editor", "publisher", "administrator")]


@pytest.mark.each_case_on_both
@pytest.mark.parametrize("typed", ["tran+thi+b", "Tr%E1%BA%A7n", "B+TRAN", "ai-do"])
def test_people_are_found_without_marks_by_name_or_address(app: Flask, client: PortalClient, typed: str) -> None:
    administrator(app, client)
    cast.somebody("editor", email="ai-do@example.vn")
    assert names(client, f"tim={typed}") == [cast.PEOPLE["editor"]]


def test_people_are_chosen_by_unit_role_and_state(app: Flask, client: PortalClient) -> None:
    administrator(app, client)
    unit = cast.a_unit()
    cast.somebody("author", unit=unit)
    cast.somebody("editor", active=False)
    assert names(client, f"don-vi={unit}&vai-tro=&trang-thai=") == [cast.PEOPLE["author"]]
    assert names(client, "vai-tro=editor") == names(client, "trang-thai=da-khoa") == [cast.PEOPLE["editor"]]
    assert "Không tìm thấy ai" in client.get(f"{PEOPLE}?tim=%25").text


@pytest.mark.parametrize("query", ["don-vi=99999999999", "don-vi=x", "vai-tro=owner", "trang-thai=x", "sau=-1", "truoc=1.5"])
def test_a_query_that_means_nothing_is_refused(app: Flask, client: PortalClient, query: str) -> None:
    administrator(app, client)
    assert client.get(f"{PEOPLE}?{query}").status_code in {400, 404}


def test_the_list_is_paged_and_takes_as_many_statements_however_long_it_is(app: Flask, client: PortalClient) -> None:
    administrator(app, client)

    def statements() -> int:
        seen: list[str] = []
        with app.app_context():
            engine = db.engine
        listen = lambda *args: seen.append(args[2]) if "user" in args[2] else None  # noqa: E731 - others ask by the clock
        event.listen(engine, "before_cursor_execute", listen)
        client.get(PEOPLE)
        event.remove(engine, "before_cursor_execute", listen)
        return len(seen)

    client.get(PEOPLE)
    few = statements()
    for _ in range(70):
        cast.somebody("author")
    assert statements() == few

    page, seen = client.get(PEOPLE), []
    while True:
        seen += re.findall(r'href="/ban-bien-tap/nguoi-dung/(\d+)"', page.text)
        onward = re.search(r'href="([^"]+)">Trang sau', page.text)
        if onward is None:
            break
        page = client.get(onward[1].replace("&amp;", "&"))
    assert len(seen) == len(set(seen)) == 71
    back = re.search(r'href="([^"]+)">Trang trước', page.text)
    assert back is not None
    assert re.findall(r'href="/ban-bien-tap/nguoi-dung/(\d+)"', client.get(back[1]).text) == seen[30:60]


def test_somebody_is_added(app: Flask, client: PortalClient) -> None:
    administrator(app, client)
    unit = cast.a_unit()

    answer = send(client, f"{PEOPLE}/them", name=" Trần  Thị B ", email="Tran.B@Example.VN", role="editor", unit=unit)

    added = db.session.scalars(select(User).where(User.email == "tran.b@example.vn")).one()
    assert answer.headers["Location"] == f"{PEOPLE}/{added.id}?xong=them"
    assert (added.name, added.role, added.unit_id, added.active) == ("Trần Thị B", "editor", unit, True)
    assert added.password_hash is None
    assert actions() == ["user_created"]
    assert "Đã thêm tài khoản" in client.get(answer.headers["Location"]).text


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        ({"email": "không phải"}, "thư điện tử"),
        ({"email": "nguоi@example.vn"}, "không dấu"),
        ({"email": "a@example.vn\r\nBcc: b@example.vn"}, "thư điện tử"),
        ({"email": ""}, "Hãy điền"),
        ({"name": ""}, "Hãy điền"),
        ({"name": "x" * 121}, "không phải là tên"),
        ({"name": "Tên\u202e giả 10.0.0.1"}, "không phải là tên"),
        ({"role": "owner"}, "chọn một mục"),
        ({"role": ""}, "chọn một mục"),
        ({"unit": "999"}, "chọn một mục"),
        ({"unit": "1; DROP TABLE user"}, "chọn một mục"),
    ],
)
def test_bad_input_gets_a_sentence_and_keeps_what_was_typed(
    app: Flask, client: PortalClient, wrong: dict[str, str], sentence: str
) -> None:
    administrator(app, client)
    form = {"name": cast.PEOPLE["editor"], "email": "tran.b@example.vn", "role": "editor", "unit": "", **wrong}
    answer = send(client, f"{PEOPLE}/them", **form)
    assert answer.status_code == 422
    assert sentence in answer.text
    assert form["name"] in answer.text or "name" in wrong
    assert db.session.scalars(select(User)).all() == [db.session.scalars(select(User)).one()]
    assert actions() == []


def test_an_address_that_somebody_has_is_refused_however_it_is_written(app: Flask, client: PortalClient) -> None:
    user = administrator(app, client, email="co.roi@example.vn")
    answer = send(client, f"{PEOPLE}/them", name="Trần Thị B", email="CO.ROI@example.vn", role="editor", unit="")
    assert (answer.status_code, "đã có người dùng" in answer.text) == (422, True)
    other = cast.somebody("author")
    assert send(client, f"{PEOPLE}/{other.id}", **details(other, email=user.email)).status_code == 422
    assert actions() == []


def test_two_administrators_who_add_the_same_address_at_once_add_one(app: Flask) -> None:
    def adding() -> int:
        with app.app_context():
            browser: PortalClient = app.test_client()  # type: ignore[assignment]
            administrator(app, browser)
            form = {"name": "Trần Thị B", "email": "tran.b@example.vn", "role": "editor", "unit": ""}
            return send(browser, f"{PEOPLE}/them", **form).status_code

    assert sorted(at_once([adding] * 3)) == [303, 422, 422]
    assert actions() == ["user_created"]


@pytest.mark.each_case_on_both
@pytest.mark.parametrize("column", ["role", "unit", "email"])
def test_a_change_of_rights_ends_all_sessions_and_trust_and_is_audited(app: Flask, client: PortalClient, column: str) -> None:
    administrator(app, client)
    user, unit = cast.somebody("author"), cast.a_unit()
    old = {"role": "author", "unit": None, "email": user.email}[column]
    new = {"role": "editor", "unit": unit, "email": "moi@example.vn"}[column]
    keys = [cast.session_of(user), cast.session_of(user, stage="code")]
    trusting(user)

    answer = send(client, f"{PEOPLE}/{user.id}", **details(user, **{column: new}))

    assert answer.status_code == 303
    assert getattr(stored(user), {"unit": "unit_id"}.get(column, column)) == new
    assert db.session.scalars(select(StaffSession).where(StaffSession.user_id == user.id)).all() == []
    assert db.session.scalars(select(TrustedDevice)).all() == []
    assert actions() == ["user_changed", "session_ended", "device_forgotten"]
    assert last_changes() == {column: [old, new]}
    reader = app.test_client()
    for key in keys:
        reader.set_cookie("staff", key)
        assert reader.get("/ban-bien-tap/tai-khoan").status_code == 303


def test_another_name_ends_nothing_but_moves_somebody_in_the_list(app: Flask, client: PortalClient) -> None:
    administrator(app, client)
    user = cast.somebody("author")
    cast.session_of(user)
    assert send(client, f"{PEOPLE}/{user.id}", **details(user, name="Lê Văn C")).status_code == 303
    assert len(db.session.scalars(select(StaffSession).where(StaffSession.user_id == user.id)).all()) == 1
    assert names(client) == ["Lê Văn C", cast.PEOPLE["administrator"]]
    assert actions() == ["user_changed"]


def test_what_does_not_differ_is_no_change(app: Flask, client: PortalClient) -> None:
    administrator(app, client)
    user = cast.somebody("author")
    cast.session_of(user)
    assert send(client, f"{PEOPLE}/{user.id}", **details(user)).status_code == 303
    assert actions() == []
    assert len(db.session.scalars(select(StaffSession)).all()) == 2


def test_a_disabled_account_is_out_at_once_and_can_be_enabled(app: Flask, client: PortalClient) -> None:
    administrator(app, client)
    user = cast.somebody("author")
    cast.session_of(user)
    trusting(user)
    assert send(client, f"{PEOPLE}/{user.id}/khoa").status_code == 303
    assert send(client, f"{PEOPLE}/{user.id}/khoa").status_code == 303
    assert not stored(user).active
    assert db.session.scalars(select(StaffSession).where(StaffSession.user_id == user.id)).all() == []
    assert "đã bị khóa" in client.get(f"{PEOPLE}/{user.id}").text
    assert send(client, f"{PEOPLE}/{user.id}/mo-khoa").status_code == 303
    assert stored(user).active
    assert actions() == ["user_disabled", "session_ended", "device_forgotten", "user_enabled"]


def test_all_sessions_of_somebody_can_be_ended(app: Flask, client: PortalClient) -> None:
    administrator(app, client)
    user = cast.somebody("author")
    for _ in range(3):
        cast.session_of(user)
    trusting(user)
    assert "<dd>3</dd>" in client.get(f"{PEOPLE}/{user.id}").text
    assert send(client, f"{PEOPLE}/{user.id}/ket-thuc-phien").status_code == 303
    assert "<dd>3</dd>" not in client.get(f"{PEOPLE}/{user.id}").text
    assert db.session.scalars(select(TrustedDevice)).all() == []
    assert actions() == ["session_ended", "device_forgotten"]


def test_a_lost_phone_is_forgotten_with_all_passkeys(app: Flask, client: PortalClient) -> None:
    administrator(app, client)
    user = cast.somebody("publisher", totp_secret="sealed", totp_step=5)
    cast.session_of(user)
    trusting(user)
    key = {"name": "Khóa", "credential_id": b"1", "public_key": b"2", "sign_count": 0, "created_at": clock.now_ms()}
    flags = {"backup_eligible": False, "backed_up": False}
    write(
        lambda session: session.add_all([RecoveryCode(hash=b"h" * 32, user_id=user.id), Passkey(user_id=user.id, **key, **flags)])
    )

    assert send(client, f"{PEOPLE}/{user.id}/bo-buoc-hai").status_code == 303

    assert (stored(user).totp_secret, stored(user).totp_step) == (None, None)
    for model in (RecoveryCode, Passkey, TrustedDevice):
        assert db.session.scalars(select(model)).all() == []
    assert len(db.session.scalars(select(StaffSession)).all()) == 1
    assert actions() == ["second_factor_removed", "passkey_removed", "session_ended", "device_forgotten"]


@pytest.mark.parametrize("where", ["them", "sua", "khoa", "lien-ket"])
def test_no_other_column_is_set_by_any_form(app: Flask, client: PortalClient, where: str) -> None:
    administrator(app, client)
    user = cast.somebody("author")
    columns = {"id": "99", "active": "", "is_active": "", "password_hash": "x", "totp_secret": "x", "created_at": "1"}
    more = {**columns, "unit_id": "1", "sorted_as": "x", "passkey_handle": "x", "user_id": "99"}
    form = details(user, email="moi@example.vn", name="Lê Văn C") if where in {"them", "sua"} else {"role": "administrator"}
    path = {"them": f"{PEOPLE}/them", "sua": f"{PEOPLE}/{user.id}"}.get(where, f"{PEOPLE}/{user.id}/{where}")
    before = {column.name: getattr(user, column.name) for column in User.__table__.columns}

    assert send(client, path, **form, **more).status_code in {200, 303}

    found = db.session.scalars(select(User).where(User.email == "moi@example.vn")).first() or stored(user)
    assert (found.password_hash, found.totp_secret, found.passkey_handle, found.unit_id, found.role) == (None,) * 4 + ("author",)
    assert found.created_at != 1
    assert found.active == (where != "khoa")
    assert found.sorted_as == ("c le van" if where in {"them", "sua"} else before["sorted_as"])
    assert db.session.get(User, 99) is None


def test_a_field_that_stands_twice_is_refused(app: Flask, client: PortalClient) -> None:
    administrator(app, client)
    user = cast.somebody("author")
    assert send(client, f"{PEOPLE}/{user.id}", **details(user, role=["author", "administrator"])).status_code == 400
    assert stored(user).role == "author"


@pytest.mark.parametrize("action", ["khoa", "mo-khoa", "ket-thuc-phien", "bo-buoc-hai", "lien-ket", "gui-lien-ket"])
def test_nothing_is_done_to_nobody_or_by_get_or_without_a_token(app: Flask, client: PortalClient, action: str) -> None:
    administrator(app, client)
    user = cast.somebody("author")
    assert send(client, f"{PEOPLE}/999/{action}").status_code == 404
    assert client.get(f"{PEOPLE}/{user.id}/{action}").status_code == 405
    assert client.submit(f"{PEOPLE}/{user.id}/{action}").status_code == 403
    assert client.submit(f"{PEOPLE}/{user.id}/{action}", {"_method": "PUT"}).status_code == 403
    assert actions() == []
