"""A full site with its archive, and empty instances to restore into."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from portal.backup import creating, folder
from portal.backup.progress import silent
from tests.backup.full_site import furnish, portal_at
from tests.backup.places import Place
from tests.databases import Postgres


@pytest.fixture(scope="session")
def full_site(demo_instance: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An instance folder on SQLite with something in every table; tests only read it."""
    instance = tmp_path_factory.mktemp("full") / "instance"
    shutil.copytree(demo_instance, instance)
    with portal_at(instance):
        furnish()
    return instance


@pytest.fixture(scope="session")
def archive(full_site: Path) -> Path:
    """The full site's archive; tests only read it."""
    with portal_at(full_site):
        return creating.create(full_site / "backups", folder.BY_HAND, progress=silent).path


@pytest.fixture
def copied(full_site: Path, tmp_path: Path) -> Path:
    """A copy of the full site, to be changed."""
    return Path(shutil.copytree(full_site, tmp_path / "copied", ignore=shutil.ignore_patterns("backups")))


@pytest.fixture
def empty(request: pytest.FixtureRequest, database: str, full_site: Path, tmp_path: Path) -> Iterator[Place]:
    """An empty instance on each database, with the full site's key."""
    instance = tmp_path / "empty"
    instance.mkdir()
    shutil.copy(full_site / "secret_key", instance)
    if database == "sqlite":
        yield Place(instance)
    else:
        postgres: Postgres = request.getfixturevalue("postgres")
        with postgres.bare() as url:
            yield Place(instance, url)


@pytest.fixture
def elsewhere(full_site: Path, tmp_path: Path) -> Place:
    """One more empty instance, on SQLite."""
    instance = tmp_path / "elsewhere"
    instance.mkdir()
    shutil.copy(full_site / "secret_key", instance)
    return Place(instance)
