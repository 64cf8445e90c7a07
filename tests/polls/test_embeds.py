"""A poll in another site's frame: who may show it, who may vote in it, and what is kept of where it stood."""

import re

import pytest
from flask import Flask
from sqlalchemy import select

from portal.core import clock
from portal.core.db import db
from portal.polls.models import Ballot
from tests import cast
from tests.client import HTMX, PortalClient
from tests.polls.voting import change, form, number_of_ballots, tallies, token

PARTNER = "https://doitac.example.vn"
OTHER = "http://khac.example.vn:8080"
FRAME = {"Sec-Fetch-Site": "cross-site", "Sec-Fetch-Dest": "iframe"}


@pytest.fixture
def poll(app: Flask) -> cast.PollIds:
    cast.a_site()
    return cast.a_poll(sites=f"{PARTNER} {OTHER}")


def frame(poll: cast.PollIds, query: str = "") -> str:
    return f"/embed/polls/{poll.id}{query}"


def shown(client: PortalClient, poll: cast.PollIds, *, site: str | None = PARTNER, query: str = "", prefix: str = "") -> str:
    """Return the frame as a page of a site gets it."""
    referer = {} if site is None else {"Referer": f"{site}/"}
    answer = client.get(prefix + frame(poll, query), headers={**FRAME, **referer})
    assert answer.status_code == 200
    return answer.text


def ways(html: str, name: str = "action") -> list[str]:
    """Return the addresses that a frame's box leads to."""
    return [way.replace("&amp;", "&") for way in re.findall(rf' {name}="([^"]+)"', html)]


def door(client: PortalClient, poll: cast.PollIds, site: str | None = PARTNER) -> str:
    """Return the address to which a frame's form is sent."""
    return ways(shown(client, poll, site=site))[0]


def ancestors(client: PortalClient, path: str) -> list[str]:
    policy = client.get(path).headers["Content-Security-Policy"]
    return re.findall(r"frame-ancestors ([^;]+)", policy)[0].split()


def test_the_poll_s_sites_and_our_own_may_show_it_and_nobody_else(client: PortalClient, poll: cast.PollIds) -> None:
    assert ancestors(client, frame(poll)) == ["'self'", PARTNER, OTHER]
    answer = client.get(frame(poll))
    assert "X-Frame-Options" not in answer.headers
    assert "Set-Cookie" not in answer.headers
    for page in (f"/tham-do/{poll.id}", f"/tham-do/{poll.id}/ket-qua", "/", "/embed/polls/99"):
        assert ancestors(client, page) == ["'none'"]
    change(poll, sites="")
    assert ancestors(client, frame(poll)) == ["'self'"]
    change(poll, sites="; script-src * https://x.example/path 'unsafe-inline'")
    assert ancestors(client, frame(poll)) == ["'self'"]


@pytest.mark.parametrize(("site", "host"), [(PARTNER, "doitac.example.vn"), (OTHER, "khac.example.vn"), (None, "")])
def test_a_vote_in_a_frame_counts_and_says_where_it_stood(
    client: PortalClient, poll: cast.PollIds, site: str | None, host: str
) -> None:
    answer = client.swap(door(client, poll, site), form(poll, 1))
    assert (answer.status_code, tallies(poll)) == (200, [0, 1, 0])
    assert "Đã ghi nhận bình chọn của bạn." in answer.text
    assert db.session.execute(select(Ballot.channel, Ballot.embedded_at)).one() == ("embed", host)


def test_the_cookie_of_a_frame_is_its_own(client: PortalClient, app: Flask, poll: cast.PollIds) -> None:
    sent, way = form(poll, 1), door(client, poll)
    rest = r"Max-Age=\d+; Secure; HttpOnly; Path=/; SameSite=None; Partitioned"
    assert re.fullmatch(rf"embedded=[0-9a-f]{{32}}; {rest}", client.swap(way, sent).headers["Set-Cookie"])
    app.config["SECURE"] = True
    assert re.fullmatch(rf"__Host-embedded=[0-9a-f]{{32}}; {rest}", client.swap(way, sent).headers["Set-Cookie"])


