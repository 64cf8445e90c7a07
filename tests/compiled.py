"""Templates, statements, addresses and catalogs are read once in a test process, not anew by its thousands of portals."""

from collections.abc import Callable, Iterable, Iterator, MutableMapping
from typing import Any, ClassVar

from babel.support import NullTranslations, Translations
from jinja2 import BytecodeCache
from jinja2.bccache import Bucket
from sqlalchemy.engine import Engine
from sqlalchemy.orm import Mapper
from werkzeug.routing import BaseConverter, Rule
from werkzeug.routing.rules import RulePart

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
    """Shares with equal rules of other portals what its text says and the functions that write its addresses: they ask their own
    rule for all else. Converters know their portal, so each rule has its own."""

    _builders: ClassVar[dict[tuple[object, ...], Callable[..., tuple[str, str]]]] = {}
    _read: ClassVar[dict[str, tuple[list[RulePart], list[tuple[bool, str]], list[tuple[Any, ...]]]]] = {}

    def _compile_builder(self, append_unknown: bool = True) -> Callable[..., tuple[str, str]]:
        key = (self.rule, tuple(self._trace), repr(self.defaults), append_unknown)
        if key not in self._builders:
            self._builders[key] = super()._compile_builder(append_unknown)
        return self._builders[key]

    def _parse_rule(self, rule: str) -> Iterable[RulePart]:
        if rule not in self._read:
            self._asked: list[tuple[Any, ...]] = []
            start = len(self._trace)
            parts = list(super()._parse_rule(rule))
            self._read[rule] = parts, self._trace[start:], self._asked
            return parts
        parts, trace, asked = self._read[rule]
        self._trace += trace
        self._converters |= {name: Rule.get_converter(self, name, *rest) for name, *rest in asked}
        self.arguments |= self._converters.keys()
        return parts

    def get_converter(self, name: str, converter: str, args: tuple[Any, ...], kwargs: MutableMapping[str, Any]) -> BaseConverter:
        self._asked.append((name, converter, args, kwargs))
        return super().get_converter(name, converter, args, kwargs)


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


class Catalogs:
    """Keeps what was read of a catalog; whoever asks copies it into translations of its own."""

    def __init__(self) -> None:
        self._kept: dict[str, NullTranslations] = {}

    def load(self, *where: object) -> NullTranslations:
        if repr(where) not in self._kept:
            self._kept[repr(where)] = LOAD(*where)
        return self._kept[repr(where)]


LOAD: Callable[..., NullTranslations] = Translations.load


def compile_once() -> None:
    """From here on, portals share what they compile and read."""
    Translations.load = Catalogs().load  # type: ignore[method-assign]
    Application.jinja_options = {**Application.jinja_options, "bytecode_cache": Templates()}
    Application.url_rule_class = CompiledRule
    Mapper._compiled_cache = Statements()
    Engine._execution_options = Engine._execution_options.union({"compiled_cache": Mapper._compiled_cache})
