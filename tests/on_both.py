"""Which cases run on both databases: each of a marked test; of another the first, as the rest differ in what is typed alone."""

from collections.abc import Hashable

import pytest

BOTH = "each_case_on_both"


def left_to_sqlite(items: list[pytest.Item]) -> list[pytest.Item]:
    """Return the tests on PostgreSQL that another case of their function stands for there, while their own runs on SQLite."""
    on_sqlite = {(_function(item), _case(item)) for item in items if _database(item) == "sqlite"}
    first: dict[str, Hashable] = {}
    return [
        item
        for item in items
        if _database(item) == "postgresql"
        and first.setdefault(_function(item), _case(item)) != _case(item)
        and item.get_closest_marker(BOTH) is None
        and (_function(item), _case(item)) in on_sqlite
    ]


def _database(item: pytest.Item) -> str:
    return str(_parameters(item).get("database", ""))


def _function(item: pytest.Item) -> str:
    """Return the name of a test without its case."""
    return item.nodeid.partition("[")[0]


def _case(item: pytest.Item) -> Hashable:
    """Return which values a test has besides the database: on both databases they are the same objects."""
    return frozenset((name, id(value)) for name, value in _parameters(item).items() if name != "database")


def _parameters(item: pytest.Item) -> dict[str, object]:
    return getattr(getattr(item, "callspec", None), "params", {})
