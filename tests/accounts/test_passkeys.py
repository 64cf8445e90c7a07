"""A passkey signs in whom it was made for, here, once for each question; every other answer is refused with one sentence."""

import json
from dataclasses import replace
from typing import Any

import cbor2
import pytest
from hypothesis import given
from hypothesis import strategies as st
from webauthn.helpers import base64url_to_bytes, bytes_to_base64url
from webauthn.helpers.exceptions import InvalidAuthenticationResponse, UnsupportedPublicKey

from portal.accounts import ceremonies, passkeys
from portal.accounts.passkeys import Passkey, PasskeyRefused, Place, Use
from portal.core.errors import Refused
from tests import cast
from tests.accounts.authenticator import BACKED_UP, ELIGIBLE, PRESENT, VERIFIED, Authenticator

PLACE = Place(origin="https://so.example.vn", rp_id="so.example.vn")
HANDLE = b"h" * 32
CHALLENGE = b"c" * 32


def creation(*existing: Passkey) -> dict[str, Any]:
    who = {"user_handle": HANDLE, "email": "nguoi-1@example.vn", "name": cast.PEOPLE["editor"]}
    return ceremonies.creation_options(PLACE, CHALLENGE, site="Sở Khoa học và Công nghệ", existing=existing, **who)  # type: ignore[arg-type]


def request() -> dict[str, Any]:
    return ceremonies.request_options(PLACE, CHALLENGE)


def add(authenticator: Authenticator, *, challenge: bytes = CHALLENGE, place: Place = PLACE) -> Passkey:
    answer = json.dumps(authenticator.create(creation()))
    return ceremonies.created(answer, place, challenge, user_handle=HANDLE)


def use(
    authenticator: Authenticator, passkey: Passkey, *, challenge: bytes = CHALLENGE, place: Place = PLACE, **changed: Any
) -> Use:
    credential = authenticator.get(request())
    credential["response"] |= changed
    return ceremonies.used(json.dumps(credential), place, challenge, passkey=passkey)


@pytest.fixture
def authenticator() -> Authenticator:
    return Authenticator()


@pytest.fixture
def passkey(authenticator: Authenticator) -> Passkey:
    return add(authenticator)


def test_a_passkey_is_added_and_signs_in(authenticator: Authenticator, passkey: Passkey) -> None:
    assert passkey == Passkey(
        credential_id=authenticator.credential_id,
        user_handle=HANDLE,
        public_key=authenticator.public_key(),
        sign_count=0,
        backup_eligible=False,
        backed_up=False,
        transports=("hybrid", "internal"),
    )
    answer = json.dumps(authenticator.get(request()))
    assert ceremonies.credential_id(answer) == passkey.credential_id
    assert ceremonies.used(answer, PLACE, CHALLENGE, passkey=passkey) == Use(sign_count=0, backed_up=False)


def test_the_browser_is_asked_for_a_passkey_that_can_be_the_only_factor(passkey: Passkey) -> None:
    options = creation(passkey)
    assert options["authenticatorSelection"] == {
        "residentKey": "required",
        "requireResidentKey": True,
        "userVerification": "required",
    }
    assert options["attestation"] == "none"
    assert options["rp"] == {"id": "so.example.vn", "name": "Sở Khoa học và Công nghệ"}
    assert options["user"] == {
        "id": bytes_to_base64url(HANDLE),
        "name": "nguoi-1@example.vn",
        "displayName": cast.PEOPLE["editor"],
    }
    excluded = {"id": bytes_to_base64url(passkey.credential_id), "type": "public-key", "transports": ["hybrid", "internal"]}
    assert options["excludeCredentials"] == [excluded]
    assert -7 in {kind["alg"] for kind in options["pubKeyCredParams"]}
    assert json.loads(json.dumps(options)) == options


def test_the_question_at_sign_in_names_nobody() -> None:
    options = request()
    assert options.pop("challenge") == bytes_to_base64url(CHALLENGE)
    assert options == {"rpId": "so.example.vn", "timeout": 300_000, "userVerification": "required", "allowCredentials": []}


def test_each_challenge_and_each_handle_is_new() -> None:
    assert len({passkeys.new_challenge() for _ in range(50)} | {passkeys.new_user_handle() for _ in range(50)}) == 100
    assert len(passkeys.new_challenge()) == 32


