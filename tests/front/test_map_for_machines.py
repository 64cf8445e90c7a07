"""The site map for machines lists every public page once, and nothing else."""

import pytest

from portal.core import clock
from portal.front import maps as made
from tests import cast
from tests.client import PortalClient
from tests.front.maps import ROOT, entries, head_of, mapped, parts, translations, walked

STANDING = {f"{ROOT}{path}" for path in ("/", "/so-do-trang", "/so-lieu/cach-tinh", "/luu-tru", "/tham-do")}


def test_an_empty_site_has_the_pages_that_always_stand(client: PortalClient) -> None:
    assert parts(client) == ["/sitemap-pages.xml"]
    assert set(mapped(client)) == STANDING


def test_it_lists_every_page_once_with_its_last_change(client: PortalClient) -> None:
    section, poll = cast.a_section("Thông báo"), cast.a_poll()
    plain = cast.an_article("Một", section=section, published_at=clock.instant_at("2022-03-17T08:00"))
    changed = {"published_at": clock.instant_at("2021-12-31T23:30"), "updated_at": clock.instant_at("2022-04-01T09:30")}
    corrected = cast.an_article("Hai", section=section, **changed)
    cast.a_page("Cơ cấu tổ chức", parent=cast.a_page("Giới thiệu"), updated_at=clock.instant_at("2026-01-02T10:00"))
    urls = mapped(client)
    assert urls[ROOT + cast.article_path(plain, "Một")] == "2022-03-17T08:00:00+07:00"
    assert urls[ROOT + cast.article_path(corrected, "Hai")] == "2022-04-01T09:30:00+07:00"
    assert urls[f"{ROOT}/trang/co-cau-to-chuc"] == "2026-01-02T10:00:00+07:00"
    assert urls[f"{ROOT}/chuyen-muc/thong-bao"] == "2022-03-17T08:00:00+07:00"
    periods = ("2022", "2022/3", "2021", "2021/12")
    lists = {f"{ROOT}{root}/{period}" for root in ("/luu-tru", "/chuyen-muc/thong-bao") for period in periods}
    articles = {ROOT + cast.article_path(plain, "Một"), ROOT + cast.article_path(corrected, "Hai")}
    others = {f"{ROOT}{path}" for path in ("/chuyen-muc/thong-bao", "/trang/gioi-thieu", "/trang/co-cau-to-chuc", poll.url)}
    assert set(urls) == STANDING | lists | articles | others


def test_a_section_s_archive_holds_what_stands_below_it(client: PortalClient) -> None:
    top = cast.a_section("Tin tức")
    cast.an_article(section=cast.a_section("Sự kiện", parent_id=top), published_at=clock.instant_at("2020-02-03T08:00"))
    assert f"{ROOT}/chuyen-muc/tin-tuc/2020/2" in mapped(client)


def test_what_the_public_may_not_see_is_not_in_it(client: PortalClient) -> None:
    section, now = cast.a_section("Thông báo"), clock.now_ms()
    cast.an_article("Hẹn giờ", section=section, published_at=now + clock.HOUR)
    shown = cast.an_article("Đã đăng", section=section)
    assert [url for url in mapped(client) if "/bai-viet/" in url] == [ROOT + cast.article_path(shown, "Đã đăng")]
    cast.change_article(shown, withdrawn_at=now)
    assert [url for url in mapped(client) if "/bai-viet/" in url] == []
    assert client.get("/sitemap-articles-1.xml").status_code == 404


