"""A poll in a page of another site, in a real browser: our origin is 127.0.0.1, the other site's localhost."""

import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from http.server import ThreadingHTTPServer
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Frame, Page, Route, expect

from portal.core.db import db
from portal.polls.demo_host import host, page
from portal.polls.models import Ballot, Poll
from portal.polls.snippets import Look, snippet
from tests import cast
from tests.browser import barriers
from tests.browser.reader import AGENT, DRIVEN, PATIENCE_MS
from tests.browser.site import Site
from tests.polls.voting import change, tallies
from tests.serving.server import send

pytestmark = DRIVEN

TALL = 2_000


@dataclass(frozen=True, slots=True)
class Partner:
    """Another site, with a page for each test."""

    server: ThreadingHTTPServer
    pages: dict[str, str] = field(default_factory=dict)

    @property
    def url(self) -> str:
        return f"http://localhost:{self.server.server_port}"

    def put(self, content: str) -> str:
        """Put content into a page and return its address."""
        path = f"/{len(self.pages) + 1}"
        self.pages[path] = page("Trang của đối tác", content)
        return self.url + path


@pytest.fixture(scope="module")
def partner() -> Iterator[Partner]:
    pages: dict[str, str] = {}
    server = host("localhost", 0, pages.get)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield Partner(server, pages)
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture
def poll(site: Site, partner: Partner) -> cast.PollIds:
    return cast.a_poll(sites=partner.url)


@pytest.fixture
def reader(chromium: Browser) -> Iterator[BrowserContext]:
    """Somebody with a browser at 320 px; a new one is what a private window is."""
    context = chromium.new_context(user_agent=AGENT, locale="vi-VN", viewport={"width": 320, "height": 800})
    context.set_default_timeout(PATIENCE_MS)
    yield context
    context.close()


def code(site: Site, poll: cast.PollIds, look: Look | None = None, **more: Any) -> str:
    """Return the snippet of a poll."""
    stored = db.session.get(Poll, poll.id)
    assert stored is not None
    with site.app.test_request_context(base_url=site.url):
        return snippet(stored, look or Look(), **more)


def opened(reader: BrowserContext, url: str) -> tuple[Page, Frame]:
    """Open a page of the partner and return it with the frame in it, once that is there."""
    tab = reader.new_page()
    tab.goto(url)
    tab.locator("iframe").scroll_into_view_if_needed()
    frame = tab.locator("iframe").element_handle().content_frame()
    assert frame is not None
    frame.wait_for_load_state()
    return tab, frame


def choose(frame: Frame, label: str) -> None:
    frame.get_by_label(label).check()
    frame.get_by_role("button", name="Bình chọn").click()


def where(poll: cast.PollIds) -> list[tuple[str, str | None]]:
    """Return the channel and the site of each ballot."""
    db.session.rollback()
    return [(one.channel, one.embedded_at) for one in db.session.query(Ballot).filter_by(poll_id=poll.id)]


def test_a_reader_of_an_allowed_site_votes_once_and_finds_it_again(
    site: Site, partner: Partner, poll: cast.PollIds, reader: BrowserContext
) -> None:
    url = partner.put(code(site, poll, scripted=True))
    tab, frame = opened(reader, url)
    choose(frame, "Đẹp")
    expect(frame.get_by_text("Đã ghi nhận bình chọn của bạn.")).to_be_visible()
    assert (tallies(poll), where(poll)) == ([1, 0, 0], [("embed", "localhost")])
    (cookie,) = reader.cookies()
    assert (cookie["name"], cookie["sameSite"], cookie["httpOnly"]) == ("embedded", "None", True)
    _, again = opened(reader, url)
    choose(again, "Xấu")
    expect(again.get_by_text("Trình duyệt này đã bình chọn")).to_be_visible()
    assert tallies(poll) == [1, 0, 0]
    tab.close()


