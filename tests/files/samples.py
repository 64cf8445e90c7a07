"""Pictures and PDFs for tests, good and bad, made here."""

import io
import struct
import zlib
from collections.abc import Sequence
from typing import Any

from PIL import Image

A_DRAWING = b'<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"><script>alert(1)</script></svg>'

ORIENTATION = 0x0112
GPS = 0x8825


def a_photo(width: int = 1200, height: int = 800, form: str = "JPEG", mode: str = "RGB", **options: Any) -> bytes:
    """Return a picture whose upper left quarter is red and whose rest is blue."""
    picture = Image.new("RGB", (width, height), "blue")
    picture.paste("red", (0, 0, width // 2, height // 2))
    return saved(picture.convert(mode), form, **options)


def saved(picture: Image.Image, form: str, **options: Any) -> bytes:
    file = io.BytesIO()
    picture.save(file, form, **options)
    return file.getvalue()


def seen(content: bytes) -> Image.Image:
    """Return the picture that bytes are."""
    return Image.open(io.BytesIO(content))


def taken_somewhere(orientation: int = 1) -> bytes:
    """Return a photo that says where it was taken, by whom, and how the camera was held."""
    exif = Image.Exif()
    exif[ORIENTATION] = orientation
    exif[0x013B] = "SECRET-PHOTOGRAPHER"
    exif.get_ifd(GPS)[2] = (15.0, 22.0, 30.0)
    return a_photo(exif=exif, comment=b"SECRET-COMMENT", xmp=b"<x:xmpmeta>SECRET-XMP</x:xmpmeta>")


def with_others_behind() -> bytes:
    """Return a photo as many telephones write it: a JPEG with a second picture behind it, here half as large (CIPA DC-007)."""
    file, second = io.BytesIO(), seen(a_photo(600, 400))
    seen(taken_somewhere()).save(file, "MPO", save_all=True, append_images=[second])
    return file.getvalue()


def a_bomb(width: int, height: int) -> bytes:
    """Return a PNG of a hundred bytes that claims to be huge."""

    def chunk(name: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))

    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(bytes(100))) + chunk(b"IEND", b"")


def a_pdf(texts: Sequence[str] = ("Trang mot",), *, size: str = "595 842", extra: str = "", trailer: str = "") -> bytes:
    """Return a PDF with a page for each text. `extra` goes into its catalog, `trailer` into its trailer."""
    numbers = [5 + 2 * index for index in range(len(texts))]
    objects = {
        1: f"<</Type/Catalog/Pages 2 0 R{extra}>>",
        2: f"<</Type/Pages/Count {len(texts)}/Kids[{' '.join(f'{number} 0 R' for number in numbers)}]>>",
        3: "<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>",
    }
    for number, text in zip(numbers, texts, strict=True):
        drawing = f"BT /F 24 Tf 60 700 Td ({text}) Tj ET" if text else ""
        page = f"/MediaBox[0 0 {size}]/Resources<</Font<</F 3 0 R>>>>/Contents {number + 1} 0 R"
        objects[number] = f"<</Type/Page/Parent 2 0 R{page}>>"
        objects[number + 1] = f"<</Length {len(drawing)}>>stream\n{drawing}\nendstream"
    return _written(objects, trailer)


SIGNED = (
    "/AcroForm<</SigFlags 3/Fields[<</FT/Sig/T(chu ky)/Type/Annot/Subtype/Widget/Rect[0 0 0 0]"
    "/V<</Type/Sig/Filter/Adobe.PPKLite/ByteRange[0 10 20 10]/Contents<00>>>>>]>>"
)
TO_BE_SIGNED = "/AcroForm<</Fields[<</FT/Sig/T(chu ky)/Type/Annot/Subtype/Widget/Rect[0 0 0 0]>>]>>"
LOCKED = f"/ID[<{'00' * 16}><{'00' * 16}>]/Encrypt<</Filter/Standard/V 1/R 2/P -4/O<{'ab' * 32}>/U<{'cd' * 32}>>>"


def _written(objects: dict[int, str], trailer: str) -> bytes:
    body, places = b"%PDF-1.7\n", []
    for number, text in objects.items():
        places.append((number, len(body)))
        body += f"{number} 0 obj{text}endobj\n".encode()
    table = "0 1\n0000000000 65535 f \n" + "".join(f"{number} 1\n{place:010} 00000 n \n" for number, place in places)
    end = f"trailer<</Size {max(objects) + 1}/Root 1 0 R{trailer}>>\nstartxref\n{len(body)}\n%%EOF\n"
    return body + f"xref\n{table}{end}".encode()
