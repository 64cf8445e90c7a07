"""The API keeps its contract, whatever is asked: each answer has the shape and the status that openapi.json tells."""

from typing import Any

import pytest
import schemathesis
from flask import Flask
from hypothesis import HealthCheck, Phase, given, settings

from portal.core import clock
from portal.demo.content import fill_if_empty
from tests import cast
from tests.client import PortalClient

API = "/api/v1"
QUIET = settings(
    max_examples=10,
    database=None,
    derandomize=True,
    phases=[Phase.explicit, Phase.generate],
    suppress_health_check=[*HealthCheck],
    deadline=None,
)


def contract(app: Flask, mount: str = "") -> Any:
    """Return the contract as those read it who write programs by it."""
    return schemathesis.openapi.from_wsgi(f"{mount}{API}/openapi.json", app)


def a_site_with_everything() -> None:
    """Fill the portal with one of each thing that the API tells."""
    section, now = cast.a_section("Thông báo"), clock.now_ms()
    poll = cast.a_poll(closes_at=now + clock.DAY)
    cast.a_poll(visibility="closed")
    cast.an_attachment(cast.an_article(section=section, poll_id=poll.id, updated_at=now, translation_group="a"))
    cast.an_article("Plan", section=cast.a_section("Notices", "en"), language="en", translation_group="a")
    cast.an_article("Đã gỡ", section=section, withdrawn_at=now)
    cast.many_articles(25, section=section)


@pytest.mark.each_case_on_both
@pytest.mark.slow(why="asks a hundred generated questions")
@pytest.mark.parametrize("mode", ["positive", "negative"])
@pytest.mark.parametrize("mount", ["", "/en"])
def test_every_answer_is_as_the_contract_says(app: Flask, mount: str, mode: str) -> None:
    a_site_with_everything()
    schema = contract(app, mount)
    for found in schema.get_all_operations():
        operation = found.ok()
        if mode == "negative" and not list(operation.iter_parameters()):
            continue  # nothing can be asked wrongly
        cases = operation.as_strategy(generation_mode=schemathesis.GenerationMode(mode))

        @QUIET
        @given(case=cases)
        def asked(case: Any) -> None:
            answer = case.call(headers={"Host": "localhost", "Accept-Encoding": "identity"})
            assert answer.status_code < 500
            if answer.status_code != 414:  # refused by the gate for its length, before anybody read it
                case.validate_response(answer)

        asked()


@pytest.mark.slow(why="asks for each thing of the demo")
def test_every_answer_about_the_demo_is_as_the_contract_says(app: Flask) -> None:
    fill_if_empty()
    schema = contract(app)
    client = app.test_client()
    told = dict.fromkeys(schema, 0)
    left = [f"{API}/site", f"{API}/sections", f"{API}/articles", f"{API}/polls"]
    while left:
        path = left.pop().removeprefix("http://localhost")
        if not path.startswith(API):
            continue  # a translation, whose contract lies at /en
        rule = "/".join("{id}" if part.isdigit() else part for part in path.removeprefix(API).partition("?")[0].split("/"))
        answer = client.get(path)
        assert answer.status_code == 200
        schema[rule]["GET"].validate_response(answer)
        told[rule] += 1
        body = answer.get_json()
        left += [one["self"] for one in body.get("items", []) if "self" in one]
        left += [body["next"]] if body.get("next") else []
    assert min(told.values()) > 0
    assert told["/articles/{id}"] >= 60


def test_every_address_of_the_api_is_in_the_contract(app: Flask, client: PortalClient) -> None:
    document = client.get(f"{API}/openapi.json").json
    assert document is not None
    assert document["openapi"].startswith("3.1")
    rules = {rule.rule.replace("<id:article_id>", "{id}").replace("<id:poll_id>", "{id}") for rule in app.url_map.iter_rules()}
    ours = {rule.removeprefix(API) for rule in rules if rule.startswith(API)} - {"/openapi.json"}
    assert ours == set(document["paths"])
    assert client.get(f"/en{API}/openapi.json").json["servers"] == [{"url": f"/en{API}"}]  # type: ignore[index]
