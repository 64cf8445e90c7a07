"""Pictures of a document as files that we take: looked at before they are decoded, turned into PNG where that is needed."""

import io
import re
import struct
import warnings
import zlib
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path

from PIL import Image, UnidentifiedImageError

from portal.articles.docx.objects import Drawn
from portal.articles.docx.package import Link, Package

TAKEN = ("JPEG", "PNG", "WEBP")
TURNED = ("GIF", "BMP", "TIFF")
LARGEST = 20_000_000
MOST_PIXELS = 50_000_000
LONGEST_SIDE = 16_000
"""What a file may claim in its header (files.drawing has the same)."""
MOST = 60
TURNED_ROUND = {5, 6, 7, 8}
"""Values of EXIF's orientation that change width and height."""
ORIENTATION = 0x0112
NO_WORDS = re.compile(r"\S{1,80}\.(?:png|jpe?g|gif|bmp|tiff?|webp|emf|wmf)", re.IGNORECASE)
"""A file's name in the place of a description."""


@dataclass(slots=True)
class Pictures:
    """The pictures of a document that were written into a folder, in order."""

    package: Package
    links: dict[str, Link]
    folder: Path
    left: Counter[str]
    kept: list[dict[str, object]] = field(default_factory=list)

    def keep(self, drawn: Drawn) -> int | None:
        """Write a picture and return its number, None where it cannot be carried."""
        link = self.links.get(drawn.link)
        if link is None or link.is_outside:
            self.left["outside" if link is not None else "pictures"] += 1
            return None
        number = len(self.kept)
        if number == MOST:
            self.left["beyond"] += 1
            return None
        content = self._content(link.target)
        size = _written(content, self.folder / str(number)) if content else None
        if size is None:
            self.left["pictures"] += 1
            return None
        alt = " ".join(drawn.alt.split())
        self.kept.append({"alt": "" if NO_WORDS.fullmatch(alt) else alt, "width": size[0], "height": size[1]})
        return number

    def _content(self, name: str) -> bytes:
        member = self.package.archive.NameToInfo.get(name)
        return self.package.read(name) if member is not None and member.file_size <= LARGEST else b""


def _written(content: bytes, path: Path) -> tuple[int, int] | None:
    """Write a picture as it is, or as PNG; return its width and height as one sees it, None where it is none that we take."""
    Image.MAX_IMAGE_PIXELS = None  # Pillow's own limit is wider; ours is looked at next
    try:
        with warnings.catch_warnings(), Image.open(io.BytesIO(content), formats=TAKEN + TURNED) as picture:
            warnings.simplefilter("ignore")
            if picture.width * picture.height > MOST_PIXELS or max(picture.size) > LONGEST_SIDE:
                return None
            size = picture.size[::-1] if picture.getexif().get(ORIENTATION) in TURNED_ROUND else picture.size
            if picture.format in TURNED:
                picture.convert("RGBA").save(path, "PNG")
            else:
                picture.draft("RGB", (1, 1))
                picture.load()
                path.write_bytes(content)
            return size
    except (UnidentifiedImageError, SyntaxError, ArithmeticError, LookupError, TypeError, AttributeError, ValueError, EOFError):
        return None
    except (struct.error, zlib.error):
        return None
    except OSError as error:  # Pillow's own errors have no number
        if error.errno is not None:
            raise
        return None
