"""What the public may see is one rule, and holds for pages, lists, home, site map and attachments alike."""

from collections.abc import Callable

import pytest

from portal.core import clock
from tests import cast
from tests.client import PortalClient

TITLE = "Kế hoạch truyền thông năm 2022"
HIDDEN: dict[str, Callable[[], dict[str, object]]] = {
    "scheduled": lambda: {"published_at": clock.now_ms() + clock.DAY},
    "scheduled for the next second": lambda: {"published_at": clock.now_ms() + 60_000},
    "withdrawn": lambda: {"withdrawn_at": clock.now_ms() - clock.DAY},
    "withdrawn before it was published": lambda: {"published_at": clock.now_ms() + clock.DAY, "withdrawn_at": 1},
}

ONES = (
    *("/", "/chuyen-muc/thong-bao", "/bai-viet/tin-thuong-1", "/luu-tru/2021", "/chuyen-muc/thong-bao/2021/5"),
    *("/sitemap-articles-1.xml", "/rss.xml", "/chuyen-muc/thong-bao/atom.xml", "/api/v1/articles"),
)
LONG_AGO = 1_620_000_000_000
"""An instant in May 2021."""


@pytest.fixture
def section() -> int:
    """A section with one article that everybody may see."""
    section = cast.a_section("Thông báo")
    cast.an_article("Tin thường", section=section, published_at=LONG_AGO - 1)
    return section


@pytest.fixture
def client(client: PortalClient, section: int) -> PortalClient:
    """A reader of a site with one section."""
    return client


def lists(client: PortalClient) -> dict[str, str]:
    """Return every page that names articles."""
    return {path: client.get(path).text for path in ONES}


@pytest.mark.each_case_on_both
@pytest.mark.parametrize("kind", HIDDEN)
def test_a_hidden_article_is_found_nowhere(client: PortalClient, section: int, kind: str) -> None:
    article = cast.an_article(section=section, **{"published_at": LONG_AGO, **HIDDEN[kind]()})
    key = cast.an_attachment(article)
    assert client.get(cast.article_path(article)).status_code == (410 if kind == "withdrawn" else 404)
    for path in (f"/tep/{key}", f"/tep/{key}/mo", f"/b/{article}/qr.svg"):
        assert client.get(path).status_code == 404
    for path, text in lists(client).items():
        assert cast.article_path(article) not in text, path
        assert TITLE not in text, path


def test_an_article_that_is_published_is_found_everywhere(client: PortalClient, section: int) -> None:
    article = cast.an_article(section=section, published_at=LONG_AGO)
    key = cast.an_attachment(article)
    assert client.get(cast.article_path(article)).status_code == 200
    assert client.get(f"/tep/{key}").status_code == 200
    assert [path for path, text in lists(client).items() if cast.article_path(article) not in text] == []


def test_an_article_of_another_language_is_in_no_list(client: PortalClient, section: int) -> None:
    article = cast.an_article(section=cast.a_section("Administrative reform", language="en"), language="en")
    assert client.get(cast.article_path(article)).status_code == 404
    assert [path for path, text in lists(client).items() if TITLE in text] == []
    assert TITLE in client.get("/en/").text
    assert client.get("/en" + cast.article_path(article)).status_code == 200


def test_an_attachment_of_a_translation_can_be_read_from_both_sites(client: PortalClient, section: int) -> None:
    key = cast.an_attachment(cast.an_article(section=section, language="en"))
    assert client.get(f"/tep/{key}").status_code == client.get(f"/en/tep/{key}").status_code == 200


def test_an_article_appears_when_its_time_has_come(client: PortalClient, section: int, monkeypatch: pytest.MonkeyPatch) -> None:
    later = clock.now_ms() + clock.DAY
    page = cast.article_path(cast.an_article(section=section, published_at=later))
    assert client.get(page).status_code == 404
    monkeypatch.setattr(clock, "now_ms", lambda: later)
    assert client.get(page).status_code == 200


def test_a_hidden_article_s_poll_is_not_on_the_home_page(client: PortalClient, section: int) -> None:
    poll = cast.a_poll()
    article = cast.an_article(section=section, poll_id=poll.id, withdrawn_at=1)
    assert f"poll-{poll.id}" not in client.get("/").text
    cast.change_article(article, withdrawn_at=None)
    assert f"poll-{poll.id}" in client.get("/").text


def test_who_is_signed_in_sees_no_more_on_public_pages(client: PortalClient, section: int) -> None:
    article = cast.an_article(section=section, withdrawn_at=1)
    client.set_cookie("staff", cast.signed_in())
    assert client.get(cast.article_path(article)).status_code == 404
