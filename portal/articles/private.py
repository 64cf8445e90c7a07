"""Numbers in an article that may be somebody's own: told before it is published, with their place, and masked on one click."""

from collections.abc import Iterator
from dataclasses import dataclass

from flask_babel import lazy_gettext as _l

from portal.articles.parts import LABELS
from portal.core.language import _
from portal.core.personal import found, masked
from portal.publishing.kinds import Concern
from portal.publishing.models import Content

READ = ("title", "lead", "body", "author_line", "photo_line", "source_line")
"""Where they are looked for."""
KINDS = {
    "citizen": _l("Citizen number"),
    "identity_card": _l("Identity card number"),
    "telephone": _l("Telephone number"),
    "account": _l("Bank account"),
    "tax": _l("Tax code of a person"),
}


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
        name: masked(content[name], [one for one in found(content[name]) if _figures(one.text) == figures]) for name in READ
    }
    return {**content, **hidden}


def _numbers(content: Content) -> Iterator[Private]:
    for name in READ:
        for one in found(content[name]):
            where = str(LABELS[name])
            if name == "body":
                where = _("%(field)s, paragraph %(number)s", field=where, number=one.paragraph)
            yield Private(_figures(one.text), Concern(f"{KINDS[one.kind]}: {one.text}", where))


def _figures(text: str) -> str:
    return "".join(filter(str.isdigit, text))
