"""The desk's first page, and the list of all pieces: by filters, in an order, page after page; in place where htmx asks."""

from typing import Any

from flask import Response, abort, make_response, render_template, request, url_for
from flask_login import current_user

from portal.articles.editor import may_begin
from portal.articles.editor_forms import begin_form
from portal.core import clock
from portal.core.language import _
from portal.core.staff import Permission, needs, staff_blueprint
from portal.core.web import fragment, query_value
from portal.desk import asking, choices, lately, listing, panels
from portal.desk.asking import Asked
from portal.desk.lines import line
from portal.desk.listing import Sort

blueprint = staff_blueprint("desk", __name__, url_prefix="/ban-bien-tap")

LONGEST_PLACE = 30


@blueprint.get("")
@needs(Permission.WRITE)
def show() -> str:
    """Show what waits for whoever asks, what they write, and what was done lately."""
    now = clock.now_ms()
    for_me, around = panels.gathered(now, user_id=current_user.id)
    word = begin_form(in_full=False) if may_begin() else None
    return render_template("desk/show.html", for_me=for_me, around=around, done=lately.done(now), word=word)


@blueprint.get("/bai")
@needs(Permission.WRITE)
def index() -> Response:
    """Show the pieces that match."""
    asked, after, before = asking.asked(query_value), _place("sau"), _place("truoc")
    sort = asked.filters.sort
    places = [listing.place(sort, text) if text else None for text in (after, before)]
    if (after and before) or any(text and at is None for text, at in zip((after, before), places, strict=True)):
        abort(404)
    page = listing.page(asked.filters, after=places[0], before=places[1])
    values = {
        "asked": asked,
        "options": choices.all_of_them(),
        "lines": [line(found, asked.filters.now) for found in page.found],
        "number": panels.bounded(page.number),
        "url": _url(asked, sau=after, truoc=before),
        "before_url": _url(asked, truoc=page.before) if page.before else None,
        "after_url": _url(asked, sau=page.after) if page.after else None,
        "sorted_urls": {one.value: _url(asked, sap=one.value) for one in (Sort.CHANGED, Sort.TITLE, Sort.WAITING)},
        "sort": sort.value,
    }
    if request.htmx:  # type: ignore[attr-defined]
        return make_response(fragment("desk/_pieces.html", **values))
    return make_response(render_template("desk/index.html", done=_done(query_value("xong", longest=20)), **values))


def _place(name: str) -> str:
    return query_value(name, longest=LONGEST_PLACE)


def _url(asked: Asked, **more: Any) -> str:
    values: dict[str, Any] = {**asked.given, **{name: value or None for name, value in more.items()}}
    return url_for("desk.index", **values)


def _done(word: str) -> str:
    words = {
        "go": _("The articles are taken down; whoever asks for one reads the reason."),
        "chuyen": _("The articles are moved."),
    }
    return words.get(word, "")
