"""Languages: Vietnamese at /, English at /en/. The address alone decides, so that pages are cached whole."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from functools import cache
from gettext import NullTranslations
from pathlib import Path

from babel.support import Translations
from flask import Flask, Response, abort, redirect, request
from flask_babel import Babel
from markupsafe import Markup

from portal.core import access

DEFAULT = "vi"
TRANSLATIONS = Path(__file__).resolve().parent.parent / "translations"
PREFIXES = {"/en": "en"}
"""Mount points of the other languages. The gate moves them to SCRIPT_NAME, so url_for stays within a language."""

_spoken = ContextVar("spoken", default=DEFAULT)

NAMES = {"vi": "Tiếng Việt", "en": "English"}

THOUSANDS = {"vi": ".", "en": ","}


@dataclass(frozen=True, slots=True)
class Alternate:
    """The same page in the other language."""

    url: str
    lang: str
    label: str
    exact: bool
    """True where it is this page's translation, False where it is only the other language's home page."""


def current() -> str:
    """Return the language of the request, "vi" or "en"; outside a request what is spoken there, as a rule the default."""
    try:
        mounted_at = request.environ.get("SCRIPT_NAME", "")
    except RuntimeError:  # a command, a job
        return _spoken.get()
    return PREFIXES.get(mounted_at, DEFAULT)


@contextmanager
def spoken(lang: str) -> Iterator[None]:
    """Speak a language while no request is answered: commands are English, as their options and questions are."""
    before = _spoken.set(lang)
    try:
        yield
    finally:
        _spoken.reset(before)


def _(message: str, **values: object) -> str:
    """Return an interface text in the language of the request."""
    text = _catalog(current()).gettext(message)
    return text % values if values else text


def ngettext(singular: str, plural: str, num: int) -> str:
    """Return an interface text for a number of things in the language of the request."""
    return _catalog(current()).ngettext(singular, plural, num) % {"num": grouped(num)}


def grouped(number: int) -> str:
    """Return an integer with the language's thousands mark."""
    return f"{number:,}".replace(",", THOUSANDS[current()])


def _markup(message: str, **values: object) -> Markup:
    """Return an interface text for a template: our own text is markup, values in it are escaped.

    Does what Jinja's extension does, at a fifth of its cost: a page has dozens of texts.
    """
    text = _translated(current(), message)
    return text % values if values else text


def _markup_of_number(singular: str, plural: str, num: int) -> Markup:
    return Markup(_catalog(current()).ngettext(singular, plural, num)) % {"num": grouped(num)}  # noqa: S704 - from our catalog


@cache
def _translated(lang: str, message: str) -> Markup:
    return Markup(_catalog(lang).gettext(message))  # noqa: S704 - from our catalog


@cache
def _catalog(lang: str) -> NullTranslations:
    return Translations.load(TRANSLATIONS, [lang])


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
    app.jinja_env.globals |= {"_": _markup, "ngettext": _markup_of_number}
    app.context_processor(lambda: {"lang": current(), "alternate": other_home()})
    for prefix in PREFIXES:
        app.add_url_rule(prefix, prefix.replace("/", "language."), _complete)


@access.public
def _complete() -> Response:
    """Lead from /en to /en/, as people type it."""
    return abort(404) if request.script_root else redirect(request.path + "/", 301)  # type: ignore[return-value]
