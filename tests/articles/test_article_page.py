"""The page of an article: one address, its path, its day, its text as the author wrote it."""

import json

import pytest

from portal.core import clock
from tests import cast
from tests.client import Elements, PortalClient


def test_another_slug_leads_to_the_one_address(client: PortalClient) -> None:
    article = cast.an_article()
    answer = client.get(f"/bai-viet/khac-{article}")
    assert (answer.status_code, answer.headers["Location"]) == (301, cast.article_path(article))


def test_a_title_that_changed_leads_from_its_old_address_to_the_new(client: PortalClient) -> None:
    old = cast.article_path(article := cast.an_article())
    cast.change_article(article, title="Tên mới", slug="ten-moi")
    assert client.get(old).headers["Location"] == f"/bai-viet/ten-moi-{article}"


def test_in_english_the_one_address_keeps_its_prefix(client: PortalClient) -> None:
    article = cast.an_article("Plan", language="en")
    assert client.get(f"/en/bai-viet/other-{article}").headers["Location"] == f"/en/bai-viet/plan-{article}"


@pytest.mark.parametrize("slug", ["Ke-Hoach", "-a", "a-", "a--b", "k%E1%BA%BF", "a_b", ""])
def test_a_slug_that_is_none_is_not_found(client: PortalClient, slug: str) -> None:
    assert client.get(f"/bai-viet/{slug}-{cast.an_article()}").status_code == 404


def test_the_page_names_its_one_address(client: PortalClient) -> None:
    page = cast.article_path(cast.an_article())
    links = Elements(client.get(page + "?utm_source=x").text).of("link")
    assert [link["href"] for link in links if link.get("rel") == "canonical"] == [f"http://localhost{page}"]


def test_the_page_tells_its_path_its_day_and_its_author(client: PortalClient) -> None:
    section = cast.a_section("Thông báo")
    published = clock.instant_at("2022-03-17T23:30")
    article = cast.an_article(section=section, published_at=published, author_line="Văn phòng Sở")
    text = client.get(cast.article_path(article)).text
    crumbs = text.partition('<ol class="crumbs">')[2].partition("</ol>")[0]
    assert [link["href"] for link in Elements(crumbs).of("a")] == ["/", "/chuyen-muc/thong-bao"]
    assert 'Đăng ngày <time datetime="2022-03-17T23:30:00+07:00">17/03/2022</time>' in text
    assert "Văn phòng Sở" in text


def test_a_corrected_article_says_when(client: PortalClient) -> None:
    article = cast.an_article(updated_at=clock.instant_at("2022-03-18T10:32"))
    text = client.get(cast.article_path(article)).text
    assert "10:32" in text
    assert "18/03/2022" in text


def test_what_an_author_did_not_write_is_not_printed(client: PortalClient) -> None:
    text = client.get(cast.article_path(cast.an_article(lead=""))).text
    assert 'class="lead' not in text
    assert 'class="author"' not in text
    assert "Tệp đính kèm" not in text


def test_text_is_printed_as_its_author_wrote_it(client: PortalClient) -> None:
    body = "<p>Kế hoạch số 30/KH-UBND ngày 23/02/3022 &amp; “trích dẫn” 1 &lt; 2</p>"
    assert body in client.get(cast.article_path(cast.an_article(body=body))).text


def test_titles_and_leads_are_text_and_no_markup(client: PortalClient) -> None:
    evil = "<b>a</b><script>alert(1)</script>\"'&"
    article = cast.an_article(evil, lead=evil, author_line=evil, section=cast.a_section("<i>x</i>"))
    for page in (cast.article_path(article, evil), "/", "/chuyen-muc/i-x-i", "/sitemap-articles-1.xml", "/rss.xml", "/atom.xml"):
        text = client.get(page).text
        assert "<script>alert" not in text
        assert "<b>a</b>" not in text
        assert "<i>x</i>" not in text


def test_a_body_that_reached_the_database_unclean_is_cleaned_on_its_page(client: PortalClient) -> None:
    article = cast.an_article(body='<p onclick="x()">a</p><script>alert(1)</script><img src=x onerror=y><svg onload=z>')
    text = client.get(cast.article_path(article)).text
    assert "alert(1)" not in text
    assert "onclick" not in text
    assert "onerror" not in text


def test_the_attachments_are_listed_in_their_order_with_type_and_size(client: PortalClient) -> None:
    article = cast.an_article()
    keys = [cast.an_attachment(article, name=f"Phụ lục {number}.pdf") for number in (1, 2)]
    text = client.get(cast.article_path(article)).text
    assert text.index("Phụ lục 1.pdf") < text.index("Phụ lục 2.pdf")
    for key in keys:
        assert f'href="/tep/{key}"' in text
        assert f'href="/tep/{key}/mo"' in text
    assert f"{len(cast.A_PDF)} B" in text
    assert "PDF" in text


def test_only_a_pdf_is_offered_for_opening(client: PortalClient) -> None:
    article = cast.an_article()
    key = cast.an_attachment(article, b"so,ten\n1,a\n", "Danh sách.csv")
    text = client.get(cast.article_path(article)).text
    assert f'href="/tep/{key}"' in text
    assert f"/tep/{key}/mo" not in text


def test_a_poll_stands_in_the_article_that_carries_it(client: PortalClient) -> None:
    poll = cast.a_poll()
    with_poll, without = cast.an_article(poll_id=poll.id), cast.an_article()
    assert f'id="poll-{poll.id}"' in client.get(cast.article_path(with_poll)).text
    assert "poll-form" not in client.get(cast.article_path(without)).text


def test_the_page_s_data_for_machines_is_valid(client: PortalClient) -> None:
    text = client.get(cast.article_path(cast.an_article('Tên "lạ" </script>'), 'Tên "lạ" </script>')).text
    for piece in text.split('<script type="application/ld+json">')[1:]:
        assert json.loads(piece.partition("</script>")[0])
