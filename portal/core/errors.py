"""How the site says no: Refused and Unavailable from the domain, HTTP errors from the web, each a page or a fragment."""

import errno
import logging
from collections.abc import Callable
from typing import Any, TypeAlias, TypeVar

from flask import Flask, Response, current_app, make_response, render_template, request
from flask_babel import lazy_gettext as _l
from sqlalchemy.exc import OperationalError, TimeoutError
from werkzeug.exceptions import HTTPException, ServiceUnavailable

from portal.core import logs
from portal.core.access import is_same_origin
from portal.core.language import PREFIXES, _, current

RETRY_AFTER_S = 5

ASKED = "portal.asked"
"""In the WSGI environment: the path of a request that the gate refused."""

View = TypeVar("View", bound=Callable[..., Any])

EVERYTHING = "*"
"""Every field of a form, where its fields are not known beforehand."""
OWN_MARKS = {"token", "seen", "do", "interface", "rows", "id", "level"}
"""Fields of ours, which nobody types; those of a line have its place before them, such as "3-id"."""

GIVEN_BACK = {401, 403, 404, 409, 422, 500, 503}
"""Answers on which what was typed stands once more, where a view asks for that."""

Speaker: TypeAlias = Callable[[int, str, str], Response]
"""Answers an error otherwise than by a page, from its code, its title and its text."""

logger = logging.getLogger(__name__)


class Refused(Exception):
    """The domain says no. `str()` is a sentence for the person; answered with 422 where the view does not catch it."""


class Unavailable(Exception):
    """The database cannot be read or written now. Answered with 503; nothing was stored."""

    def __init__(self, text: str = "the database does not answer", *, cause: BaseException | None = None) -> None:
        super().__init__(text)
        self.cause = self.__cause__ = cause


WORDS = {
    400: (
        _l("This address or form is not complete"),
        _l("Something in the request could not be read. Go back, check and try again."),
    ),
    401: (
        _l("Please sign in"),
        _l("Your session has ended, or has not begun. What you typed is still on the screen; sign in again to go on."),
    ),
    403: (
        _l("Not accepted"),
        _l("The request was not carried out because its origin could not be confirmed. Reload the page and try again."),
    ),
    404: (
        _l("Page not found"),
        _l("The address may have changed, or you may not have the right to see it. Go to the home page."),
    ),
    405: (_l("Not possible here"), _l("This address does not take that kind of request. Go to the home page.")),
    413: (
        _l("Too large"),
        _l("What was sent is larger than this page accepts. Send less at once: fewer or smaller files, or a shorter text."),
    ),
    414: (_l("Page not found"), _l("The address is too long.")),
    422: (_l("Not accepted"), _l("Check what you entered and try again.")),
    429: (_l("Too many requests"), _l("There were too many requests in a short time. Please try again in a minute.")),
    500: (_l("The system has an error"), _l("What you typed is still on the screen.")),
    503: (_l("The system is busy"), _l("Nothing was saved. Please try again.")),
    507: (
        _l("The disk is full"),
        _l("There is no room on the server for what was sent, so nothing of it was kept. Tell an administrator, then try again."),
    ),
}


def gives_back(*fields: str) -> Callable[[View], View]:
    """Have what was typed into these fields stand on the page that says no, whoever says it: it is nowhere else any more."""

    def declare(view: View) -> View:
        view.gives_back = fields  # type: ignore[attr-defined]
        return view

    return declare


def speak_for(app: Flask, path: str, speaker: Speaker) -> None:
    """Have errors of addresses that begin with `path` answered by `speaker`: who asks there reads no pages."""
    app.extensions["error_speakers"][path] = speaker


def init_app(app: Flask) -> None:
    app.extensions["error_speakers"] = {}
    app.register_error_handler(HTTPException, _http_error)
    app.register_error_handler(Refused, _refused)
    for error in (Unavailable, OperationalError, TimeoutError):
        app.register_error_handler(error, _unavailable)
    app.register_error_handler(OSError, _disk_error)


def _http_error(error: HTTPException) -> Response:
    if error.response is not None or (error.code or 500) < 400:  # redirects
        return make_response(error.get_response(request.environ))
    response = answer(error.code or 500)
    response.headers.extend((k, v) for k, v in error.get_headers() if k in {"Allow", "Content-Range"})  # of 405 and 416
    return response


def _refused(error: Refused) -> Response:
    return answer(422, text=str(error))


def _unavailable(error: Exception) -> Response:
    logger.warning("database unavailable", exc_info=getattr(error, "cause", None) or error)
    return answer(ServiceUnavailable.code)


def _disk_error(error: OSError) -> Response:
    """Answer where a body had no room on the disk; any other fault of the machine is not expected."""
    if error.errno not in {errno.ENOSPC, errno.EDQUOT}:
        raise error
    logger.error("disk full", exc_info=error)
    return answer(507)


def answer(code: int, *, text: str | None = None) -> Response:
    """Return the page, or the fragment where htmx asked, that says `text` or the usual words of an HTTP status code."""
    title, usual = WORDS.get(code, WORDS[500] if code >= 500 else WORDS[400])
    words: dict[str, Any] = {"code": code, "title": str(title), "text": text or str(usual), "typed": _typed(code)}
    if code == 500:
        words["text"] = _("Error code: %(code)s.", code=logs.request_id()) + f" {words['text']}"
    speaker = _speaker()
    if speaker is not None:
        return _kept_nowhere(speaker(code, words["title"], words["text"]), code)
    if request.htmx:  # type: ignore[attr-defined]
        page = current_app.jinja_env.get_template("errors/_error.html").render(words)
    else:
        try:
            page = _bare(words) if code >= 500 else render_template("errors/show.html", **words)
        except (OperationalError, TimeoutError) as error:  # the layout reads the agency's name and menu
            return _unavailable(error)
    return _kept_nowhere(make_response(page, code), code)


def _typed(code: int) -> list[str]:
    """Return what one of our own pages sent and nobody has kept; another site's page puts no words into ours."""
    view = current_app.view_functions.get(request.endpoint or "")
    fields: tuple[str, ...] = getattr(view, "gives_back", ())
    if not fields or request.method != "POST" or code not in GIVEN_BACK or not is_same_origin():
        return []
    try:
        names = [name for name in request.form if name.rpartition("-")[2] not in OWN_MARKS] if EVERYTHING in fields else fields
        typed = [request.form.get(name, "") for name in names]
    except HTTPException:  # the form ended early, or cannot be read: there is nothing to give back
        return []
    return [text for text in typed if text.strip()]


def _speaker() -> Speaker | None:
    asked, mounts = request.environ.get(ASKED, request.path), ("", *PREFIXES)
    speakers: dict[str, Speaker] = current_app.extensions["error_speakers"]
    return next((speaker for path, speaker in speakers.items() if asked.startswith(tuple(m + path for m in mounts))), None)


def _kept_nowhere(response: Response, code: int) -> Response:
    response.headers["Cache-Control"] = "no-store"
    if code == 503:
        response.headers["Retry-After"] = str(RETRY_AFTER_S)
    return response


def _bare(words: dict[str, object]) -> str:
    """Return a page without the layout, which reads the database: it may be the very thing that is gone."""
    template = current_app.jinja_env.get_template("errors/bare.html")
    return template.render(**words, lang=current(), home_url=request.script_root + "/")
