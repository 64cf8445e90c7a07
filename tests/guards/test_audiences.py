"""Every address says who may ask it, and holds to it."""

import re
from collections.abc import Iterator

import pytest
from flask import Flask
from werkzeug.routing import Rule

from portal import create_app
from portal.core.access import PUBLIC, STAFF, audience, public
from portal.core.sessions import cookie_name
from portal.core.staff import staff_blueprint
from tests import cast
from tests.accounts.browser import own_token, token_of
from tests.client import HTMX, SAME_ORIGIN, PortalClient

UNSAFE = {"POST", "PUT", "PATCH", "DELETE"}


def example(rule: str) -> str:
    """Return an address that a rule matches."""
    return re.sub(r"<(?:(\w+):)?\w+>", lambda match: "1" if match[1] in {"id", "int"} else "a", rule)


def rules(app: Flask) -> Iterator[Rule]:
    yield from app.url_map.iter_rules()


PAGE, FORM, OPENED = "/ban-bien-tap/mau", "/ban-bien-tap/mau/luu", "/ban-bien-tap/mau/mo"


@pytest.fixture
def staffed(settings: dict[str, object]) -> Iterator[PortalClient]:
    """A browser at a portal with a staff blueprint of its own: one page, one form, and one view that is opened."""
    app = create_app(settings)
    app.test_client_class = PortalClient
    blueprint = staff_blueprint("sample", __name__, url_prefix=PAGE)
    blueprint.get("")(lambda: "for staff")
    blueprint.post("/luu", endpoint="save")(lambda: "saved")
    blueprint.get("/mo", endpoint="opened")(public(lambda: "for everybody who is signed in"))
    app.register_blueprint(blueprint)
    with app.app_context():
        yield app.test_client()  # type: ignore[misc]
        app.extensions["sqlalchemy"].session.remove()
        app.extensions["sqlalchemy"].engine.dispose()


def test_every_address_declares_its_audience(app: Flask) -> None:
    silent = [rule.rule for rule in rules(app) if audience(app, rule.endpoint) not in {PUBLIC, STAFF}]
    assert not silent, "say @public, @cache_for or @personal, or stand on a staff blueprint"


def test_a_view_that_says_nothing_is_found_out(app: Flask) -> None:
    app.add_url_rule("/silent", "silent", lambda: "")
    assert audience(app, "silent") is None


def test_every_unsafe_public_address_demands_the_same_origin(app: Flask) -> None:
    open_doors = [
        rule.rule
        for rule in rules(app)
        if UNSAFE & (rule.methods or set())
        and audience(app, rule.endpoint) == PUBLIC
        and not getattr(app.view_functions[rule.endpoint], "demands_same_origin", False)
    ]
    assert not open_doors


FOREIGN: list[dict[str, str]] = [
    {"Sec-Fetch-Site": "cross-site", "Origin": "http://evil.example"},
    {"Sec-Fetch-Site": "same-site", "Origin": "http://other.localhost"},
    {"Sec-Fetch-Site": "none"},
    {"Sec-Fetch-Site": "cross-site", "Origin": "http://localhost"},
    {"Origin": "http://evil.example"},
    {"Origin": "null"},
    {"Origin": "https://localhost"},
    {"Origin": "http://localhost:81"},
    {},
]


@pytest.mark.parametrize("headers", FOREIGN)
def test_what_another_site_sends_is_refused_everywhere(app: Flask, client: PortalClient, headers: dict[str, str]) -> None:
    for rule in rules(app):
        for method in UNSAFE & (rule.methods or set()):
            if audience(app, rule.endpoint) == PUBLIC:
                answer = client.open(example(rule.rule), method=method, headers=headers)
                assert answer.status_code == 403, f"{method} {rule.rule} from {headers}"


@pytest.mark.parametrize("headers", [SAME_ORIGIN, {"Origin": "http://localhost"}])
def test_what_our_own_pages_send_is_not_refused(app: Flask, client: PortalClient, headers: dict[str, str]) -> None:
    for rule in rules(app):
        for method in UNSAFE & (rule.methods or set()):
            if audience(app, rule.endpoint) == PUBLIC:
                token = token_of(client, "/ban-bien-tap/dang-nhap")
                answer = client.open(example(rule.rule), method=method, headers=headers, data={"token": token})
                assert answer.status_code != 403


def test_no_public_answer_but_the_api_s_lets_other_sites_read_it(app: Flask, client: PortalClient) -> None:
    for rule in rules(app):
        for method in (rule.methods or set()) - {"HEAD"}:
            answer = client.open(example(rule.rule), method=method, headers={"Origin": "http://evil.example"})
            said = [name for name in answer.headers.keys() if name.startswith("Access-Control")]  # noqa: SIM118
            assert bool(said) == rule.rule.startswith("/api/v1/"), f"{method} {rule.rule}"


def test_the_api_lets_other_sites_read_and_do_nothing_else(app: Flask, client: PortalClient) -> None:
    for rule in rules(app):
        if rule.rule.startswith("/api/v1/"):
            assert rule.methods == {"GET", "HEAD", "OPTIONS"}


def test_a_staff_page_leads_a_visitor_to_signing_in(staffed: PortalClient) -> None:
    answer = staffed.get(PAGE)
    assert (answer.status_code, answer.headers["Location"]) == (303, f"/ban-bien-tap/dang-nhap?next={PAGE}")
    assert staffed.get(PAGE, headers=HTMX).status_code == 401
    assert staffed.submit(FORM).status_code == 401


def test_a_staff_page_opens_for_somebody_signed_in(staffed: PortalClient) -> None:
    staffed.set_cookie(cookie_name(staffed.application), cast.signed_in())
    assert staffed.get(PAGE).text == "for staff"
    assert staffed.get(PAGE).headers["Cache-Control"] == "no-store"
    token = own_token(staffed)
    assert staffed.submit(FORM, {"token": token}).text == "saved"
    for wrong in ({}, {"token": "0" * 64}, {"token": [token, token]}):
        assert staffed.submit(FORM, wrong).status_code == 403
    assert staffed.post(FORM, data={"token": token}, headers=FOREIGN[0]).status_code == 403
    assert staffed.get(OPENED).status_code == 200


def test_what_stands_on_a_staff_blueprint_is_closed_whatever_it_says(staffed: PortalClient) -> None:
    assert staffed.get(OPENED).status_code == 303


def test_every_staff_address_refuses_a_visitor(app: Flask, client: PortalClient) -> None:
    for rule in rules(app):
        for method in rule.methods or set():
            if audience(app, rule.endpoint) == STAFF:
                answer = client.open(example(rule.rule), method=method, headers=SAME_ORIGIN)
                assert answer.status_code == (303 if method in {"GET", "HEAD"} else 401), f"{method} {rule.rule}"
