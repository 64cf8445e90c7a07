"""Feeds: valid RSS 2.0 and Atom, of the site and of each section, with what the public may see and nothing else."""

import re
from email.utils import parsedate_to_datetime
from xml.etree.ElementTree import Element, fromstring

import pytest

from portal.core import clock
from portal.core.text import slug
from tests import cast
from tests.client import PortalClient
from tests.front.maps import ROOT, head_of

ATOM = "{http://www.w3.org/2005/Atom}"
DC = "{http://purl.org/dc/elements/1.1/}"
IRI = re.compile(r"https?://[^\s<>\"]+")
RFC_3339 = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(Z|[+-]\d\d:\d\d)")
RSS_ITEM = {"title", "link", "guid", "pubDate", "description", "category", "enclosure", f"{DC}creator", f"{ATOM}updated"}


def text(element: Element, path: str) -> str:
    """Return the text of the one child of a name; fail where there is none, or more than one."""
    (found,) = element.findall(path)
    assert found.text
    return found.text


def rss(client: PortalClient, path: str = "/rss.xml") -> list[Element]:
    """Return the items of an RSS feed; fail where it breaks a rule of RSS 2.0 or of the RSS Advisory Board."""
    answer = client.get(path)
    assert (answer.status_code, answer.content_type) == (200, "application/rss+xml; charset=utf-8")
    root = fromstring(answer.data)  # noqa: S314 - our own answer
    assert (root.tag, root.get("version")) == ("rss", "2.0")
    (channel,) = root
    for name in ("title", "link", "description", "language"):
        assert text(channel, name)
    assert parsedate_to_datetime(text(channel, "lastBuildDate"))
    own = [link for link in channel.findall(f"{ATOM}link") if link.get("rel") == "self"]
    assert [link.get("href") for link in own] == [ROOT + path]
    items = channel.findall("item")
    for item in items:
        assert {child.tag for child in item} <= RSS_ITEM
        assert len({child.tag for child in item}) == len(item)
        assert IRI.fullmatch(text(item, "link"))
        assert parsedate_to_datetime(text(item, "pubDate")).tzinfo
        (guid,) = item.findall("guid")
        assert guid.get("isPermaLink") == "true"
        for enclosure in item.findall("enclosure"):
            assert set(enclosure.keys()) == {"url", "length", "type"}
            assert int(enclosure.get("length", "")) > 0
    assert len({text(item, "guid") for item in items}) == len(items)
    return items


def atom(client: PortalClient, path: str = "/atom.xml") -> list[Element]:
    """Return the entries of an Atom feed; fail where it breaks a rule of RFC 4287."""
    answer = client.get(path)
    assert (answer.status_code, answer.content_type) == (200, "application/atom+xml; charset=utf-8")
    feed = fromstring(answer.data)  # noqa: S314 - our own answer
    assert feed.tag == f"{ATOM}feed"
    assert text(feed, f"{ATOM}author/{ATOM}name")
    links = {link.get("rel"): link.get("href") for link in feed.findall(f"{ATOM}link")}
    assert links["self"] == ROOT + path
    entries = feed.findall(f"{ATOM}entry")
    for element in (feed, *entries):
        assert text(element, f"{ATOM}title")
        assert IRI.fullmatch(text(element, f"{ATOM}id"))
        assert RFC_3339.fullmatch(text(element, f"{ATOM}updated"))
    for entry in entries:
        alternates = [link.get("href", "") for link in entry.findall(f"{ATOM}link") if link.get("rel") == "alternate"]
        assert len(alternates) == 1
        assert IRI.fullmatch(alternates[0])
        assert RFC_3339.fullmatch(text(entry, f"{ATOM}published"))
        assert len(entry.findall(f"{ATOM}summary")) <= 1
    assert len({text(entry, f"{ATOM}id") for entry in entries}) == len(entries)
    assert text(feed, f"{ATOM}updated") == max((text(e, f"{ATOM}updated") for e in entries), default="1970-01-01T08:00:00+08:00")
    return entries


def titles(client: PortalClient, root: str = "") -> list[str]:
    """Return the titles that a feed tells, which both kinds tell alike."""
    told = [text(item, "title") for item in rss(client, f"{root}/rss.xml")]
    assert told == [text(entry, f"{ATOM}title") for entry in atom(client, f"{root}/atom.xml")]
    return told


def test_a_site_without_articles_has_valid_feeds(client: PortalClient) -> None:
    cast.a_site()
    assert titles(client) == titles(client, "/en") == []


def test_a_feed_tells_the_newest_thirty(client: PortalClient) -> None:
    cast.many_articles(33, section=cast.a_section("Thông báo"))
    assert titles(client) == titles(client, "/chuyen-muc/thong-bao") == [f"Tin số {number}" for number in range(1, 31)]


