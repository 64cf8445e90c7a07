"""Sections stand in a tree: one shows what is filed under it and under those below it, and the path to it."""

from tests import cast
from tests.client import Elements, PortalClient


def crumbs(text: str) -> list[str | None]:
    part = text.partition('<ol class="crumbs">')[2].partition("</ol>")[0]
    return [link["href"] for link in Elements(part).of("a")]


def test_a_section_lists_what_stands_under_it_in_one_order(client: PortalClient) -> None:
    top = cast.a_section("Tin tức")
    below = cast.a_section("Hoạt động", parent_id=top)
    deepest = cast.a_section("Hội thảo", parent_id=below)
    cast.an_article("Nhì", section=top, published_at=2_000)
    cast.an_article("Nhất", section=deepest, published_at=3_000)
    cast.an_article("Ba", section=below, published_at=1_000)
    text = client.get("/chuyen-muc/tin-tuc").text.partition('id="list"')[2]
    assert text.index("Nhất") < text.index("Nhì") < text.index("Ba")
    text = client.get("/chuyen-muc/hoat-dong").text.partition('id="list"')[2]
    assert "Nhất" in text
    assert "Nhì" not in text


def test_a_section_links_to_those_directly_below_it(client: PortalClient) -> None:
    top = cast.a_section("Tin tức")
    second, first = cast.a_section("Sự kiện", parent_id=top, position=2), cast.a_section("Hoạt động", parent_id=top)
    cast.a_section("Hội thảo", parent_id=first)
    part = client.get("/chuyen-muc/tin-tuc").text.partition('class="within"')[2].partition("</nav>")[0]
    assert [link["href"] for link in Elements(part).of("a")] == ["/chuyen-muc/hoat-dong", "/chuyen-muc/su-kien"]
    assert 'class="within"' not in client.get("/chuyen-muc/su-kien").text
    assert second


def test_the_path_names_every_section_above(client: PortalClient) -> None:
    below = cast.a_section("Hoạt động", parent_id=cast.a_section("Tin tức"))
    article = cast.an_article(section=below)
    assert crumbs(client.get("/chuyen-muc/hoat-dong").text) == ["/", "/chuyen-muc/tin-tuc"]
    assert crumbs(client.get(cast.article_path(article)).text) == ["/", "/chuyen-muc/tin-tuc", "/chuyen-muc/hoat-dong"]


def test_sections_that_stand_under_each_other_still_open(client: PortalClient) -> None:
    first = cast.a_section("Một")
    second = cast.a_section("Hai", parent_id=first)
    cast.change_section(first, parent_id=second)
    cast.an_article(section=first)
    assert client.get("/chuyen-muc/mot").status_code == client.get("/chuyen-muc/hai").status_code == 200


def test_a_section_belongs_to_its_language(client: PortalClient) -> None:
    cast.a_section("Notices", language="en")
    assert client.get("/chuyen-muc/notices").status_code == 404
    assert client.get("/en/chuyen-muc/notices").status_code == 200


def test_a_section_leads_to_its_translation_and_back(client: PortalClient) -> None:
    cast.a_section("Thông báo", translation_group="notices")
    cast.a_section("Notices", language="en", translation_group="notices")
    pages = {"/chuyen-muc/thong-bao": "/en/chuyen-muc/notices", "/en/chuyen-muc/notices": "/chuyen-muc/thong-bao"}
    for page, other in pages.items():
        links = Elements(client.get(page).text).of("link")
        named = {link["href"] for link in links if link.get("hreflang") in {"vi", "en"}}
        assert named == {f"http://localhost{page}", f"http://localhost{other}"}


def test_a_section_without_translation_claims_none(client: PortalClient) -> None:
    cast.a_section("Thông báo")
    links = Elements(client.get("/chuyen-muc/thong-bao").text).of("link")
    assert {link["hreflang"] for link in links if "hreflang" in link} == {"vi", "x-default"}
