"""The emblem is put up as PNG or WebP, made anew, chosen like any other setting; anything else is refused."""

import io

import pytest
from PIL import Image

from portal.core.db import db
from portal.files.models import Picture
from portal.files.renditions import render_waiting
from portal.front import card_drawing
from portal.site import shelf
from tests import cast
from tests.audit.recording import entries
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


def a_ring() -> bytes:
    """Return an emblem of which all but a band in the middle is transparent."""
    picture = Image.new("RGBA", (200, 200), (0, 0, 0, 0))
    picture.paste((0, 128, 128, 255), (0, 60, 200, 140))
    return samples.saved(picture, "PNG")


def pixel(picture: bytes, x: int, y: int) -> tuple[int, ...]:
    found = Image.open(io.BytesIO(picture)).convert("RGBA").getpixel((x, y))
    assert isinstance(found, tuple)
    return found


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


@pytest.mark.slow(why="renders a picture, and draws a card")
def test_what_is_transparent_shows_the_masthead_and_the_card_s_paper(office: Office) -> None:
    assert put(office, a_ring())[0] == 303
    render_waiting()
    key = db.session.query(Picture).one().key
    assert office.change("bieu-trung", emblem=key).status_code == 303
    served = office.browser.get(f"/anh/{key}/200.webp").data
    assert (pixel(served, 100, 10)[3], pixel(served, 100, 100)[3]) == (0, 255)
    card, left, top = office.browser.get("/the/trang.png").data, card_drawing.MARGIN, 56
    assert pixel(card, left + 44, top + 5) == pixel(card, 5, 5)
    band = pixel(card, left + 44, top + 44)
    assert all(abs(came - wanted) < 16 for came, wanted in zip(band, (0, 128, 128), strict=False))


def test_a_picture_that_nothing_shows_is_removed_and_one_that_is_shown_says_where(office: Office) -> None:
    assert put(office, an_emblem())[0] == 303
    assert put(office, samples.a_photo(), "", alt="Đèn lồng")[0] == 303
    emblem, photo = (one.key for one in db.session.query(Picture).order_by(Picture.id))
    page = cast.a_page("Giới thiệu", body=f'<p>Sở.</p><img src="/anh/{photo}/640.webp" alt="Đèn">')
    render_waiting()
    assert office.change("bieu-trung", emblem=emblem).status_code == 303
    assert f'value="{photo}"' in office.browser.get(PICTURES).text

    def remove(key: str) -> tuple[int, str]:
        answer = office.browser.submit(f"{PICTURES}/bo", {"token": office.form("bieu-trung")["token"], "key": key})
        return answer.status_code, answer.text

    for key, said in ((emblem, "Hãy chọn biểu trưng khác trước"), (photo, "nằm trong nội dung trang “Giới thiệu”")):
        status, text = remove(key)
        assert (status, said in text) == (422, True), text
    assert office.change("bieu-trung", emblem="").status_code == 303
    assert office.change(f"trang-{page}", body="<p>Sở.</p>").status_code == 303
    assert [remove(key)[0] for key in (emblem, photo, photo, "x" * 32)] == [303] * 4
    db.session.rollback()
    assert db.session.query(Picture).count() == 0
    assert office.browser.get(f"/anh/{emblem}/200.webp").status_code == 404
    told = [one.fields for one in entries() if one.action == "site_pictures_changed"]
    assert told == ['{"what":"put_up"}'] * 2 + ['{"what":"removed"}'] * 2


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
