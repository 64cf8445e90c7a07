"""What the head of each page tells machines."""

import json
import re
from typing import Any

import pytest

from portal.core import clock
from portal.files.renditions import render_waiting
from tests import cast
from tests.client import PortalClient
from tests.files import samples
from tests.front.maps import ROOT, head_of


def graph_of(html: str) -> dict[str, dict[str, Any]]:
    """Return a page's linked data by type."""
    (said,) = re.findall(r'<script type="application/ld\+json">(.*?)</script>', html, flags=re.DOTALL)
    data = json.loads(said)
    assert data["@context"] == "https://schema.org"
    return {node["@type"]: node for node in data["@graph"]}


def test_a_page_names_its_own_address_and_its_translation_s(client: PortalClient) -> None:
    section = cast.a_section("Thông báo", translation_group="a")
    cast.a_section("Notices", "en", translation_group="a")
    ours = cast.an_article("Một", section=section)
    pairs = {"/": "/en/", "/chuyen-muc/thong-bao": "/en/chuyen-muc/notices", "/so-do-trang": "/en/so-do-trang"}
    pairs |= {cast.a_poll().url: "/en/tham-do/1", "/tham-do": "/en/tham-do", "/luu-tru": "/en/luu-tru"}
    for path, other in pairs.items():
        here, there = head_of(client.get(path).text), head_of(client.get(other).text)
        assert (here.canonical, there.canonical) == (ROOT + path, ROOT + other)
        assert here.languages == there.languages == {"vi": ROOT + path, "en": ROOT + other, "x-default": ROOT + path}
    alone = head_of(client.get(cast.article_path(ours, "Một")).text)
    assert alone.languages == dict.fromkeys(("vi", "x-default"), alone.canonical)


def test_a_page_that_is_only_in_english_is_for_readers_of_any_language(client: PortalClient) -> None:
    article = cast.an_article("One", section=cast.a_section("Notices", "en"), language="en")
    head = head_of(client.get("/en" + cast.article_path(article, "One")).text)
    assert head.languages == dict.fromkeys(("en", "x-default"), f"{ROOT}/en" + cast.article_path(article, "One"))


def test_each_numbered_page_of_a_list_is_itself_and_those_beyond_are_not_indexed(client: PortalClient) -> None:
    cast.many_articles(130, section=cast.a_section("Thông báo"))
    second = client.get("/chuyen-muc/thong-bao?trang=2").text
    assert head_of(second).canonical == f"{ROOT}/chuyen-muc/thong-bao?trang=2"
    assert head_of(client.get("/chuyen-muc/thong-bao?x=1").text).canonical == f"{ROOT}/chuyen-muc/thong-bao"
    beyond = re.findall(r'"(/chuyen-muc/thong-bao\?truoc=[^"]+)"', client.get("/chuyen-muc/thong-bao?trang=5").text)[0]
    head = head_of(client.get(beyond).text)
    assert (head.canonical, head.robots) == ("", "noindex, follow")


STATES = ("/khong-co", "/bai-viet/a-9", "/trang/khong-co", "/tham-do/9", "/luu-tru/1999", "/%00")


@pytest.mark.each_case_on_both
@pytest.mark.parametrize("path", STATES)
@pytest.mark.parametrize("mount", ["", "/en"])
def test_a_state_is_not_to_be_indexed(client: PortalClient, path: str, mount: str) -> None:
    head = head_of(client.get(mount + path).text)
    assert (head.canonical, head.robots, head.languages) == ("", "noindex", {})


def test_what_stands_in_a_page_s_place_is_not_to_be_indexed(client: PortalClient) -> None:
    gone, poll = cast.an_article("Một", withdrawn_at=clock.now_ms()), cast.a_poll()
    untranslated = cast.an_article("Hai", section=cast.a_section("Thông báo"))
    cast.a_page("Liên hệ")
    for path in (
        cast.article_path(gone, "Một"),
        "/en" + cast.article_path(untranslated, "Hai"),
        "/en/trang/lien-he",
        "/en/chuyen-muc/thong-bao",
        f"{poll.url}/ket-qua",
        f"{poll.url}/phieu",
    ):
        head = head_of(client.get(path).text)
        assert (head.canonical, head.robots) == ("", "noindex"), path


