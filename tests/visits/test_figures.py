"""The figures that readers see: exact in the fragment, with what the former site had counted, and never falling."""

import re
from datetime import date

import pytest
from werkzeug.test import TestResponse

from portal.core import versions
from portal.core.db import write
from portal.visits.models import SITE, Baseline
from tests import cast
from tests.client import Elements, PortalClient
from tests.visits.readers import BEACON, Clock, Reader, token


@pytest.fixture
def time(app: object, monkeypatch: pytest.MonkeyPatch) -> Clock:
    return Clock(monkeypatch, "2026-03-17T09:00")


def a_former_site(views: int = 1_957_856, visits: int = 2_250) -> None:
    """Store what the former site had counted."""

    def store(session: object) -> None:
        session.add(Baseline(site_id=SITE, views=views, visits=visits, since_on=date(2022, 1, 1)))  # type: ignore[attr-defined]
        versions.bump(session)  # type: ignore[arg-type]

    write(store)


def rows(answer: TestResponse) -> list[str]:
    """Return the counter block's figures as printed: online, visits today, this month, visits, views."""
    return re.findall(r'<dd class="figure">([\d.,]+)</dd>', answer.text)


def test_a_first_reader_moves_every_figure_by_one(client: PortalClient, time: Clock) -> None:
    a_former_site()

    answer = Reader(client).sees()

    assert rows(answer) == ["1", "1", "1", "2.251", "1.957.857"]
    assert "01/01/2022" in answer.text


def test_the_fragment_is_exact_at_every_load(client: PortalClient, time: Clock) -> None:
    reader = Reader(client)

    for number in range(1, 6):
        assert rows(reader.sees(f"article:{number}"))[1:] == ["1", "1", "1", str(number)]


def test_day_month_and_total_are_told_apart(client: PortalClient, time: Clock) -> None:
    for number, later in enumerate(({"days": 1}, {"days": 1}, {"days": 30})):
        told = rows(Reader(client, address=f"203.0.113.{number}").sees())
        time.go(**later)
    fourth = rows(Reader(client, address="203.0.113.9").sees())

    assert told[1:] == ["1", "3", "3", "3"]
    assert fourth[1:] == ["1", "1", "4", "4"]


def test_figures_are_printed_as_the_language_does(client: PortalClient, time: Clock) -> None:
    a_former_site()
    Reader(client).sees()

    english = client.swap("/en" + BEACON, {"page": key_of(client, "/en/"), "load": token()})

    assert rows(english)[-1] in {"1,957,857", "1,957,858"}


def key_of(client: PortalClient, path: str) -> str:
    """Return the page key that a page carries."""
    fields = {field.get("name"): field.get("value") for field in Elements(client.get(path).text).of("input")}
    return str(fields["page"])


def test_the_fragment_brings_the_articles_own_views_out_of_band(client: PortalClient, time: Clock) -> None:
    article = cast.an_article()
    path = cast.article_path(article)
    page = client.get(path)

    for number in (1, 2, 3):
        answer = client.swap(BEACON, {"page": key_of(client, path), "load": token()})
        time.go(seconds=10)
        span = next(s for s in Elements(answer.text).of("span") if s.get("id") == "seen")
        assert span["hx-swap-oob"] == "true"
        assert re.search(rf'id="seen"[^>]*>[^<]*\b{number}<', answer.text)

    assert 'id="seen"' in page.text
    assert page.text.count('id="figures"') == 1


def test_another_pages_views_are_not_this_pages(client: PortalClient, time: Clock) -> None:
    reader = Reader(client)
    for number in (1, 2, 3):
        reader.sees(f"article:{number}")

    assert re.search(r'id="seen"[^>]*>[^<]*\b1<', reader.sees("article:4").text)


def test_one_who_is_not_counted_sees_the_figures_too(client: PortalClient, time: Clock) -> None:
    a_former_site()
    Reader(client).sees()

    for _ in range(2):
        robot = Reader(client, agent="curl/8.5.0").sees()
        assert rows(robot)[3:] == ["2.251", "1.957.857"]


def test_figures_never_fall(client: PortalClient, time: Clock) -> None:
    a_former_site()
    highest = [0, 0]
    steps = [{"seconds": 3}, {"minutes": 31}, {"days": 1}, {"days": 31}, {"seconds": 1}, {"days": 366}]

    for number, later in enumerate(steps):
        told = [int(figure.replace(".", "")) for figure in rows(Reader(client, address=f"203.0.113.{number % 2}").sees())[3:]]
        assert told >= highest
        assert told[0] >= highest[0]
        assert told[1] >= highest[1]
        highest = told
        time.go(**later)


def test_a_page_prints_figures_that_are_at_most_a_minute_old(client: PortalClient) -> None:
    path = cast.article_path(cast.an_article())

    page = client.get(path)

    assert page.headers["Cache-Control"] == "public, max-age=0, must-revalidate"
    assert rows(page)[1:] == ["0", "0", "0", "0"]


def test_the_definitions_can_be_read_behind_the_figures(client: PortalClient, time: Clock) -> None:
    answer = Reader(client).sees()

    links = [link["href"] for link in Elements(answer.text).of("a")]
    assert links == [BEACON + "/cach-tinh"]
    definitions = client.get("/en" + str(links[0])).text
    assert "no pause longer than 30 minutes" in definitions
    assert "within 10 seconds" in definitions


def test_the_fragment_is_kept_nowhere(client: PortalClient) -> None:
    answer = Reader(client).sees()

    assert answer.headers["Cache-Control"] == "private, no-store"
    assert "Set-Cookie" not in answer.headers
