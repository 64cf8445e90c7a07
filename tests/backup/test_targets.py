"""Where an archive may be put: into nothing; and what becomes of what only another key could open."""

import json
from pathlib import Path

import pytest
from flask_migrate import downgrade, upgrade
from sqlalchemy import MetaData, Table, select, text

from portal.accounts.models import RecoveryCode, User
from portal.articles.models import Article
from portal.audit.models import Entry
from portal.backup import creating, filling, folder, migrations, restoring, target
from portal.backup.progress import silent
from portal.backup.tables import CARRIED, LEFT_OUT
from portal.core.db import db, write
from portal.core.errors import Refused
from portal.publishing.models import Revision
from tests import cast
from tests.backup.full_site import contents
from tests.backup.places import Place
from tests.publishing.test_upgrade import an_old_article, an_old_section

ANOTHER_KEY = "another key, long enough to be one of ours\n"


@pytest.mark.parametrize("database", ["postgresql"], indirect=True)  # which keeps functions of triggers beside its tables
def test_a_migrated_database_without_content_is_empty_enough(archive: Path, empty: Place) -> None:
    with empty.portal():
        upgrade()
    assert empty.flask("backup", "restore", archive).exit_code == 0


def test_a_site_with_content_is_not_touched(archive: Path, elsewhere: Place) -> None:
    with elsewhere.portal():
        upgrade()
        cast.an_article("Bài đã có")
        before = contents()
        with pytest.raises(Refused, match="not empty"):
            restoring.restore(archive, progress=silent)
        assert contents() == before
    assert not (elsewhere.instance / "restoring").exists()


def test_where_another_database_was_being_filled_this_one_is_not_touched(archive: Path, copied: Path, elsewhere: Place) -> None:
    with elsewhere.portal():
        target.begin(archive)
    wrong = Place(elsewhere.instance, f"sqlite:///{copied}/portal.db")
    answer = wrong.flask("backup", "restore", archive)
    assert (answer.exit_code, "not empty" in answer.output) == (1, True)
    with Place(copied).portal():
        assert contents()["article"] != []


def test_a_table_that_is_left_out_by_now_does_not_keep_an_older_archive_from_its_site(
    archive: Path, elsewhere: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(filling, "CARRIED", CARRIED - {"ballot_choice"})
    monkeypatch.setitem(LEFT_OUT, "ballot_choice", "so it was decided")
    assert elsewhere.flask("backup", "restore", archive).exit_code == 0


def test_a_database_that_does_not_answer_is_told_in_a_sentence(elsewhere: Place, archive: Path) -> None:
    away = Place(elsewhere.instance, "postgresql+psycopg://portal:password@127.0.0.1:1/portal")
    for words in (("create",), ("restore", archive)):
        answer = away.flask("backup", *words)
        assert answer.exit_code == 1
        assert answer.output.startswith("Error: The database refused: connection failed")
        assert "Nothing half is left." in answer.output
        assert "password" not in answer.output
    assert "The database refused: no such table" in elsewhere.flask("backup", "create").output


def test_a_database_with_tables_of_somebody_else_is_not_touched(archive: Path, empty: Place) -> None:
    with empty.portal():
        write(lambda session: session.execute(text("CREATE TABLE accounting (id INTEGER)")))
        with pytest.raises(Refused, match="none of the portal's: accounting"):
            restoring.restore(archive, progress=silent)
    assert empty.looks()[1] == ["accounting"]


def test_files_that_are_there_are_not_touched(archive: Path, elsewhere: Place) -> None:
    other = elsewhere.instance / "files" / "ab" / "abc"
    other.parent.mkdir(parents=True)
    other.write_bytes(b"of somebody")
    answer = elsewhere.flask("backup", "restore", archive)
    assert answer.exit_code == 1
    assert "There are files in" in answer.output
    assert elsewhere.looks() == (["files/ab/abc"], [])


def test_what_only_the_old_key_could_open_is_given_up_when_that_is_said(archive: Path, elsewhere: Place) -> None:
    (elsewhere.instance / "secret_key").write_text(ANOTHER_KEY, "ascii")
    answer = elsewhere.flask("backup", "restore", "--new-key", archive)
    assert answer.exit_code == 0
    assert "people set up their second factor anew" in answer.output
    with elsewhere.portal():
        assert set(db.session.scalars(select(User.totp_secret))) == {None}
        assert db.session.scalars(select(RecoveryCode)).all() == []
        told = db.session.scalars(select(Entry.fields).where(Entry.action == "backup_restored")).one()
        assert json.loads(told)["new_key"] is True


def test_nothing_is_given_up_where_the_key_is_the_same(archive: Path, elsewhere: Place) -> None:
    answer = elsewhere.flask("backup", "restore", "--new-key", archive)
    assert (answer.exit_code, "anew" in answer.output) == (0, False)
    with elsewhere.portal():
        assert db.session.scalars(select(RecoveryCode)).all() != []


@pytest.mark.slow(why="migrates back and forth, and restores")
def test_an_archive_of_an_older_migration_is_restored_there_and_migrated(
    app: object, empty: Place, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    cast.a_site()
    downgrade(revision="0009")
    an_old_article("Bài của bản trước", section=an_old_section())
    found = MetaData()
    found.reflect(db.engine)
    old: list[Table] = [table for table in found.sorted_tables if table.name in CARRIED]
    with monkeypatch.context() as patched:
        patched.setattr(migrations, "newest", lambda: "0009")
        patched.setattr(creating, "carried", lambda: old)
        path = creating.create(tmp_path / "old", folder.BY_HAND, progress=silent).path
    (empty.instance / "secret_key").write_text((Path(str(app.instance_path)) / "secret_key").read_text())  # type: ignore[attr-defined]
    with empty.portal():
        restoring.restore(path, progress=silent)
        assert db.session.scalars(select(Article.title)).all() == ["Bài của bản trước"]
        assert [one.content["title"] for one in db.session.scalars(select(Revision))] == ["Bài của bản trước"]