def test_the_frame_is_as_high_as_the_poll_and_has_no_barrier(
    site: Site, partner: Partner, poll: cast.PollIds, reader: BrowserContext
) -> None:
    tab, frame = opened(reader, partner.put(code(site, poll)))
    given = tab.locator("iframe").bounding_box()
    assert given is not None
    real = frame.evaluate("document.body.getBoundingClientRect().height")
    assert real <= given["height"] <= real + 120, "the height that is reckoned fits"
    tab.close()
    tab, frame = opened(reader, partner.put(code(site, poll, Look(theme="dark", palette="gom"), tall=TALL, scripted=True)))
    tab.wait_for_function(f"document.querySelector('iframe').getBoundingClientRect().height < {TALL}")
    height = tab.evaluate("document.querySelector('iframe').getBoundingClientRect().height")
    for forged in (f"frames[0].postMessage('poll-height', '{site.url}')", "postMessage({pollHeight: 4000}, '*')"):
        tab.evaluate(forged)
    frame.evaluate("parent.postMessage({pollHeight: 9e9}, '*'); parent.postMessage({pollHeight: '900px'}, '*')")
    tab.evaluate("new Promise(done => requestAnimationFrame(() => setTimeout(done)))")
    assert tab.evaluate("document.querySelector('iframe').getBoundingClientRect().height") == height
    for scheme in ("dark", "light"):
        alone = reader.new_page()
        alone.set_extra_http_headers({"Referer": partner.url + "/"})
        alone.route("**/embed/**", lambda route: route.continue_(headers={**route.request.headers, "sec-fetch-dest": "iframe"}))
        alone.goto(f"{site.url}/embed/polls/{poll.id}?theme={scheme}")
        barriers.demand_no_barrier(alone, scheme)
        barriers.demand_room(alone)
        barriers.demand_room_for_thumbs(alone)
        alone.close()


def test_a_site_that_is_not_listed_shows_nothing(
    site: Site, partner: Partner, poll: cast.PollIds, reader: BrowserContext
) -> None:
    change(poll, sites="http://khac.example.vn")
    site.wait_until_it_looks()
    hidden = code(site, poll).replace("<iframe ", '<iframe style="opacity: 0; position: fixed; inset: 0" ')
    for content in (
        code(site, poll),
        hidden,
        code(site, poll).replace('referrerpolicy="origin"', 'referrerpolicy="no-referrer"'),
    ):
        tab, frame = opened(reader, partner.put(content))
        assert frame.url.startswith("chrome-error:"), "the browser refuses to show it"
        assert frame.get_by_role("button", name="Bình chọn").count() == 0
        expect(tab.get_by_role("link", name="Bạn thấy giao diện website như thế nào?")).to_be_visible()
        tab.close()


KEPT = {"content-type", "referer", "hx-request", "hx-request-type"}


def block_cookies(reader: BrowserContext, site: Site) -> None:
    """Let a browser get what the frame asks for, and no cookie with it."""

    def answered(route: Route) -> None:
        asked = route.request
        headers = {name: value for name, value in asked.headers.items() if name in KEPT}
        body = asked.post_data_buffer
        answer = send(site.server, asked.method, asked.url.removeprefix(site.url), body, **headers)
        said = {name: value for name, value in answer.headers.items() if name != "set-cookie"}
        route.fulfill(status=answer.status, headers=said, body=answer.body)

    reader.route(f"{site.url}/embed/**", answered)


def test_where_cookies_are_blocked_the_request_names_the_ballot(
    site: Site, partner: Partner, poll: cast.PollIds, reader: BrowserContext
) -> None:
    block_cookies(reader, site)
    _, frame = opened(reader, partner.put(code(site, poll)))
    frame.get_by_label("Đẹp").check()
    button = frame.get_by_role("button", name="Bình chọn")
    button.dblclick()
    expect(frame.get_by_text("Đã ghi nhận bình chọn của bạn.")).to_be_visible()
    assert (tallies(poll), reader.cookies()) == ([1, 0, 0], [])


