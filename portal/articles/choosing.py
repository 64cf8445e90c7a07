"""Choosing between a text that was kept beside and the present one: field by field, and in the body paragraph by paragraph."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Any

from markupsafe import Markup

from portal.articles.content import FIELDS
from portal.core.html import rich
from portal.core.merging import Choice, Group, assemble, merged
from portal.publishing.models import Content

PLAIN = tuple(name for name in FIELDS if name != "body")
SIDES = ("mine", "theirs")
BOTH = "both"


@dataclass(frozen=True, slots=True)
class Part:
    """Something of which one side is chosen; `state` says who changed it, `chosen` is "" where nobody can know."""

    name: str
    field: str
    state: str
    mine: Any
    theirs: Any
    chosen: str


@dataclass(frozen=True, slots=True)
class Same:
    """Paragraphs that are the same on both sides, one after the other."""

    number: int
    html: Markup


@dataclass(frozen=True, slots=True)
class Conflict:
    """Two texts that grew from one; the base is None where it is not kept any more, and then nobody's change is preferred."""

    base: Content | None
    mine: Content
    theirs: Content

    def fields(self, chosen: Mapping[str, str]) -> list[Part]:
        """Return the plain fields that differ."""
        return [self._field(name, chosen) for name in PLAIN if self.mine[name] != self.theirs[name]]

    def body(self, chosen: Mapping[str, str]) -> list[Part | Same]:
        """Return the paragraphs in order, those that are the same together."""
        found = list[Part | Same]()
        numbered = enumerate(self._groups())
        for is_same, run in groupby(numbered, key=lambda one: one[1].state == "same"):
            some = list(run)
            if is_same:
                found.append(Same(len(some), rich("".join(group.html("mine") for _, group in some))))
            else:
                found += [_paragraph(place, group, chosen) for place, group in some]
        return found

    def unanswered(self, chosen: Mapping[str, str]) -> bool:
        """Tell whether somebody has still to choose somewhere."""
        body = [part for part in self.body(chosen) if isinstance(part, Part)]
        return any(part.chosen == "" for part in [*self.fields(chosen), *body])

    def result(self, chosen: Mapping[str, str]) -> Content:
        """Return the content of what was chosen; a paragraph that both changed and nobody chose between is there twice."""
        taken = {part.name: self.mine if part.chosen == "mine" else self.theirs for part in self.fields(chosen)}
        fields = {name: taken.get(name, self.theirs)[name] for name in PLAIN}
        groups = self._groups()
        sides = {place: side for place, group in enumerate(groups) if (side := _side(f"p{place}", group.state, chosen))}
        return {**fields, "body": assemble(groups, sides)}

    def _groups(self) -> Sequence[Group]:
        base = self.base["body"] if self.base is not None else ""
        return merged(base, self.mine["body"], self.theirs["body"])

    def _field(self, name: str, chosen: Mapping[str, str]) -> Part:
        mine, theirs = self.mine[name], self.theirs[name]
        was = self.base[name] if self.base is not None else None
        state = "both" if self.base is None else "mine" if was == theirs else "theirs" if was == mine else "both"
        side = chosen.get(name, "")
        return Part(name, name, state, mine, theirs, side if side in SIDES else _usual(state))


def _paragraph(place: int, group: Group, chosen: Mapping[str, str]) -> Part:
    name = f"p{place}"
    side = _side(name, group.state, chosen) or ""
    return Part(name, "body", group.state, rich(group.html("mine")), rich(group.html("theirs")), side)


def _side(name: str, state: str, chosen: Mapping[str, str]) -> Choice | None:
    """Return the side that was chosen, else the only one that was changed, else None."""
    if state == "same":
        return None
    said = chosen.get(name, "")
    side: Any = said if said in {*SIDES, BOTH} else _usual(state)
    return side or None


def _usual(state: str) -> str:
    return state if state in SIDES else ""
