"""The same page in each language, as machines are told of it (hreflang)."""

from typing import TypeAlias

from portal.core import language
from portal.core.web import absolute

Alternates: TypeAlias = "tuple[tuple[str, str], ...]"
"""Languages with full addresses; "x-default" for readers of any other language."""

ANY = "x-default"

STANDING = ("front.home", "outline.show", "visits.about", "articles.archives", "all_polls.index")
"""Pages that stand in every language under the same path, whatever is stored."""
SHARED = frozenset({*STANDING, "polls.show"})
"""Pages that have the same path in every language."""


def other_language() -> str:
    """Return the language that the request's is not."""
    return next(lang for lang in language.NAMES if lang != language.current())


def alternates(path: str, other: str | None) -> Alternates:
    """Return the addresses of a page: at `path`, and where the other language has it too, at `other`.

    Both paths have their language's prefix. The two pages of a pair return the same.
    """
    found = {language.current(): absolute(path)}
    if other is not None:
        found[other_language()] = absolute(other)
    default = found.get(language.DEFAULT) or found[language.current()]
    return (*sorted(found.items(), reverse=True), (ANY, default))