@pytest.mark.parametrize("blocked", [False, True])
def test_without_scripts_a_vote_counts_or_leads_to_our_page(
    site: Site, partner: Partner, poll: cast.PollIds, chromium: Browser, *, blocked: bool
) -> None:
    change(poll, visibility="voted")
    context = chromium.new_context(user_agent=AGENT, locale="vi-VN", java_script_enabled=False)
    context.set_default_timeout(PATIENCE_MS)
    try:
        if blocked:
            block_cookies(context, site)
        _, frame = opened(context, partner.put(code(site, poll)))
        choose(frame, "Xấu")
        expect(frame.get_by_text("không giữ cookie" if blocked else "Đã ghi nhận bình chọn của bạn.")).to_be_visible()
        expect(frame.get_by_role("link", name="Bình chọn tại trang của")).to_have_attribute(
            "href", f"{site.url}/tham-do/{poll.id}"
        )
        assert tallies(poll) == ([0, 0, 0] if blocked else [0, 0, 1])
    finally:
        context.close()


@pytest.mark.parametrize("sandbox", ["allow-scripts allow-forms", "allow-scripts allow-same-origin", "allow-forms", ""])
def test_shut_in_a_frame_shows_what_it_can_and_a_link(
    site: Site, partner: Partner, poll: cast.PollIds, reader: BrowserContext, sandbox: str
) -> None:
    whole = code(site, poll)
    begin = whole.index('sandbox="') + len('sandbox="')
    _, frame = opened(reader, partner.put(whole[:begin] + sandbox + whole[whole.index('"', begin) :]))
    if sandbox == "allow-forms":
        choose(frame, "Đẹp")
    if sandbox:
        expect(frame.get_by_text("Không gửi được gì từ khung này. Hãy bình chọn tại trang của cơ quan.")).to_be_visible()
        assert frame.locator("form").count() == 0
    expect(frame.get_by_role("link", name="Bình chọn tại trang của")).to_be_visible()
    assert tallies(poll) == [0, 0, 0]


DRIVE_BY = """async ([address, body]) => {
    const sent = {method: 'POST', body: new URLSearchParams(body), credentials: 'include'};
    const told = [];
    for (const mode of ['cors', 'no-cors']) {
        try { const answer = await fetch(address, {...sent, mode}); told.push(answer.type); } catch { told.push('refused'); }
    }
    return told;
}"""


def test_no_page_of_another_site_votes_by_itself(
    site: Site, partner: Partner, poll: cast.PollIds, reader: BrowserContext
) -> None:
    tab, frame = opened(reader, partner.put(code(site, poll)))
    way = site.url + (frame.locator("form").get_attribute("action") or "")
    fields = {"version": "1", "request": "ab" * 16, "choice": str(poll.choices[0])}
    assert tab.evaluate(DRIVE_BY, [way, fields])[0] == "refused"
    inputs = "".join(f'<input type="hidden" name="{name}" value="{value}">' for name, value in fields.items())
    form = f'<form method="post" action="{way.replace("&", "&amp;")}">{inputs}<button>Nhận quà</button></form>'
    tab.goto(partner.put(form))
    tab.get_by_role("button", name="Nhận quà").click()
    expect(tab.get_by_text("Không gửi được gì từ khung này.")).to_be_visible()
    assert tallies(poll) == [0, 0, 0]


def test_the_frame_is_used_with_the_keyboard_alone(
    site: Site, partner: Partner, poll: cast.PollIds, reader: BrowserContext
) -> None:
    tab, frame = opened(reader, partner.put(code(site, poll)))
    frame.get_by_label("Đẹp").focus()
    for key in ("Space", "ArrowDown", "Tab", "Enter"):
        tab.keyboard.press(key)
    expect(frame.get_by_role("status")).to_contain_text("Tổng bình chọn: 1")
    assert frame.evaluate("document.activeElement.textContent") == "Đã ghi nhận bình chọn của bạn."
    assert tallies(poll) == [0, 1, 0]
