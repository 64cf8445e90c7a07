"""Whether an address has an account cannot be told: same status, same page, same time."""

import re
import statistics
import time

import pytest
from argon2 import PasswordHasher
from flask import Flask
from werkzeug.test import TestResponse

from portal.accounts import passwords
from tests import cast
from tests.accounts.browser import SIGN_IN, token_of
from tests.client import PortalClient

EACH = 40
LARGEST_RATIO = 1.25
TRIES = 3
CHEAPER = PasswordHasher(time_cost=1, memory_cost=8 * 1024, parallelism=1, hash_len=32, salt_len=16)
"""The site's own hasher with an eighth of the memory and one pass: for the known and the unknown alike."""


@pytest.fixture(autouse=True)
def _cheaper(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(passwords, "HASHER", CHEAPER)


def wrong_password(client: PortalClient, token: str, email: str, address: str) -> TestResponse:
    form = {"token": token, "email": email, "password": "một mật khẩu khác"}
    return client.submit(SIGN_IN, form, environ_overrides={"REMOTE_ADDR": address})


def anonymous(answer: TestResponse, email: str) -> str:
    """Return a page without what is this request's own."""
    return re.sub(r'value="[0-9a-f]{64}"', "", answer.text).replace(email, "")


@pytest.mark.slow(why="tries eighty accounts, up to three times")
def test_known_and_unknown_are_answered_alike_and_as_slowly(app: Flask, client: PortalClient) -> None:
    kept = CHEAPER.hash(cast.PASSWORD)
    known = [cast.somebody("author", password_hash=kept).email for _ in range(EACH)]
    unknown = [f"khong-{number}@example.vn" for number in range(EACH)]
    token, answers, ratios = token_of(client, SIGN_IN), set[tuple[int, str]](), list[float]()
    for attempt in range(TRIES):  # a busy machine is not the site's fault: each try from a network of its own
        took: tuple[list[float], list[float]] = [], []
        for pair in zip(known, unknown, strict=True):
            for times, email in zip(took, pair, strict=True):
                began = time.perf_counter()
                answer = wrong_password(client, token, email, f"198.51.100.{attempt + 1}")
                times.append(time.perf_counter() - began)
                answers.add((answer.status_code, anonymous(answer, email)))
        medians = sorted(map(statistics.median, took))
        ratios.append(medians[1] / medians[0])
        if ratios[-1] < LARGEST_RATIO:
            break
    assert [status for status, _ in answers] == [422]
    assert min(ratios) < LARGEST_RATIO, ratios


def test_every_reason_costs_one_hash(client: PortalClient, monkeypatch: pytest.MonkeyPatch) -> None:
    kept = CHEAPER.hash(cast.PASSWORD)
    emails = [
        cast.somebody("author", password_hash=kept).email,
        cast.somebody("author", password_hash=kept, active=False).email,
        cast.somebody("author").email,
        "khong-ai@example.vn",
        "không phải địa chỉ",
    ]
    token, verified = token_of(client, SIGN_IN), list[str]()

    class Counting(PasswordHasher):
        def verify(self, kept: str | bytes, password: str | bytes) -> bool:  # the library calls it `hash`
            verified.append(str(kept))
            return CHEAPER.verify(kept, password)

    monkeypatch.setattr(passwords, "HASHER", Counting(time_cost=1, memory_cost=8 * 1024, parallelism=1))
    for email in emails:
        wrong_password(client, token, email, "198.51.100.1")
    assert len(verified) == len(emails)
    assert {kept.split("$")[3] for kept in verified} == {"m=8192,t=1,p=1"}


def test_brakes_do_not_tell_either(client: PortalClient) -> None:
    user, token = cast.somebody("author", password_hash=CHEAPER.hash(cast.PASSWORD)), token_of(client, SIGN_IN)
    said = [
        [
            anonymous(answer, email) + str(answer.status_code)
            for _ in range(12)
            for answer in [wrong_password(client, token, email, address)]
        ]
        for email, address in ((user.email, "198.51.100.1"), ("khong-ai@example.vn", "198.51.100.2"))
    ]
    assert said[0] == said[1]
    assert said[0][10].endswith("429")
