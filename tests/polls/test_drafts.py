"""A poll that is not published yet is seen by staff alone; one that is put on the home page stands there before others."""

from collections.abc import Iterator

import pytest
from flask import Flask

from portal.core import clock
from portal.core.clock import DAY
from portal.polls.box import inert_poll_box
from tests import cast
from tests.cast import PollIds
from tests.client import HTMX, PortalClient
from tests.front.blocks import main
from tests.polls.voting import change, form, number_of_ballots

SECRETLY = "Có nên dời trụ sở?"


@pytest.fixture
def draft() -> PollIds:
    """A draft that would take ballots, and stand on the home page, were it published."""
    return cast.a_poll(question=SECRETLY, published_at=None, on_home=True)


def pages(poll: PollIds, client: PortalClient) -> Iterator[str]:
    """Give every text that names polls."""
    article = cast.an_article(poll_id=poll.id)
    number = poll.id // 10_000 + 1
    for path in ("/", cast.article_path(article), "/tham-do", f"/sitemap-polls-{number}.xml", "/api/v1/polls"):
        yield client.get(path).text
    yield client.get(f"/api/v1/articles/{article}").text


def test_nobody_finds_a_draft(client: PortalClient, draft: PollIds) -> None:
    for path in ("", "/ket-qua", "/phieu"):
        for prefix in ("", "/en"):
            assert client.get(prefix + draft.url + path).status_code == 404
    assert client.get(draft.url + "/ket-qua", headers=HTMX).status_code == 404
    assert client.get(f"/api/v1/polls/{draft.id}").status_code == 404


def test_nobody_votes_in_a_draft(client: PortalClient, draft: PollIds) -> None:
    for answer in (client.swap(draft.url, form(draft, 0)), client.submit(draft.url, form(draft, 0))):
        assert answer.status_code == 404
        assert "Set-Cookie" not in answer.headers
    assert number_of_ballots() == 0


def test_no_page_list_or_map_names_a_draft(client: PortalClient, draft: PollIds) -> None:
    for text in pages(draft, client):
        assert SECRETLY not in text
        assert f"tham-do/{draft.id}" not in text
        assert f"polls/{draft.id}" not in text
        assert f"poll-{draft.id}" not in text


def test_a_published_poll_is_named_by_all_of_them(client: PortalClient, draft: PollIds) -> None:
    change(draft, published_at=clock.now_ms())
    named = (f"tham-do/{draft.id}", f"polls/{draft.id}", f"poll-{draft.id}")

    for text in pages(draft, client):
        assert any(name in text for name in named)
    assert client.swap(draft.url, form(draft, 0)).status_code == 200


def test_a_preview_shows_a_draft_s_form_which_cannot_be_sent(app: Flask, draft: PollIds) -> None:
    with app.test_request_context("/"):
        shown = inert_poll_box(draft.id)

    assert SECRETLY in shown
    assert "<form" in shown
    assert "inert" in shown
    assert "hx-post" not in shown


def test_the_poll_that_was_put_on_the_home_page_goes_before_those_of_articles(client: PortalClient) -> None:
    placed, of_article = cast.a_poll(on_home=True), cast.a_poll()
    cast.an_article(poll_id=of_article.id)

    assert f'id="poll-{placed.id}"' in main(client)
    assert f'id="poll-{of_article.id}"' not in main(client)


@pytest.mark.parametrize("values", [{"closes_at": 1}, {"opens_at": 4_000_000_000_000}, {"secret": None}, {"published_at": None}])
def test_one_that_takes_no_ballots_gives_way(client: PortalClient, values: dict[str, int | None]) -> None:
    placed, of_article = cast.a_poll(on_home=True, **values), cast.a_poll()
    cast.an_article(poll_id=of_article.id)

    assert f'id="poll-{of_article.id}"' in main(client)
    assert f'id="poll-{placed.id}"' not in main(client)


def test_of_several_on_the_home_page_the_newest_is_shown(client: PortalClient) -> None:
    old, new = (cast.a_poll(on_home=True, created_at=clock.now_ms() - age * DAY) for age in (2, 1))

    assert f'id="poll-{new.id}"' in main(client)
    assert f'id="poll-{old.id}"' not in main(client)
