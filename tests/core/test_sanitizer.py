"""Stored text becomes markup through the sanitizer alone."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.core.html import TAGS, clean, rich
from tests.client import Elements

PIECES = (
    *("<p>", "</p>", "<a href='javascript:alert(1)'>", "<a href=https://example.vn onclick=x>", "</a>", "<svg>", "<math>"),
    *("<style>", "</style>", "<script>", "</script>", "<iframe src=//x>", "<!--", "-->", "<![CDATA[", "]]>", "<table>"),
    *("<td colspan=2>", "&#x301;", "&lt;", "&amp;", "&#0;", "\x00", "\ufeff", "e\u0301", ">\u0338", "<b", '"', "'", "đ", " "),
    *("onerror=x", "<img src=x onerror=y>", "<template>", "<noscript>", "<select>", "<mglyph>", "<title>", "<textarea>"),
    *("<p style='x'>", "<li>", "<ol start=3 type=a>"),
)
markup = st.lists(st.sampled_from(PIECES) | st.text(max_size=8), max_size=14).map("".join)


@given(markup)
def test_cleaning_twice_changes_nothing(html: str) -> None:
    assert clean(clean(html)) == clean(html)


@given(markup)
def test_only_an_article_s_own_elements_and_attributes_remain(html: str) -> None:
    for tag, attributes in Elements(clean(html)).found:
        assert tag in TAGS
        assert set(attributes) <= {"href", "rel", "colspan", "rowspan", "scope", "start", "type", "src", "alt", "width", "height"}
        assert not (attributes.get("href") or "").lower().replace("\t", "").strip().startswith(("javascript", "data", "vbscript"))


@pytest.mark.parametrize(
    ("evil", "left"),
    [
        ("<p>a<script>alert(1)</script>b</p>", "<p>ab</p>"),
        ("<p onclick=alert(1) style='color:red' class=x id=y>a</p>", "<p>a</p>"),
        ('<a href="javascript:alert(1)">a</a>', '<a rel="noopener">a</a>'),
        ('<a href="jav&#x09;ascript:alert(1)">a</a>', '<a rel="noopener">a</a>'),
        ('<a href="data:text/html,x">a</a>', '<a rel="noopener">a</a>'),
        ("<svg><script>alert(1)</script></svg>", ""),
        ("<style>p{}</style>", ""),
        ("<iframe src=https://example.vn></iframe>", ""),
        ("<img src=x onerror=alert(1)>", ""),
        ("<form action=/x><input name=y></form>", ""),
        ("<p>a<!-- b --></p>", "<p>a</p>"),
        ("<h1>a</h1>", "a"),
    ],
)
def test_what_runs_or_frames_or_styles_is_dropped(evil: str, left: str) -> None:
    assert clean(evil) == left


def test_an_article_s_elements_stay() -> None:
    text = "<h2>a</h2><p><strong>b</strong> <em>c</em> H<sub>2</sub>O</p><ul><li>d</li></ul>"
    table = "<table><tbody><tr><td>e</td></tr></tbody></table>"
    assert clean(text + table) == text + table


@pytest.mark.parametrize("href", ["https://example.vn/a?b=1", "mailto:so@example.vn", "tel:+84255", "/bai-viet/a-1"])
def test_links_that_lead_somewhere_stay(href: str) -> None:
    assert f'href="{href}"' in clean(f'<a href="{href}">a</a>')


@pytest.mark.parametrize("written", ["Ke\u0302\u0301 hoa\u0323ch", "K&ecirc;&#x301; ho&#x1ea1;ch"])
def test_text_is_stored_composed_however_it_was_written(written: str) -> None:
    assert clean(f"<p>{written}</p>") == f"<p>{unicodedata.normalize('NFC', 'Kế hoạch')}</p>"


def test_a_stray_overlay_does_not_break_the_tag_before_it() -> None:
    assert clean("<p>\u0338x</p>") == "<p>x</p>"


def test_a_template_cleans_again_what_reached_the_database_unclean() -> None:
    assert "script" not in rich("<p>a</p><script>alert(1)</script>")


OURS = f"/anh/{'0a' * 16}/640.webp"


def test_a_picture_of_our_own_in_a_figure_stays_with_its_words_and_measures() -> None:
    figure = f'<figure><img src="{OURS}" alt="Lễ ra quân" width="640" height="480"><figcaption>a</figcaption></figure>'
    assert clean(figure) == figure


def test_a_picture_without_words_keeps_its_place_and_has_empty_ones() -> None:
    assert clean(f"<figure><img src={OURS}></figure>") == f'<figure><img src="{OURS}" alt=""></figure>'


def test_a_picture_s_address_is_stored_without_the_language_that_it_was_copied_in() -> None:
    assert f'src="{OURS}"' in clean(f'<figure><img src="/en{OURS}" alt="a"></figure>')


@pytest.mark.parametrize("src", ["https://example.vn/a.png", f"//example.vn{OURS}", "/anh/1/640.webp", f"{OURS}?a", "/tep/a", ""])
def test_a_picture_that_is_not_ours_is_dropped_whole(src: str) -> None:
    assert (
        clean(f'<figure><img src="{src}" alt="a"><figcaption>b</figcaption></figure>')
        == "<figure><figcaption>b</figcaption></figure>"
    )


@pytest.mark.parametrize(
    "place", ["<p>{}a</p>", "{}<p>a</p>", "<figure><a href=/x>{}a</a></figure>", "<p>a</p><figure></figure>{}"]
)
def test_a_picture_elsewhere_than_in_a_figure_is_dropped(place: str) -> None:
    assert "<img" not in clean(place.format(f'<img src="{OURS}" alt="a">'))


def test_a_figure_that_loses_all_is_dropped() -> None:
    assert clean("<p>a</p><figure><img src=x></figure>") == "<p>a</p>"


def test_words_of_a_picture_are_one_line_without_controls() -> None:
    assert 'alt="a &lt;b&gt; &quot;c&quot;"' in clean(f"<figure><img src={OURS} alt='a\n\u202e&lt;b> &quot;c&quot;'></figure>")


def test_a_template_loads_pictures_when_they_come_near() -> None:
    shown = rich(f'<figure><img src="{OURS}" alt="&lt;img a"></figure>')
    assert f'<img loading="lazy" src="{OURS}" alt="&lt;img a">' in shown


@pytest.mark.parametrize(
    "href", ["#muc-1", "trang", "?a=1", "//example.vn", "/\\example.vn", "https:a", "https:///a", "tel:a", "mailto:", ""]
)
def test_links_that_depend_on_the_page_or_lead_nowhere_lose_their_address(href: str) -> None:
    assert clean(f'<a href="{href}">a</a>') == '<a rel="noopener">a</a>'


@pytest.mark.parametrize(
    ("written", "kept"),
    [
        ('<td colspan="0">', "<td>"),
        ('<td rowspan="1000">', "<td>"),
        ('<td colspan="2">', '<td colspan="2">'),
        ("<th scope=x>", "<th>"),
    ],
)
def test_cells_join_within_reason(written: str, kept: str) -> None:
    assert kept in clean(f"<table><tr>{written}a</table>")
