"""Pictures stand on a page with their words, in the width that a screen needs, and only while the page is there for everybody."""

import re
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import select

from portal.core import clock
from portal.core.db import db, write
from portal.core.errors import Refused
from portal.files import pictures, storage
from portal.files.models import File, Picture
from portal.files.renditions import render_waiting
from tests import cast
from tests.client import Elements, PortalClient
from tests.files import samples


def images(client: PortalClient, article: int) -> list[dict[str, str | None]]:
    return Elements(client.get(cast.article_path(article)).text).of("img")


@pytest.fixture
def article() -> int:
    return cast.an_article()


@pytest.fixture
def shown(article: int, here: None) -> str:
    """An address of a picture that is ready, of 1200 by 800."""
    key = cast.a_picture(article, samples.a_photo(), caption="Ruộng tỏi.", credit=cast.PEOPLE["author"])
    render_waiting()
    return f"/anh/{key}/640.webp"


def test_a_picture_is_shown_with_its_words(client: PortalClient, article: int, shown: str) -> None:
    (image,) = (one for one in images(client, article) if one.get("srcset"))
    folder = shown.removesuffix("/640.webp")
    assert (image["src"], image["width"], image["height"]) == (shown, "1200", "800")
    assert image["srcset"] == ", ".join(f"{folder}/{width}.webp {width}w" for width in (320, 640, 960, 1200))
    assert image["alt"] == "Ruộng tỏi chạy ra tới biển"
    assert image["sizes"]
    page = client.get(cast.article_path(article)).text
    assert "Ruộng tỏi." in page
    assert f"Ảnh: {cast.PEOPLE['author']}" in page


def test_every_address_that_the_page_names_is_there(client: PortalClient, article: int, shown: str) -> None:
    for address, width in re.findall(r"(/anh/\w+/(\d+)\.webp) \d+w", client.get(cast.article_path(article)).text):
        answer = client.get(address)
        assert answer.headers["Content-Type"] == "image/webp"
        assert samples.seen(answer.data).width == int(width)


def test_before_it_is_ready_there_is_no_broken_picture(client: PortalClient, article: int) -> None:
    key = cast.a_picture(article, samples.a_photo())
    assert [one for one in images(client, article) if "/anh/" in str(one.get("src"))] == []
    assert client.get(f"/anh/{key}/640.webp").status_code == 404


@pytest.mark.usefixtures("here")
def test_the_page_shows_it_as_soon_as_it_is_ready(client: PortalClient, article: int) -> None:
    key = cast.a_picture(article, samples.a_photo())
    before = client.get(cast.article_path(article)).text
    render_waiting()
    assert key not in before
    assert key in client.get(cast.article_path(article)).text


@pytest.mark.usefixtures("here")
def test_one_that_cannot_be_shown_is_left_out(client: PortalClient, article: int) -> None:
    cast.a_picture(article, samples.a_photo()[:5_000])
    render_waiting()
    assert [one for one in images(client, article) if "/anh/" in str(one.get("src"))] == []


@pytest.mark.usefixtures("here")
def test_an_album_stands_in_order_and_leads_to_large_pictures(client: PortalClient, article: int) -> None:
    cast.a_picture(article, samples.a_photo())
    for width in (400, 500, 600):
        cast.a_picture(article, samples.a_photo(width), kind="album", alt=f"Ảnh rộng {width}")
    render_waiting()
    page = client.get(cast.article_path(article)).text
    assert re.findall(r'alt="Ảnh rộng (\d+)"', page) == ["400", "500", "600"]
    large = re.findall(r'<a href="(/anh/\w+/(\d+)\.webp)">', page)
    assert [width for _, width in large] == ["400", "500", "600"]
    assert [client.get(address).status_code for address, _ in large] == [200] * 3


@pytest.mark.usefixtures("here")
def test_a_picture_may_stand_at_two_places_with_other_words(client: PortalClient, article: int) -> None:
    other = cast.an_article("Bài khác")
    keys = {cast.a_picture(article, samples.a_photo()), cast.a_picture(other, samples.a_photo(), alt="Cánh đồng")}
    render_waiting()
    assert len(keys) == 2
    assert 'alt="Cánh đồng"' in client.get(cast.article_path(other, "Bài khác")).text
    assert db.session.scalars(select(File.kind)).all().count("image/jpeg") == 1


@pytest.mark.usefixtures("here")
def test_lists_ask_for_all_their_leads_at_once(app: Flask) -> None:
    articles = [cast.an_article() for _ in range(3)]
    for article in articles[:2]:
        cast.a_picture(article, samples.a_photo())
    cast.a_picture(articles[2], samples.a_photo(), kind="album")
    render_waiting()
    with app.test_request_context("/"):
        leads = pictures.leads_at([f"article:{article}" for article in articles])
    assert set(leads) == {f"article:{article}" for article in articles[:2]}


@pytest.mark.usefixtures("here")
def test_a_place_with_many_leads_takes_none_from_the_others(app: Flask) -> None:
    crowded, plain = cast.an_article(), cast.an_article()
    cast.a_picture(crowded, b"\x89PNG\r\n\x1a\nrubbish" + bytes(20), alt="Hỏng")
    for number in range(6):
        cast.a_picture(crowded, samples.a_photo(400), alt=f"Ảnh {number}")
    for _ in range(8):
        cast.a_picture(cast.an_article(), samples.a_photo(400))
    cast.a_picture(plain, samples.a_photo(400), alt="Ảnh riêng")
    render_waiting()
    with app.test_request_context("/"):
        leads = pictures.leads_at([f"article:{crowded}", f"article:{plain}"])
    assert [still.alt for still in leads.values()].count("Ảnh 0") == 1, "the first that can be shown"
    assert leads[f"article:{plain}"].alt == "Ảnh riêng"


