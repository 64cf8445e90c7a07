"""The agency's own film plays on the page, from this site, and begins only when somebody asks."""

import pytest
from flask import Flask

from portal.core.errors import Refused
from portal.files.renditions import render_waiting
from tests import cast
from tests.client import Elements, PortalClient
from tests.files import samples

A_FILM = b"\x00\x00\x00\x20ftypisom\x00\x00\x02\x00isomiso2avc1mp41" + bytes(2_000)


@pytest.fixture
def database() -> str:
    """Bytes are on disk, whatever the database."""
    return "sqlite"


@pytest.fixture
def article() -> int:
    return cast.an_article()


@pytest.fixture
def film(article: int) -> str:
    return f"/tep/{cast.an_attachment(article, A_FILM, 'Phóng sự.mp4')}"


def test_a_film_plays_on_the_page_and_loads_nothing_before(client: PortalClient, article: int, film: str) -> None:
    page = client.get(cast.article_path(article)).text
    (video,) = Elements(page).of("video")
    assert (video["src"], video["preload"]) == (f"{film}/mo", "none")
    assert "controls" in video
    assert "autoplay" not in video
    assert "MP4 · 2 kB" in page
    assert f'href="{film}"' in page


def test_a_film_comes_in_the_parts_that_a_player_asks_for(client: PortalClient, film: str) -> None:
    answer = client.get(film + "/mo", headers={"Range": "bytes=0-9"})
    assert (answer.status_code, answer.data, answer.headers["Content-Type"]) == (206, A_FILM[:10], "video/mp4")
    assert "sandbox" in answer.headers["Content-Security-Policy"]


def test_a_film_by_name_alone_does_not_play(client: PortalClient, article: int) -> None:
    key = cast.an_attachment(article, b"<script>alert(1)</script>", "Phóng sự.mp4")
    assert client.get(f"/tep/{key}/mo").status_code == 404
    assert Elements(client.get(cast.article_path(article)).text).of("video") == []


def test_a_film_of_a_withdrawn_article_is_gone(client: PortalClient, article: int, film: str) -> None:
    cast.change_article(article, withdrawn_at=1)
    assert [client.get(film + path).status_code for path in ("", "/mo")] == [404, 404]


ELSEWHERE = "https://video.example.vn/xem?v=1&t=2"


def test_a_film_elsewhere_is_our_picture_with_a_link(client: PortalClient, article: int, here: None) -> None:
    """Its site is asked nothing until somebody goes there: no player of another's, no picture from there."""
    cast.a_picture(article, samples.a_photo(), link=ELSEWHERE)
    render_waiting()

    page = Elements(client.get(cast.article_path(article)).text)

    (link,) = (one for one in page.of("a") if one.get("href") == ELSEWHERE)
    assert link["rel"] == "noopener"
    assert page.of("iframe") == page.of("video") == []
    named = [value for _, attributes in page.found for name, value in attributes.items() if "video.example.vn" in str(value)]
    assert named == [ELSEWHERE]
    assert "Xem video tại video.example.vn" in client.get(cast.article_path(article)).text


@pytest.mark.parametrize(
    "link",
    [
        "http://video.example.vn/1",
        "//video.example.vn/1",
        "javascript:alert(1)",
        "data:text/html,x",
        "https://a@video.example.vn/1",
        "https://video/1",
        "https://video.example.vn/<1>",
        "https://video.example.vn/ 1",
        "https://phim.vn\\@evil.example/1",
        "https://video.example.vn/" + "x" * 500,
        "/tep/1",
    ],
)
def test_what_is_no_full_address_is_refused(app: Flask, article: int, link: str) -> None:
    with pytest.raises(Refused):
        cast.a_picture(article, samples.a_photo(), link=link)
