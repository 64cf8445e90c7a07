"""Whatever is changed behind the guards' back shows, and where."""

import pytest
from flask import Flask
from sqlalchemy import event

from portal.audit import chain, record, vocabulary
from portal.audit.chain import Break, verify
from portal.core.db import db, write
from tests.audit.recording import ADMINISTRATOR, some_entries, tamper

REMOVE = "DELETE FROM audit_entry WHERE id {}"
BACK = "UPDATE audit_head SET last_id = {0}, hash = (SELECT hash FROM audit_entry WHERE id = {0})"
COPY = "previous_hash, hash) SELECT {}, at, site_id, actor_id, actor_name, action, thing, fields, previous_hash, hash"
ADD = (
    f"INSERT INTO audit_entry (id, at, site_id, actor_id, actor_name, action, thing, fields, {COPY} FROM audit_entry WHERE id = 3"
)

TAMPERED: dict[str, tuple[list[str], int]] = {
    "an instant": (["UPDATE audit_entry SET at = at + 1 WHERE id = 3"], 3),
    "a site": (["UPDATE audit_entry SET site_id = 2 WHERE id = 3"], 3),
    "an actor": (["UPDATE audit_entry SET actor_id = 9 WHERE id = 3"], 3),
    "nobody as an actor": (["UPDATE audit_entry SET actor_id = NULL WHERE id = 3"], 3),
    "an actor's name": (["UPDATE audit_entry SET actor_name = 'x' WHERE id = 3"], 3),
    "an action": (["UPDATE audit_entry SET action = 'sign_in' WHERE id = 3"], 3),
    "a thing": (["UPDATE audit_entry SET thing = '' WHERE id = 3"], 3),
    "fields": (["UPDATE audit_entry SET fields = '{ }' WHERE id = 3"], 3),
    "a text moved to the next column": (["UPDATE audit_entry SET action = 'sign_', thing = 'outuser:2' WHERE id = 3"], 3),
    "a hash": (["UPDATE audit_entry SET hash = previous_hash WHERE id = 3"], 3),
    "a previous hash": (["UPDATE audit_entry SET previous_hash = hash WHERE id = 3"], 3),
    "the first": (["UPDATE audit_entry SET actor_name = 'x' WHERE id = 1"], 1),
    "one gone": ([REMOVE.format("= 3")], 3),
    "the first gone": ([REMOVE.format("= 1")], 1),
    "one gone, the rest moved up": ([REMOVE.format("= 3"), "UPDATE audit_entry SET id = 3 WHERE id = 4"], 3),
    "the newest gone": ([REMOVE.format("= 7")], 7),
    "several newest gone": ([REMOVE.format("> 4")], 5),
    "all gone": ([REMOVE.format("> 0")], 1),
    "two swapped": (
        [
            "UPDATE audit_entry SET id = 100 WHERE id = 3",
            "UPDATE audit_entry SET id = 3 WHERE id = 4",
            "UPDATE audit_entry SET id = 4 WHERE id = 100",
        ],
        3,
    ),
    "one put in at the end": ([ADD.format(8)], 8),
    "the head put back": ([BACK.format(5)], 7),
    "the head's hash": (["UPDATE audit_head SET hash = (SELECT hash FROM audit_entry WHERE id = 2)"], 7),
    "the head gone": (["DELETE FROM audit_head"], 7),
}


@pytest.fixture(autouse=True)
def _small_batches(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(chain, "BATCH", 3)


def test_an_empty_chain_is_unbroken(app: Flask) -> None:
    assert verify() is None


@pytest.mark.parametrize("number", [1, 2, 3, 4, 6, 7])
@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
def test_a_chain_of_several_batches_is_unbroken(app: Flask, number: int) -> None:
    some_entries(number)
    assert chain.examine() == (number, None)


def test_vietnamese_words_and_nothing_at_all_are_in_the_hash(app: Flask) -> None:
    values = {"name": "Phòng Quản lý “Đo lường”", "email": "nguoi-1@example.vn", "role": "author", "unit": None}
    write(lambda session: record(session, vocabulary.USER_CREATED, actor=ADMINISTRATOR, thing="user:9", **values))
    db.session.remove()
    assert verify() is None


@pytest.mark.each_case_on_both
@pytest.mark.parametrize("what", TAMPERED)
def test_what_was_tampered_with_shows(app: Flask, what: str) -> None:
    statements, where = TAMPERED[what]
    some_entries(7)
    tamper(*statements)
    broken = verify()
    assert isinstance(broken, Break)
    assert broken.id == where


def test_no_more_than_a_batch_is_held(app: Flask) -> None:
    some_entries(7)
    sizes: list[int] = []

    def note(_connection: object, _cursor: object, statement: str, *_: object) -> None:
        if "FROM audit_entry" in statement:
            sizes.append(statement.count("LIMIT"))

    event.listen(db.engine, "before_cursor_execute", note)
    assert verify() is None
    assert sizes == [1, 1, 1, 1]  # 3, 3, 1 and no more


def test_entries_added_meanwhile_are_no_break(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    some_entries(4)
    digest, added = chain.digest, []

    def meanwhile(*values: object) -> bytes:
        if not added:
            added.append(1)
            some_entries(2)
        return digest(*values)  # type: ignore[arg-type]

    monkeypatch.setattr(chain, "digest", meanwhile)
    assert chain.examine() == (4, None)