def test_a_browser_keeps_a_picture_and_no_shared_cache_does(client: PortalClient, shown: str) -> None:
    answer = client.get(shown)
    assert answer.headers["Cache-Control"] == "private, max-age=31536000, immutable"
    again = client.get(shown, headers={"If-None-Match": answer.headers["ETag"]})
    assert (again.status_code, again.data) == (304, b"")
    assert "Set-Cookie" not in answer.headers


def test_a_picture_runs_nothing(client: PortalClient, shown: str) -> None:
    headers = client.get(shown).headers
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Content-Security-Policy"] == "default-src 'none'; style-src 'unsafe-inline'; sandbox"
    assert headers["X-Frame-Options"] == "DENY"


def test_head_says_the_size_without_the_bytes(client: PortalClient, shown: str) -> None:
    answer = client.head(shown)
    assert (answer.status_code, answer.data) == (200, b"")
    assert int(answer.headers["Content-Length"]) == len(client.get(shown).data)


@pytest.mark.parametrize("values", [{"withdrawn_at": 1}, {"published_at": 2**42}])
def test_what_is_not_public_shows_no_picture(client: PortalClient, article: int, shown: str, values: dict[str, int]) -> None:
    assert client.get(shown).status_code == 200
    cast.change_article(article, **values)
    assert client.get(shown).status_code == 404
    assert client.get(shown, headers={"If-None-Match": "*"}).status_code == 404


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
@pytest.mark.parametrize("bad", ["0", "-1", "641", "0640", "9223372036854775808", "%D9%A1", "640.0", "640%00", "large"])
def test_a_width_that_was_not_made_is_not_found(client: PortalClient, shown: str, bad: str) -> None:
    assert client.get(shown.replace("640", bad)).status_code == 404


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
@pytest.mark.parametrize("key", ["unknown", "a" * 32, "..%2f..%2fsecret_key", "%00", "1", "A" * 900])
def test_a_key_that_is_none_is_not_found(client: PortalClient, shown: str, key: str) -> None:
    assert client.get(f"/anh/{key}/640.webp").status_code == 404


REFUSED = {
    "an SVG named .png": (samples.A_DRAWING, "Không nhận loại tệp này"),
    "a GIF": (samples.a_photo(form="GIF"), "Không nhận loại tệp này"),
    "a page": (b"<!doctype html><script>alert(1)</script>", "Không nhận loại tệp này"),
    "a PDF": (cast.A_PDF, "Không nhận loại tệp này"),
    "one too heavy": (samples.a_bomb(9, 9) + bytes(pictures.LARGEST), "Tệp quá lớn (tối đa 20 MB)"),
}


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
@pytest.mark.parametrize("name", REFUSED)
def test_what_is_no_picture_is_refused_in_words(app: Flask, article: int, name: str) -> None:
    content, words = REFUSED[name]
    with pytest.raises(Refused, match=re.escape(words)):
        cast.a_picture(article, content)
    assert db.session.scalars(select(Picture)).all() == []


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
@pytest.mark.parametrize("alt", ["", "   ", "\u200b\u202e"])
def test_a_picture_that_nobody_described_is_refused(app: Flask, article: int, alt: str) -> None:
    with pytest.raises(Refused, match="mô tả ảnh"):
        cast.a_picture(article, samples.a_photo(), alt=alt)


def test_words_are_kept_as_one_line_and_printed_as_words(client: PortalClient, article: int, here: None) -> None:
    cast.a_picture(article, samples.a_photo(), alt='"><script>\nalert(1)', caption="<b>Ruộng</b> a\u0302\u0301y")
    render_waiting()
    page = client.get(cast.article_path(article)).text
    assert "<script>alert" not in page
    assert "&lt;b&gt;Ruộng&lt;/b&gt; ấy" in page


def test_a_place_shows_no_more_than_a_page_can_bear(
    app: Flask, client: PortalClient, article: int, here: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pictures, "MOST_SHOWN", 2)
    for _ in range(4):
        cast.a_picture(article, samples.a_photo(), kind="album")
    render_waiting()
    assert len([one for one in images(client, article) if "/anh/" in str(one.get("src"))]) == 2


def test_a_picture_of_a_thing_that_nobody_guards_is_not_public(app: Flask, client: PortalClient, here: None) -> None:
    stored = storage.keep(samples.a_photo())
    key = write(lambda session: pictures.place_picture(session, stored, place="draft:1", kind="lead", alt="Ruộng").key)
    render_waiting()
    assert client.get(f"/anh/{key}/640.webp").status_code == 404


def test_what_was_drawn_of_it_lies_where_files_lie(app: Flask, shown: str) -> None:
    on_disk = {path.name for path in Path(app.instance_path, "files").rglob("*") if path.is_file()}
    assert on_disk == set(db.session.scalars(select(File.stored_as)))
    assert clock.now_ms() >= max(db.session.scalars(select(File.created_at)))
