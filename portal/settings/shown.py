"""A setting's form as its page prints it, and the way back to it from a preview."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from flask import render_template, request, url_for

from portal.core import language
from portal.settings.fields import Field, Options, Text
from portal.settings.groups import ROWS, Lines, Setting, Values
from portal.settings.history import Part
from portal.settings.typed import Row, Sheet, Typed


@dataclass(frozen=True, slots=True)
class Shown:
    """A field as it is printed; `name` is its name in the form and its id."""

    name: str
    label: Text
    help: Text
    kind: str
    text: str
    wrong: str
    required: bool
    options: Options
    longest: int


@dataclass(frozen=True, slots=True)
class ShownRow:
    """A line as it is printed."""

    place: int
    id: int
    level: int
    name: str
    fields: list[Shown]
    more_url: str
    may_go: bool


@dataclass(frozen=True, slots=True)
class Printed:
    """A form as it is printed; `focus` is where whoever uses the keyboard goes on."""

    fields: list[Shown]
    rows: list[ShownRow]
    focus: str


def printed(sheet: Sheet, typed: Typed) -> Printed:
    """Return a form as it was typed."""
    lines = sheet.lines
    fields = [_shown(one, one.name, typed.texts[one.name], typed.wrong.get(one.name, "")) for one in sheet.fields]
    rows = [_row(lines, place, row) for place, row in enumerate(typed.rows)] if lines else []
    wrong = (one.name for one in (*fields, *(one for row in rows for one in row.fields)) if one.wrong)
    return Printed(fields, rows, typed.focus or next(wrong, ""))


def page(
    setting: Setting, typed: Typed, *, seen: str, said: str = "", done: str = "", note: str = "", parts: Sequence[Part] = ()
) -> str:
    """Return a setting's page with a form as it was typed."""
    form = printed(setting, typed)
    return render_template(
        "settings/edit.html",
        setting=setting,
        fields=form.fields,
        rows=form.rows,
        focus=form.focus,
        seen=seen,
        said=said,
        done=done,
        note=note,
        parts=parts,
        previews=_previews(setting),
        interface=language.current(),
        has_text=any(one.kind == "rich" for one in setting.fields),
    )


def way_back(setting: Setting, typed: Typed, seen: str, *, interface: str) -> Values:
    """Return what a preview prints above the page: that it is one, and a form that carries on with what was typed."""
    path = url_for("settings.change", name=setting.name).removeprefix(request.script_root)
    carried = {"seen": seen, "interface": interface, **typed.texts}
    if setting.lines is not None:
        carried[ROWS] = str(len(typed.rows))
    for place, row in enumerate(typed.rows):
        carried |= {f"{place}-id": str(row.id), f"{place}-level": str(row.level)}
        carried |= {f"{place}-{name}": text for name, text in row.texts.items()}
    return {"bar": {"title": setting.named, "action": language.mount(interface) + path, "carried": carried}}


def _previews(setting: Setting) -> list[tuple[str, str]]:
    """Return the languages in which readers see a setting, each with the address of a preview in it."""
    path = url_for("settings.change", name=setting.name).removeprefix(request.script_root)
    if setting.preview is None:
        return []
    langs = [setting.language] if setting.language else list(language.NAMES)
    return [(language.NAMES[lang] if len(langs) > 1 else "", language.mount(lang) + path) for lang in langs]


def _row(lines: Lines, place: int, row: Row) -> ShownRow:
    fields = [_shown(one, f"{place}-{one.name}", row.texts[one.name], row.wrong.get(one.name, "")) for one in lines.fields]
    return ShownRow(
        place=place,
        id=row.id,
        level=row.level,
        name=row.texts[lines.fields[0].name],
        fields=fields,
        more_url=lines.url_of(row.id) if lines.url_of and row.id else "",
        may_go=not (lines.is_kept and row.id),
    )


def _shown(one: Field, name: str, text: str, wrong: str) -> Shown:
    options: Any = one.options() if one.kind == "choice" else ()  # type: ignore[attr-defined] # a Choice
    longest = getattr(one, "longest", 0) if one.kind == "line" else 0
    return Shown(name, one.label, one.help, one.kind, text, wrong, one.required, options, longest)
