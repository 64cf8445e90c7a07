"""A picture that comes is written anew: upright, without what the camera noted, and without what hides behind it."""

from pathlib import Path

import pytest

from portal.files import washing
from tests.files import documents, samples


@pytest.fixture
def into(tmp_path: Path) -> Path:
    return tmp_path / "washed"


def washed(content: bytes, into: Path) -> bytes:
    source = into.with_name("source")
    source.write_bytes(content)
    washing.wash({"source": str(source), "into": str(into)})
    return into.read_bytes()


def test_where_and_by_whom_it_was_taken_is_gone(into: Path) -> None:
    clean = washed(samples.taken_somewhere(), into)
    assert b"SECRET" not in clean
    assert not samples.seen(clean).getexif()
    assert samples.seen(clean).size == (1200, 800)


def test_it_stands_upright(into: Path) -> None:
    clean = samples.seen(washed(samples.taken_somewhere(orientation=6), into))
    assert clean.size == (800, 1200)
    assert not clean.getexif()
    red, _green, blue = clean.convert("RGB").getpixel((780, 20))  # type: ignore[misc]
    assert red > 200 > blue


@pytest.mark.parametrize("form", ["JPEG", "PNG", "WEBP"])
def test_what_hides_behind_it_is_gone(into: Path, form: str) -> None:
    clean = washed(samples.a_photo(60, 40, form) + documents.a_zip() + documents.A_PAGE, into)
    assert b"PK\x03\x04" not in clean
    assert b"<script" not in clean
    assert samples.seen(clean).size == (60, 40)


def test_what_can_be_seen_through_stays_so(into: Path) -> None:
    assert samples.seen(washed(samples.a_photo(60, 40, "PNG", "RGBA"), into)).mode == "RGBA"


@pytest.mark.parametrize(
    ("content", "word"),
    [
        (samples.a_bomb(100_000, 100_000), "large"),
        (samples.a_bomb(20_000, 10), "large"),
        (samples.a_photo()[:2_000], "broken"),
        (samples.A_DRAWING, "kind"),
        (b"", "kind"),
    ],
)
def test_what_is_no_sound_picture_is_refused_with_a_word(into: Path, content: bytes, word: str) -> None:
    with pytest.raises(ValueError, match=word):
        washed(content, into)


def test_of_a_telephone_s_several_pictures_the_first_stays(into: Path) -> None:
    content = samples.with_others_behind()
    assert samples.seen(content).format == "MPO"
    clean = samples.seen(washed(content, into))
    assert (clean.format, clean.size) == ("JPEG", (1200, 800))
    assert b"SECRET" not in into.read_bytes()
