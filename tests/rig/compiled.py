"""What an application compiles, once for a whole test run: a tenth of a second of each test that
asks for pages.
"""

from collections.abc import Callable
from types import CodeType
from typing import NamedTuple

from jinja2 import BytecodeCache
from jinja2.bccache import Bucket
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


class Kept(NamedTuple):
    """Both, as `create_app` takes them."""

    templates: BytecodeCache
    rule: type[Rule]


COMPILED = Kept(CompiledTemplates(), CompiledRule)
"""What every application of this process hands on to the next one."""
