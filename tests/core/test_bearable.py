"""HTML that a browser would take minutes for is told before anybody parses it; what people write is not among it."""

import pytest

from portal.core.bearable import is_bearable

PLAN = "<p>" + "<strong>Sở</strong> ban hành <em>kế hoạch</em> " * 10 + "</p><table><tr><td>1</td><td><p>2</p></td></tr></table>"


@pytest.mark.parametrize(
    "html",
    [
        "",
        PLAN * 1_000,
        "<p>Đoạn không đóng <b>đậm</b>" * 300,
        "<ul><li>" * 99 + "</li></ul>" * 99,
        "<p>Kế hoạch &amp; lộ trình</p>" * 10_000,
    ],
    ids=["empty", "long", "unclosed", "deep", "entities"],
)
def test_what_people_write_is_taken(html: str) -> None:
    assert is_bearable(html)


@pytest.mark.parametrize(
    "html",
    [
        "".join(f"<b id={number}><p>" for number in range(4_000)),
        "".join(f"<\x00b id={number}><p>" for number in range(4_000)),
        "<table><tr>" + "".join(f"<b id={number}><td></b></td>" for number in range(4_000)),
        "<select>" + "<b>" * 10_000 + "</b>" * 10_000 + "</select>",
        "<B CLASS=x><P>" * 4_000,
        "<!-- </b> --><b><p>" * 4_000,
        "<blockquote>" * 20_000 + "</blockquote>" * 20_000,
        "<p>" + "<b>" * 100 + "<p>x</p>" * 100_000 + "</b>" * 100 + "</p>",
    ],
    ids=["unclosed", "nul", "table", "select", "capitals", "comment", "deep", "reopened"],
)
def test_what_would_take_minutes_is_told(html: str) -> None:
    assert not is_bearable(html)
