"""The widths in which a picture is drawn. A pure rule."""

WIDTHS = (320, 640, 960, 1600)
SHOWN_SIDE = 1_600
"""The longest side of what a page shows (LOOK 1.6, rule 8)."""
USUAL_WIDTH = 640
"""The rendition for browsers that do not choose by themselves."""


def widths(width: int, height: int) -> list[int]:
    """Return the widths in which a picture is drawn, the widest first: none wider than it is, no side over SHOWN_SIDE."""
    widest = max(1, min(width, SHOWN_SIDE, SHOWN_SIDE * width // height))
    return [widest, *(one for one in reversed(WIDTHS) if one < widest)]


def usual(some: list[int]) -> int:
    """Return the width that a text names, of those in which its picture is drawn."""
    return next((one for one in sorted(some) if one >= USUAL_WIDTH), max(some))


def height_of(drawn: int, width: int, height: int) -> int:
    """Return the height of a picture of some size that is drawn in a width."""
    return max(1, round(height * drawn / width))
