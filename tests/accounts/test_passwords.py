"""Passwords are long rather than odd, kept as slow hashes, and checked in the same time for everybody."""

import threading
import time
import unicodedata
from collections.abc import Callable
from statistics import median

import pytest
from argon2 import PasswordHasher, extract_parameters
from argon2.exceptions import InvalidHashError
from argon2.low_level import Type
from hypothesis import given
from hypothesis import strategies as st

from portal.accounts import passwords
from portal.core.errors import Refused
from tests import cast

GOOD = "thuyền giấy qua cầu mưa"
ABOUT = (cast.PEOPLE["author"], "nguyenvana@example.vn", "Phòng Hành chính", "Sở Khoa học và Công nghệ tỉnh Quảng Ngãi")


@pytest.fixture
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """Hash in no time, where the hash itself is not what is tested."""
    monkeypatch.setattr(passwords, "HASHER", PasswordHasher(time_cost=1, memory_cost=64, parallelism=1))


def refusal(password: str, about: tuple[str, ...] = ABOUT) -> str:
    with pytest.raises(Refused) as refused:
        passwords.check(password, about=about)
    return str(refused.value)


@pytest.mark.slow(why="computes two hashes at full cost")
def test_the_hash_costs_what_the_standard_recommends() -> None:
    kept = passwords.hash_of(GOOD)
    found = extract_parameters(kept)
    assert (found.type, found.time_cost, found.memory_cost) == (Type.ID, 3, 64 * 1024)
    assert (found.hash_len, found.salt_len) == (32, 16)
    assert passwords.verify(kept, GOOD)
    assert not passwords.needs_rehash(kept)


@pytest.mark.usefixtures("quick")
def test_a_password_is_known_by_its_hash_alone() -> None:
    kept = passwords.hash_of(GOOD)
    assert passwords.verify(kept, GOOD)
    assert GOOD not in kept
    assert kept != passwords.hash_of(GOOD)
    for other in (GOOD + " ", GOOD.upper(), GOOD[:-1], "", GOOD + "\0"):
        assert not passwords.verify(kept, other)


@pytest.mark.usefixtures("quick")
def test_a_password_is_the_same_however_its_marks_are_typed() -> None:
    apart = unicodedata.normalize("NFD", GOOD)
    assert apart != GOOD
    assert passwords.verify(passwords.hash_of(apart), GOOD)
    assert passwords.verify(passwords.hash_of(GOOD), apart)


@pytest.mark.usefixtures("quick")
@pytest.mark.parametrize("password", ["", GOOD, "x", "\0", "\ud800" * 12, "x" * 1_000_000])
def test_nobody_has_no_password(password: str) -> None:
    assert not passwords.verify(None, password)


@pytest.mark.usefixtures("quick")
def test_a_hash_of_former_parameters_still_counts_and_is_made_anew() -> None:
    kept = PasswordHasher(time_cost=2, memory_cost=128, parallelism=2).hash(GOOD)
    assert passwords.verify(kept, GOOD)
    assert passwords.needs_rehash(kept)
    assert not passwords.needs_rehash(passwords.hash_of(GOOD))


@pytest.mark.usefixtures("quick")
def test_a_damaged_hash_is_an_error_and_not_a_wrong_password() -> None:
    with pytest.raises(InvalidHashError):
        passwords.verify("$2b$12$nothing", GOOD)


@pytest.mark.slow(why="compares the time of hashes at a quarter of their cost")
def test_whether_there_is_an_account_does_not_show_in_the_time(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(passwords, "HASHER", PasswordHasher(time_cost=3, memory_cost=16 * 1024, parallelism=1))
    kept = passwords.hash_of(GOOD)
    known, unknown = [], []
    for _ in range(15):
        known.append(processor_time(lambda: passwords.verify(kept, "another password")))
        unknown.append(processor_time(lambda: passwords.verify(None, "another password")))
    assert 0.8 < median(known) / median(unknown) < 1.25


def processor_time(act: Callable[[], object]) -> float:
    """Return the time that this thread computed, whoever else is on the machine."""
    before = time.thread_time()
    act()
    return time.thread_time() - before


def test_a_megabyte_is_refused_before_anything_is_computed(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("nfc", "weakness", "HASHER"):
        monkeypatch.setattr(passwords, name, None)
    for password in ("x" * 1_000_000, "e\u0302\u0301" * 300_000):
        assert "quá dài" in refusal(password)
        assert not passwords.verify("$argon2id$", password)
        with pytest.raises(ValueError, match="refuses"):
            passwords.hash_of(password)


@pytest.mark.usefixtures("quick")
def test_the_longest_password_has_1024_bytes_when_composed() -> None:
    longest = ("ế" * 342)[:341] + "x"
    assert len(longest.encode()) == 1024
    passwords.hash_of(unicodedata.normalize("NFD", longest))
    assert "quá dài" in refusal(longest + "x")
    with pytest.raises(ValueError, match="refuses"):
        passwords.hash_of(longest + "x")


def test_length_is_counted_in_composed_characters() -> None:
    assert "quá ngắn" in refusal("ếữ ổặ kẹ mở")
    assert "quá ngắn" in refusal(unicodedata.normalize("NFD", "ếữ ổặ kẹ mở"))
    passwords.check("ếữ ổặ kẹ mởx", about=ABOUT)


@pytest.mark.parametrize(
    "password",
    [
        *(GOOD, "con mèo nằm trên mái ngói", "xanh lá đồng bằng sóng 47", "correct horse battery", "k7#Vq9!mZr2p"),
        *("aB3$%^&*()!@#", "MOTTRAMLEMOTNGONNEN", "7219 4630 8852 09", "ngày mai trời lại sáng thôi, " + "a" * 500),
    ],
)
def test_no_composition_is_asked_for(password: str) -> None:
    passwords.check(password, about=ABOUT)


@pytest.mark.slow(why="judges a hundred passwords")
@given(st.text(max_size=120))
def test_whatever_is_typed_is_good_or_gets_a_sentence(password: str) -> None:
    try:
        passwords.check(password, about=(password, "", " @. "))
    except Refused as refused:
        said = str(refused)
    else:
        said = "good"
    assert said == "good" or said.startswith("Mật khẩu này quá ")


@pytest.mark.usefixtures("quick")
def test_threads_hash_one_after_the_other(monkeypatch: pytest.MonkeyPatch) -> None:
    inside, most = [], []

    class Watched(PasswordHasher):
        def hash(self, password: str | bytes, *, salt: bytes | None = None) -> str:
            inside.append(1)
            most.append(len(inside))
            time.sleep(0.005)
            inside.pop()
            return "hash"

    monkeypatch.setattr(passwords, "HASHER", Watched())
    threads = [threading.Thread(target=passwords.hash_of, args=(GOOD,)) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert (len(most), max(most)) == (6, 1)
