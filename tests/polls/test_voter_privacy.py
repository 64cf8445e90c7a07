"""Who may vote from where, what a browser is given, and that nothing in a ballot leads back to a person."""

from flask import Flask

from portal import create_app
from portal.core.db import db
from portal.polls.models import Ballot, Poll
from tests import cast
from tests.client import READER, PortalClient
from tests.polls.voting import change, form, number_of_ballots, tallies

ADDRESS = "203.0.113.77"
FROM_ELSEWHERE: list[dict[str, str | None]] = [
    *({"Sec-Fetch-Site": said} for said in ("cross-site", "same-site", "none", "", None)),
    {"Sec-Fetch-Site": "cross-site", "Origin": "http://localhost"},
    {"Sec-Fetch-Site": None, "Origin": "https://elsewhere.example"},
    {"Sec-Fetch-Site": None, "Origin": "null"},
    {"Sec-Fetch-Site": None, "Origin": "http://localhost.elsewhere.example"},
    {"Sec-Fetch-Site": None, "Origin": "https://localhost"},
    {"Sec-Fetch-Site": None, "Referer": "http://localhost/"},
]


def test_nobody_who_only_reads_gets_a_cookie(client: PortalClient) -> None:
    poll = cast.a_poll()
    article = cast.an_article(poll_id=poll.id)

    for path in (poll.url, poll.url + "/ket-qua", poll.url + "/phieu", cast.article_path(article)):
        assert "Set-Cookie" not in client.get(path).headers


def test_a_refused_ballot_brings_no_cookie(client: PortalClient) -> None:
    poll = cast.a_poll()

    for refused in (form(poll), form(poll, 0, version=9), form(poll, 0, version="x")):
        assert "Set-Cookie" not in client.swap(poll.url, refused).headers


def test_the_cookie_is_out_of_reach_of_scripts_and_of_other_sites(client: PortalClient) -> None:
    poll = cast.a_poll()

    said = client.swap(poll.url, form(poll, 0)).headers["Set-Cookie"]

    parts = {part.strip().lower() for part in said.split(";")}
    assert said.startswith("browser=")
    assert {"httponly", "samesite=lax", "path=/"} <= parts
    assert not any(part.startswith("domain") for part in parts)
    assert "secure" not in parts


def test_over_https_the_cookie_is_bound_to_the_host(settings: dict[str, object]) -> None:
    app = create_app({**settings, "SECURE": True})
    app.test_client_class = PortalClient
    with app.app_context():
        poll = cast.a_poll()
        client: PortalClient = app.test_client()  # type: ignore[assignment]
        first = client.swap(poll.url, form(poll, 0), base_url="https://localhost")
        second = client.swap(poll.url, form(poll, 1), base_url="https://localhost")
        db.engine.dispose()

    said = first.headers["Set-Cookie"]
    assert said.startswith("__Host-browser=")
    assert {"Secure", "HttpOnly", "SameSite=Lax", "Path=/"} <= {part.strip() for part in said.split(";")}
    assert "domain" not in said.lower()
    assert second.status_code == 409


def test_a_cookie_that_we_did_not_make_is_no_vote_of_anybody(client: PortalClient) -> None:
    poll = cast.a_poll()
    for number, wrong in enumerate(("", "x", "zz" * 16, "a" * 4_000), start=1):
        client.set_cookie("browser", wrong)
        assert client.swap(poll.url, form(poll, 0)).status_code == 200
        assert tallies(poll) == [number, 0, 0]


def test_what_another_site_sends_is_refused(client: PortalClient) -> None:
    poll = cast.a_poll()

    for headers in FROM_ELSEWHERE:
        answer = client.swap(poll.url, form(poll, 0), headers=headers)
        assert answer.status_code == 403, headers
        assert "Set-Cookie" not in answer.headers, headers
        assert not any(name.startswith("Access-Control") for name, _ in answer.headers), headers

    assert number_of_ballots() == 0


def test_an_older_browser_says_its_origin(client: PortalClient) -> None:
    poll = cast.a_poll()

    answer = client.swap(poll.url, form(poll, 0), headers={"Sec-Fetch-Site": None, "Origin": "http://localhost"})

    assert answer.status_code == 200
    assert tallies(poll) == [1, 0, 0]


def test_nothing_of_the_connection_is_stored_with_a_ballot(app: Flask, client: PortalClient) -> None:
    poll = cast.a_poll()
    sent = form(poll, 0)

    client.swap(poll.url, sent, environ_base={"REMOTE_ADDR": ADDRESS})

    browser = client.get_cookie("browser").value
    secrets = [text.encode() for text in (ADDRESS, READER, READER[:40])] + [bytes.fromhex(browser)]
    stored = everything_in("ballot", "ballot_choice", "poll", "poll_choice")
    assert not any(secret in value for secret in secrets for value in stored)


def everything_in(*tables: str) -> list[bytes]:
    """Return each value of some tables as bytes."""
    values = []
    for table in tables:
        for row in db.session.execute(db.select(db.metadata.tables[table])):
            values += [value if isinstance(value, bytes) else str(value).encode() for value in row]
    return values


def test_with_the_secret_goes_every_link_between_a_browser_and_its_ballot(client: PortalClient) -> None:
    poll = cast.a_poll()
    client.swap(poll.url, form(poll, 0))
    assert "Your choice" in client.get("/en" + poll.url + "/ket-qua").text

    change(poll, secret=None)

    assert "Your choice" not in client.get("/en" + poll.url + "/ket-qua").text
    assert client.swap(poll.url, form(poll, 1)).status_code == 409
    assert tallies(poll) == [1, 0, 0]


def test_a_voters_key_is_not_to_be_had_without_the_polls_secret(client: PortalClient) -> None:
    """The same browser in two polls with one secret would have one key; each poll has a secret of its own."""
    first, second = cast.a_poll(), cast.a_poll()

    secrets = db.session.scalars(db.select(Poll.secret).where(Poll.id.in_((first.id, second.id)))).all()
    client.swap(first.url, form(first, 0))
    key = db.session.scalar(db.select(Ballot.voter_key))

    assert len(set(secrets)) == 2
    assert key is not None
    assert bytes.fromhex(client.get_cookie("browser").value) not in bytes(key)
