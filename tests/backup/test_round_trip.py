"""What was saved comes back whole: to another folder, from SQLite to PostgreSQL and back, row by row and file by file."""

from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import func, select

from portal.accounts.models import User
from portal.accounts.sealed import unseal
from portal.articles.models import Article
from portal.audit import chain
from portal.audit.models import Entry
from portal.backup import creating, folder, restoring, target
from portal.backup.progress import silent
from portal.backup.tables import CARRIED, carried
from portal.core import clock, versions
from portal.core.db import db
from portal.polls.cli import differences
from tests import cast
from tests.backup.full_site import SECRET, contents, portal_at, stored
from tests.backup.places import Place
from tests.client import PortalClient

LOG = {"audit_entry", "audit_head"}


def told(rows: dict[str, list[str]]) -> dict[str, list[str]]:
    """Return the rows that are carried, without the log, which goes on."""
    return {name: rows[name] for name in CARRIED - LOG}


def entries() -> list[tuple[int, str, bytes]]:
    return [tuple(row) for row in db.session.execute(select(Entry.id, Entry.action, Entry.hash).order_by(Entry.id))]  # type: ignore[misc]


def test_the_full_site_has_a_row_in_every_table_that_is_carried(full_site: Path) -> None:
    with portal_at(full_site):
        rows = contents()
    assert [name for name in CARRIED if not rows[name]] == []


@pytest.mark.slow(why="restores a whole site, on each database")
def test_a_restored_site_is_the_one_that_was_saved_and_works(full_site: Path, archive: Path, empty: Place) -> None:
    with portal_at(full_site):
        rows, files, log = contents(), stored(), entries()
    before = clock.now_ms()
    with empty.portal() as app:
        restoring.restore(archive, progress=silent)
        assert told(contents()) == told(rows)
        assert stored() == files
        assert entries()[:-1] == [entry for entry in log if entry[1] != "backup_made"]
        assert entries()[-1][1] == "backup_restored"
        assert chain.verify() is None
        assert differences() == []
        assert not target.is_half_made()
        check_it_works(app, before)


def check_it_works(app: Flask, before: int) -> None:
    """Fail unless pages are read, rows are numbered on from those that are there, and what is sealed can be opened."""
    app.test_client_class = PortalClient
    article = db.session.scalars(select(Article).order_by(Article.id).limit(1)).one()
    browser: PortalClient = app.test_client()  # type: ignore[assignment]
    assert browser.get("/").status_code == 200
    assert article.title in browser.get(cast.article_path(article.id, article.title)).text
    assert cast.an_article("Bài đầu tiên sau khi khôi phục") > article.id, "new rows come after those that are there"
    assert cast.somebody().id > 0
    assert [name for name, last, following in numbering() if following <= last] == []
    sealed = db.session.scalars(select(User.totp_secret).where(User.totp_secret.is_not(None))).all()
    assert SECRET in [unseal(str(one)) for one in sealed]
    version = db.session.scalars(select(versions.CacheVersion.version).where(versions.CacheVersion.tag == "content")).one()
    assert version >= before, "every process forgets its pages"


def numbering() -> list[tuple[str, int, int]]:
    """Return of each table that PostgreSQL numbers its last number, and the one that its next row gets."""
    found = []
    with db.engine.begin() as connection:
        for table in carried() if connection.dialect.name == "postgresql" else []:
            for column in table.primary_key.columns:
                sequence = connection.scalar(select(func.pg_get_serial_sequence(f'"{table.name}"', column.name)))
                if sequence is not None:
                    last = connection.scalar(select(func.coalesce(func.max(column), 0)))
                    found.append((table.name, int(last or 0), int(connection.scalar(select(func.nextval(sequence))) or 0)))
    return found


@pytest.mark.slow(why="restores a whole site twice")
@pytest.mark.parametrize("database", ["postgresql"], indirect=True)
def test_a_site_goes_to_postgresql_and_back(full_site: Path, archive: Path, empty: Place, elsewhere: Place) -> None:
    with portal_at(full_site):
        rows, files = contents(), stored()
    with empty.portal():
        first = restoring.restore(archive, progress=silent)
        made = creating.create(elsewhere.instance.parent / "from-postgresql", folder.BY_HAND, progress=silent)
    same = first.manifest.tables.keys() - LOG
    assert {name: made.manifest.tables[name] for name in same} == {name: first.manifest.tables[name] for name in same}
    assert made.manifest.files == first.manifest.files
    with elsewhere.portal():
        restoring.restore(made.path, progress=silent)
        assert told(contents()) == told(rows)
        assert stored() == files
        assert chain.verify() is None
