"""The installation's key is its own, unreadable to others, and never empty."""

from pathlib import Path

import pytest

from portal import create_app


def test_the_first_start_makes_a_key_that_only_its_owner_reads(tmp_path: Path) -> None:
    key = create_app({"INSTANCE": str(tmp_path)}).secret_key

    assert (tmp_path / "secret_key").read_text("ascii") == key
    assert (tmp_path / "secret_key").stat().st_mode & 0o777 == 0o600
    assert create_app({"INSTANCE": str(tmp_path)}).secret_key == key


def test_a_key_that_was_lost_to_a_power_cut_is_refused(tmp_path: Path) -> None:
    (tmp_path / "secret_key").write_text("")

    with pytest.raises(RuntimeError, match="holds no key"):
        create_app({"INSTANCE": str(tmp_path)})
