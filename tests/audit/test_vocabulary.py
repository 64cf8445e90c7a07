"""Only what the vocabulary declares is recorded, with exactly its fields; no field can hold a secret or a browser's traces."""

import pickle
from typing import Any

import pytest
from flask import Flask
from flask_babel import refresh
from sqlalchemy.orm import Session

from portal.audit import NOBODY, fields, record, vocabulary
from portal.audit.chain import verify
from portal.audit.vocabulary import Action, Undeclared
from portal.core.db import write
from tests import cast
from tests.audit.recording import ADMINISTRATOR, entries

SAMPLES: dict[type[fields.Kind], Any] = {
    fields.Number: 3,
    fields.Id: 7,
    fields.Flag: True,
    fields.Name: cast.PEOPLE["author"],
    fields.Email: "nguoi-1@example.vn",
    fields.Code: "accounts.people",
    fields.Named: "agency",
}

A_USER = {"name": cast.PEOPLE["author"], "email": "nguoi-1@example.vn", "role": "author", "unit": 3}

SECRETS = [
    "127.0.0.1",
    "2001:db8::1",
    "Sở 10.1.2.3",
    "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/120.0 Safari/537.36 " + 40 * "x",
    "Zk3vJ9_2hQm5tYw8RbX0cLdN7aFpGsUe1iOqTz4KyWA",
    4 * "0123456789abcdef",
    "otpauth://totp/x?secret=JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP",
]


def sample(kind: fields.Kind) -> Any:
    """Return a value that the kind accepts."""
    if isinstance(kind, fields.OneOf):
        return next(iter(kind.words))
    if isinstance(kind, fields.Maybe):
        return None
    if isinstance(kind, fields.Changes):
        return {column: two(field.kind) for column, field in kind.columns.items()}
    return SAMPLES[type(kind)]


def two(kind: fields.Kind) -> tuple[Any, Any]:
    """Return an old and a new value."""
    if isinstance(kind, fields.OneOf):
        first, second, *_ = kind.words
        return first, second
    if isinstance(kind, fields.Maybe):
        return None, sample(kind.kind)
    others = {fields.Flag: False, fields.Name: cast.PEOPLE["editor"], fields.Email: "nguoi-2@example.vn"}
    return sample(kind), others[type(kind)]


def full(action: Action) -> dict[str, Any]:
    return {name: sample(field.kind) for name, field in action.fields.items()}


def a_thing(action: Action) -> str:
    kind = max(action.things or {""})
    return f"{kind}:12" if kind else ""


def refused(action: Any, thing: Any = "user:12", **values: Any) -> bool:
    """Tell whether it is refused."""
    with pytest.raises(Undeclared):
        vocabulary.checked(action, thing, values)
    return True


def test_every_declared_action_can_be_recorded(app: Flask) -> None:
    def work(session: Session) -> None:
        for action in vocabulary.ALL.values():
            record(session, action, actor=ADMINISTRATOR, thing=a_thing(action), **full(action))

    write(work)
    assert [entry.action for entry in entries()] == list(vocabulary.ALL)
    assert verify() is None


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
def test_every_declared_action_is_told_in_both_languages(app: Flask) -> None:
    said = {"": set[str](), "/en": set[str]()}
    for mounted_at, sentences in said.items():
        with app.test_request_context("/", environ_overrides={"SCRIPT_NAME": mounted_at}):
            refresh()  # Flask-Babel remembers the language of the test's own context
            for action in vocabulary.ALL.values():
                told = vocabulary.told(action.name, full(action))
                assert told.startswith(str(action.sentence))
                sentences.add(told)
    assert said[""].isdisjoint(said["/en"])
    assert {len(sentences) for sentences in said.values()} == {len(vocabulary.ALL)}


def test_a_change_is_told_with_the_old_and_the_new_value(app: Flask) -> None:
    changes = {"role": ["author", "editor"], "unit": [None, 3], "active": [True, False]}
    with app.test_request_context("/", environ_overrides={"SCRIPT_NAME": "/en"}):
        told = vocabulary.told("user_changed", {"changes": changes})
    assert told == "Changed a user. Role: Author → Editor; Unit: – → #3; Active: yes → no"


def test_what_is_no_longer_declared_is_told_as_it_is_stored(app: Flask) -> None:
    assert vocabulary.told("flown", {"to": "moon"}) == "flown; to: moon"


