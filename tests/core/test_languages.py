"""Vietnamese stands at /, English at /en/; nothing else decides."""

import pytest

from tests import cast
from tests.client import PortalClient


@pytest.fixture
def database() -> str:
    """The language is decided by the address."""
    return "sqlite"


def test_the_bare_prefix_leads_to_its_home(client: PortalClient) -> None:
    answer = client.get("/en")
    assert (answer.status_code, answer.headers["Location"]) == (301, "/en/")


@pytest.mark.parametrize("path", ["/en/en/", "/en/en", "/EN/", "/en//", "/vi/", "/vi", "/enx/", "/en/en/en/"])
def test_no_page_has_a_second_address(client: PortalClient, path: str) -> None:
    assert client.get(path).status_code == 404


@pytest.mark.parametrize(
    ("path", "lang"), [("/", "vi"), ("/en/", "en"), ("/so-lieu/cach-tinh", "vi"), ("/en/so-lieu/cach-tinh", "en")]
)
def test_the_address_alone_decides_the_language(client: PortalClient, path: str, lang: str) -> None:
    client.set_cookie("lang", "fr")
    for accepted in ("en", "vi", "fr;q=0.9"):
        answer = client.get(path, headers={"Accept-Language": accepted})
        assert f'<html lang="{lang}"' in answer.text
        assert "Accept-Language" not in answer.headers.get("Vary", "")


def test_links_stay_within_the_language(client: PortalClient) -> None:
    cast.a_site()
    assert 'href="/en/so-lieu/cach-tinh"' in client.get("/en/").text
    assert 'href="/en/' not in client.get("/so-lieu/cach-tinh").text.replace('href="/en/"', "")


def test_each_home_links_to_the_other(client: PortalClient) -> None:
    assert '<link rel="alternate" hreflang="en" href="http://localhost/en/">' in client.get("/").text
    assert '<link rel="alternate" hreflang="vi" href="http://localhost/">' in client.get("/en/").text


def test_an_article_and_its_translation_link_to_each_other(client: PortalClient) -> None:
    group = "plan"
    vietnamese = cast.article_path(cast.an_article(translation_group=group))
    english_section = cast.a_section("Plans")
    english = cast.article_path(cast.an_article("Plan", section=english_section, translation_group=group, language="en"), "Plan")
    assert f'hreflang="en" href="http://localhost/en{english}"' in client.get(vietnamese).text
    assert f'hreflang="vi" href="http://localhost{vietnamese}"' in client.get(f"/en{english}").text


def test_an_article_without_translation_links_to_the_other_home(client: PortalClient) -> None:
    page = client.get(cast.article_path(cast.an_article())).text
    assert '<link rel="alternate" hreflang="en"' not in page
    assert 'href="/en/" hreflang="en"' in page


def test_a_translation_that_is_withdrawn_is_not_linked(client: PortalClient) -> None:
    page = cast.article_path(cast.an_article(translation_group="plan"))
    other = cast.an_article("Plan", translation_group="plan", language="en")
    assert '<link rel="alternate" hreflang="en"' in client.get(page).text
    cast.change_article(other, withdrawn_at=1)
    assert '<link rel="alternate" hreflang="en"' not in client.get(page).text


def test_an_article_is_not_found_under_the_other_language(client: PortalClient) -> None:
    page = cast.article_path(cast.an_article())
    assert client.get("/en" + page).status_code == 404
