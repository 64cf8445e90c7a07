"""What is not translated says so kindly, and leads to where it is."""

from portal.core import clock
from tests import cast
from tests.client import Elements, PortalClient


def hreflangs(text: str) -> list[str | None]:
    """Return the addresses of a page's translations, its own left out."""
    links = Elements(text).of("link")
    own = [link["href"] for link in links if link.get("rel") == "canonical"]
    named = [link["href"] for link in links if link.get("hreflang") in {"vi", "en"}]
    return [url for url in named if url not in own]


def test_an_article_in_vietnamese_only_is_named_on_the_english_site(client: PortalClient) -> None:
    article = cast.an_article()
    answer = client.get("/en" + cast.article_path(article))
    assert answer.status_code == 404
    assert "<h1>This article is available in Vietnamese only</h1>" in answer.text
    assert f'<a href="{cast.article_path(article)}" lang="vi" hreflang="vi">Kế hoạch truyền thông năm 2022</a>' in answer.text
    assert '<meta name="robots" content="noindex">' in answer.text
    assert hreflangs(answer.text) == []


def test_an_article_in_english_only_is_named_on_the_vietnamese_site(client: PortalClient) -> None:
    article = cast.an_article("Plan", language="en")
    answer = client.get(f"/bai-viet/plan-{article}")
    assert answer.status_code == 404
    assert "<h1>Bài viết này chỉ có bản tiếng Anh</h1>" in answer.text
    assert f'href="/en/bai-viet/plan-{article}"' in answer.text


def test_a_hidden_article_is_not_named(client: PortalClient) -> None:
    for hidden in ({"published_at": clock.now_ms() + clock.DAY}, {"withdrawn_at": clock.now_ms()}):
        assert "Kế hoạch" not in client.get("/en" + cast.article_path(cast.an_article(**hidden))).text


def test_an_article_that_is_translated_leads_to_its_translation(client: PortalClient) -> None:
    article = cast.an_article(translation_group="plan")
    english = cast.an_article("Plan", language="en", translation_group="plan")
    answer = client.get("/en" + cast.article_path(article))
    assert (answer.status_code, answer.headers["Location"]) == (302, f"/en/bai-viet/plan-{english}")


def test_a_translation_that_is_hidden_is_none(client: PortalClient) -> None:
    article = cast.an_article(translation_group="plan")
    cast.an_article("Plan", language="en", translation_group="plan", withdrawn_at=1)
    assert client.get("/en" + cast.article_path(article)).status_code == 404
    assert hreflangs(client.get(cast.article_path(article)).text) == []


def test_translations_name_each_other(client: PortalClient) -> None:
    article = cast.an_article(translation_group="plan")
    english = cast.an_article("Plan", language="en", translation_group="plan")
    assert hreflangs(client.get(cast.article_path(article)).text) == [f"http://localhost/en/bai-viet/plan-{english}"]
    assert hreflangs(client.get(f"/en/bai-viet/plan-{english}").text) == [f"http://localhost{cast.article_path(article)}"]


def test_a_section_in_vietnamese_only_is_named_on_the_english_site(client: PortalClient) -> None:
    cast.a_section("Thông báo")
    answer = client.get("/en/chuyen-muc/thong-bao")
    assert answer.status_code == 404
    assert "<h1>This section is available in Vietnamese only</h1>" in answer.text
    assert '<a href="/chuyen-muc/thong-bao" lang="vi" hreflang="vi">Thông báo</a>' in answer.text
    assert client.get("/en/chuyen-muc/thong-bao/2022").status_code == 404


def test_a_section_that_is_translated_leads_to_its_translation(client: PortalClient) -> None:
    cast.a_section("Thông báo", translation_group="notices")
    cast.a_section("Notices", language="en", translation_group="notices")
    answer = client.get("/en/chuyen-muc/thong-bao")
    assert (answer.status_code, answer.headers["Location"]) == (302, "/en/chuyen-muc/notices")
