"""Xem nhanh: a PDF's pages are read on any device, as pictures with their text; where they cannot be, a sentence says so."""

import re

import pytest
from flask import Flask
from sqlalchemy import delete, event

from portal.core.db import db, write
from portal.files import preview, renditions
from portal.files.models import Rendering
from portal.files.renditions import render_waiting
from tests import cast
from tests.client import PortalClient
from tests.files import samples


@pytest.fixture
def article() -> int:
    return cast.an_article()


def attached(article: int, pdf: bytes, *, ready: bool = True) -> str:
    """Attach a PDF to an article and return its address."""
    key = cast.an_attachment(article, pdf, "Kế hoạch số 30.pdf")
    if ready:
        render_waiting()
    return f"/tep/{key}"


@pytest.mark.usefixtures("here")
def test_every_page_is_shown_with_its_text(client: PortalClient, article: int) -> None:
    url = attached(article, samples.a_pdf(["Mot", "Hai"]))
    page = client.get(url + "/xem").text
    assert "<h1" in page
    assert "Kế hoạch số 30.pdf" in page
    assert re.findall(r'<img src="([^"]+)"', page)[-2:] == [f"{url}/trang/1.webp", f"{url}/trang/2.webp"]
    assert re.findall(r"<div>(Mot|Hai)</div>", page) == ["Mot", "Hai"]
    assert 'width="900" height="1274"' in page
    for number in (1, 2):
        assert samples.seen(client.get(f"{url}/trang/{number}.webp").data).size == (900, 1274)


@pytest.mark.usefixtures("here")
def test_the_page_leads_back_to_what_it_is_attached_to(client: PortalClient, article: int) -> None:
    assert f'href="{cast.article_path(article)}"' in client.get(attached(article, samples.a_pdf()) + "/xem").text


@pytest.mark.usefixtures("here")
def test_the_line_on_the_article_says_what_is_in_it(client: PortalClient, article: int) -> None:
    url = attached(article, samples.a_pdf(["Mot"] * 14, extra=samples.SIGNED))
    page = client.get(cast.article_path(article)).text
    assert re.search(r"PDF · [\d,]+ kB · 14 trang · Có chữ ký số<", page)
    assert page.index(f'href="{url}/xem"') < page.index(f'href="{url}"')
    assert "Xem nhanh" in page


@pytest.mark.usefixtures("here")
def test_a_scan_says_that_it_is_one(client: PortalClient, article: int) -> None:
    url = attached(article, samples.a_pdf(["", ""]))
    said = "2 trang · Bản quét, chưa tìm kiếm được theo nội dung"
    assert said in client.get(cast.article_path(article)).text
    page = client.get(url + "/xem").text
    assert said in page
    assert "<details" not in page[page.index("<h1 id=") :]


def test_until_it_is_ready_it_says_so_and_offers_the_file(client: PortalClient, article: int) -> None:
    url = attached(article, samples.a_pdf(), ready=False)
    assert f"{url}/xem" not in client.get(cast.article_path(article)).text
    page = client.get(url + "/xem").text
    assert "Đang chuẩn bị bản xem nhanh" in page
    assert f'href="{url}"' in page
    assert client.get(url + "/trang/1.webp").status_code == 404


@pytest.mark.usefixtures("here")
def test_what_said_that_it_is_being_made_shows_it_at_once(client: PortalClient, article: int) -> None:
    url = attached(article, samples.a_pdf(["Mot"]), ready=False)
    client.get(url + "/xem")
    render_waiting()
    assert "<div>Mot</div>" in client.get(url + "/xem").text


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
def test_one_that_nobody_asked_for_yet_is_not_called_damaged(client: PortalClient, article: int) -> None:
    url = attached(article, samples.a_pdf(), ready=False)
    write(lambda session: session.execute(delete(Rendering)))
    assert "Đang chuẩn bị bản xem nhanh" in client.get(url + "/xem").text


