"""A static page shows its pictures and lists its files, as an article does."""

import io
from zipfile import ZipFile

import pytest

from portal.files.renditions import render_waiting
from tests import cast
from tests.client import Elements, PortalClient
from tests.files import samples
from tests.front.maps import ROOT, head_of
from tests.site.placed import a_file_at, a_picture_at


def test_a_page_without_them_has_no_room_for_them(client: PortalClient) -> None:
    cast.a_page("Ngân sách")
    text = client.get("/trang/ngan-sach").text
    assert 'id="attachments"' not in text
    assert 'id="album"' not in text


def test_a_page_s_files_are_listed_saved_and_taken_together(client: PortalClient) -> None:
    page = cast.a_page("Ngân sách")
    first, second = (a_file_at(f"page:{page}", cast.A_PDF + name.encode(), f"{name}.pdf") for name in ("Dự toán", "Quyết toán"))
    text = client.get("/trang/ngan-sach").text
    assert [f'href="/tep/{key}"' in text for key in (first, second)] == [True, True]
    assert client.get(f"/tep/{first}").data == cast.A_PDF + "Dự toán".encode()
    assert '<a href="/trang/ngan-sach">Ngân sách</a>' in client.get(f"/tep/{first}/xem").text
    whole = client.get(f"/tep/tat-ca/page-{page}.zip")
    assert f'href="/tep/tat-ca/page-{page}.zip"' in text
    assert ZipFile(io.BytesIO(whole.data)).namelist() == ["Dự toán.pdf", "Quyết toán.pdf"]


def test_a_file_leads_back_to_its_page_in_that_page_s_language(client: PortalClient) -> None:
    key = a_file_at(f"page:{cast.a_page('Budget', language='en')}", cast.A_PDF, "Budget.pdf")
    assert '<a href="/en/trang/budget">Budget</a>' in client.get(f"/tep/{key}/xem").text


@pytest.mark.slow(why="renders pictures")
def test_a_page_s_pictures_are_shown(client: PortalClient) -> None:
    page = cast.a_page("Giới thiệu")
    lead = a_picture_at(f"page:{page}", samples.a_photo(1400, 900), alt="Trụ sở")
    a_picture_at(f"page:{page}", samples.a_photo(700, 500), alt="Sân trước", kind="album")
    render_waiting()
    text = client.get("/trang/gioi-thieu").text
    shown = [one["alt"] for one in Elements(text.partition("<main")[2]).of("img") if one.get("srcset")]
    assert shown == ["Trụ sở", "Sân trước"]
    assert head_of(text).said["og:image"] == f"{ROOT}/anh/{lead}/1400.webp"
    assert client.get(f"/anh/{lead}/1400.webp").status_code == 200


@pytest.mark.parametrize("place", ["page:4711", "strip:4711"])
def test_a_file_of_nothing_is_nobody_s(client: PortalClient, place: str) -> None:
    assert client.get(f"/tep/{a_file_at(place, cast.A_PDF, 'Tệp.pdf')}").status_code == 404
