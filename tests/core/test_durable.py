"""A file is there whole, or not at all."""

import os
from pathlib import Path

import pytest

from portal.core import durable


def test_a_new_file_is_there_once_it_is_whole(tmp_path: Path) -> None:
    path = tmp_path / "archive.tar"
    with durable.new_file(path) as file:
        file.write(b"whole")
        assert not path.exists()
    assert path.read_bytes() == b"whole"
    assert path.stat().st_mode & 0o777 == 0o600
    assert list(tmp_path.iterdir()) == [path]


def test_what_is_cut_short_leaves_nothing_and_an_older_file_stays(tmp_path: Path) -> None:
    path = tmp_path / "archive.tar"
    path.write_bytes(b"older")

    def write_half() -> None:
        with durable.new_file(path) as file:
            file.write(b"half")
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        write_half()
    assert path.read_bytes() == b"older"
    assert list(tmp_path.iterdir()) == [path]


def test_a_link_that_somebody_has_put_there_is_not_followed(tmp_path: Path) -> None:
    (tmp_path / "elsewhere").write_bytes(b"of somebody else")
    (tmp_path / f".archive.tar{durable.UNFINISHED}").symlink_to(tmp_path / "elsewhere")
    with pytest.raises(OSError, match="symbolic"), durable.new_file(tmp_path / "archive.tar"):
        pass
    assert (tmp_path / "elsewhere").read_bytes() == b"of somebody else"


def test_a_private_folder_that_root_makes_is_the_services(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    given: list[tuple[Path, int, int]] = []
    monkeypatch.setattr(os, "geteuid", lambda: 0)
    monkeypatch.setattr(os, "chown", lambda *values: given.append(values))
    for _ in range(2):
        durable.private_folder(tmp_path / "deep" / "backups")
    around = (tmp_path / "deep").stat()
    assert given == [(tmp_path / "deep" / "backups", around.st_uid, around.st_gid)]
    assert (tmp_path / "deep" / "backups").stat().st_mode & 0o777 == 0o700