@pytest.mark.usefixtures("here")
@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
def test_one_of_which_nothing_is_shown_does_not_say_that_its_beginning_is(
    client: PortalClient, article: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(preview, "MOST_SHOWN", 0)
    page = client.get(attached(article, samples.a_pdf()) + "/xem").text
    assert "Tệp quá lớn hoặc quá phức tạp" in page
    assert "trang đầu" not in page


BAD = {
    "one with a password": (samples.a_pdf(trailer=samples.LOCKED), "Tệp được đặt mật khẩu"),
    "a broken one": (b"%PDF-1.7\nrubbish", "Tệp bị hỏng"),
    "one that takes too long": (b"limit", "Tệp quá lớn hoặc quá phức tạp"),
    "one without pages": (b"empty", "Tệp này không có trang nào"),
}


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
@pytest.mark.parametrize("name", BAD)
def test_one_that_cannot_be_shown_is_a_sentence(
    client: PortalClient, article: int, here: None, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    pdf, words = BAD[name]
    if not pdf.startswith(b"%PDF"):  # the reasons that only a process of its own can give

        def complain(*_: object, **__: object) -> None:
            raise ValueError(pdf.decode())

        monkeypatch.setattr(renditions, "call", complain)
    url = attached(article, pdf if pdf.startswith(b"%PDF") else samples.a_pdf())
    answer = client.get(url + "/xem")
    assert answer.status_code == 200
    assert words in answer.text
    assert f'href="{url}"' in answer.text
    assert f"{url}/xem" not in client.get(cast.article_path(article)).text


@pytest.mark.usefixtures("here")
def test_of_a_long_document_the_beginning_is_shown_and_the_rest_is_not_kept_secret(
    client: PortalClient, article: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(preview, "MOST_SHOWN", 2)
    page = client.get(attached(article, samples.a_pdf(["Mot"] * 3)) + "/xem").text
    assert "Trang này hiện 2 trang đầu trong tổng số 3 trang" in page
    assert page.count('class="leaf"') == 2


@pytest.mark.slow(why="draws sixty pages, in a process of its own")
@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
def test_five_thousand_pages_stop_nobody(app: Flask, client: PortalClient, article: int) -> None:
    page = client.get(attached(article, samples.a_pdf(["Mot"] * 5_000)) + "/xem").text
    assert "60 trang đầu trong tổng số 5.000 trang" in page
    assert page.count('class="leaf"') == 60


@pytest.mark.usefixtures("here")
def test_what_is_withdrawn_can_no_longer_be_read(client: PortalClient, article: int) -> None:
    url = attached(article, samples.a_pdf())
    assert [client.get(url + path).status_code for path in ("/xem", "/trang/1.webp")] == [200, 200]
    cast.change_article(article, withdrawn_at=1)
    assert [client.get(url + path).status_code for path in ("/xem", "/trang/1.webp")] == [404, 404]


@pytest.mark.usefixtures("here")
def test_what_is_no_pdf_has_no_pages(client: PortalClient, article: int) -> None:
    url = attached(article, samples.a_photo())
    assert [client.get(url + path).status_code for path in ("/xem", "/trang/1.webp", "/mo")] == [404, 404, 404]


@pytest.mark.usefixtures("here")
@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
@pytest.mark.parametrize("bad", ["0", "-1", "3", "01", "9223372036854775808", "%D9%A1", "1%00", "x"])
def test_a_page_that_is_not_there_is_not_found(client: PortalClient, article: int, bad: str) -> None:
    url = attached(article, samples.a_pdf(["Mot", "Hai"]))
    assert client.get(f"{url}/trang/{bad}.webp").status_code == 404


@pytest.mark.usefixtures("here")
def test_both_languages_say_it_in_theirs(client: PortalClient, article: int) -> None:
    url = attached(article, samples.a_pdf(["Mot", "Hai"]))
    page = client.get("/en" + url + "/xem").text
    assert "2 pages" in page
    assert f'href="{url}/xem"' in page, "the way to the Vietnamese page"
    assert f'href="{cast.article_path(article)}"' in page, "the article has no English address"


@pytest.mark.usefixtures("here")
def test_search_engines_are_led_to_the_article_instead(client: PortalClient, article: int) -> None:
    assert '<meta name="robots" content="noindex">' in client.get(attached(article, samples.a_pdf()) + "/xem").text


@pytest.mark.usefixtures("here")
def test_a_long_document_takes_no_more_queries(client: PortalClient, article: int) -> None:
    asked: list[str] = []
    event.listen(db.engine, "before_cursor_execute", lambda *call: asked.append(call[2]))
    numbers = []
    for url in [attached(article, samples.a_pdf(["Mot"] * pages)) + "/xem" for pages in (2, 1, 12)]:
        asked.clear()
        client.get(url)
        numbers.append(len(asked))
    assert numbers[1] == numbers[2], "the first one also looks up what a process looks up once"
