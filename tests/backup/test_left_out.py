"""What no archive holds: salts, visitors, network keys, sessions and what else tells who was where. What it holds was decided."""

import base64
import gzip
from pathlib import Path

from sqlalchemy import select

from portal.backup.progress import silent
from portal.backup.restoring import restore
from portal.backup.rows import columns_of
from portal.backup.tables import CARRIED, LEFT_OUT, carried
from portal.core.db import Model, db
from portal.visits.models import PageViews, SiteFigures
from tests.backup import forging
from tests.backup.full_site import TRACES, contents, portal_at
from tests.backup.places import Place


def test_every_table_is_carried_or_left_out_with_a_reason() -> None:
    """A new table goes into one of the lists of `portal.backup.tables`: does it hold who was where, or what the site is?"""
    assert set(Model.metadata.tables) == CARRIED | LEFT_OUT.keys()
    assert not CARRIED & LEFT_OUT.keys()
    assert all(LEFT_OUT.values())


def test_every_column_has_a_kind_that_both_databases_know() -> None:
    assert [columns_of(table) for table in carried()]


def test_a_table_stands_after_those_that_it_refers_to() -> None:
    order = {table.name: place for place, table in enumerate(carried())}
    for table in carried():
        for key in table.foreign_key_constraints:
            assert key.referred_table.name in order, f"{table.name} needs rows that are left out"
            assert order[key.referred_table.name] <= order[table.name]


def test_nothing_that_is_left_out_stands_in_the_archive_in_any_writing(full_site: Path, archive: Path) -> None:
    with portal_at(full_site):
        rows = contents()
    assert all(rows[name] for name in LEFT_OUT), "the site has something in each"
    found = forging.members(archive)
    opened = b"".join(gzip.decompress(content) if name.endswith(".gz") else content for name, content in found.items())
    everything = archive.read_bytes() + opened
    for name, trace in TRACES.items():
        for written in (trace, trace.hex().encode(), base64.b64encode(trace), base64.b64encode(trace)[:20]):
            assert written not in everything, name
    assert not [name for name in found if name.split("/")[1:2] in [[table] for table in LEFT_OUT]]


def test_the_key_does_not_stand_in_the_archive(full_site: Path, archive: Path) -> None:
    assert (full_site / "secret_key").read_bytes().strip() not in archive.read_bytes()


def test_sums_of_what_was_read_are_carried_and_nobody_who_read(archive: Path, elsewhere: Place) -> None:
    with elsewhere.portal():
        restore(archive, progress=silent)
        rows = contents()
        assert [name for name in LEFT_OUT if name != "cache_version" and rows[name]] == []
        assert db.session.scalars(select(PageViews.views).where(PageViews.period == 0)).all() == [5_000_000_000]
        assert db.session.scalars(select(SiteFigures.visits).where(SiteFigures.period == 0)).all() == [7]
