"""The emblem is put up as PNG or WebP, made anew, chosen like any other setting; anything else is refused."""

import io

import pytest
from PIL import Image

from portal.core.db import db
from portal.files.models import Picture
from portal.files.renditions import render_waiting
from portal.site import shelf
from tests.client import Elements
from tests.files import samples
from tests.settings.forms import Office, changes

PICTURES = "/ban-bien-tap/anh-cua-trang"
SVG = b'<?xml version="1.0"?><svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>'


def put(office: Office, content: bytes | None, path: str = "/bieu-trung", **words: str) -> tuple[int, str]:
    file = {} if content is None else {"picture": (io.BytesIO(content), "bieu-trung.png")}
    answer = office.browser.submit(f"{PICTURES}{path}", {"token": office.form("bieu-trung")["token"], **words, **file})
    return answer.status_code, answer.text


def an_emblem(width: int = 200, height: int = 200, form: str = "PNG") -> bytes:
    return samples.saved(Image.new("RGB", (width, height), "teal"), form)


@pytest.mark.slow(why="renders pictures")
def test_an_emblem_is_chosen_looked_at_and_seen_and_goes_back(office: Office) -> None:
    assert put(office, an_emblem() + b"GPS: 15.12, 108.80")[0] == 303
    render_waiting()
    key = db.session.query(Picture).one().key
    assert f'src="/anh/{key}/200.webp"' in office.send("bieu-trung", office.form("bieu-trung"), "preview", emblem=key).text
    assert key not in office.browser.get("/").text
    assert office.change("bieu-trung", emblem=key).status_code == 303
    page = Elements(office.browser.get("/").text)
    (shown,) = [one for one in page.of("img") if one.get("class") == "emblem"]
    assert (shown["src"], shown["alt"], shown["width"]) == (f"/anh/{key}/200.webp", "", "52")
    assert f"/anh/{key}/200.webp" in [one.get("href") for one in page.of("link")]
    served = office.browser.get(f"/anh/{key}/200.webp")
    assert (served.status_code, served.content_type, b"GPS" in served.data) == (200, "image/webp", False)
    assert office.change("bieu-trung", emblem="").status_code == 303
    assert key not in office.browser.get("/").text
    assert len(changes("bieu-trung")) == 2


def test_what_is_no_emblem_is_refused_with_a_sentence(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shelf, "LARGEST_EMBLEM", 400_000)
    refused = [
        (None, "Hãy chọn một ảnh"),
        (b"", "Hãy chọn một ảnh"),
        (SVG, "Không nhận tệp SVG"),
        (b"\xef\xbb\xbf  <SVG/>", "Không nhận tệp SVG"),
        (an_emblem(form="JPEG"), "PNG, WebP"),
        (an_emblem(form="GIF"), "PNG, WebP"),
        (b"<html><script>alert(1)</script>", "PNG, WebP"),
        (an_emblem(63, 200), "63 × 200"),
        (samples.a_bomb(30_000, 30_000), "từ 64 đến 4096 điểm ảnh"),
        (an_emblem()[:20], "PNG"),
        (an_emblem() + bytes(400_000), "quá lớn"),
    ]
    for content, said in refused:
        status, text = put(office, content)
        assert (status, said in text) == (422, True), said
    db.session.rollback()
    assert db.session.query(Picture).count() == 0


def test_a_picture_of_the_shelf_needs_its_words(office: Office) -> None:
    for content, words, said in [
        (None, {"alt": "Đèn lồng"}, "Hãy chọn một ảnh"),
        (samples.a_photo(), {"alt": " "}, "ảnh"),
        (SVG, {"alt": "Đèn lồng"}, "JPEG, PNG, WebP"),
    ]:
        status, text = put(office, content, "", **words)
        assert (status, said in text) == (422, True)
        assert f'value="{words["alt"]}"' in text
