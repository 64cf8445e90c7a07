"""The stylesheets stay within what the oldest browsers that we promise understand."""

import re
from pathlib import Path

import pytest

FORBIDDEN = (
    *("@layer", "@container", "@scope", "@property", "@starting-style", "container-type", "container-name", "container:"),
    *("light-dark(", "oklch(", "oklab(", "lab(", "lch(", "color-mix(", "color(", ":has(", ":is(", ":where(", ":popover-open"),
    *("popover", "subgrid", "anchor(", "dvh", "svh", "text-wrap"),
)
"""Newer than Chrome 85, Safari 15 or Firefox 90."""


def sheets(root: Path) -> dict[str, str]:
    """Return each stylesheet without its comments."""
    return {
        path.name: re.sub(r"/\*.*?\*/", "", path.read_text("utf-8"), flags=re.DOTALL) for path in root.glob("static/css/*.css")
    }


def nested(css: str) -> list[str]:
    """Return the rules that stand within a rule that is no @media, @supports or the like."""
    found: list[str] = []
    around: list[str] = []
    for part, brace in re.findall(r"([^{};]*)([{};])", css):
        if brace == "{":
            if around and not around[-1].startswith("@"):
                found.append(part.strip())
            around.append(part.strip())
        elif brace == "}":
            around.pop()
    return found


@pytest.mark.parametrize("words", FORBIDDEN)
def test_nothing_newer_than_the_browser_floor_is_used(root: Path, words: str) -> None:
    pattern = re.compile(r"(?<![\w-])" + re.escape(words) if words[0].isalpha() else re.escape(words))
    assert [name for name, css in sheets(root).items() if pattern.search(css)] == []


def test_no_rule_is_nested_in_another(root: Path) -> None:
    assert {name: nested(css) for name, css in sheets(root).items() if nested(css) or "&" in css} == {}


def test_a_nested_rule_is_found_out() -> None:
    assert nested("@media print { a { b: c } } p { color: red; em { d: e } }") == ["em"]


def test_colours_stand_in_the_tokens_alone(root: Path) -> None:
    hexes = {
        name: re.findall(r"#[0-9a-fA-F]{3,8}\b(?=[^{]*})", css) for name, css in sheets(root).items() if name != "tokens.css"
    }
    assert {name: found for name, found in hexes.items() if found and name != "print.css"} == {}


def test_no_address_of_another_site_is_fetched(root: Path) -> None:
    assert [name for name, css in sheets(root).items() if re.search(r"@import|url\(\s*[\"']?(?:https?:)?//", css)] == []


def test_every_token_that_is_used_is_declared(root: Path) -> None:
    css = "".join(sheets(root).values())
    assert set(re.findall(r"var\(\s*(--[\w-]+)", css)) - set(re.findall(r"(--[\w-]+)\s*:", css)) == set()
