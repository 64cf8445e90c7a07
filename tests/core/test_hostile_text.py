"""No hostile text of the list, nor of its pieces put together, leaves more than an article's own elements."""

import re

import html5lib
import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.core.html import ADDRESS, ATTRIBUTES, PICTURE, TAGS, clean, rich
from tests.client import Elements
from tests.core.payloads import ADDRESSES, CLOBBERING, COMMENTS, ELEMENTS, HTMX, MUTATION, NAMESPACES, PAYLOADS, STYLES

GROUPS = (MUTATION, NAMESPACES, ADDRESSES, HTMX, STYLES, CLOBBERING, ELEMENTS, COMMENTS)
PIECES = sorted({piece for text in PAYLOADS.values() for piece in re.split(r"(<[^>]*>)", text) if piece})
HTML = "http://www.w3.org/1999/xhtml"
hostile = st.lists(st.sampled_from(PIECES) | st.text("<>/\"'=&;#x\x00\ufeff\u0301\u0338aeđ \n-!", max_size=6), max_size=12).map(
    "".join
)


def leaves_nothing_foreign(cleaned: str) -> None:
    """Fail where a parser finds an element, attribute or address in clean HTML that is not on the list."""
    seen = {(tag, name): value for tag, attributes in Elements(cleaned).found for name, value in [("", ""), *attributes.items()]}
    fragment = html5lib.parseFragment(cleaned)
    for element in fragment.iter():
        assert isinstance(element.tag, str), "a comment"
        seen |= {(element.tag.removeprefix(f"{{{HTML}}}"), name): value for name, value in [("", ""), *element.attrib.items()]}
    seen.pop(("DOCUMENT_FRAGMENT", ""))
    for (tag, name), value in seen.items():
        assert tag in TAGS, tag
        assert not name or name in ATTRIBUTES.get(tag, ()) or (tag, name, value) == ("a", "rel", "noopener"), (tag, name)
        assert name != "href" or ADDRESS.fullmatch(value or ""), value
        assert name != "src" or PICTURE.fullmatch(value or ""), value


def test_the_list_is_long_and_no_name_stands_for_two() -> None:
    assert len(PAYLOADS) == sum(map(len, GROUPS)) >= 200


@pytest.mark.parametrize("name", PAYLOADS)
def test_a_payload_leaves_only_an_article_s_own(name: str) -> None:
    leaves_nothing_foreign(clean(PAYLOADS[name]))


@pytest.mark.parametrize("name", PAYLOADS)
def test_a_payload_is_clean_after_one_cleaning(name: str) -> None:
    assert clean(clean(PAYLOADS[name])) == clean(PAYLOADS[name])


@pytest.mark.parametrize("name", PAYLOADS)
def test_a_payload_in_a_template_gets_our_own_markup_alone(name: str) -> None:
    for tag, attributes in Elements(rich(PAYLOADS[name])).found:
        assert tag in TAGS or (tag, attributes["class"]) == ("div", "table-frame")
        assert not [one for one in attributes if one.startswith(("on", "hx", "data", "style", "id"))]


@given(hostile)
def test_whatever_the_pieces_become_together_nothing_foreign_is_left(html: str) -> None:
    leaves_nothing_foreign(clean(html))


@given(hostile)
def test_whatever_the_pieces_become_together_cleaning_twice_changes_nothing(html: str) -> None:
    assert clean(clean(html)) == clean(html)
