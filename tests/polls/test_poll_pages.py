"""Pages that show a poll: new after a vote, voted from however old they are, and ways back that stay on this site."""

import re
import time
from collections.abc import Callable

import pytest

from portal.core import clock
from portal.core.clock import DAY
from tests import cast
from tests.client import Elements, PortalClient
from tests.polls.voting import form, tallies, token

FOREIGN = [
    "//elsewhere.example",
    "////elsewhere.example",
    "/\t/elsewhere.example",
    "/\\elsewhere.example",
    "http://elsewhere.example",
    "http:elsewhere.example",
    "http:///elsewhere.example",
    "javascript:alert(1)",
    "elsewhere.example",
    "/bài-viết",
    "/a?b=//c",
    " /a",
]


def fields(page: str) -> dict[str, str]:
    """Return the hidden fields of a page's poll form."""
    inputs = Elements(page).of("input")
    return {str(field["name"]): field.get("value") or "" for field in inputs if field.get("type") == "hidden"}


@pytest.mark.slow(why="waits for the second in which a page may be old")
@pytest.mark.slow(why="pages that show a poll are made anew at most once a second")
def test_a_vote_is_seen_on_every_page_that_shows_the_poll(client: PortalClient) -> None:
    poll = cast.a_poll()
    article = cast.article_path(cast.an_article(poll_id=poll.id))
    for page in (poll.url, article):
        assert "100% · 1" not in client.get(page).text

    client.swap(poll.url, form(poll, 1))

    for page in (poll.url, article):
        assert within_two_seconds(lambda page=page: "100% · 1" in client.get(page).text), page


def within_two_seconds(is_true: Callable[[], bool]) -> bool:
    """Ask until something is true; pages that show a poll are made anew at most once a second."""
    end = time.monotonic() + 2
    while not is_true():
        if time.monotonic() > end:
            return False
        time.sleep(0.05)
    return True


def test_a_page_that_was_kept_for_thirty_days_still_votes(client: PortalClient, monkeypatch: pytest.MonkeyPatch) -> None:
    poll = cast.a_poll()
    article = cast.article_path(cast.an_article(poll_id=poll.id))
    sent = {**fields(client.get(article).text), "choice": poll.choices[0], "request": token()}
    later = clock.now_ms() + 30 * DAY
    monkeypatch.setattr(clock, "now_ms", lambda: later)

    answer = client.swap(poll.url, sent)

    assert answer.status_code == 200
    assert tallies(poll) == [1, 0, 0]


def test_the_form_of_an_article_leads_back_to_it(client: PortalClient) -> None:
    poll = cast.a_poll()
    article = cast.article_path(cast.an_article(poll_id=poll.id))
    hidden = {name: value for name, value in fields(client.get(article).text).items() if name in {"version", "back"}}

    voted = client.submit(poll.url, {**hidden, "choice": poll.choices[0], "request": token()})
    result = client.get(voted.location)

    assert voted.status_code == 303
    assert f'<a class="go" href="{article}">' in result.text


def test_no_way_back_leads_to_another_site(client: PortalClient) -> None:
    poll = cast.a_poll()

    for foreign in FOREIGN:
        client.delete_cookie("browser")
        pages = [client.get(poll.url + path, query_string={"back": foreign}) for path in ("/ket-qua", "/phieu")]
        pages.append(client.swap(poll.url, form(poll, back=foreign)))
        for page in pages:
            assert "elsewhere" not in page.text, foreign
            assert "alert(1)" not in page.text, foreign
            assert page.status_code in {200, 400, 422}, foreign
        plain = client.submit(poll.url, form(poll, 0, back=foreign))
        assert "elsewhere" not in plain.headers.get("Location", ""), foreign


def test_the_box_is_one_fragment_with_the_same_id_everywhere(client: PortalClient) -> None:
    poll = cast.a_poll()
    article = client.get(cast.article_path(cast.an_article(poll_id=poll.id))).text

    voted = client.swap(poll.url, form(poll, 0)).text

    assert article.count(f'<section id="poll-{poll.id}"') == 1
    assert voted.startswith(f'<section id="poll-{poll.id}"')
    assert re.search(r"</section>\s*$", voted)


def test_answers_to_one_browser_are_kept_nowhere(client: PortalClient) -> None:
    poll = cast.a_poll()

    answers = [client.get(poll.url + "/ket-qua"), client.get(poll.url + "/phieu"), client.swap(poll.url, form(poll, 0))]

    assert [answer.headers["Cache-Control"] for answer in answers] == ["private, no-store"] * 3


def test_an_article_whose_poll_is_shown_in_english_says_so_in_english(client: PortalClient) -> None:
    poll = cast.a_poll()

    assert ">Vote</button>" in client.get("/en" + poll.url).text
    assert "Your vote is recorded." in client.swap("/en" + poll.url, form(poll, 0)).text