@pytest.mark.parametrize(
    "wrong",
    [
        {"origin": "https://so.example.vn.evil.example"},
        {"origin": "http://so.example.vn"},
        {"origin": "https://so.example.vn:8443"},
        {"rp_id": "example.vn"},
        {"flags": PRESENT},
        {"flags": VERIFIED},
        {"flags": PRESENT | VERIFIED | BACKED_UP},
        {"client": {"crossOrigin": True}},
        {"client": {"type": "payment.get"}},
        {"client": {"challenge": bytes_to_base64url(b"d" * 32)}},
        {"client": {"challenge": ""}},
        {"client": {"origin": ["https://so.example.vn"]}},
    ],
)
def test_what_is_not_of_this_site_and_moment_is_refused(wrong: dict[str, Any]) -> None:
    with pytest.raises(PasskeyRefused, match="Chưa thêm được khóa truy cập này"):
        add(Authenticator(**wrong))
    good = Authenticator()
    passkey = add(good)
    for name, value in wrong.items():
        setattr(good, name, value)
    with pytest.raises(PasskeyRefused, match="không được chấp nhận"):
        use(good, passkey)


def test_an_answer_to_another_question_is_refused(authenticator: Authenticator, passkey: Passkey) -> None:
    """A replayed answer is one: the caller forgets a challenge with its first answer."""
    with pytest.raises(PasskeyRefused):
        use(authenticator, passkey, challenge=passkeys.new_challenge())
    with pytest.raises(PasskeyRefused):
        add(Authenticator(), challenge=passkeys.new_challenge())


def test_an_answer_to_one_kind_of_question_is_none_to_the_other(authenticator: Authenticator, passkey: Passkey) -> None:
    with pytest.raises(PasskeyRefused):
        ceremonies.created(json.dumps(authenticator.get(request())), PLACE, CHALLENGE, user_handle=HANDLE)
    with pytest.raises(PasskeyRefused):
        ceremonies.used(json.dumps(authenticator.create(creation())), PLACE, CHALLENGE, passkey=passkey)


@pytest.mark.parametrize("handle", ["", bytes_to_base64url(b"i" * 32), bytes_to_base64url(HANDLE[:-1]), None, 7, "é", "a"])
def test_another_users_handle_is_refused(authenticator: Authenticator, passkey: Passkey, handle: object) -> None:
    with pytest.raises(PasskeyRefused):
        use(authenticator, passkey, userHandle=handle)


def test_another_credential_is_refused(authenticator: Authenticator, passkey: Passkey) -> None:
    other, key = Authenticator(key=authenticator.key, user_handle=HANDLE), authenticator.public_key()
    with pytest.raises(PasskeyRefused):
        use(other, passkey)
    with pytest.raises(PasskeyRefused):
        use(authenticator, replace(passkey, public_key=key[:-1] + bytes([key[-1] ^ 1])))
    with pytest.raises(PasskeyRefused):
        use(Authenticator(credential_id=passkey.credential_id, user_handle=HANDLE), passkey)


@pytest.mark.parametrize("part", ["clientDataJSON", "authenticatorData", "signature"])
def test_a_flipped_bit_is_refused(authenticator: Authenticator, passkey: Passkey, part: str) -> None:
    good = authenticator.get(request())["response"]
    content = base64url_to_bytes(good[part])
    for place in range(len(content)):
        flipped = bytearray(content)
        flipped[place] ^= 1
        with pytest.raises(PasskeyRefused):
            use(authenticator, passkey, **{**good, part: bytes_to_base64url(bytes(flipped))})


@pytest.mark.parametrize(("kept", "said"), [(5, 4), (5, 5), (5, 0), (1, 0), (2**32 - 1, 0)])
def test_a_count_that_does_not_rise_is_refused(authenticator: Authenticator, passkey: Passkey, kept: int, said: int) -> None:
    authenticator.sign_count = said
    with pytest.raises(PasskeyRefused):
        use(authenticator, replace(passkey, sign_count=kept))


