"""Languages: Vietnamese at /, English at /en/. The address alone decides, so that pages are cached whole."""

from dataclasses import dataclass

from flask import Flask, Response, has_request_context, redirect, request
from flask_babel import Babel, gettext
from flask_babel import ngettext as babel_ngettext

DEFAULT = "vi"
PREFIXES = {"/en": "en"}
"""Mount points of the other languages. The gate moves them to SCRIPT_NAME, so url_for stays within a language."""

NAMES = {"vi": "Tiếng Việt", "en": "English"}


@dataclass(frozen=True, slots=True)
class Alternate:
    """The same page in the other language."""

    url: str
    lang: str
    label: str
    exact: bool
    """True where it is this page's translation, False where it is only the other language's home page."""


def current() -> str:
    """Return the language of the request, "vi" or "en"; outside a request the default."""
    if not has_request_context():
        return DEFAULT
    return PREFIXES.get(request.script_root, DEFAULT)


def _(message: str, **values: object) -> str:
    """Return an interface text in the language of the request."""
    return str(gettext(message, **values))


def ngettext(singular: str, plural: str, num: int) -> str:
    """Return an interface text for a number of things in the language of the request."""
    return str(babel_ngettext(singular, plural, num))


def mount(lang: str) -> str:
    """Return the path under which a language's site lies: "" or "/en"."""
    return next((prefix for prefix, language in PREFIXES.items() if language == lang), "")


def alternate(lang: str, path: str) -> Alternate:
    """Return the link to `path` (without prefix) on the site in `lang`."""
    return Alternate(url=mount(lang) + path, lang=lang, label=NAMES[lang], exact=True)


def other_home() -> Alternate:
    """Return the link to the other language's home page, for pages without a translation."""
    lang = "en" if current() == DEFAULT else DEFAULT
    return Alternate(url=mount(lang) + "/", lang=lang, label=NAMES[lang], exact=request.path == "/")


def init_app(app: Flask) -> None:
    Babel(app, default_locale=DEFAULT, default_timezone=app.config["TIME_ZONE"], locale_selector=current)
    app.context_processor(lambda: {"lang": current(), "alternate": other_home()})
    app.before_request(_complete_prefix)


def _complete_prefix() -> Response | None:
    """Lead from /en to /en/, as people type it."""
    bare = request.script_root == "" and request.path in PREFIXES
    return redirect(request.path + "/", 301) if bare else None  # type: ignore[return-value]
