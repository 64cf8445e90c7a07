"""The audit as a page: who did what, chosen by filters, a page after the other; as a file; and whether it is whole."""

from typing import Any

from flask import Response, abort, make_response, render_template, request, stream_with_context, url_for
from flask_login import current_user

from portal.audit import checks, filters, listing, vocabulary
from portal.audit.entries import record
from portal.audit.filters import Asked
from portal.audit.listing import Page, place
from portal.core import clock, formats
from portal.core.db import write
from portal.core.language import _
from portal.core.staff import Permission, needs, staff_blueprint
from portal.core.web import form_value, fragment, query_value, see_other

blueprint = staff_blueprint("audit", __name__, url_prefix="/ban-bien-tap/nhat-ky")

LONGEST_PLACE = 30
ASKED = "kiem-tra"


@blueprint.get("")
@needs(Permission.READ_AUDIT)
def index() -> Response:
    """Show what matches, newest first; in place where htmx asks."""
    asked, after = filters.asked(query_value), query_value("sau", longest=LONGEST_PLACE)
    at = place(after)
    if after and at is None:
        abort(404)
    page = listing.page(asked.filters, at) if not asked.wrong else Page([], None, None)
    values = {
        "asked": asked,
        "page": page,
        "groups": filters.choices(),
        "people": filters.people(),
        "url": _url(asked, after),
        "newer_url": _url(asked, page.newer),
        "older_url": _url(asked, page.older),
    }
    code = 422 if asked.wrong else 200
    if request.htmx:  # type: ignore[attr-defined]
        return make_response(fragment("audit/_entries.html", **values), code)
    kind, sentence = _state()
    done = (
        _("The check has been asked for. Its result stands here in a moment.") if query_value("xong", longest=20) == ASKED else ""
    )
    return make_response(render_template("audit/index.html", kind=kind, state=sentence, done=done, **values), code)


@blueprint.post("/tai-ve")
@needs(Permission.READ_AUDIT)
def download() -> Response:
    """Send what matches as CSV. It is a form and no link: whoever takes a copy of all this is recorded, in the copy too."""
    asked = filters.asked(form_value)
    if asked.wrong:
        abort(400)
    whole = not asked.given
    write(lambda session: record(session, vocabulary.AUDIT_EXPORTED, actor=current_user, whole=whole))
    response = Response(stream_with_context(listing.csv_of(asked.filters)), mimetype="text/csv")
    name = f"nhat-ky-{clock.day_of(clock.now_ms()).isoformat()}.csv"
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


@blueprint.post("/kiem-tra")
@needs(Permission.READ_AUDIT)
def check() -> Response:
    """Have the chain checked, by a job."""
    checks.ask()
    return see_other(url_for("audit.index", xong=ASKED))


def _url(asked: Asked, after: str | None) -> str | None:
    values: dict[str, Any] = {**asked.given, "sau": after or None}
    return None if after is None else url_for("audit.index", **values)


def _state() -> tuple[str, str]:
    """Return what the last check found, as a kind of notice and a sentence."""
    found = checks.last()
    if found is None:
        return "info", _("The log has not been checked yet.")
    when = formats.moment(found.at)
    if found.broken is not None:
        where = formats.number(found.broken)
        text = _(
            "The log is not whole: entry %(where)s is missing or was changed (checked %(moment)s).", where=where, moment=when
        )
        return "bad", text + " " + _("Tell whoever looks after the server.")
    number = formats.number(found.entries)
    text = _(
        "The log is whole: of %(number)s entries none is missing or was changed (checked %(moment)s).", number=number, moment=when
    )
    return ("warn" if found.is_overdue else "ok"), text
