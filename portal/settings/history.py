"""What changed in a setting, in its own words: field by field, line by line."""

from collections.abc import Iterator
from dataclasses import dataclass
from html import escape

from portal.core.differences import Change, Piece, compare, compared_texts
from portal.settings.fields import Field, Text
from portal.settings.groups import ROWS, Setting, Values


@dataclass(frozen=True, slots=True)
class Part:
    """A field, or all lines, with what changed there: words of a text, or blocks of a long one."""

    label: Text
    runs: tuple[Piece, ...] = ()
    blocks: tuple[Change, ...] = ()


def differences(setting: Setting, before: Values, after: Values) -> list[Part]:
    """Return what changed from one state of a setting to another; nothing for what is the same."""
    return [*_of_fields(setting, before, after), *_of_lines(setting, before, after)]


def _of_fields(setting: Setting, before: Values, after: Values) -> Iterator[Part]:
    for one in setting.fields:
        old, new = before.get(one.name, ""), after.get(one.name, "")
        if old == new:
            continue
        if one.kind == "rich":
            yield Part(one.label, blocks=_changed(str(old), str(new)))
        else:
            yield Part(one.label, runs=compared_texts(one.shown(old), one.shown(new)))


def _of_lines(setting: Setting, before: Values, after: Values) -> Iterator[Part]:
    if setting.lines is not None:
        fields = setting.lines.fields
        found = _changed(*("".join(_line(fields, row) for row in values.get(ROWS, ())) for values in (before, after)))
        if found:
            yield Part(setting.lines.noun, blocks=found)


def _changed(old: str, new: str) -> tuple[Change, ...]:
    return tuple(change for change in compare(old, new) if change.kind != "same")


def _line(fields: tuple[Field, ...], row: Values) -> str:
    """Return a line as a paragraph of clean HTML, so that lines are compared as paragraphs are."""
    said = [one.shown(row[one.name]) for one in fields[:1] if row.get(one.name)]
    said += [f"{one.label}: {one.shown(row[one.name])}" for one in fields[1:] if row.get(one.name)]
    return f"<p>{'– ' * (row['level'] - 1)}{escape(' · '.join(said))}</p>"
