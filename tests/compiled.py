"""Templates, statements and the rules of addresses are compiled once in a test process, not anew by its thousands of portals."""

from collections.abc import Callable, Iterator, MutableMapping
from typing import Any, ClassVar

from jinja2 import BytecodeCache
from jinja2.bccache import Bucket
from sqlalchemy.engine import Engine
from sqlalchemy.orm import Mapper
from werkzeug.routing import Rule

from portal.core.web import Application


class Templates(BytecodeCache):
    """Keeps what a template was compiled to; one whose text was changed is compiled again."""

    def __init__(self) -> None:
        self._code: dict[tuple[str, str], Any] = {}

    def load_bytecode(self, bucket: Bucket) -> None:
        bucket.code = self._code.get((bucket.key, bucket.checksum))

    def dump_bytecode(self, bucket: Bucket) -> None:
        self._code[bucket.key, bucket.checksum] = bucket.code


class CompiledRule(Rule):
    """Shares with equal rules of other portals the functions that write its addresses: they ask their own rule for all else."""

    _builders: ClassVar[dict[tuple[object, ...], Callable[..., tuple[str, str]]]] = {}

    def _compile_builder(self, append_unknown: bool = True) -> Callable[..., tuple[str, str]]:
        key = (self.rule, tuple(self._trace), repr(self.defaults), append_unknown)
        if key not in self._builders:
            self._builders[key] = super()._compile_builder(append_unknown)
        return self._builders[key]


class Statements(MutableMapping[tuple[Any, ...], Any]):
    """Keeps what a statement was compiled to under its database's name, for all engines on such a database."""

    def __init__(self) -> None:
        self._kept: dict[tuple[Any, ...], Any] = {}

    def __getitem__(self, key: tuple[Any, ...]) -> Any:
        return self._kept[key[0].name, *key[1:]]

    def __setitem__(self, key: tuple[Any, ...], compiled: Any) -> None:
        self._kept[key[0].name, *key[1:]] = compiled

    def __delitem__(self, key: tuple[Any, ...]) -> None:
        del self._kept[key[0].name, *key[1:]]

    def __iter__(self) -> Iterator[tuple[Any, ...]]:
        return iter(self._kept)

    def __len__(self) -> int:
        return len(self._kept)


def compile_once() -> None:
    """From here on, portals share what they compile."""
    Application.jinja_options = {**Application.jinja_options, "bytecode_cache": Templates()}
    Application.url_rule_class = CompiledRule
    Mapper._compiled_cache = Statements()
    Engine._execution_options = Engine._execution_options.union({"compiled_cache": Mapper._compiled_cache})
