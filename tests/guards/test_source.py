"""The source stays readable: sizes, names, and the few doors through which text becomes markup."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

LONGEST_FILE = 300
LONGEST_FUNCTION = 40
NAMELESS = {"utils", "util", "helpers", "helper", "common", "misc", "base", "tools", "lib"}
MARKUP_DOORS = {"portal/core/html.py", "portal/polls/box.py", "portal/core/language.py"}
"""The sanitizer, a template's own output, and the catalogs, which hold no markup (test_catalogs)."""
GENERATED = "portal/migrations/versions/"
"""Alembic writes these: one list of tables each, however many there are."""


def sources(root: Path) -> Iterator[tuple[str, str]]:
    """Yield the name and the text of every Python file of ours."""
    for path in [*root.glob("portal/**/*.py"), *root.glob("tests/**/*.py"), *root.glob("bench/**/*.py")]:
        yield path.relative_to(root).as_posix(), path.read_text("utf-8")


def templates(root: Path) -> Iterator[tuple[str, str]]:
    for path in root.glob("templates/**/*"):
        if path.is_file():
            yield path.relative_to(root).as_posix(), path.read_text("utf-8")


def test_no_file_is_too_long(root: Path) -> None:
    styled = [*root.glob("static/css/*.css"), *root.glob("static/js/*.js")]
    texts = [*sources(root), *templates(root), *((path.name, path.read_text("utf-8")) for path in styled)]
    assert not [name for name, text in texts if text.count("\n") > LONGEST_FILE and not name.startswith(GENERATED)]


def test_no_function_is_too_long(root: Path) -> None:
    for name, text in sources(root):
        for node in ast.walk(ast.parse(text)):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and not name.startswith(GENERATED):
                assert (node.end_lineno or 0) - node.lineno < LONGEST_FUNCTION, f"{name}: {node.name}"


def test_a_module_is_named_for_its_subject(root: Path) -> None:
    paths = [*root.glob("portal/**/*"), *root.glob("tests/**/*"), *root.glob("templates/**/*"), *root.glob("static/css/*")]
    assert not [path for path in paths if path.stem.lower() in NAMELESS]


def test_text_becomes_markup_through_the_sanitizer_and_the_templates_alone(root: Path) -> None:
    made = {name for name, text in sources(root) if name.startswith("portal/") and re.search(r"\bMarkup\(", text)}
    assert made <= MARKUP_DOORS


def test_no_template_goes_around_escaping(root: Path) -> None:
    for name, text in templates(root):
        assert not re.search(r"\|\s*(safe|forceescape|xmlattr)\b|autoescape", text), name


def test_only_the_packages_main_file_imports_the_whole_portal(root: Path) -> None:
    for name, text in sources(root):
        if name.startswith("portal/") and name != "portal/__init__.py":
            assert "import create_app" not in text, name


def test_every_function_has_types(root: Path) -> None:
    for name, text in sources(root):
        for node in ast.walk(ast.parse(text)):
            if isinstance(node, ast.FunctionDef) and not name.startswith(GENERATED):
                assert node.returns is not None, f"{name}: {node.name} does not say what it returns"


def test_no_test_is_skipped_for_convenience(root: Path) -> None:
    for name, text in sources(root):
        if name.startswith("tests/"):
            assert not re.search(r"mark\.(skip|xfail)|importor" + "skip", text), name


@pytest.mark.parametrize("name", ["portal/core/db.py", "tests/cast.py"])
def test_the_guards_see_the_files(root: Path, name: str) -> None:
    assert name in dict(sources(root))