class TestRefused:
    """What raises at once."""

    @pytest.mark.parametrize("action", ["sign_out", "", None, Action("sign_out", "", frozenset({"user"})), Action("x", "", None)])
    def test_an_unknown_action(self, action: object) -> None:
        assert refused(action)

    @pytest.mark.parametrize("missing", A_USER)
    def test_a_missing_field(self, missing: str) -> None:
        assert refused(vocabulary.USER_CREATED, **{name: value for name, value in A_USER.items() if name != missing})

    def test_a_field_too_many(self) -> None:
        assert refused(vocabulary.USER_CREATED, **A_USER, address="Quảng Ngãi")

    @pytest.mark.parametrize(
        ("name", "value"),
        [
            ("unit", "3"),
            ("unit", 0),
            ("unit", True),
            ("unit", 3.0),
            ("unit", 2**31),
            ("role", "owner"),
            ("role", ["author"]),
            ("name", None),
            ("name", ""),
            ("name", "một\ndòng"),
            ("name", " cách"),
            ("name", "\ud800"),
            ("name", " ".join(["dài"] * 31)),
            ("email", "khong-co-a-cong"),
            ("email", "a@" + 260 * "b"),
            ("email", "một hai@example.vn"),
            ("email", "a@127.0.0.1"),
            ("email", "a@example.vn\n"),
        ],
    )
    def test_a_field_of_another_type(self, name: str, value: object) -> None:
        assert refused(vocabulary.USER_CREATED, **{**A_USER, name: value})

    @pytest.mark.parametrize(
        "changes",
        [
            {},
            None,
            {"password": ["a", "b"]},
            {"role": "editor"},
            {"role": ["author"]},
            {"role": ["author", "author"]},
            {"role": ["author", "owner"]},
            {"active": [1, 0]},
            {1: [True, False]},
        ],
    )
    def test_a_change_that_is_none(self, changes: object) -> None:
        assert refused(vocabulary.USER_CHANGED, changes=changes)

    @pytest.mark.parametrize(
        "thing", ["", "unit:12", "user:", "user:0", "user:012", "user:2147483648", "USER:12", "user:12 ", None]
    )
    def test_a_thing_to_which_it_is_not_done(self, thing: Any) -> None:
        assert refused(vocabulary.SIGN_OUT, thing)

    @pytest.mark.parametrize("secret", SECRETS)
    def test_a_secret_or_an_address_in_any_field(self, secret: str) -> None:
        for action in vocabulary.ALL.values():
            for field in action.fields:
                assert refused(action, a_thing(action), **{**full(action), field: secret})
            assert refused(action, f"user:{secret}", **full(action))

    def test_the_refusal_does_not_tell_the_value(self) -> None:
        with pytest.raises(Undeclared) as caught:
            vocabulary.checked(vocabulary.USER_CREATED, "user:12", {**A_USER, "email": SECRETS[4]})
        assert SECRETS[4] not in str(caught.value)


def test_a_text_of_somebody_s_own_stands_only_where_people_and_units_are_listed() -> None:
    free = {
        (action.name, field)
        for action in vocabulary.ALL.values()
        for field, declared in action.fields.items()
        if isinstance(declared.kind, fields.Name | fields.Email)
    }
    assert free == {("user_created", "name"), ("user_created", "email"), ("unit_created", "name")}


def test_an_action_is_the_same_constant_in_another_process() -> None:
    for action in vocabulary.ALL.values():
        assert pickle.loads(pickle.dumps(action)) is action  # noqa: S301 - packed in this very line


def test_an_action_is_declared_once() -> None:
    with pytest.raises(Undeclared):
        vocabulary._action("sign_in", "", "user")


def test_what_is_refused_is_not_stored(app: Flask) -> None:
    with pytest.raises(Undeclared):
        write(lambda session: record(session, vocabulary.SIGN_OUT, actor=ADMINISTRATOR, thing="user:12", more=1))
    assert entries() == []


def test_a_strange_name_of_an_actor_stops_nobody(app: Flask) -> None:
    strange = type("Strange", (), {"id": 5, "name": "một\ndòng " + 200 * "x"})()
    write(lambda session: record(session, vocabulary.SIGN_OUT, actor=strange, thing="user:5"))
    [entry] = entries()
    assert entry.actor_name == ("một dòng " + 200 * "x")[:120]


def test_a_refused_sign_in_knows_the_cause_and_nobody(app: Flask) -> None:
    write(lambda session: record(session, vocabulary.SIGN_IN_REFUSED, actor=NOBODY, cause="unknown_account"))
    [entry] = entries()
    told: list[object] = [entry.actor_id, entry.actor_name, entry.thing, entry.fields]
    assert told == [None, "", "", '{"cause":"unknown_account"}']
