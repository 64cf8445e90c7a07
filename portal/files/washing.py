"""A picture written anew without what the camera noted, in a process with limits (core.limits); so it imports nothing of ours.

What is no part of the picture, such as another file that hides behind it, goes with it. Complaints are one word: "broken",
"large" or "kind".
"""

import struct
import zlib
from typing import Any

from PIL import Image, ImageOps, UnidentifiedImageError

MOST_PIXELS = 50_000_000
LONGEST_SIDE = 16_000
"""What a file may claim in its header; looked at before anything is decoded. As in `drawing`."""
WRITTEN: dict[str, dict[str, Any]] = {
    "JPEG": {"quality": "keep"},
    "PNG": {"optimize": False},
    "WEBP": {"quality": 92, "method": 4},
}
ANEW = {"JPEG": {"quality": 95}}
"""What cannot keep its tables: it had to be turned upright, or was the first of several."""
SEVERAL = "MPO"
"""A JPEG with others behind it, as many telephones write it: a depth map, the brightest parts, the same from another side."""
TRANSPOSED = 0x0112
FAULTS = (OSError, SyntaxError, ArithmeticError, LookupError, TypeError, AttributeError, struct.error, zlib.error)


def wash(task: dict[str, Any]) -> dict[str, Any]:
    """Write the picture at task["source"] into the file task["into"], upright, without metadata. Return its size in pixels."""
    Image.MAX_IMAGE_PIXELS = None  # ours is looked at next
    try:
        with Image.open(task["source"], formats=tuple(WRITTEN)) as picture:
            if picture.width * picture.height > MOST_PIXELS or max(picture.size) > LONGEST_SIDE:
                raise ValueError("large")
            return _written(picture, task["into"])
    except UnidentifiedImageError as error:
        raise ValueError("kind") from error
    except FAULTS as error:
        if isinstance(error, OSError) and error.errno is not None:  # the disk's fault; Pillow's own errors have no number
            raise
        raise ValueError("broken") from error


def _written(picture: Image.Image, into: str) -> dict[str, Any]:
    form = "JPEG" if picture.format == SEVERAL else picture.format or ""
    is_turned = picture.getexif().get(TRANSPOSED, 1) not in {0, 1}
    options = {**WRITTEN[form], **(ANEW.get(form, {}) if is_turned or picture.format == SEVERAL else {})}
    profile, transparency = picture.info.get("icc_profile"), picture.info.get("transparency")
    upright = ImageOps.exif_transpose(picture) if is_turned else picture
    upright.load()
    upright.info = {} if transparency is None else {"transparency": transparency}
    if profile:
        options["icc_profile"] = profile
    upright.save(into, form, exif=b"", **options)
    return {"width": upright.width, "height": upright.height}
