"""`flask serve`: from an empty folder to a page in one command."""

import re
import sqlite3
import stat
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest

from tests.databases import Postgres
from tests.serving.crowd import at_once
from tests.serving.server import ROOT, Server, get

pytestmark = [pytest.mark.serial, pytest.mark.slow(why="starts real servers")]

KEY = "from portal import create_app; print(create_app().secret_key)"


def test_an_empty_folder_becomes_a_site_and_a_second_start_keeps_it(tmp_path: Path) -> None:
    instance = tmp_path / "new" / "instance"

    with Server(instance) as server:
        home = get(server, "/")
        said = [line for line in server.lines if not line.startswith("{")]
        key = (instance / "secret_key").read_text()
    with Server(instance) as again:
        said_again = [line for line in again.lines if not line.startswith("{")]
        listed = f"<loc>http://127.0.0.1:{again.port}/bai-viet/ke-hoach-truyen-thong"
        pages = get(again, "/sitemap-articles-1.xml").text.count(listed)

    assert home.status == 200
    assert "/bai-viet/ke-hoach-truyen-thong" in home.text
    assert said[-1] == f"The portal is at http://127.0.0.1:{server.port}/  (Ctrl-C stops it)"
    assert [line.split()[0] for line in said[1:-1]] == ["author", "editor", "publisher", "administrator"]
    assert said_again == [f"The portal is at http://127.0.0.1:{again.port}/  (Ctrl-C stops it)"]
    assert {"portal.db", "secret_key", "files"} <= {path.name for path in instance.iterdir()}
    assert pages == 1
    assert (instance / "secret_key").read_text() == key


def test_each_start_of_a_site_without_anybody_prints_a_new_set_up_link(tmp_path: Path) -> None:
    printed = re.compile(r"Nobody can sign in yet\. .*: http://127\.0\.0\.1:\d+(/ban-bien-tap/thiet-lap/[\w-]{43})$")
    paths = []
    with Server(tmp_path):
        pass
    with closing(sqlite3.connect(tmp_path / "portal.db")) as database:
        for table in ("piece_step", "preview_link", "piece_presence", "revision", "piece", "user"):
            database.execute(f"DELETE FROM {table}")
        database.commit()
    for _ in range(2):
        with Server(tmp_path) as server:
            found = printed.match(server.said("Nobody can sign in yet"))
            assert found is not None
            paths.append(found[1])
            statuses = [get(server, path).status for path in paths]
    assert statuses == [404, 200]


def test_the_instance_names_an_empty_postgresql_that_becomes_a_site_too(tmp_path: Path, postgres: Postgres) -> None:
    with postgres.bare() as url:
        (tmp_path / "config.py").write_text(f"DATABASE_URL = {url!r}\nTHREADS = 1\n")
        with Server(tmp_path) as server:
            assert "/bai-viet/ke-hoach-truyen-thong" in get(server, "/").text
    assert not (tmp_path / "portal.db").exists()


def test_the_host_to_listen_on_is_honoured(tmp_path: Path) -> None:
    with Server(tmp_path, HOST="127.0.0.2") as server:
        assert get(server, "/").status == 200
        server.host = "127.0.0.1"
        with pytest.raises(ConnectionRefusedError):
            get(server, "/")


def test_a_port_that_is_no_port_is_refused_in_words(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "flask", "--app", "portal", "serve", "--port", "70000"]

    done = subprocess.run(command, cwd=ROOT, env=Server(tmp_path).environment, capture_output=True, text=True, check=False)

    assert done.returncode == 2
    assert "70000 is not in the range" in done.stderr


def test_two_first_starts_at_once_agree_on_one_secret_key(tmp_path: Path) -> None:
    environment = Server(tmp_path).environment

    def start() -> str:
        return subprocess.run(
            [sys.executable, "-c", KEY], cwd=ROOT, env=environment, capture_output=True, text=True, check=True
        ).stdout.strip()

    keys = set(at_once([start] * 3))

    stored = tmp_path / "secret_key"
    assert keys == {stored.read_text()}
    assert len(keys.pop()) >= 64
    assert stat.S_IMODE(stored.stat().st_mode) == 0o600
    assert [path.name for path in tmp_path.iterdir() if "secret" in path.name] == ["secret_key"]
