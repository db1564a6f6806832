"""What an application compiles, once for a whole test run: a tenth of a second of each test that
asks for pages.
"""

from collections.abc import Callable
from types import CodeType
from typing import Any, NamedTuple

from jinja2 import BytecodeCache
from jinja2.bccache import Bucket
from sqlalchemy import URL, Dialect, Engine, create_engine, event
from sqlalchemy.util import LRUCache
from werkzeug.routing import Rule


class CompiledTemplates(BytecodeCache):
    """Kept in memory, by the template's name and source."""

    def __init__(self) -> None:
        self._kept: dict[tuple[str, str], CodeType] = {}

    def load_bytecode(self, bucket: Bucket) -> None:
        bucket.code = self._kept.get((bucket.key, bucket.checksum))

    def dump_bytecode(self, bucket: Bucket) -> None:
        if bucket.code is not None:
            self._kept[bucket.key, bucket.checksum] = bucket.code


_BUILDERS: dict[object, Callable[..., tuple[str, str]]] = {}


class CompiledRule(Rule):
    """A rule whose builder of addresses is compiled once: it finds its converters in the rule that
    it is given, and everything else that it is made of is in its key.
    """

    def _compile_builder(self, append_unknown: bool = True) -> Callable[..., tuple[str, str]]:
        converters = sorted((name, type(one)) for name, one in self._converters.items())
        key = (self.rule, *self._trace, *map(str, converters), str(self.defaults), append_unknown)
        if key not in _BUILDERS:
            _BUILDERS[key] = super()._compile_builder(append_unknown)
        return _BUILDERS[key]


_STATEMENTS: LRUCache[Any, Any] = LRUCache(20_000)
_DIALECTS: dict[str, Dialect] = {}


def make_engine(url: URL, **options: Any) -> Engine:  # noqa: ANN401 - whatever an engine takes
    """An engine that finds the statements that others of its kind compiled. Each statement is kept
    for the very dialect that it was compiled by: the first that was connected serves all.
    """
    engine = create_engine(url, **options)
    engine._compiled_cache = _STATEMENTS
    kind = engine.dialect.name
    if kind in _DIALECTS:
        engine.dialect = _DIALECTS[kind]
    else:
        event.listen(engine, "connect", lambda *_: _DIALECTS.setdefault(kind, engine.dialect))
    return engine


class Kept(NamedTuple):
    """All of it, as `create_app` takes it."""

    templates: BytecodeCache
    rule: type[Rule]
    make_engine: Callable[..., Engine]


COMPILED = Kept(CompiledTemplates(), CompiledRule, make_engine)
"""What every application of this process hands on to the next one."""
