"""Around an article's text: whose it is, what was corrected, how old it is, and what stands beside it."""

import pytest

from portal.core import clock
from tests import cast
from tests.client import Elements, PortalClient

OLD = "Nội dung đăng từ năm 2022, có thể không còn phù hợp với quy định hiện hành."


def page(client: PortalClient, article: int, title: str = "Kế hoạch truyền thông năm 2022") -> str:
    return client.get(cast.article_path(article, title)).text


def test_author_photographer_and_source_stand_at_the_end_in_this_order(client: PortalClient) -> None:
    article = cast.an_article(author_line="Nguyễn Văn A", photo_line="Trần Thị B", source_line="Văn phòng Sở")
    said = page(client, article).partition('class="author"')[2].partition("</div>")[0]
    assert said.index("Tác giả: Nguyễn Văn A") < said.index("Ảnh: Trần Thị B") < said.index("Nguồn: Văn phòng Sở")


def test_a_line_that_nobody_filled_in_is_not_printed(client: PortalClient) -> None:
    text = page(client, cast.an_article(source_line="Văn phòng Sở"))
    assert "Nguồn: Văn phòng Sở" in text
    assert "Tác giả:" not in text
    assert "Ảnh:" not in text


def test_corrections_are_said_above_the_text_the_latest_first(client: PortalClient) -> None:
    article = cast.an_article()
    cast.a_correction(article, "“1” sửa thành “2”.", "2022-03-19T08:00")
    cast.a_correction(article, "“23/02/3022” sửa thành “<b>23/02/2022</b>”.", "2022-03-20T08:00")
    text = page(client, article)
    assert text.index("Đính chính ngày 20/03/2022:") < text.index("Đính chính ngày 19/03/2022:") < text.index('class="prose"')
    assert "&lt;b&gt;23/02/2022" in text


def test_an_article_without_correction_has_no_box(client: PortalClient) -> None:
    cast.a_correction(cast.an_article("Khác"), "Sửa.", "2022-03-20T08:00")
    assert 'id="corrections"' not in page(client, cast.an_article())


def test_an_article_of_two_years_says_that_it_may_be_out_of_date(client: PortalClient, monkeypatch: pytest.MonkeyPatch) -> None:
    at = clock.instant_at("2022-03-17T08:00")
    article = cast.an_article(published_at=at)
    assert OLD in page(client, article)
    monkeypatch.setattr(clock, "now_ms", lambda: at + 730 * clock.DAY - 1)
    client.application.extensions["page_cache"].clear()
    client.application.extensions["remembered"].clear()
    assert OLD not in page(client, article)


def test_the_neighbours_in_the_section_are_named_by_their_titles(client: PortalClient) -> None:
    section = cast.a_section("Thông báo")
    ids = [
        cast.an_article(title, section=section, published_at=at) for title, at in (("Cũ", 1_000), ("Giữa", 2_000), ("Mới", 3_000))
    ]
    cast.an_article("Nơi khác", published_at=2_001)
    cast.an_article("Gỡ", section=section, published_at=2_002, withdrawn_at=1)
    beside = page(client, ids[1], "Giữa").partition('class="beside"')[2].partition("</nav>")[0]
    assert [(one["rel"], one["href"]) for one in Elements(beside).of("a")] == [
        ("next", f"/bai-viet/moi-{ids[2]}"),
        ("prev", f"/bai-viet/cu-{ids[0]}"),
    ]


def test_neighbours_of_the_same_instant_are_each_other_s(client: PortalClient) -> None:
    section = cast.a_section("Thông báo")
    first, second = (cast.an_article(title, section=section, published_at=1_000) for title in ("Một", "Hai"))
    assert f'<a rel="next" href="/bai-viet/hai-{second}">' in page(client, first, "Một")
    assert f'<a rel="prev" href="/bai-viet/mot-{first}">' in page(client, second, "Hai")


def test_an_article_alone_in_its_section_has_neither_neighbours_nor_latest(client: PortalClient) -> None:
    text = page(client, cast.an_article())
    assert 'class="beside"' not in text
    assert 'id="latest-here"' not in text


def test_the_section_s_latest_that_the_page_does_not_name_stand_at_the_side(client: PortalClient) -> None:
    section = cast.a_section("Thông báo")
    cast.many_articles(30, section=section)
    article = cast.an_article("Xưa", section=section, published_at=1_000)
    side = page(client, article, "Xưa").partition('id="latest-here"')[2].partition("</section>")[0]
    assert [name for name in (f"Tin số {number}</a>" for number in range(1, 31)) if name in side] == [
        f"Tin số {number}</a>" for number in range(1, 6)
    ]


def test_the_tools_load_nothing_from_elsewhere(client: PortalClient) -> None:
    article = cast.an_article()
    tools = page(client, article).partition('id="tools"')[2].partition("</details>")[0]
    links = {one.get("data-act"): one for one in Elements(tools).of("a")}
    assert links["facebook"]["rel"] == "noopener noreferrer"
    wanted = f"https://www.facebook.com/sharer/sharer.php?u=http%3A%2F%2Flocalhost%2Fbai-viet%2Fke-hoach-truyen-thong-nam-2022-{article}"
    assert links["facebook"]["href"] == wanted
    assert [one["src"] for one in Elements(tools).of("img")] == [f"/b/{article}/qr.svg"]
    assert all("hidden" in one for one in Elements(tools).of("button"))
