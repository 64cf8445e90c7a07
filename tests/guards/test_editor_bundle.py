"""The editor's bundle is made of the sources that stand in the tree, says its licences, and runs where the site runs."""

import hashlib
import json
import re
from pathlib import Path

from tests.guards.test_source import LONGEST_FILE

SOURCES, VENDOR = "static/js/writing", "static/vendor/editor"
NEWER = re.compile(r"\.(at|replaceAll|hasOwn|findLast|toSorted|replaceChildren)\(|structuredClone|\?\?=|&&=|\|\|=")
"""Syntax and calls that Chrome 85, Safari 15 or Firefox 90 lack, or that es2020 does."""


def test_the_bundle_is_made_of_these_sources(root: Path) -> None:
    digest = hashlib.sha256()
    for path in [*sorted((root / SOURCES).iterdir()), root / VENDOR / "package-lock.json"]:
        digest.update(path.read_bytes())
    assert digest.hexdigest() in (root / VENDOR / "editor.min.js").read_text("utf-8")[:200], "run make editor"


def test_every_library_in_the_bundle_has_its_licence_and_version(root: Path) -> None:
    locked = json.loads((root / VENDOR / "package-lock.json").read_text("utf-8"))["packages"]
    licences = (root / VENDOR / "editor.LICENSES.txt").read_text("utf-8")
    said = re.findall(r"^(@?[a-z][\w./-]*) (\d+\.\d+\.\d+) \((?:MIT|ISC|BSD-[23]-Clause|Apache-2\.0)\)$", licences, re.MULTILINE)
    assert {"@tiptap/core", "prosemirror-view"} <= {name for name, _ in said}
    assert [name for name, version in said if locked[f"node_modules/{name}"]["version"] != version] == []


WRITTEN_ON = {
    "templates/articles/editor/edit.html": "portal/articles/editor_page.py",
    "templates/settings/edit.html": "portal/settings/shown.py",
}
"""The staff pages on which texts are written, and what prints each."""


def test_the_sources_are_short_and_within_the_browser_floor(root: Path) -> None:
    texts = {path.name: path.read_text("utf-8") for path in (root / SOURCES).iterdir()}
    assert [name for name, text in texts.items() if text.count("\n") > LONGEST_FILE or NEWER.search(text)] == []


def test_the_bundle_is_loaded_where_texts_are_written_alone(root: Path) -> None:
    written = [*root.glob("templates/**/*"), *root.glob("portal/**/*.py"), *root.glob("static/js/*.js")]
    texts = {path.relative_to(root).as_posix(): path.read_text("utf-8") for path in written if path.is_file()}
    assert {name for name, text in texts.items() if "editor.min" in text or "vendor/editor" in text} == WRITTEN_ON.keys()
    for page, used_by in WRITTEN_ON.items():
        assert texts[page].count("editor.min.js") == 1
        used = page.removeprefix("templates/")
        assert [name for name, text in texts.items() if used in text] == [used_by]  # no page stands on it
