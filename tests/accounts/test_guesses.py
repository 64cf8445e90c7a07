"""What people here make passwords of is guessed soon: Vietnamese words however typed, keyboards, dates, one's own name."""

import random
import time

import pytest

from portal.accounts.guesses import SIGNS, common_words, own_words, weakness
from portal.core.text import nfc
from tests import cast

ABOUT = (cast.PEOPLE["author"], "nguyenvana@example.vn", "Phòng Hành chính", "Sở Khoa học và Công nghệ tỉnh Quảng Ngãi")

BEGINNING = "Mật khẩu này quá dễ đoán: "


@pytest.mark.parametrize(
    "password",
    [
        *("matkhau12345678", "mật khẩu 2026", "Mật-khẩu-123456", "mâtkhâu123456", "Matkhau@2026!!", "M@tkh@u@2026"),
        *("maatjkhaaur2026", "ma65tkha63u2026", "Maatj khaaur 123", "anhyeuem123456", "Toiyeuvietnam@1", "hànộiviệtnam2025"),
        *("uẩhktậm 2026", "khongbiet123", "password1234", "admin@123456"),
    ],
)
def test_words_that_many_people_use_are_too_easy(password: str) -> None:
    said = weakness(password, ())  # zxcvbn may name one part or another of two that are as easy
    assert said is not None
    assert said.startswith(BEGINNING)


@pytest.mark.parametrize(
    ("password", "about"),
    [
        ("nguyenvana1990", cast.PEOPLE["author"]),
        ("Nguyễn Văn A 2026", cast.PEOPLE["author"]),
        ("NguyenVanA@2026", cast.PEOPLE["author"]),
        ("botrinhsat-2026", "botrinhsat@example.vn"),
        ("botrinhsat@example.vn", "botrinhsat@example.vn"),
        ("todieutrakhoasat", "Tổ Điều tra khảo sát"),
        ("bandoquancam2026", "Trang Bảo tồn Bản đồ quân cấm"),
    ],
)
def test_what_others_know_about_somebody_is_too_easy(password: str, about: str) -> None:
    assert weakness(password, ()) is None or about == cast.PEOPLE["author"]
    said = weakness(password, (about,))
    assert said is not None
    assert said.startswith(BEGINNING)


def test_somebody_is_told_that_it_is_his_own_name() -> None:
    said = weakness("botrinhsat-2026", ("botrinhsat@example.vn",))
    assert said == BEGINNING + "nó ghép từ họ tên, thư điện tử, đơn vị của bạn hoặc tên trang."


@pytest.mark.parametrize(
    ("password", "reason"),
    [
        ("matkhauhanoi", "nhiều người hay dùng"),
        ("aaaaaaaaaaaa", "lặp"),
        ("abcabcabcabc", "lặp"),
        ("abcdefghijkl", "thứ tự"),
        ("123456789012", "thứ tự"),
        ("17/03/2022 17", "ngày tháng"),
        ("wertyuiopasdf", "bàn phím"),
    ],
)
def test_the_reason_is_told_in_words(password: str, reason: str) -> None:
    said = weakness(password, ABOUT)
    assert said is not None
    assert reason in said


def test_every_common_word_is_known_in_every_spelling() -> None:
    spellings = set(common_words())
    assert {"mật khẩu", "mậtkhẩu", "matkhau", "mat khau", "maatj khaaur", "maatjkhaaur", "ma65tkha63u"} <= spellings
    assert {"nguowif dungf", "nguo72idu2ng", "ddaf nawngx", "d9a2na84ng", "chuyeenr ddooir soos"} <= spellings
    assert len(spellings) > 1_000


def test_common_words_are_composed_and_in_lower_case() -> None:
    assert [word for word in common_words() if word != nfc(word).lower().strip() or not word] == []


def test_own_words_are_runs_of_a_name_with_and_without_marks() -> None:
    found = own_words(["Trần Thị B", "thi.tran@example.vn"])
    assert {"tran", "thi", "tranthi", "tranthib", "trần", "trầnthị", "ttb", "example"} <= set(found)
    assert "b" not in found
    assert own_words(["", "@", " . ", "b"]) == []


@pytest.mark.slow(why="judges the costliest passwords that were found")
def test_no_password_takes_long_to_judge() -> None:
    """Signs that stand for letters multiply the readings; 90 of them in a row took seconds."""
    chance = random.Random(4)
    longest = 0.0
    for size in (12, 13, len(SIGNS)):
        for _ in range(4):
            some = chance.sample(sorted(SIGNS), size)
            password = "".join(chance.choice([*some, "ế"]) for _ in range(1_000))
            before = time.thread_time()
            weakness(password, ABOUT)
            longest = max(longest, time.thread_time() - before)
    assert longest < 0.5
