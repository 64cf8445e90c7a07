"""A setting's form as it was typed: nothing of it is lost, whatever is wrong with it."""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from typing import Protocol

from flask import abort
from werkzeug.datastructures import MultiDict

from portal.core.errors import Refused
from portal.core.language import _
from portal.core.web import LARGEST_ID
from portal.settings import ordering
from portal.settings.fields import Field
from portal.settings.groups import ROWS, Fault, Lines, Values

NUMBER = re.compile("[0-9]{1,10}")
MOVES = re.compile("(up|down|in|out|remove)-([0-9]{1,3})")
ADD = "add"


class Sheet(Protocol):
    """What a form asks for: fields, and lines where it has a list."""

    @property
    def fields(self) -> tuple[Field, ...]: ...

    @property
    def lines(self) -> Lines | None: ...


@dataclass(frozen=True, slots=True)
class Row:
    """A line as it was typed; `id` is 0 for one that is new."""

    id: int
    level: int
    texts: dict[str, str]
    wrong: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Typed:
    """All texts of a form, with a sentence for each that is wrong; `said` are sentences about the whole."""

    texts: dict[str, str]
    rows: list[Row] = field(default_factory=list)
    wrong: dict[str, str] = field(default_factory=dict)
    said: tuple[str, ...] = ()
    focus: str = ""
    """Where whoever uses the keyboard goes on: the name of a field, or the value of the button that was pressed last."""

    @property
    def is_wrong(self) -> bool:
        return bool(self.said or self.wrong or any(row.wrong for row in self.rows))


def of_values(sheet: Sheet, values: Values) -> Typed:
    """Return values as a form shows them."""
    texts = {one.name: one.typed(values.get(one.name, "")) for one in sheet.fields}
    fields = sheet.lines.fields if sheet.lines else ()
    rows = [
        Row(row["id"], row["level"], {one.name: one.typed(row.get(one.name, "")) for one in fields})
        for row in values.get(ROWS, ())
    ]
    return Typed(texts, rows)


def of_form(sheet: Sheet, form: "MultiDict[str, str]") -> Typed:
    """Return a form as it was sent. Aborts with 400 where it is none of ours."""
    texts = {one.name: _one(form, one.name) for one in sheet.fields}
    return Typed(texts, list(_rows(sheet.lines, form)) if sheet.lines else [])


def moved(typed: Typed, lines: Lines, do: str) -> Typed:
    """Return a form after one of the buttons of its lines. Aborts with 400 where there is no such button."""
    if do == ADD:
        empty = Row(0, 1, {one.name: "" for one in lines.fields})
        if len(typed.rows) >= lines.most:
            return replace(typed, said=(_("There are at most %(most)s lines. Remove one first.", most=lines.most),))
        return replace(typed, rows=[*typed.rows, empty], focus=_first(lines, len(typed.rows)))
    found = MOVES.fullmatch(do) or abort(400)
    act, place = found[1], int(found[2])
    if place >= len(typed.rows) or (act == "remove" and lines.is_kept and typed.rows[place].id):
        abort(400)
    row, rows = typed.rows[place], _acted(typed.rows, act, place, lines.levels)
    at = next((at for at, one in enumerate(rows) if one.texts is row.texts), max(0, place - 1))
    return replace(typed, rows=rows, focus=f"{act}-{at}" if act != "remove" else _first(lines, at) if rows else ADD)


def judged(sheet: Sheet, typed: Typed) -> tuple[Values, Typed]:
    """Return the values that were typed, and the form with a sentence at each field that cannot be kept.

    The values count only where nothing is wrong.
    """
    values, wrong = _values(sheet.fields, typed.texts)
    rows, lines = list[Row](), sheet.lines
    for row in typed.rows:
        kept, row_wrong = _values(lines.fields if lines else (), row.texts)
        rows.append(replace(row, wrong=row_wrong))
        values.setdefault(ROWS, []).append({"id": row.id, "level": row.level, **kept})
    said = list[str]()
    if lines is not None:
        values.setdefault(ROWS, [])
        loose = ordering.hanging(rows)
        if loose is not None or any(row.level > lines.levels for row in rows):
            said.append(
                _(
                    "A line stands deeper than it can: it needs a line above it, and there are %(levels)s levels.",
                    levels=lines.levels,
                )
            )
        if len(rows) > lines.most:
            said.append(_("There are at most %(most)s lines. Remove one first.", most=lines.most))
    return values, replace(typed, rows=rows, wrong=wrong, said=tuple(said))


def blamed(typed: Typed, faults: Iterable[Fault]) -> Typed:
    """Return a form with what is wrong beyond single fields; what is at a field already stays."""
    wrong, said, rows = dict(typed.wrong), list(typed.said), [replace(row, wrong=dict(row.wrong)) for row in typed.rows]
    for fault in faults:
        if fault.row is not None and fault.row < len(rows):
            rows[fault.row].wrong.setdefault(fault.field, fault.sentence)
        elif fault.field:
            wrong.setdefault(fault.field, fault.sentence)
        else:
            said.append(fault.sentence)
    return replace(typed, wrong=wrong, said=tuple(said), rows=rows)


def _first(lines: Lines, place: int) -> str:
    return f"{place}-{lines.fields[0].name}"


def _values(fields: Iterable[Field], texts: dict[str, str]) -> tuple[Values, dict[str, str]]:
    values, wrong = Values(), dict[str, str]()
    for one in fields:
        try:
            values[one.name] = one.value(texts[one.name])
        except Refused as refused:
            wrong[one.name] = str(refused)
    return values, wrong


def _acted(rows: list[Row], act: str, place: int, levels: int) -> list[Row]:
    if ordering.hanging(rows) is not None:
        abort(400)
    if act == "in":
        return ordering.moved_in(rows, place, levels=levels)
    acts = {"up": ordering.moved_up, "down": ordering.moved_down, "out": ordering.moved_out, "remove": ordering.without}
    return acts[act](rows, place)


def _rows(lines: Lines, form: "MultiDict[str, str]") -> Iterable[Row]:
    number = _number(form, ROWS, most=2 * lines.most)
    for place in range(number):
        texts = {one.name: _one(form, f"{place}-{one.name}") for one in lines.fields}
        yield Row(_number(form, f"{place}-id"), _number(form, f"{place}-level", most=9), texts)


def _number(form: "MultiDict[str, str]", name: str, most: int = LARGEST_ID) -> int:
    said = _one(form, name)
    if not said.isascii() or not NUMBER.fullmatch(said) or int(said) > most:
        abort(400)
    return int(said)


def _one(form: "MultiDict[str, str]", name: str) -> str:
    said = form.getlist(name)
    if len(said) > 1:
        abort(400)
    return said[0] if said else ""