def test_an_article_tells_what_it_is_where_it_is_passed_on(client: PortalClient) -> None:
    times = {"published_at": clock.instant_at("2022-03-17T08:00"), "updated_at": clock.instant_at("2022-04-01T09:30")}
    section = cast.a_section("Thông báo")
    article = cast.an_article("Tin “mới” & <lạ>", section=section, author_line=cast.PEOPLE["author"], **times)
    said = head_of(client.get(cast.article_path(article, "Tin mới lạ")).text).said
    url = ROOT + cast.article_path(article, "Tin mới lạ")
    assert said["og:title"] == said["DC.title"] == said["og:image:alt"] == "Tin “mới” & <lạ>"
    assert said["og:description"] == "Sở ban hành kế hoạch truyền thông."
    assert (said["og:type"], said["og:url"], said["og:locale"]) == ("article", url, "vi_VN")
    assert said["og:site_name"] == said["DC.publisher"] == "Sở Khoa học và Công nghệ"
    assert said["article:published_time"] == said["DC.date"] == "2022-03-17T08:00:00+07:00"
    assert said["article:modified_time"] == "2022-04-01T09:30:00+07:00"
    assert said["article:section"] == "Thông báo"
    assert (said["DC.creator"], said["DC.language"]) == (cast.PEOPLE["author"], "vi")
    assert said["og:image"] == f"{ROOT}/the/{article}.png"
    assert said["twitter:card"] == "summary_large_image"


def test_an_article_is_linked_to_its_agency_and_its_place(client: PortalClient) -> None:
    top = cast.a_section("Tin tức")
    below = cast.a_section("Sự kiện", parent_id=top)
    evil = "Tin </script><script>alert(1)</script> <!-- & “lạ”"
    article = cast.an_article(evil, section=below)
    cast.change_site(governing_body="Ủy ban nhân dân tỉnh", telephone="0255 000 0000")
    url = cast.article_path(article, evil)
    html = client.get(url).text
    graph = graph_of(html)
    assert html.count("<script>") == 0
    news, agency = graph["NewsArticle"], graph["GovernmentOrganization"]
    assert news["headline"] == evil
    assert news["publisher"] == news["author"] == {"@id": agency["@id"]}
    assert news["url"] == news["mainEntityOfPage"] == ROOT + url
    assert (news["inLanguage"], news["articleSection"], news["image"]["width"]) == ("vi", "Sự kiện", 1200)
    assert agency["name"] == "Sở Khoa học và Công nghệ"
    assert agency["parentOrganization"]["name"] == "Ủy ban nhân dân tỉnh"
    assert "email" not in agency
    path = graph["BreadcrumbList"]["itemListElement"]
    assert [place["position"] for place in path] == [1, 2, 3, 4]
    assert [place["name"] for place in path] == ["Trang chủ", "Tin tức", "Sự kiện", evil]
    assert [place["item"] for place in path[:3]] == [f"{ROOT}/", f"{ROOT}/chuyen-muc/tin-tuc", f"{ROOT}/chuyen-muc/su-kien"]


def test_the_home_page_is_the_agency_s_and_stands_below_nothing(client: PortalClient) -> None:
    cast.a_site()
    assert set(graph_of(client.get("/").text)) == {"GovernmentOrganization"}
    assert graph_of(client.get("/en/").text)["GovernmentOrganization"]["@id"] == f"{ROOT}/#agency"


@pytest.mark.slow(why="renders pictures")
@pytest.mark.parametrize(("width", "own"), [(1400, True), (1000, False)])
def test_a_lead_picture_that_is_large_enough_stands_for_its_article(client: PortalClient, width: int, own: bool) -> None:
    article = cast.an_article()
    key = cast.a_picture(article, samples.a_photo(width, 900))
    render_waiting()
    said = head_of(client.get(cast.article_path(article)).text).said
    if own:
        assert (said["og:image"], said["og:image:width"]) == (f"{ROOT}/anh/{key}/1400.webp", "1400")
        assert said["og:image:alt"] == "Ruộng tỏi chạy ra tới biển"
        assert client.get(said["og:image"].removeprefix(ROOT)).status_code == 200
    else:
        assert said["og:image"] == f"{ROOT}/the/{article}.png"
