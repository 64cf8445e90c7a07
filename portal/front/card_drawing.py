"""The card that stands for a page where its address is passed on: title, agency and day on paper (LOOK 1.5).

Drawn in a process with limits (core.limits), so it imports nothing of ours. The ground has no letter outside of the heading
font's subset (docs/fonts.md); what a title has beyond it is left out.
"""

from typing import Any, TypeAlias

from PIL import Image, ImageDraw, ImageFont, ImageOps

WIDTH, HEIGHT, MARGIN = 1200, 630, 72
ROOM = WIDTH - 2 * MARGIN
SIZES = (64, 56, 48, 42)
"""Of the title; the first that takes at most MOST_LINES lines."""
MOST_LINES = 4
LINE_HEIGHT = 1.32
"""Marks above capitals and below small letters need it (LOOK 1.2)."""

INK, INK_2 = "#17211F", "#4A5653"
EMBLEM = 88
SHARPER = 4
"""The emblem is drawn this much larger, then made small, for smooth edges."""
COLOURS = 64

Font: TypeAlias = "ImageFont.FreeTypeFont"


def draw(task: dict[str, Any]) -> None:
    """Write a card as PNG to task["into"].

    task: "font" (a path), "title", "agency", "locality", "day", the colours "paper", "brand" and "straw", and "emblem", the
    path of the agency's own or "".
    """
    card = Image.new("RGB", (WIDTH, HEIGHT), task["paper"])
    pen = ImageDraw.Draw(card)
    fonts = {size: ImageFont.truetype(task["font"], size, layout_engine=ImageFont.Layout.BASIC) for size in (*SIZES, 30, 26)}
    card.paste(_own_emblem(task) if task["emblem"] else _emblem(task), (MARGIN, 56))
    left = MARGIN + EMBLEM + 24
    for text, size, colour, top in ((task["agency"].upper(), 30, task["brand"], 58), (task["locality"], 26, INK_2, 102)):
        pen.text((left, top), fitted(text, fonts[size], WIDTH - MARGIN - left), font=fonts[size], fill=colour)
    size, lines = wrapped(task["title"], fonts)
    step = round(size * LINE_HEIGHT)
    top = 170 + (550 - 170 - step * len(lines)) // 2
    for place, line in enumerate(lines):
        pen.text((MARGIN, top + place * step), line, font=fonts[size], fill=INK)
    pen.rectangle((MARGIN, 556, MARGIN + ROOM, 561), fill=task["straw"])
    pen.text((MARGIN, 574), task["day"], font=fonts[26], fill=INK_2)
    card.quantize(COLOURS).save(task["into"], "PNG", optimize=True)


def wrapped(title: str, fonts: dict[int, Font]) -> tuple[int, list[str]]:
    """Return the size in which a title is set, and its lines; what is too long even in the smallest is cut between words."""
    for size in SIZES:
        lines = _lines(_known(title, fonts[size]), fonts[size])
        if len(lines) <= MOST_LINES:
            return size, lines
    last = fitted(" ".join(lines[MOST_LINES - 1 :]), fonts[size])
    return size, [*lines[: MOST_LINES - 1], last]


def fitted(text: str, font: Font, room: float = ROOM) -> str:
    """Return one line of a text, cut between words, or within the first, where it is too long."""
    text = _known(text, font)
    if font.getlength(text) <= room:
        return text
    while text and font.getlength(text + "…") > room:
        text = text.rpartition(" ")[0] or text[:-1]
    return text + "…"


def _lines(text: str, font: Font) -> list[str]:
    lines: list[str] = []
    for word in text.split():
        whole = f"{lines[-1]} {word}" if lines else word
        if lines and font.getlength(whole) <= ROOM:
            lines[-1] = whole
        else:
            lines.append(fitted(word, font))
    return lines


def _known(text: str, font: Font) -> str:
    """Return a text without the letters that the font does not have."""
    nothing = bytes(font.getmask("\uffff"))
    kept = {letter for letter in set(text) if letter.isspace() or bytes(font.getmask(letter)) != nothing}
    return " ".join("".join(letter for letter in text if letter in kept).split())


def _own_emblem(task: dict[str, Any]) -> Image.Image:
    """Return the agency's emblem, as large as there is room, on paper."""
    ground = Image.new("RGBA", (EMBLEM, EMBLEM), task["paper"])
    with Image.open(task["emblem"], formats=["WEBP"]) as picture:
        shown = ImageOps.contain(picture.convert("RGBA"), (EMBLEM, EMBLEM), Image.Resampling.LANCZOS)
    ground.alpha_composite(shown, ((EMBLEM - shown.width) // 2, (EMBLEM - shown.height) // 2))
    return ground.convert("RGB")


def _emblem(task: dict[str, Any]) -> Image.Image:
    """Return the village gate: a white square, a gate with a round opening, and a lintel of straw."""
    side = EMBLEM * SHARPER
    large = Image.new("RGB", (side, side), task["paper"])
    pen = ImageDraw.Draw(large)

    def at(*points: float) -> list[float]:
        return [point * side / 48 for point in points]

    pen.rounded_rectangle(at(0, 0, 48, 48), radius=side / 6, fill="#FFFFFF")
    pen.rectangle(at(6, 8.5, 42, 12), fill=task["straw"])
    pen.rectangle(at(9, 14, 39, 41), fill=task["brand"])
    pen.ellipse(at(17, 22, 31, 36), fill="#FFFFFF")
    pen.rectangle(at(17, 29, 31, 41), fill="#FFFFFF")
    return large.resize((EMBLEM, EMBLEM), Image.Resampling.LANCZOS)
