"""Where a scanner is configured, every file is shown to it first; one that does not answer lets nothing in."""

import socket
from pathlib import Path
from typing import Any

import pytest
from flask import Flask

from portal.core.errors import Refused
from portal.files import scanning
from portal.files.kinds import Wrong
from tests.files.clamd import FOUND, listening


@pytest.fixture
def database() -> str:
    return "sqlite"


@pytest.fixture
def settings(settings: dict[str, Any], tmp_path: Path) -> dict[str, Any]:
    return {**settings, "CLAMAV_SOCKET": str(tmp_path / "clamd")}


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "file"


def test_a_clean_file_is_shown_whole_and_let_in(app: Flask, path: Path, tmp_path: Path) -> None:
    path.write_bytes(bytes(range(256)) * 10_000)
    with listening(tmp_path / "clamd") as shown:
        scanning.demand_clean(path, "a.pdf")
    assert shown == [path.read_bytes()]


def test_what_it_finds_something_in_is_refused(app: Flask, path: Path, tmp_path: Path) -> None:
    path.write_bytes(b"x" + FOUND)
    with listening(tmp_path / "clamd"), pytest.raises(Refused, match=r"“a\.pdf”: phát hiện mã độc"):
        scanning.demand_clean(path, "a.pdf")


@pytest.mark.parametrize("answer", [b"", b"stream: Can't allocate memory ERROR\0"])
def test_an_answer_that_is_none_lets_nothing_in(app: Flask, path: Path, tmp_path: Path, answer: bytes) -> None:
    path.write_bytes(b"x")
    with listening(tmp_path / "clamd", answers=answer), pytest.raises(Refused, match="Hãy thử lại sau vài phút"):
        scanning.demand_clean(path, "a.pdf")


def test_a_scanner_that_is_not_there_lets_nothing_in(app: Flask, path: Path) -> None:
    path.write_bytes(b"x")
    with pytest.raises(Refused, match="Hãy thử lại sau vài phút"):
        scanning.demand_clean(path, "a.pdf")


def test_a_file_that_it_does_not_hear_to_the_end_is_told_so(app: Flask, path: Path, tmp_path: Path) -> None:
    path.write_bytes(bytes(20_000_000))
    said, answer = "“a.pdf” lớn hơn mức phần mềm quét mã độc nhận", b"INSTREAM size limit exceeded. ERROR\0"
    with listening(tmp_path / "clamd", answers=answer, hears=10_000), pytest.raises(Wrong, match=said):
        scanning.demand_clean(path, "a.pdf")


def test_one_that_is_cut_off_in_its_midst_lets_nothing_in(app: Flask, path: Path, tmp_path: Path) -> None:
    path.write_bytes(bytes(20_000_000))
    with listening(tmp_path / "clamd", answers=b"", hears=10_000), pytest.raises(Refused, match="Hãy thử lại sau vài phút"):
        scanning.demand_clean(path, "a.pdf")


def test_one_that_says_nothing_is_not_waited_for_for_ever(
    app: Flask, path: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(scanning, "SECONDS", 0.05)
    path.write_bytes(b"x")
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as silent:
        silent.bind(str(tmp_path / "clamd"))
        silent.listen()
        with pytest.raises(Refused, match="Hãy thử lại sau vài phút"):
            scanning.demand_clean(path, "a.pdf")
