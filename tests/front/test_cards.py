"""The card: the picture that stands for a page without one where its address is passed on."""

import io
import threading
import time
from pathlib import Path

import pytest
from flask import Flask
from PIL import Image, ImageFont

from portal.core import clock
from portal.front import card_drawing, cards
from tests import cast
from tests.client import PortalClient

LETTERS = "aăâbcdđeêghiklmnoôơpqrstuưvxy" + "".join(
    letter + mark for letter in "aăâeêioôơuưy" for mark in ("\u0300", "\u0301", "\u0303", "\u0309", "\u0323")
)
SIZE = (1200, 630)
MOST_OCTETS = 150_000
PAPER = (246, 244, 239)


def kept(app: Flask) -> list[Path]:
    return sorted((Path(app.instance_path) / "cards").glob("*"))


def font(size: int = 64) -> ImageFont.FreeTypeFont:
    return ImageFont.truetype(str(cards.FONT), size, layout_engine=ImageFont.Layout.BASIC)


def fonts() -> dict[int, ImageFont.FreeTypeFont]:
    return {size: font(size) for size in card_drawing.SIZES}


@pytest.mark.slow(why="draws two cards, each in a process of its own")
def test_an_article_has_a_card(app: Flask, client: PortalClient) -> None:
    article = cast.an_article()
    answer = client.get(f"/the/{article}.png")
    assert (answer.status_code, answer.content_type) == (200, "image/png")
    assert len(answer.data) < MOST_OCTETS
    card = Image.open(io.BytesIO(answer.data)).convert("RGB")
    assert card.size == SIZE
    corner = card.getpixel((5, 5))
    assert isinstance(corner, tuple)
    assert all(abs(a - b) < 3 for a, b in zip(corner, PAPER, strict=True))
    assert client.get(f"/the/{article}.png", headers={"If-None-Match": answer.headers["ETag"]}).status_code == 304
    assert client.get(f"/the/{article}.png").data == answer.data
    assert len(kept(app)) == 1
    assert client.get("/the/trang.png").data != answer.data


@pytest.mark.slow(why="draws two cards, each in a process of its own")
def test_a_new_title_has_a_new_card(app: Flask, client: PortalClient) -> None:
    article = cast.an_article()
    before = client.get(f"/the/{article}.png")
    cast.change_article(article, title="Tên khác")
    after = client.get(f"/the/{article}.png", headers={"If-None-Match": before.headers["ETag"]})
    assert after.status_code == 200
    assert after.data != before.data
    assert len(kept(app)) == 2


def test_what_the_public_may_not_see_has_no_card(client: PortalClient) -> None:
    now = clock.now_ms()
    english = cast.an_article("One", section=cast.a_section("Notices", "en"), language="en")
    for article in (cast.an_article(published_at=now + clock.HOUR), cast.an_article(withdrawn_at=now), english, 99):
        assert client.get(f"/the/{article}.png").status_code == 404


@pytest.mark.each_case_on_both
@pytest.mark.parametrize("name", ["0", "-1", "01", "x", str(2**31), "9" * 30, "%D9%A1", "1.5", ""])
def test_a_card_of_nothing_is_not_found(client: PortalClient, name: str) -> None:
    assert client.get(f"/the/{name}.png").status_code == 404


def test_whoever_would_have_to_wait_long_is_asked_to_come_again(
    app: Flask, client: PortalClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    begun, end, drawn = threading.Semaphore(0), threading.Event(), list[str]()

    def draw(path: Path, task: dict[str, str]) -> None:
        begun.release()
        assert end.wait(10)
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(b"card")
        drawn.append(task["title"])

    monkeypatch.setattr(cards, "_draw", draw)
    articles = [cast.an_article(f"Tin {number}") for number in range(3)]
    answers = dict[int, int]()

    def ask(article: int) -> None:
        with app.app_context():
            answers[article] = app.test_client().get(f"/the/{article}.png").status_code

    askers = [threading.Thread(target=ask, args=(article,)) for article in articles[:2]]
    for asker in askers:
        asker.start()
    assert begun.acquire(timeout=10)
    while cards._waiting._value:  # until the second one waits
        time.sleep(0.01)
    refused = client.get(f"/the/{articles[2]}.png")
    assert (refused.status_code, refused.headers["Retry-After"]) == (503, "5")
    assert client.get("/").status_code == 200
    end.set()
    for asker in askers:
        asker.join(10)
    assert set(answers.values()) == {200}
    assert len(drawn) == 2
    assert client.get(f"/the/{articles[2]}.png").status_code == 200


@pytest.mark.slow(why="starts the drawing process")
def test_a_card_that_cannot_be_drawn_in_time_is_asked_for_again_later(
    app: Flask, client: PortalClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    article = cast.an_article()
    monkeypatch.setattr(cards, "DRAWING_S", 0.001)
    answer = client.get(f"/the/{article}.png")
    assert (answer.status_code, answer.headers["Retry-After"]) == (503, "5")
    assert kept(app) == []
    monkeypatch.undo()
    assert client.get(f"/the/{article}.png").status_code == 200


def test_a_full_disk_is_no_error_of_ours(app: Flask, client: PortalClient) -> None:
    (Path(app.instance_path) / "cards").touch()  # no folder can be made there
    assert client.get("/the/trang.png").status_code == 503


def test_the_oldest_cards_are_forgotten(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cards, "MOST_KEPT", 1)
    cards.forget_oldest({})
    for name in ("cu", "moi"):
        path = Path(app.instance_path) / "cards" / f"{name}.png"
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(b"card")
    cards.forget_oldest({})
    assert len(kept(app)) == 1


def test_every_vietnamese_letter_is_drawn() -> None:
    for text in (LETTERS, LETTERS.upper()):
        composed = cards.clean_line(text)
        assert card_drawing.fitted(composed, font(), room=10**6) == composed


def test_a_letter_that_the_font_lacks_is_left_out() -> None:
    assert card_drawing.fitted("Tin → mới 漢字 🙂 nhất", font()) == "Tin mới nhất"


def test_a_long_title_is_set_smaller_and_then_cut_between_words() -> None:
    size, lines = card_drawing.wrapped("Kế hoạch truyền thông", fonts())
    assert (size, lines) == (64, ["Kế hoạch truyền thông"])
    size, lines = card_drawing.wrapped("Kế hoạch truyền thông " * 8, fonts())
    assert size < 64
    assert len(lines) <= 4
    size, lines = card_drawing.wrapped("Kế hoạch truyền thông " * 13, fonts())
    assert (size, len(lines)) == (card_drawing.SIZES[-1], 4)
    assert lines[-1].endswith("…")
    assert " ".join(lines)[:-1] in "Kế hoạch truyền thông " * 13
    for line in card_drawing.wrapped("Nghiêng" * 60, fonts())[1]:
        assert font(card_drawing.SIZES[-1]).getlength(line) <= card_drawing.ROOM


def test_a_card_without_words_is_drawn_too(tmp_path: Path) -> None:
    task = {
        "font": str(cards.FONT),
        "title": "",
        "agency": "",
        "locality": "",
        "day": "",
        "emblem": "",
        "into": str(tmp_path / "a.png"),
    }
    card_drawing.draw({**task, "paper": "#F6F4EF", "straw": "#E3B04B", "brand": "#0B4F4A"})
    with Image.open(tmp_path / "a.png") as card:
        assert card.size == SIZE
