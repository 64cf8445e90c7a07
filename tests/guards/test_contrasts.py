"""Every colour can be told from its ground, in both schemes and all palettes (WCAG 2.2, 1.4.3 and 1.4.11)."""

import re
from pathlib import Path
from typing import TypeAlias

import pytest

Tokens: TypeAlias = dict[str, str]

GROUNDS = ("page", "surface", "sunken")
SOFT = ("ok", "warn", "bad", "info")
TEXTS = [
    *[(ink, ground) for ink in ("ink", "ink-2") for ground in GROUNDS],
    *[(ink, ground) for ink in ("link", "visited", "accent", "brand-strong") for ground in ("page", "surface")],
    *[(f"{kind}", f"{kind}-soft") for kind in SOFT],
    *[("ink", f"{kind}-soft") for kind in SOFT],
    *[("ink", ground) for ground in ("ins", "del", "mark", "brand-soft")],
    *[("on-brand", "brand"), ("on-brand-2", "brand"), ("on-button", "button")],
]
GRAPHICS = [
    *[(mark, ground) for mark in ("control", "focus") for ground in GROUNDS],
    *[("straw", "brand"), ("focus-on-brand", "brand")],
    *[(bar, ground) for bar in ("bar", "bar-mine") for ground in ("surface", "track")],
]
PALETTES = ("co-vit", "cham", "gom", "than", "quoc-tang")
LIGHT, DARK = ":root", ':root[data-scheme="dark"]'
ASKED_FOR = ':root:not([data-scheme="light"])'


def blocks(root: Path) -> dict[str, Tokens]:
    """Return the colours that each selector of tokens.css sets."""
    css = re.sub(r"/\*.*?\*/", "", (root / "static/css/tokens.css").read_text("utf-8"), flags=re.DOTALL)
    found: dict[str, Tokens] = {}
    for selector, body in re.findall(r"([^{}]+){([^{}]*)}", css):
        colours = dict(re.findall(r"--([\w-]+):\s*(#[0-9A-Fa-f]{6})\b", body))
        found.setdefault(selector.strip(), {}).update(colours)
    return found


def tokens(root: Path, scheme: str, palette: str) -> Tokens:
    """Return the colours of a scheme and a palette, in the order in which the stylesheet overrides them."""
    known = blocks(root)
    chosen = known.get(f':root[data-palette="{palette}"]', {})
    if palette == "quoc-tang":  # light in both schemes, and last
        return known[LIGHT] | (known[DARK] if scheme == "dark" else {}) | chosen
    return known[LIGHT] | chosen | (known[DARK] if scheme == "dark" else {})


def contrast(first: str, second: str) -> float:
    """Return the contrast ratio of two colours, 1 to 21 (WCAG 2.2)."""
    lighter, darker = sorted((luminance(first), luminance(second)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def luminance(colour: str) -> float:
    channels = [int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5)]
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


@pytest.mark.parametrize("palette", PALETTES)
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_text_can_be_read(root: Path, scheme: str, palette: str) -> None:
    colours = tokens(root, scheme, palette)
    assert {
        pair: contrast(*(colours[one] for one in pair)) for pair in TEXTS if contrast(*(colours[one] for one in pair)) < 4.5
    } == {}


@pytest.mark.parametrize("palette", PALETTES)
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_controls_and_graphics_can_be_seen(root: Path, scheme: str, palette: str) -> None:
    colours = tokens(root, scheme, palette)
    assert {
        pair: contrast(*(colours[one] for one in pair)) for pair in GRAPHICS if contrast(*(colours[one] for one in pair)) < 3
    } == {}


def test_the_dark_scheme_is_the_same_whether_chosen_or_asked_for(root: Path) -> None:
    assert blocks(root)[DARK] == blocks(root)[ASKED_FOR]


def test_the_dark_scheme_overrides_the_palettes(root: Path) -> None:
    names = list(blocks(root))
    assert names.index(':root[data-palette="than"]') < names.index(ASKED_FOR) < names.index(':root[data-palette="quoc-tang"]')


def test_the_ratio_is_computed_as_the_standard_says() -> None:
    assert contrast("#000000", "#FFFFFF") == pytest.approx(21)
    assert contrast("#777777", "#FFFFFF") == pytest.approx(4.48, abs=0.005)
