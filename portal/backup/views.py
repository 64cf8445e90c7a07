"""The page about backups: what the last ones came to, and what lies in the folder."""

from dataclasses import dataclass

from flask import current_app, render_template

from portal.audit import words
from portal.backup import folder, records
from portal.backup.nightly import HOUR
from portal.backup.records import Result
from portal.core import formats
from portal.core.language import _, ngettext
from portal.core.staff import Permission, needs, staff_blueprint

blueprint = staff_blueprint("backups", __name__, url_prefix="/ban-bien-tap/ban-luu")


@dataclass(frozen=True, slots=True)
class Line:
    """A try to back up, as the page prints it."""

    at: str
    iso: str
    way: str
    size: str
    files: str
    result: str
    is_bad: bool


@blueprint.get("")
@needs(Permission.MANAGE_SITE)
def show() -> str:
    """Show what the last backups came to."""
    lines = [_line(one) for one in records.latest()]
    kept: int = current_app.config["BACKUPS_KEPT"]
    values = {"hour": f"{HOUR:02}:00", "kept": kept, "folder": folder.own(), "archives": _archives()}
    return render_template("backup/show.html", lines=lines, **values)


def _line(one: Result) -> Line:
    made = not one.cause
    gaps = _("Saved; missing or damaged files: %(number)s", number=formats.number(one.missing))
    failed = _("Failed: %(cause)s", cause=str(words.FAILURES.words.get(one.cause, one.cause)))
    return Line(
        at=formats.moment(one.at),
        iso=formats.iso(one.at),
        way=str(words.MADE_WAYS.words[one.way if made else "nightly"]),
        size=formats.size(one.kilobytes * 1000) if made else "",
        files=ngettext("%(num)s file", "%(num)s files", one.files) if made else "",
        result=(gaps if one.missing else _("Saved whole")) if made else failed,
        is_bad=one.is_bad,
    )


def _archives() -> list[tuple[str, str]]:
    """Return the name and the size of each archive in the folder, newest first; what goes away meanwhile is left out."""
    found = ((path.name, path) for path in reversed(folder.archives(folder.own())))
    return [(name, formats.size(path.stat().st_size)) for name, path in found if path.exists()]