def test_each_language_has_its_own_and_names_translations(client: PortalClient) -> None:
    names = {
        "vi": cast.a_section("Thông báo", translation_group="a"),
        "en": cast.a_section("Notices", "en", translation_group="a"),
    }
    ours = cast.an_article("Một", section=names["vi"], translation_group="b")
    other = cast.an_article("One", section=names["en"], language="en", translation_group="b")
    cast.an_article("Hai", section=names["vi"])
    cast.a_page("Liên hệ", translation_group="c")
    cast.a_page("Contact", language="en", translation_group="c")
    here, there = entries(client), entries(client, "/en/sitemap.xml")
    assert not set(here) & set(there)
    assert all(url.startswith(f"{ROOT}/en/") for url in there)
    pair = {"vi": ROOT + cast.article_path(ours, "Một"), "en": f"{ROOT}/en" + cast.article_path(other, "One")}
    assert translations(here[pair["vi"]]) == translations(there[pair["en"]]) == {**pair, "x-default": pair["vi"]}
    assert translations(here[f"{ROOT}/trang/lien-he"])["en"] == f"{ROOT}/en/trang/contact"
    assert translations(there[f"{ROOT}/en/chuyen-muc/notices"])["vi"] == f"{ROOT}/chuyen-muc/thong-bao"
    for url, entry in {**here, **there}.items():
        named = translations(entry)
        assert not named or url in named.values()
        assert all(url in translations({**here, **there}[one]).values() for one in named.values())


def test_a_translation_that_was_taken_down_is_not_named(client: PortalClient) -> None:
    ours = cast.an_article("Một", translation_group="b")
    other = cast.an_article("One", section=cast.a_section("Notices", "en"), language="en", translation_group="b")
    cast.change_article(other, withdrawn_at=clock.now_ms())
    assert translations(entries(client)[ROOT + cast.article_path(ours, "Một")]) == {}


def test_many_articles_stand_in_several_parts(client: PortalClient, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(made, "PER_PART", 5)
    cast.many_articles(12, section=cast.a_section("Thông báo"))
    named = [part for part in parts(client) if "articles" in part]
    assert named == [f"/sitemap-articles-{number}.xml" for number in (1, 2, 3)]
    assert len([url for url in mapped(client) if "/bai-viet/" in url]) == 12
    assert all(client.get(part).text.count("<url>") <= 5 for part in named)


@pytest.mark.each_case_on_both
@pytest.mark.parametrize("what", ["articles", "polls", "section"])
@pytest.mark.parametrize("number", ["0", "-1", "01", "x", "99", "501", str(2**31), "9" * 30, "%D9%A1"])
def test_a_part_that_cannot_be_is_not_found(client: PortalClient, what: str, number: str) -> None:
    assert client.get(f"/sitemap-{what}-{number}.xml").status_code == 404


def test_an_archive_of_nothing_is_not_found(client: PortalClient) -> None:
    assert client.get("/sitemap-archive.xml").status_code == 404


def test_the_map_of_another_language_s_section_is_not_found(client: PortalClient) -> None:
    section = cast.a_section("Notices", "en")
    assert client.get(f"/sitemap-section-{section}.xml").status_code == 404
    assert client.get(f"/en/sitemap-section-{section}.xml").status_code == 200


@pytest.mark.slow(why="walks through the whole demo; on the other database test_every_link_of_the_demo_leads_somewhere does")
@pytest.mark.parametrize("database", ["sqlite"])
def test_whoever_walks_through_the_demo_finds_what_the_map_says(demo: PortalClient) -> None:
    heads = walked(demo, "/", "/en/")
    public = {head.canonical for path, head in heads.items() if head.canonical == ROOT + path and "?" not in path}
    listed = set(mapped(demo)) | set(mapped(demo, "/en/sitemap.xml"))
    assert sorted(public - listed) == []
    assert [url for url in sorted(listed - public) if "/tham-do/" not in url] == []
    for url in listed - public:
        assert head_of(demo.get(url.removeprefix(ROOT)).text).canonical == url
    for path, head in heads.items():
        assert head.canonical or head.robots, path
        assert head.canonical in listed or "?" in path or head.robots, path
        for lang, url in head.languages.items():
            other = heads.get(url.removeprefix(ROOT)) or head_of(demo.get(url.removeprefix(ROOT)).text)
            assert other.languages == head.languages, f"{path} in {lang}"