def test_an_entry_tells_what_the_article_says(client: PortalClient) -> None:
    values = {"published_at": clock.instant_at("2022-03-17T08:00"), "updated_at": clock.instant_at("2022-04-01T09:30")}
    section = cast.a_section("Thông báo")
    article = cast.an_article("Kế hoạch <năm> & “tháng”", section=section, author_line=cast.PEOPLE["author"], **values)
    key = cast.an_attachment(article, name="Kế hoạch <1>.pdf")
    cast.an_attachment(article, cast.A_PDF + b"%", name="Phụ lục.pdf")
    (item,), (entry,) = rss(client), atom(client)
    assert text(item, "title") == text(entry, f"{ATOM}title") == "Kế hoạch <năm> & “tháng”"
    assert text(item, "description") == text(entry, f"{ATOM}summary") == "Sở ban hành kế hoạch truyền thông."
    assert text(item, "link") == ROOT + cast.article_path(article, "Kế hoạch năm tháng")
    assert text(item, "pubDate") == "Thu, 17 Mar 2022 08:00:00 +0700"
    assert text(item, f"{DC}creator") == text(entry, f"{ATOM}author/{ATOM}name") == cast.PEOPLE["author"]
    assert text(item, "category") == "Thông báo"
    assert text(entry, f"{ATOM}updated") == text(item, f"{ATOM}updated") == "2022-04-01T09:30:00+07:00"
    (enclosure,) = item.findall("enclosure")
    (file,) = [link for link in entry.findall(f"{ATOM}link") if link.get("rel") == "enclosure"]
    assert enclosure.get("url") == file.get("href") == f"{ROOT}/tep/{key}"
    assert enclosure.get("length") == file.get("length") == str(len(cast.A_PDF))
    assert enclosure.get("type") == file.get("type") == "application/pdf"
    assert file.get("title") == "Kế hoạch <1>.pdf"


def test_an_entry_stays_the_same_whatever_is_renamed(client: PortalClient) -> None:
    section = cast.a_section("Thông báo")
    article = cast.an_article(section=section)
    before = text(rss(client)[0], "guid")
    cast.change_section(section, slug="tin-moi", name="Tin mới")
    cast.change_article(article, title="Tên khác", slug=slug("Tên khác"), updated_at=clock.now_ms())
    (item,), (entry,) = rss(client), atom(client)
    assert text(item, "guid") == text(entry, f"{ATOM}id") == before == f"{ROOT}/b/{article}"
    assert text(item, "link") == ROOT + cast.article_path(article, "Tên khác")
    assert client.get(before.removeprefix(ROOT)).headers["Location"] == cast.article_path(article, "Tên khác")


def test_an_article_without_lead_file_or_author_is_told_without(client: PortalClient) -> None:
    cast.an_article("Chỉ có tên", lead="")
    (item,), (entry,) = rss(client), atom(client)
    assert {child.tag for child in item} == {"title", "link", "guid", "pubDate", "category", f"{ATOM}updated"}
    assert not entry.findall(f"{ATOM}summary")


def test_letters_that_no_feed_may_hold_are_left_out(client: PortalClient) -> None:
    cast.an_article("Tin\x0b mới\u200b\x1f", lead="Dòng một\nDòng hai\x08")
    (item,) = rss(client)
    assert text(item, "title") == "Tin mới"
    assert text(item, "description") == "Dòng một Dòng hai"


def test_what_the_public_may_not_see_is_in_no_feed(client: PortalClient) -> None:
    section, now = cast.a_section("Thông báo"), clock.now_ms()
    cast.an_article("Hẹn giờ", section=section, published_at=now + clock.HOUR)
    shown = cast.an_article("Đã đăng", section=section)
    assert titles(client) == titles(client, "/chuyen-muc/thong-bao") == ["Đã đăng"]
    cast.change_article(shown, withdrawn_at=now)
    assert titles(client) == titles(client, "/chuyen-muc/thong-bao") == []


def test_a_section_s_feed_holds_what_stands_below_it_and_no_more(client: PortalClient) -> None:
    top = cast.a_section("Tin tức")
    cast.an_article("Bên dưới", section=cast.a_section("Sự kiện", parent_id=top))
    cast.an_article("Nơi khác", section=cast.a_section("Thông báo"))
    assert titles(client, "/chuyen-muc/tin-tuc") == ["Bên dưới"]


def test_each_language_has_its_own_feeds(client: PortalClient) -> None:
    cast.an_article("Tin", section=cast.a_section("Thông báo"))
    cast.an_article("News", section=cast.a_section("Notices", "en"), language="en")
    assert titles(client) == ["Tin"]
    assert titles(client, "/en") == titles(client, "/en/chuyen-muc/notices") == ["News"]
    assert client.get("/chuyen-muc/notices/rss.xml").status_code == 404


def test_a_feed_costs_as_many_statements_with_much_as_with_little(client: PortalClient) -> None:
    section = cast.a_section("Thông báo")
    first = cast.an_article("Một", section=section)
    cast.an_attachment(first)
    assert len(rss(client)) == 1
    for number in range(3):
        cast.an_attachment(cast.an_article(f"Tin {number}", section=section), cast.A_PDF + bytes([number]))
    assert [len(item.findall("enclosure")) for item in rss(client)] == [1, 1, 1, 1]


def test_pages_say_where_their_feeds_are(client: PortalClient) -> None:
    cast.a_section("Thông báo")
    for page, root in (("/", ""), ("/en/", "/en"), ("/chuyen-muc/thong-bao", "/chuyen-muc/thong-bao")):
        feeds = head_of(client.get(page).text).feeds
        assert feeds == {"application/rss+xml": f"{ROOT}{root}/rss.xml", "application/atom+xml": f"{ROOT}{root}/atom.xml"}


@pytest.mark.parametrize("path", ["/chuyen-muc/khong-co/rss.xml", "/rss.xml/", "/rss", "/chuyen-muc/Thong-Bao/atom.xml"])
def test_a_feed_of_nothing_is_not_found(client: PortalClient, path: str) -> None:
    assert client.get(path).status_code == 404


def test_a_feed_is_asked_for_again_without_cost(client: PortalClient) -> None:
    cast.an_article()
    answer = client.get("/atom.xml")
    assert client.get("/atom.xml", headers={"If-None-Match": answer.headers["ETag"]}).status_code == 304
