"""A PDF's pages as pictures with their text, made in a process with limits (core.limits); so it imports nothing of ours.

What it says of a file that it cannot show is one word: "encrypted", "broken" or "empty".
"""

import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

from pypdfium2 import PdfDocument, PdfiumError, PdfPage, raw

WIDTH = 900
"""In pixels; a phone's screen at its own density."""
TALLEST = 2_700
QUALITY = 75
MOST_PICTURED = 60
MOST_READ = 300
"""Pages whose text is read."""
MOST_OF_A_PAGE = 20_000
"""Characters of one page; as much as fits on one with letters that can be read."""

COMPLAINTS = {raw.FPDF_ERR_PASSWORD: "encrypted", raw.FPDF_ERR_SECURITY: "encrypted", raw.FPDF_ERR_SUCCESS: "empty"}
"""PDFium's codes for a document that it does not open; one without pages it refuses with "success"."""


def leaf_through(task: dict[str, Any]) -> dict[str, Any]:
    """Write the pages of the PDF at task["source"] as WebP into the folder task["into"], for task["seconds"] at most.

    Return {"pages": their number, "is_signed", "texts": [a text for each page read], "sheets": [{"file", "page", "width",
    "height"}, …]}. Raises ValueError with a word.
    """
    until = time.monotonic() + task["seconds"]
    document = _opened(task["source"])
    pages = len(document)
    with suppress(PdfiumError):
        document.init_forms()  # else stamps of signatures and what was filled in are not drawn
    texts, sheets = [], []
    for number, page in _each(document, min(pages, MOST_READ), until):
        texts.append(_text(page) if page else "")
        if page and number <= MOST_PICTURED:
            sheets += _drawn(page, number, Path(task["into"]))
    return {"pages": pages, "is_signed": _is_signed(document), "texts": texts, "sheets": sheets}


def _opened(path: str) -> PdfDocument:
    try:
        return PdfDocument(path)
    except PdfiumError as error:
        raise ValueError(COMPLAINTS.get(error.err_code, "broken")) from error


def _each(document: PdfDocument, most: int, until: float) -> Iterator[tuple[int, PdfPage | None]]:
    """Yield pages with their numbers while there is time; None for one that is broken."""
    for number in range(1, most + 1):
        if time.monotonic() > until:
            return
        try:
            page = document[number - 1]
        except PdfiumError:
            yield number, None
            continue
        yield number, page
        page.close()


def _text(page: PdfPage) -> str:
    try:
        return str(page.get_textpage().get_text_bounded())[:MOST_OF_A_PAGE]
    except PdfiumError:
        return ""


def _drawn(page: PdfPage, number: int, folder: Path) -> list[dict[str, Any]]:
    """Draw one page and return its sheet; nothing where it has no size or cannot be drawn."""
    wide, high = page.get_size()
    if wide < 1 or high < 1:
        return []
    try:
        picture = page.render(scale=min(WIDTH / wide, TALLEST / high)).to_pil()
    except (PdfiumError, ValueError):  # ValueError: less than a pixel is left of one side
        return []
    name = f"{number}.webp"
    picture.convert("RGB").save(folder / name, "WEBP", quality=QUALITY, method=4)
    return [{"file": name, "page": number, "width": picture.width, "height": picture.height}]


def _is_signed(document: PdfDocument) -> bool:
    """Tell whether a signature's field holds a signature; whether that is valid is not looked at."""
    number = raw.FPDF_GetSignatureCount(document)
    signatures = (raw.FPDF_GetSignatureObject(document, index) for index in range(min(number, 100)))
    return any(raw.FPDFSignatureObj_GetByteRange(one, None, 0) > 0 for one in signatures if one)
