"""A picture's renditions, drawn in a process with limits (core.limits); so it imports nothing of ours but its siblings.

What it says of a file that it cannot draw is one word: "broken", "large" or "kind".
"""

import io
import struct
import zlib
from contextlib import suppress
from pathlib import Path
from typing import Any

from PIL import Image, ImageCms, ImageOps, UnidentifiedImageError

from portal.files.widths import SHOWN_SIDE, height_of, widths

FORMATS = ("JPEG", "PNG", "WEBP")
MOST_PIXELS = 50_000_000
LONGEST_SIDE = 16_000
"""What a file may claim in its header; looked at before anything is decoded."""

QUALITY = 80


def draw(task: dict[str, Any]) -> dict[str, Any]:
    """Write the picture at task["source"] as WebP into the folder task["into"]; what is transparent stays so where task["clear"].

    Return {"sheets": [{"file", "page": 0, "width", "height"}, …]}, the widest first. Raises ValueError with a word.
    """
    picture = _opened(Path(task["source"]), is_clear=bool(task.get("clear")))
    sheets = []
    for width in widths(*picture.size):
        height = height_of(width, *picture.size)
        name = f"{width}.webp"
        drawn = picture.resize((width, height), Image.Resampling.LANCZOS, reducing_gap=3.0)
        drawn.save(Path(task["into"]) / name, "WEBP", quality=QUALITY, method=4)
        sheets.append({"file": name, "page": 0, "width": width, "height": height})
    return {"sheets": sheets}


def _opened(path: Path, *, is_clear: bool) -> Image.Image:
    """Return the picture upright, in plain sRGB, on white unless `is_clear`, with none of its metadata: where it was taken is
    nobody's business."""
    Image.MAX_IMAGE_PIXELS = None  # Pillow's own limit is wider, and warns first; ours is looked at next
    try:
        with Image.open(path, formats=FORMATS) as picture:
            _refuse_large(picture)
            picture.draft("RGB", (SHOWN_SIDE, SHOWN_SIDE))
            return _plain(ImageOps.exif_transpose(picture), is_clear=is_clear)
    except UnidentifiedImageError as error:
        raise ValueError("kind") from error
    except (OSError, SyntaxError, ArithmeticError, LookupError, TypeError, AttributeError, struct.error, zlib.error) as error:
        if isinstance(error, OSError) and error.errno is not None:  # the disk's fault; Pillow's own errors have no number
            raise
        raise ValueError("broken") from error


def _refuse_large(picture: Image.Image) -> None:
    if picture.width * picture.height > MOST_PIXELS or max(picture.size) > LONGEST_SIDE:
        raise ValueError("large")


def _plain(picture: Image.Image, *, is_clear: bool) -> Image.Image:
    if picture.mode.startswith("I"):  # 16 bits of grey, of which Pillow would keep the lower 8
        picture = picture.convert("I").point(lambda value: value / 256)
    profile = picture.info.get("icc_profile")
    if picture.mode in {"P", "LA", "PA"} or "transparency" in picture.info:
        picture = picture.convert("RGBA")
    if profile:
        with suppress(ImageCms.PyCMSError, OSError):
            wanted = "RGBA" if picture.mode == "RGBA" else "RGB"
            own = ImageCms.ImageCmsProfile(io.BytesIO(profile))
            picture = ImageCms.profileToProfile(picture, own, ImageCms.createProfile("sRGB"), outputMode=wanted) or picture
    if picture.mode == "RGBA" and not is_clear:
        ground = Image.new("RGBA", picture.size, "white")
        picture = Image.alpha_composite(ground, picture)
    plain = picture.convert("RGBA" if picture.mode == "RGBA" else "RGB")
    plain.info.clear()
    return plain
