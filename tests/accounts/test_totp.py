"""Codes from the phone count once and for a minute and a half; recovery codes once."""

import re
import secrets
from urllib.parse import parse_qs, unquote, urlsplit

import pyotp
import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.accounts import totp
from portal.accounts.totp import STEP_MS, matched_step, new_recovery_codes, recovery_hash

SECRET = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ"
"""The secret of RFC 6238's appendix B, in base32."""

KEY = b"k" * 32


def code_at(step: int) -> str:
    return pyotp.TOTP(SECRET).generate_otp(step)


@pytest.mark.parametrize(
    ("second", "code"), [(59, "287082"), (1_111_111_109, "081804"), (1_234_567_890, "005924"), (20_000_000_000, "353130")]
)
def test_the_codes_are_those_of_the_standard(second: int, code: str) -> None:
    assert matched_step(SECRET, code, now_ms=second * 1000) == second // 30


@pytest.mark.parametrize("aside", [-1, 0, 1])
def test_a_neighbour_in_time_counts_and_its_step_is_told(aside: int) -> None:
    assert matched_step(SECRET, code_at(1_000 + aside), now_ms=1_000 * STEP_MS) == 1_000 + aside


@pytest.mark.parametrize("aside", [-3, -2, 2, 3])
def test_an_older_or_later_code_does_not_count(aside: int) -> None:
    assert matched_step(SECRET, code_at(1_000 + aside), now_ms=1_000 * STEP_MS) is None


def test_a_used_code_is_refused() -> None:
    assert matched_step(SECRET, code_at(1_000), now_ms=1_000 * STEP_MS, used=[None, 1_000]) is None


@pytest.mark.parametrize("fresh", [999, 1_001])
def test_those_beside_a_used_one_count(fresh: int) -> None:
    assert matched_step(SECRET, code_at(fresh), now_ms=1_000 * STEP_MS, used=[1_000, 5_000]) == fresh


def test_the_very_first_steps_are_no_error() -> None:
    assert matched_step(SECRET, code_at(0), now_ms=0) == 0


@pytest.mark.parametrize("typed", ["287082", " 287 082 ", "28 70 82", "287\u00a0082", "287082\n"])
def test_spaces_are_as_one_likes(typed: str) -> None:
    assert matched_step(SECRET, typed, now_ms=59_000) == 1


@pytest.mark.parametrize(
    "typed",
    [
        *(
            "",
            "287",
            "2870820",
            "0287082",
            "２８７０８２",
            "٢٨٧٠٨٢",
            "28708२",
            "287-082",
            "+287082",
            "2870.82",
            "287082\0",
            "28708a",
        ),
        *("287082" + " " * 100, "9" * 1_000_000),
    ],
)
def test_only_six_ascii_figures_are_a_code(typed: str) -> None:
    assert matched_step(SECRET, typed, now_ms=59_000) is None


@given(st.text(max_size=12))
def test_nothing_typed_is_an_error(typed: str) -> None:
    assert matched_step(SECRET, typed, now_ms=59_000) in {None, 0, 1, 2}
    assert recovery_hash(typed, key=KEY, user_id=1) is None


def test_a_secret_has_160_bits_and_is_another_each_time() -> None:
    made = {totp.new_secret() for _ in range(50)}
    assert len(made) == 50
    assert all(len(pyotp.TOTP(secret).byte_secret()) == 20 for secret in made)


def test_an_app_is_told_the_site_and_the_account() -> None:
    uri = urlsplit(totp.provisioning_uri(SECRET, account="nguoi-1@example.vn", site="Sở  Khoa học: Công nghệ"))
    assert (uri.scheme, uri.netloc) == ("otpauth", "totp")
    assert unquote(uri.path) == "/Sở Khoa học Công nghệ:nguoi-1@example.vn"
    assert parse_qs(uri.query) == {"secret": [SECRET], "issuer": ["Sở Khoa học Công nghệ"]}
    assert pyotp.parse_uri(uri.geturl()).secret == SECRET  # type: ignore[attr-defined]


def test_the_picture_needs_no_style_and_runs_nothing() -> None:
    uri = totp.provisioning_uri(SECRET, account="nguoi-1@example.vn", site="Sở Khoa học và Công nghệ tỉnh Quảng Ngãi")
    picture = totp.qr_code(uri).decode()
    assert re.findall(r"<(\w+)", picture.replace("<?xml", "")) == ["svg", "path", "path"]
    assert not re.search(r"\b(style|href|on\w+)=|script", picture)
    assert "viewBox" in picture


def test_a_secret_can_be_read_aloud() -> None:
    assert totp.readable(SECRET) == "GEZD GNBV GY3T QOJQ GEZD GNBV GY3T QOJQ"


def test_ten_recovery_codes_of_80_bits_are_made() -> None:
    codes = new_recovery_codes()
    assert len(set(codes)) == 10
    assert all(re.fullmatch(r"\w{6}-\w{6}-\w{6}", code) for code in codes)
    assert totp.BITS >= 80


def test_recovery_codes_have_no_letters_that_look_alike_or_that_an_input_method_changes() -> None:
    assert not set(totp.LETTERS) & set("012568AEIOUYDW")
    assert len(set(totp.LETTERS)) == len(totp.LETTERS)


@pytest.mark.parametrize("change", [str.lower, lambda c: c.replace("-", ""), lambda c: f" {c.replace('-', ' ')}\n"])
@pytest.mark.parametrize("hyphen", ["-", "–", "\u2011", " - ", "."])
def test_a_recovery_code_is_known_however_it_is_typed(change, hyphen: str) -> None:  # type: ignore[no-untyped-def]
    code = new_recovery_codes()[0]
    assert recovery_hash(change(code).replace("-", hyphen), key=KEY, user_id=7) == recovery_hash(code, key=KEY, user_id=7)


def test_another_code_user_or_key_has_another_hash() -> None:
    code, other = new_recovery_codes()[:2]
    hashes = [
        recovery_hash(code, key=KEY, user_id=7),
        recovery_hash(other, key=KEY, user_id=7),
        recovery_hash(code, key=KEY, user_id=8),
        recovery_hash(code, key=b"l" * 32, user_id=7),
    ]
    assert None not in hashes
    assert len(set(hashes)) == 4


@pytest.mark.parametrize(
    "typed", ["", "-", "BCFGHJ-KLMNPQ", "BCFGHJ-KLMNPQ-RSTVXA", "BCFGHJ-KLMNPQ-RSTVXẐ", "B" * 19, "B" * 1_000_000]
)
def test_what_cannot_be_a_recovery_code_has_no_hash(typed: str) -> None:
    assert recovery_hash(typed, key=KEY, user_id=7) is None


def test_the_hash_does_not_hold_the_code() -> None:
    code = new_recovery_codes()[0]
    kept = recovery_hash(code, key=secrets.token_bytes(32), user_id=7)
    assert kept is not None
    assert len(kept) == 32
    assert code.encode() not in kept
