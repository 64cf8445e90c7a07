"""Numbers in an article that may be somebody's own: told before it is published, with their place, and masked on one click."""

from collections.abc import Iterator
from dataclasses import dataclass

from portal.articles.content import WRITTEN, place_of
from portal.core.personal import found, masked
from portal.publishing.kinds import Concern
from portal.publishing.models import Content
from portal.publishing.public_words import concern


@dataclass(frozen=True, slots=True)
class Private:
    """A number by its figures alone, and what is said of it."""

    figures: str
    said: Concern


def numbers(content: Content) -> list[Private]:
    """Return what may be personal data, in the order of reading."""
    return list(_numbers(content))


def without(content: Content, figures: str) -> Content:
    """Return a content in which a number is masked wherever it was found."""
    hidden = {
        name: masked(content[name], [one for one in found(content[name]) if _figures(one.text) == figures]) for name in WRITTEN
    }
    return {**content, **hidden}


def _numbers(content: Content) -> Iterator[Private]:
    for name in WRITTEN:
        for one in found(content[name]):
            yield Private(_figures(one.text), concern(one, place_of(name, one.paragraph)))


def _figures(text: str) -> str:
    return "".join(filter(str.isdigit, text))
