"""`flask audit verify` and `flask audit export`, and what a cell of a sheet may begin with."""

import csv
import io
import tracemalloc

import pytest
from flask import Flask
from sqlalchemy import insert, text

from portal.audit import cli, listing, record, vocabulary
from portal.audit.chain import COLUMNS, digest
from portal.audit.models import BEFORE_THE_FIRST, Entry
from portal.audit.sheet import HEADER, cell, sheet
from portal.core.db import db, write
from tests import cast
from tests.audit.recording import ADMINISTRATOR, EDITOR, entries, some_entries, tamper


def said(app: Flask, command: str) -> tuple[int, str]:
    """Return the exit status of a command and what it printed."""
    run = app.test_cli_runner().invoke(args=["audit", command])
    return run.exit_code, run.output


def test_an_unbroken_chain_is_said_to_be_unbroken(app: Flask) -> None:
    assert said(app, "verify") == (0, "0 entries, unbroken.\n")
    some_entries(3)
    assert said(app, "verify") == (0, "3 entries, unbroken.\n")


@pytest.mark.each_case_on_both
@pytest.mark.parametrize(
    ("statement", "words"),
    [
        ("UPDATE audit_entry SET actor_name = 'x' WHERE id = 2", "The chain breaks at entry 2: was changed."),
        ("DELETE FROM audit_entry WHERE id = 2", "The chain breaks at entry 2: missing."),
        ("DELETE FROM audit_entry WHERE id > 1", "The chain breaks at entry 2: missing, with all up to 3."),
    ],
)
def test_a_broken_chain_says_where(app: Flask, statement: str, words: str) -> None:
    some_entries(3)
    tamper(statement)
    assert said(app, "verify") == (1, words + "\n")


def test_an_export_holds_all_that_the_chain_was_made_over(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cli, "BATCH", 2)
    some_entries(4)
    values = {"name": cast.PEOPLE["author"], "email": "nguoi-1@example.vn", "role": "author", "unit": None}
    write(lambda session: record(session, vocabulary.USER_CREATED, actor=ADMINISTRATOR, thing="user:9", **values))

    status, output = said(app, "export")

    rows = list(csv.DictReader(io.StringIO(output, newline="")))
    assert status == 0
    assert [int(row["id"]) for row in rows] == [1, 2, 3, 4, 5]
    last = BEFORE_THE_FIRST
    for row in rows:
        numbers = {name: int(row[name]) for name in ("id", "at", "site_id", "actor_id")}
        last = digest(last, {**row, **numbers})
        assert row["hash"] == last.hex()


def test_an_export_of_nothing_is_its_header(app: Flask) -> None:
    assert said(app, "export") == (0, ",".join(HEADER) + "\n")


@pytest.mark.parametrize("text", ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "\n=1", "＝1"])
def test_a_cell_is_never_a_formula(text: str) -> None:
    assert cell(text) == "'" + text


@pytest.mark.parametrize(("value", "text"), [("a=b", "a=b"), ("", ""), (None, ""), (12, "12"), ("Sở", "Sở")])
def test_other_cells_are_as_they_are(value: object, text: str) -> None:
    assert cell(value) == text


def test_a_formula_for_a_name_is_only_a_name(app: Flask) -> None:
    strange = type("Strange", (), {"id": 5, "name": '=HYPERLINK("http://example.vn","x")'})()
    write(lambda session: record(session, vocabulary.SIGN_OUT, actor=strange, thing="user:5"))
    [row] = csv.DictReader(io.StringIO("".join(sheet(entries())), newline=""))
    assert row["actor_name"] == '\'=HYPERLINK("http://example.vn","x")'


@pytest.mark.slow(why="reads 20,000 entries")
@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
@pytest.mark.parametrize("which", ["verify", "export", "page"])
def test_any_number_of_entries_takes_little_memory(app: Flask, which: str) -> None:
    many_entries(20_000)
    readers = {
        "verify": lambda: [cli.examine()],
        "export": lambda: sheet(cli._all()),
        "page": lambda: listing.csv_of(listing.Filters()),
    }
    tracemalloc.start()
    try:
        assert sum(1 for _ in readers[which]()) in {1, 20_001, 20_002}
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert peak < 8_000_000


def many_entries(number: int) -> None:
    """Store a long chain at once, as the owner of the database may."""
    tamper()
    rows, last = [], BEFORE_THE_FIRST
    for place in range(1, number + 1):
        values = dict(
            zip(COLUMNS, (place, 1_700_000_000_000 + place, 1, 2, EDITOR.name, "sign_out", "user:2", "{}"), strict=True)
        )
        rows.append({**values, "previous_hash": last, "hash": (last := digest(last, values))})
    with db.engine.execution_options(begin="IMMEDIATE").begin() as connection:
        connection.execute(insert(Entry), rows)
        connection.execute(text("UPDATE audit_head SET last_id = :id, hash = :hash"), {"id": number, "hash": last})
