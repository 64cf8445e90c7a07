"""The library for those who write: find a file, say what it shows and who made it, see where it stands."""

from dataclasses import dataclass
from typing import Any

from flask import Response, abort, make_response, render_template, url_for
from flask_login import current_user

from portal.core import formats
from portal.core.db import db
from portal.core.errors import gives_back
from portal.core.language import _
from portal.core.staff import Permission, demand, may, needs, staff_blueprint
from portal.core.web import form_value, query_number, query_value, see_other
from portal.files import attachments, library, uses
from portal.files.library import Words
from portal.files.models import Item
from portal.files.renditions import PICTURES
from portal.files.views import send, show_picture

blueprint = staff_blueprint("library", __name__, url_prefix="/ban-bien-tap/thu-vien")

LONGEST_WORDS = 100
KINDS = {"": "all", "anh": "pictures", "tep": "files"}


@dataclass(frozen=True, slots=True)
class _Nobodys:
    """A thing of no unit: within reach of who reaches everything, and of nobody else."""

    unit_id: None = None


@blueprint.get("")
@needs(Permission.WRITE)
def index() -> str:
    return render_template("files/library/index.html", **listed())


@blueprint.get("/<id:item_id>")
@needs(Permission.WRITE)
def show(item_id: int) -> str:
    return _page(_find(item_id), done=_("The words are kept.") if query_value("xong", longest=10) else "")


@blueprint.post("/<id:item_id>")
@gives_back("name", "alt", "credit")
@needs(Permission.WRITE)
def describe(item_id: int) -> Response:
    """Change the words of an item; what stands in texts already keeps those that it was put in with."""
    item, words = _find(item_id), Words(*(form_value(name, longest=2_000) for name in library.LONGEST))
    if not words.clean().name or any(len(getattr(words, name)) > longest for name, longest in library.LONGEST.items()):
        said = _("Give the file a name; it and the other words have at most %(most)s characters.", most=library.LONGEST["name"])
        return make_response(_page(item, words=words, said=said), 422)
    try:
        library.describe(item_id, words, actor=current_user)
    except LookupError:
        abort(404)
    return see_other(url_for("library.show", item_id=item_id, xong="1"))


@blueprint.get("/<id:item_id>/tai")
@needs(Permission.WRITE)
def read(item_id: int) -> Response:
    item = _find(item_id)
    return send(item.file, item.name)


@blueprint.get("/<id:item_id>/anh.webp")
@needs(Permission.WRITE)
def thumb(item_id: int) -> Response:
    """Show the smallest picture that was made of a picture, or of a PDF's first page."""
    item = _find(item_id)
    return show_picture(uses.smallest(item.file_id) or abort(404))


def listed() -> dict[str, Any]:
    """Return what a list of the library prints of what whoever asks reaches and looks for, page after page."""
    words, kind = query_value("tim", longest=LONGEST_WORDS), query_value("loai", longest=10)
    number = query_number("trang")
    if kind not in KINDS:
        abort(404)
    everything = may(Permission.WRITE, _Nobodys())
    found = library.items(words, KINDS[kind], unit_id=current_user.unit_id, everything=everything)
    rows = db.session.scalars(found.offset((number - 1) * library.AT_ONCE).limit(library.AT_ONCE + 1)).all()
    asked = {key: value for key, value in {"tim": words, "loai": kind}.items() if value}
    return {
        "items": [_line(row) for row in rows[: library.AT_ONCE]],
        "words": words,
        "kind": kind,
        "kinds": {"": _("All"), "anh": _("Pictures"), "tep": _("Files")},
        "newer": {**asked, "trang": number - 1} if number > 1 else None,
        "older": {**asked, "trang": number + 1} if len(rows) > library.AT_ONCE else None,
    }


def _line(item: Item) -> dict[str, Any]:
    rendering, is_picture = item.file.rendering, item.file.kind in PICTURES
    return {
        "id": item.id,
        "name": item.name,
        "alt": item.alt,
        "credit": item.credit,
        "about": attachments.about(item.file),
        "on": formats.day(item.added_at),
        "is_picture": is_picture,
        "has_thumb": rendering is not None and rendering.state == "ready",
        "url": url_for("library.show", item_id=item.id),
    }


def item_of(item_id: int) -> Item | None:
    """Return an item that whoever asks may use, None where there is none."""
    item = db.session.scalar(library.items("", "all", unit_id=None, everything=True).where(Item.id == item_id))
    return item if item is not None and may(Permission.WRITE, item) else None


def _find(item_id: int) -> Item:
    item = db.session.scalar(library.items("", "all", unit_id=None, everything=True).where(Item.id == item_id)) or abort(404)
    demand(Permission.WRITE, item)
    return item


def _page(item: Item, *, words: Words | None = None, said: str = "", done: str = "") -> str:
    values = {"item": _line(item), "words": words or Words(item.name, item.alt, item.credit), "said": said, "done": done}
    return render_template("files/library/show.html", **values, used=uses.named(item.file_id), longest=library.LONGEST)
