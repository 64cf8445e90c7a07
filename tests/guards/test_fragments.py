"""A fragment has one root element with an id, so that htmx can put it in another's place."""

import re
from html.parser import HTMLParser
from pathlib import Path

import pytest

TEMPLATES = Path(__file__).resolve().parent.parent.parent / "templates"
FRAGMENTS = sorted(path.relative_to(TEMPLATES).as_posix() for path in TEMPLATES.rglob("_*.html"))
VOID = {"area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr"}


class Roots(HTMLParser):
    """The elements of a template that stand in no other element, and the text that does not either."""

    def __init__(self, source: str) -> None:
        super().__init__()
        self.roots: list[tuple[str, dict[str, str | None]]] = []
        self.outside = ""
        self._open: list[str] = []
        self.feed(without_jinja(source))
        self.close()
        assert not self._open, f"left open: {self._open}"

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_startendtag(tag, attrs)
        if tag not in VOID:
            self._open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if not self._open:
            self.roots.append((tag, dict(attrs)))

    def handle_endtag(self, tag: str) -> None:
        assert self._open
        assert self._open.pop() == tag, f"</{tag}> closes another element"

    def handle_data(self, data: str) -> None:
        if not self._open:
            self.outside += data.strip()


def without_jinja(source: str) -> str:
    """Return a template's markup: comments, macros and statements gone, each printed value as a letter."""
    for pattern in (r"{#.*?#}", r"{%-?\s*macro\b.*?endmacro\s*-?%}", r"{%-?\s*set\s+\w+\s*-?%}.*?endset\s*-?%}", r"{%.*?%}"):
        source = re.sub(pattern, "", source, flags=re.DOTALL)
    return re.sub(r"{{.*?}}", "x", source, flags=re.DOTALL)


@pytest.mark.parametrize("name", FRAGMENTS)
def test_a_fragment_has_one_root_element_with_an_id(name: str) -> None:
    parsed = Roots((TEMPLATES / name).read_text("utf-8"))
    assert len(parsed.roots) == 1, parsed.roots
    assert parsed.roots[0][1].get("id"), "the root element has an id"
    assert parsed.outside == "", "nothing stands beside the root element"


def test_there_are_fragments_to_look_at() -> None:
    assert "polls/_poll.html" in FRAGMENTS


@pytest.mark.parametrize("broken", ["<p>a</p><p>b</p>", "a", "", "{{ x }}<p id=a></p>", "{% if a %}<p id=a></p>{% endif %}<hr>"])
def test_a_broken_fragment_is_found_out(broken: str) -> None:
    parsed = Roots(broken)
    assert len(parsed.roots) != 1 or parsed.outside
