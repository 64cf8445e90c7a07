"""A picture is drawn upright, in the widths that screens need, and tells nothing of where it was taken."""

from pathlib import Path

import pytest
from PIL import Image

from portal.files.drawing import draw, widths
from tests.files import samples


def drawn(folder: Path, content: bytes, **asked: bool) -> list[Image.Image]:
    """Return the renditions of a picture, the widest first."""
    source = folder / "source"
    source.write_bytes(content)
    made = draw({"source": str(source), "into": str(folder), **asked})
    return [samples.seen((folder / sheet["file"]).read_bytes()) for sheet in made["sheets"]]


@pytest.mark.parametrize(
    ("size", "expected"),
    [
        ((4000, 3000), [1600, 960, 640, 320]),
        ((1200, 800), [1200, 960, 640, 320]),
        ((640, 480), [640, 320]),
        ((200, 200), [200]),
        ((1500, 3000), [800, 640, 320]),
        ((10_000, 10), [1600, 960, 640, 320]),
        ((1, 9_000), [1]),
    ],
)
def test_no_picture_is_enlarged_and_no_side_is_over_the_longest(size: tuple[int, int], expected: list[int]) -> None:
    assert widths(*size) == expected


@pytest.mark.parametrize("form", ["JPEG", "PNG", "WEBP"])
def test_each_rendition_has_its_width_and_the_picture_s_shape(tmp_path: Path, form: str) -> None:
    pictures = drawn(tmp_path, samples.a_photo(900, 600, form))
    assert [picture.size for picture in pictures] == [(900, 600), (640, 427), (320, 213)]
    assert {picture.format for picture in pictures} == {"WEBP"}


def test_what_a_camera_noted_is_gone(tmp_path: Path) -> None:
    content = samples.taken_somewhere()
    assert b"SECRET-COMMENT" in content
    assert b"SECRET-PHOTOGRAPHER" in content
    for picture in drawn(tmp_path, content):
        assert not picture.getexif()
        assert not {"exif", "xmp", "icc_profile", "comment"} & set(picture.info)
    assert not [path for path in tmp_path.glob("*.webp") if b"SECRET" in path.read_bytes() or b"EXIF" in path.read_bytes()]


def test_a_picture_taken_sideways_stands_upright(tmp_path: Path) -> None:
    (widest, *_) = drawn(tmp_path, samples.taken_somewhere(orientation=6))  # to be turned clockwise
    assert widest.size == (800, 1200)
    red, blue = widest.getpixel((700, 100)), widest.getpixel((100, 100))
    assert red[0] > 200 > blue[0]  # type: ignore[index]


@pytest.mark.parametrize(
    ("form", "mode"), [("JPEG", "CMYK"), ("JPEG", "L"), ("PNG", "P"), ("PNG", "LA"), ("PNG", "1"), ("WEBP", "RGBA")]
)
def test_every_kind_of_colours_becomes_plain_ones(tmp_path: Path, form: str, mode: str) -> None:
    assert {picture.mode for picture in drawn(tmp_path, samples.a_photo(400, 300, form, mode))} == {"RGB"}


def test_what_is_transparent_stands_on_white(tmp_path: Path) -> None:
    (picture,) = drawn(tmp_path, samples.saved(Image.new("RGBA", (40, 40), (0, 0, 0, 0)), "PNG"))
    assert picture.getpixel((20, 20)) == (255, 255, 255)


def test_an_emblem_keeps_what_is_transparent(tmp_path: Path) -> None:
    content = samples.saved(Image.new("RGBA", (400, 400), (11, 79, 74, 0)), "PNG")
    assert {(one.mode, one.getpixel((20, 20))[3]) for one in drawn(tmp_path, content, clear=True)} == {("RGBA", 0)}  # type: ignore[index]


def test_sixteen_bits_of_grey_keep_their_brightness(tmp_path: Path) -> None:
    (picture,) = drawn(tmp_path, samples.saved(Image.new("I;16", (40, 40), 30_000), "PNG"))
    assert 110 < picture.convert("L").getpixel((20, 20)) < 125  # type: ignore[operator]


def test_a_moving_picture_stands_still(tmp_path: Path) -> None:
    frames = [Image.new("RGB", (60, 40), colour) for colour in ("red", "blue")]
    moving = samples.saved(frames[0], "WEBP", save_all=True, append_images=frames[1:])
    (picture,) = drawn(tmp_path, moving)
    assert getattr(picture, "n_frames", 1) == 1


BAD = {
    "a header that claims 3,600 million pixels": (samples.a_bomb(60_000, 60_000), "large"),
    "a header that claims just too many": (samples.a_bomb(7_100, 7_100), "large"),
    "a header that claims one long side": (samples.a_bomb(17_000, 1), "large"),
    "a header without the picture": (samples.a_bomb(500, 500), "broken"),
    "half a JPEG": (samples.a_photo()[:6_000], "broken"),
    "half a WebP": (samples.a_photo(form="WEBP")[:200], "broken"),
    "an SVG with a script": (
        b'<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"><script>alert(1)</script></svg>',
        "kind",
    ),
    "a page": (b"<!doctype html><script>alert(1)</script>", "kind"),
    "a GIF": (samples.a_photo(form="GIF"), "kind"),
    "a TIFF": (samples.a_photo(form="TIFF"), "kind"),
    "a PDF": (samples.a_pdf(), "kind"),
    "nothing": (b"", "kind"),
}


@pytest.mark.parametrize("name", BAD)
def test_what_cannot_be_drawn_is_said_in_a_word(tmp_path: Path, name: str) -> None:
    content, word = BAD[name]
    with pytest.raises(ValueError, match=rf"\A{word}\Z"):
        drawn(tmp_path, content)
    assert list(tmp_path.glob("*.webp")) == []
