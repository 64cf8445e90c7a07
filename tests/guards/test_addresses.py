"""No address disappears without a redirect, and none appears without being written down."""

from pathlib import Path

from flask import Flask

from tests.client import PortalClient
from tests.guards.test_audiences import example

LISTED = Path(__file__).with_name("urls.txt")


def present(app: Flask) -> set[str]:
    """Return each rule with the methods that it takes by its own wish."""
    return {f"{' '.join(sorted((rule.methods or set()) - {'HEAD', 'OPTIONS'}))} {rule.rule}" for rule in app.url_map.iter_rules()}


def listed() -> set[str]:
    return {line for line in LISTED.read_text("utf-8").splitlines() if line and not line.startswith("#")}


def test_every_address_is_written_down(app: Flask) -> None:
    assert sorted(present(app) - listed()) == [], f"add them to {LISTED.name}; from then on they stay"


def test_an_address_that_is_gone_leads_to_its_successor(app: Flask, client: PortalClient) -> None:
    for line in sorted(listed() - present(app)):
        method, _, rule = line.partition(" ")
        answer = client.open(example(rule), method=method)
        assert answer.status_code in {301, 308}, f"{line} is gone without a redirect"


def test_the_list_is_in_order_and_tells_each_address_once() -> None:
    lines = [line for line in LISTED.read_text("utf-8").splitlines() if line and not line.startswith("#")]
    assert lines == sorted(set(lines))
