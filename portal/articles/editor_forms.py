"""The forms of the page for writing, and what an article's content is as a form holds it."""

import re
import secrets
from collections.abc import Iterable
from typing import Any

from flask import abort, current_app
from flask_babel import lazy_gettext as _l
from wtforms import HiddenField, SelectChoice, SelectField, StringField, TextAreaField
from wtforms.validators import AnyOf, InputRequired

from portal.articles.content import GENRES, TYPED
from portal.articles.sections import shelves
from portal.core import language
from portal.core.forms import Form
from portal.core.language import _
from portal.publishing.models import Content
from portal.publishing.revisions import Save

KEY = re.compile("[0-9a-f]{32}")
NUMBER = re.compile("[0-9]{1,9}")
TEXTS = ("title", "lead", "body", "author_line", "photo_line", "source_line", "genre", "published_on")
"""Fields of a form that are a content's as they are; "section" and "poll" are numbers there."""
NOT_THERE = _l("Choose one from the list.")


class BeginForm(Form):
    """What it takes to begin in any way."""

    language = SelectField(_l("Language"), validate_choice=False, validators=[AnyOf(language.NAMES, NOT_THERE)])
    section = SelectField(_l("Section"), validate_choice=False)
    key = HiddenField()

    def offer(self) -> None:
        """Offer the sections of every language, by language."""
        self.language.choices = _options(language.NAMES.items())
        sections = [one for lang, name in language.NAMES.items() for one in _options(shelves(lang), name)]
        self.section.choices = [SelectChoice("", _("Not chosen yet"), optgroup=""), *sections]

    def is_of_language(self) -> bool:
        """Tell whether the section stands in the chosen language, or none is chosen."""
        return not self.section.data or self.section.data in {str(number) for number, _name in shelves(self.language.data)}


class NewForm(BeginForm):
    """What it takes to begin with nothing."""

    title = StringField(_l("Title"), validators=[InputRequired(_l("Give the article a title; it can still be changed."))])


class PieceForm(Form):
    """An article as somebody writes it. What may be missing, may be missing here: it is a draft."""

    title = StringField(_l("Title"), id="piece-title")  # the preview beside has a title of its own
    lead = TextAreaField(_l("Lead"))
    body = TextAreaField(_l("Text of the article"))
    section = SelectField(_l("Section"), validate_choice=False)
    published_on = StringField(_l("Day of publication"))
    author_line = StringField(_l("Author (or pen name), as printed"))
    genre = SelectField(_l("Genre"), validate_choice=False)
    photo_line = StringField(_l("Pictures by"))
    source_line = StringField(_l("Source"))
    poll = SelectField(_l("Poll below the article"), validate_choice=False)
    base = HiddenField()
    key = HiddenField()

    def offer(self, lang: str, content: Content) -> None:
        """Offer what there is in the language of the piece, and what its present content has."""
        polls, kept = current_app.extensions["poll_names"](), content["poll_id"]
        if kept and kept not in dict(polls):
            polls.append((kept, _("Poll %(number)s", number=kept)))
        self.section.choices = [SelectChoice("", _("Not chosen yet")), *_options(shelves(lang, kept=content["section_id"]))]
        self.genre.choices = _options(GENRES.items())
        self.poll.choices = [SelectChoice("", _("None")), *_options(polls)]

    def content(self) -> Content:
        """Return what was typed as a content that is not cleaned yet."""
        typed = {name: getattr(self, name).data or "" for name in TEXTS}
        return {**typed, "section_id": _chosen(self.section), "poll_id": _chosen(self.poll)}

    def save(self, content: Content, *, by_hand: bool) -> Save:
        """Return the save. Aborts with 400 where it is no form of ours: one without base and key."""
        base, key = self.base.data or "", self.key.data or ""
        if not NUMBER.fullmatch(base) or not KEY.fullmatch(key):
            abort(400)
        return Save(content, int(base), bytes.fromhex(key), by_hand=by_hand, fields=TYPED)


def begin_form(*, in_full: bool = True) -> BeginForm:
    """Return the form that begins with a document, as it is offered; in short it is of the page's language and no section."""
    form = BeginForm(formdata=None, language=language.current(), key=new_key())
    if in_full:
        form.offer()
    return form


def filled(content: Content, *, base: int, lang: str) -> PieceForm:
    """Return the form of a content."""
    kept: dict[str, Any] = {name: content[name] for name in TEXTS}
    numbers = {"section": str(content["section_id"] or ""), "poll": str(content["poll_id"] or "")}
    form = PieceForm(formdata=None, data={**kept, **numbers, "base": str(base), "key": new_key()})
    form.offer(lang, content)
    return form


def new_key() -> str:
    """Return the random name of a save that is still to come."""
    return secrets.token_hex(16)


def name_of(field: SelectField, value: object) -> str:
    """Return what a field calls one of its values."""
    return next((str(one.label) for one in field.choices if one.value == str(value or "")), str(value or ""))


def _options(rows: Iterable[tuple[object, object]], group: str | None = None) -> list[SelectChoice]:
    return [SelectChoice(str(value), str(name), optgroup=group) for value, name in rows]


def _chosen(field: SelectField) -> int | None:
    """Return a row's number, None for nothing or for what was not offered."""
    return int(field.data) if field.data and field.data in {one.value for one in field.choices} else None