def test_a_ballot_sent_twice_from_a_frame_counts_once_with_and_without_its_cookie(
    client: PortalClient, poll: cast.PollIds
) -> None:
    sent, way = form(poll, 0), door(client, poll)
    client.swap(way, sent)
    assert "Đã ghi nhận" in client.swap(way, sent).text
    client.delete_cookie("embedded")
    assert "Đã ghi nhận" in client.swap(way, sent).text
    again = client.swap(way, form(poll, 2))
    assert (again.status_code, tallies(poll)) == (409, [1, 0, 0])


def test_without_a_script_a_browser_is_sent_round_once_with_its_cookie(client: PortalClient, poll: cast.PollIds) -> None:
    sent = {**form(poll, 2), "request": ""}
    round_about = client.submit(door(client, poll), sent)
    assert (round_about.status_code, number_of_ballots()) == (307, 0)
    done = client.submit(round_about.headers["Location"], sent)
    assert (done.status_code, tallies(poll)) == (303, [0, 0, 1])
    page = client.get(done.headers["Location"]).text
    assert "Đã ghi nhận bình chọn của bạn." in page
    assert f'href="http://localhost/tham-do/{poll.id}" target="_blank" rel="noopener"' in page


def test_a_browser_that_keeps_no_cookie_and_runs_no_script_is_led_to_our_page(client: PortalClient, poll: cast.PollIds) -> None:
    sent = {**form(poll, 2), "request": ""}
    round_about = client.submit(door(client, poll), sent)
    client.delete_cookie("embedded")
    told = client.submit(round_about.headers["Location"], sent)
    assert (told.status_code, number_of_ballots()) == (403, 0)
    assert "không giữ cookie" in told.text
    assert "<form" not in told.text
    assert "Tổng bình chọn" in told.text or "Chưa có bình chọn nào." in told.text


STRANGERS: list[dict[str, str]] = [
    {"Sec-Fetch-Site": "cross-site", "Origin": PARTNER},
    {"Sec-Fetch-Site": "cross-site", "Origin": "null"},
    {"Origin": "null"},
    {"Origin": PARTNER},
    {},
]


@pytest.mark.parametrize("headers", STRANGERS)
@pytest.mark.parametrize("in_place", [True, False])
def test_what_no_frame_of_ours_sent_is_not_stored(
    client: PortalClient, poll: cast.PollIds, headers: dict[str, str], *, in_place: bool
) -> None:
    kind = {"HX-Request": "true", "HX-Request-Type": "partial"} if in_place else {}
    answer = client.post(door(client, poll), data=form(poll, 0), headers={**kind, **headers})
    assert (answer.status_code, number_of_ballots()) == (403, 0)
    assert "Hãy bình chọn tại trang của cơ quan." in answer.text
    assert "Set-Cookie" not in answer.headers
    assert not [name for name in answer.headers.keys() if name.startswith("Access-Control")]  # noqa: SIM118
    assert f"frame-ancestors 'self' {PARTNER}" in answer.headers["Content-Security-Policy"]


def test_a_place_holds_for_its_own_poll_while_its_site_is_on_the_list(client: PortalClient, poll: cast.PollIds) -> None:
    other = cast.a_poll(sites=PARTNER)
    foreign = door(client, other).replace(f"/polls/{other.id}", f"/polls/{poll.id}")
    own = door(client, poll)
    forged = re.sub(r"place=[^&]*\.", "place=https%3A%2F%2Fx.example.", own)
    bare = frame(poll)
    for way in (foreign, forged, bare, bare + "?place=x", bare + "?place=.%C3%A9"):
        assert client.swap(way, form(poll, 0)).status_code == 409, way
    change(poll, sites=OTHER)
    told = client.swap(own, form(poll, 0))
    assert (told.status_code, number_of_ballots()) == (409, 0)
    assert "Trang này chưa được phép nhúng." in told.text


@pytest.mark.parametrize("site", ["https://x.example", "http://doitac.example.vn", "https://doitac.example.vn:444"])
def test_a_page_of_a_site_that_is_not_listed_gets_no_form(client: PortalClient, poll: cast.PollIds, site: str) -> None:
    page = shown(client, poll, site=site)
    assert "<form" not in page
    assert "Trang này chưa được phép nhúng. Hãy bình chọn tại trang của cơ quan." in page


def test_without_a_list_nobody_gets_a_form(client: PortalClient, poll: cast.PollIds) -> None:
    change(poll, sites="")
    assert "<form" not in shown(client, poll, site=None)


