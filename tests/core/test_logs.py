"""Logs are JSON lines with a request id, and know nobody."""

import json
import logging
from typing import Any

import pytest

from portal.core.logs import JsonLines
from tests import cast
from tests.client import PortalClient
from tests.polls import voting

ADDRESS = "203.0.113.77"
AGENT = "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/119.0 Safari/537.36"


@pytest.fixture
def database() -> str:
    """What is logged does not depend on the database."""
    return "sqlite"


def lines(capsys: pytest.CaptureFixture[str]) -> list[dict[str, Any]]:
    return [json.loads(line) for line in capsys.readouterr().err.splitlines() if line.strip()]


def test_every_request_is_one_json_line_with_its_id(client: PortalClient, capsys: pytest.CaptureFixture[str]) -> None:
    answer = client.get("/healthz")
    (line,) = [line for line in lines(capsys) if line["logger"] == "portal.requests"]
    assert line["request"] == answer.headers["X-Request-Id"]
    assert (line["method"], line["endpoint"], line["status"]) == ("GET", "front.health", 200)
    assert line["time"].endswith("Z")
    assert line["ms"] >= 0


def test_two_requests_have_two_ids(client: PortalClient) -> None:
    assert client.get("/healthz").headers["X-Request-Id"] != client.get("/healthz").headers["X-Request-Id"]


def test_no_line_knows_who_asked_or_for_what(client: PortalClient, capsys: pytest.CaptureFixture[str]) -> None:
    poll = cast.a_poll()
    client.set_cookie("browser", "cookie-value")
    visitor = {"environ_overrides": {"REMOTE_ADDR": ADDRESS}, "headers": {"User-Agent": AGENT, "X-Forwarded-For": ADDRESS}}
    client.get("/?search=query-value", **visitor)
    client.get("/nothing?search=query-value", **visitor)
    client.submit(
        poll.url, {"version": 1, "choice": poll.choices[0], "request": "ab" * 16}, environ_overrides={"REMOTE_ADDR": ADDRESS}
    )
    client.get("/?a=%00query-value", **visitor)
    said = capsys.readouterr().err
    assert said.count('"answered"') >= 3
    for secret in (ADDRESS, AGENT, "Chrome/119", "query-value", "cookie-value", "ab" * 16):
        assert secret not in said


def test_a_method_that_somebody_made_up_is_not_repeated(client: PortalClient, capsys: pytest.CaptureFixture[str]) -> None:
    client.open("/healthz", method="EVIL")
    assert "EVIL" not in capsys.readouterr().err


def test_a_line_stays_one_line_whatever_it_says() -> None:
    record = logging.LogRecord("x", logging.INFO, "", 0, 'a\n"b"\r\u2028%s', ("đ",), None)
    text = JsonLines().format(record)
    assert "\n" not in text
    assert json.loads(text)["message"] == 'a\n"b"\r\u2028đ'


def test_an_error_is_told_with_its_trace() -> None:
    try:
        raise ValueError("wrong")
    except ValueError as error:
        record = logging.LogRecord("x", logging.ERROR, "", 0, "failed", (), (ValueError, error, error.__traceback__))
    assert "ValueError: wrong" in json.loads(JsonLines().format(record))["error"]


def test_a_vote_leaves_a_line_only_where_it_was_refused(client: PortalClient, capsys: pytest.CaptureFixture[str]) -> None:
    poll = cast.a_poll()
    client.swap(poll.url, voting.form(poll, 0))
    assert "polls.vote" not in capsys.readouterr().err
    client.swap(poll.url, {**voting.form(poll, 0), "version": "99"})
    assert '"endpoint": "polls.vote", "status": 409' in capsys.readouterr().err