def test_a_count_that_rises_is_told(authenticator: Authenticator, passkey: Passkey) -> None:
    authenticator.sign_count = 6
    assert use(authenticator, replace(passkey, sign_count=5)).sign_count == 6


def test_whether_a_passkey_is_backed_up_is_kept_and_followed() -> None:
    synced = Authenticator(flags=PRESENT | VERIFIED | ELIGIBLE)
    passkey = add(synced)
    assert (passkey.backup_eligible, passkey.backed_up) == (True, False)
    synced.flags |= BACKED_UP
    assert use(synced, passkey).backed_up
    synced.flags = PRESENT | VERIFIED
    with pytest.raises(PasskeyRefused):  # what is bound to one device never becomes another kind, nor the reverse
        use(synced, passkey)


def test_a_key_that_could_never_sign_in_is_not_added(authenticator: Authenticator) -> None:
    credential = authenticator.create(creation())
    attestation = cbor2.loads(base64url_to_bytes(credential["response"]["attestationObject"]))
    attestation["authData"] = attestation["authData"][:-32] + b"\1" * 32  # no point of the curve
    credential["response"]["attestationObject"] = bytes_to_base64url(cbor2.dumps(attestation))
    with pytest.raises(PasskeyRefused):
        ceremonies.created(json.dumps(credential), PLACE, CHALLENGE, user_handle=HANDLE)


@pytest.mark.parametrize(
    "answer",
    [
        *("", "null", "[]", "{}", "1", "NaN", "\ud800", "[" * 16_000, '{"id":' * 2_000, '{"id":"a","rawId":"a","type":"x"}'),
        *('{"id":"a","rawId":"b","type":"public-key","response":{}}', "x" * 1_000_000, json.dumps({"id": "a" * 16_384})),
    ],
)
def test_what_is_no_answer_at_all_is_refused(passkey: Passkey, answer: str) -> None:
    with pytest.raises(PasskeyRefused):
        ceremonies.created(answer, PLACE, CHALLENGE, user_handle=HANDLE)
    with pytest.raises(PasskeyRefused):
        ceremonies.credential_id(answer)
    with pytest.raises(PasskeyRefused):
        ceremonies.used(answer, PLACE, CHALLENGE, passkey=passkey)


@given(st.binary(max_size=300), st.sampled_from(["clientDataJSON", "attestationObject"]))
def test_no_bytes_are_an_error_when_a_passkey_is_added(content: bytes, part: str) -> None:
    credential = Authenticator().create(creation())
    credential["response"][part] = bytes_to_base64url(content)
    with pytest.raises(PasskeyRefused):
        ceremonies.created(json.dumps(credential), PLACE, CHALLENGE, user_handle=HANDLE)


@pytest.mark.parametrize("attestation", [b"\x9b" + b"\xff" * 8, b"\x81" * 12_000, b"\xc5\x82\x1b" + b"\x7f" * 8 + b"\x01"])
def test_bytes_that_promise_more_than_there_is_are_refused_at_once(attestation: bytes) -> None:
    credential = Authenticator().create(creation())
    credential["response"]["attestationObject"] = bytes_to_base64url(attestation)
    with pytest.raises(PasskeyRefused):
        ceremonies.created(json.dumps(credential), PLACE, CHALLENGE, user_handle=HANDLE)


def test_the_refusal_is_a_sentence_and_its_cause_is_for_the_log(authenticator: Authenticator, passkey: Passkey) -> None:
    with pytest.raises(Refused) as refused:
        use(authenticator, passkey, challenge=b"d" * 32)
    assert str(refused.value).endswith(".")
    assert "challenge" in str(refused.value.__cause__)
    assert "challenge" not in str(refused.value)


@pytest.mark.parametrize(
    ("cause", "why"),
    [
        (None, "too long"),
        (KeyError("challenge"), "KeyError"),
        (UnsupportedPublicKey("Unrecognized decoded public key: b'abc'"), "Unrecognized decoded public key..."),
        (InvalidAuthenticationResponse('Unexpected credential type "a" x "b\n"'), "Unexpected credential type ..."),
    ],
)
def test_what_goes_to_the_log_quotes_nothing(cause: Exception | None, why: str) -> None:
    refused = PasskeyRefused("Câu.")
    refused.__cause__ = cause
    assert refused.why == why
