"""Every text of the interface is translated in every language, and the compiled catalogs are those that people edited."""

from collections.abc import Iterable
from functools import cache
from pathlib import Path
from typing import Any, TypeAlias

import pytest
from babel.messages import Catalog, Message
from babel.messages.extract import extract_from_dir
from babel.messages.mofile import read_mo
from babel.messages.pofile import read_po

from portal.core.text import nfc

KEYWORDS: Any = {"_": None, "_l": None, "gettext": None, "lazy_gettext": None, "ngettext": (1, 2)}
LANGUAGES = ("vi", "en")

Id: TypeAlias = "str | tuple[str, ...]"


def catalog(root: Path, language: str) -> Catalog:
    """Return a language's catalog as people edit it."""
    with (root / f"portal/translations/{language}/LC_MESSAGES/messages.po").open("rb") as file:
        return read_po(file, locale=language)


def compiled(root: Path, language: str) -> Catalog:
    """Return a language's catalog as the site reads it."""
    with (root / f"portal/translations/{language}/LC_MESSAGES/messages.mo").open("rb") as file:
        return read_mo(file)


@cache
def said(root: Path) -> set[Id]:
    """Return every message that the source asks for."""
    found: set[Id] = set()
    for folder, files, method in (("portal", "**.py", "python"), ("templates", "**.html", "jinja2")):
        for _, _, message, _, _ in extract_from_dir(root / folder, [(files, method)], keywords=KEYWORDS, comment_tags=()):
            found.add(message if isinstance(message, str) else tuple(message))
    return found


def key(message: Message) -> Id:
    return message.id if isinstance(message.id, str) else tuple(message.id)


def strings(message: Message) -> Iterable[str]:
    return [message.string] if isinstance(message.string, str) else message.string


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_text_lacks_its_translation(root: Path, language: str) -> None:
    known = {key(message): message for message in catalog(root, language) if message.id}
    missing = sorted(str(one) for one in said(root) if one not in known or not all(strings(known[one])))
    assert missing == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_translation_is_a_guess(root: Path, language: str) -> None:
    assert [message.id for message in catalog(root, language) if message.id and message.fuzzy] == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_translation_is_of_a_text_that_is_gone(root: Path, language: str) -> None:
    assert sorted(str(key(message)) for message in catalog(root, language) if message.id and key(message) not in said(root)) == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_translation_fills_in_the_same_values(root: Path, language: str) -> None:
    texts = catalog(root, language)
    assert [(message.id, list(message.check(texts))) for message in texts if message.id and list(message.check(texts))] == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_the_site_reads_is_what_people_edited(root: Path, language: str) -> None:
    edited = {key(message): tuple(strings(message)) for message in catalog(root, language) if message.id}
    read = {key(message): tuple(strings(message)) for message in compiled(root, language) if message.id}
    assert read == edited, "run pybabel compile"


def test_vietnamese_has_words_of_its_own(root: Path) -> None:
    texts = [message for message in catalog(root, "vi") if message.id]
    same = [message.id for message in texts if "".join(strings(message)) == message.id and any(c.isalpha() for c in message.id)]
    assert len(same) < len(texts) / 20, same


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_catalogs_are_composed_text(root: Path, language: str) -> None:
    for message in catalog(root, language):
        assert all(text == nfc(text) for text in strings(message)), message.id


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_translation_holds_markup(root: Path, language: str) -> None:
    """Templates print translations as they are, with their values escaped."""
    texts = catalog(root, language)
    assert [text for message in texts if message.id for text in strings(message) if any(sign in text for sign in "<>&")] == []


def test_the_messages_of_the_source_are_found(root: Path) -> None:
    assert {"Home", ("vote", "votes"), "Page not found"} <= said(root)