def test_our_own_pages_show_it_as_it_will_look_and_take_no_vote(client: PortalClient, poll: cast.PollIds) -> None:
    page = shown(client, poll, site="http://localhost")
    assert '<form class="poll-form" inert>' in page
    assert "<form" not in shown(client, poll, site="http://localhost:81")


def test_opened_in_a_window_of_its_own_it_leads_to_the_poll_s_page(client: PortalClient, poll: cast.PollIds) -> None:
    answer = client.get(frame(poll), headers={"Sec-Fetch-Dest": "document"})
    assert (answer.status_code, answer.headers["Location"]) == (302, f"/tham-do/{poll.id}")


def test_palette_and_theme_stand_in_the_page_and_in_all_its_ways(client: PortalClient, poll: cast.PollIds) -> None:
    page = shown(client, poll, query="?palette=gom&theme=dark")
    assert '<html lang="vi" data-palette="gom" data-scheme="dark">' in page
    found = [*ways(page), *ways(page, "hx-get")]
    assert len(found) == 2
    assert all("palette=gom&theme=dark" in way for way in found)
    assert '<html lang="vi" data-palette="co-vit">' in shown(client, poll, query="?theme=auto")


def test_the_language_is_a_mount_point(client: PortalClient, poll: cast.PollIds) -> None:
    english = f"http://localhost/en{frame(poll)}?theme=dark"
    assert client.get(frame(poll, "?theme=dark&lang=en")).headers["Location"] == english
    assert client.get("/en" + frame(poll, "?lang=vi")).headers["Location"] == "http://localhost" + frame(poll)
    assert "Vote on the page of" in shown(client, poll, prefix="/en")


@pytest.mark.parametrize(
    ("query", "code"),
    [
        ("palette=do", 404),
        ("palette=", 404),
        ("theme=x", 404),
        ("lang=fr", 404),
        ("theme=dark&theme=dark", 400),
        ("palette=" + "a" * 99, 400),
        ("unknown=1", 200),
    ],
)
def test_what_an_address_may_say(client: PortalClient, poll: cast.PollIds, query: str, code: int) -> None:
    assert client.get(frame(poll, "?" + query)).status_code == code


def test_a_draft_is_not_found_in_a_frame_either(client: PortalClient, poll: cast.PollIds) -> None:
    way = door(client, poll)
    change(poll, published_at=None)
    assert client.get(frame(poll)).status_code == 404
    assert client.swap(way, form(poll, 0)).status_code == 404
    assert client.swap("/embed/polls/99", form(poll, 0)).status_code == 404


@pytest.mark.parametrize("visibility", ["voted", "closed"])
def test_hidden_results_are_hidden_in_a_frame(client: PortalClient, poll: cast.PollIds, visibility: str) -> None:
    change(poll, visibility=visibility)
    empty, way = shown(client, poll), door(client, poll)
    refused = client.post(way, data=form(poll, 0)).text
    client.swap(way, form(poll, 1))
    stranger: PortalClient = client.application.test_client()  # type: ignore[assignment]
    assert shown(stranger, poll) == empty
    assert stranger.post(way, data=form(poll, 0)).text == refused
    results = way.replace("?", "/ket-qua?")
    assert "Tổng bình chọn" not in stranger.get(results).text
    assert ("Tổng bình chọn: 1" in client.get(results).text) == (visibility == "voted")


def test_a_closed_poll_says_so_in_its_frame(client: PortalClient, poll: cast.PollIds) -> None:
    way = door(client, poll)
    change(poll, closes_at=clock.now_ms() - 1)
    late = client.swap(way, form(poll, 0))
    assert (late.status_code, number_of_ballots()) == (409, 0)
    assert "Cuộc thăm dò đã kết thúc" in late.text
    assert "<form" not in shown(client, poll)


def test_a_ballot_can_be_changed_in_its_frame(client: PortalClient, poll: cast.PollIds) -> None:
    change(poll, may_change=True)
    told = client.swap(door(client, poll), form(poll, 0)).text
    assert ways(told, "hx-get")
    paper = client.get(ways(told, "hx-get")[0], headers=HTMX).text
    assert 'name="changes" value="0"' in paper
    client.swap(ways(paper)[0], {**form(poll, 2), "changes": 0, "request": token()})
    assert tallies(poll) == [0, 0, 1]
