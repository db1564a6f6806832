"""Which names of an address a page looks at: what it never looks at cannot break it."""

from collections.abc import Iterator
from typing import Any

from flask import Flask
from werkzeug.datastructures import ImmutableMultiDict

from portal.web.uploads import PortalRequest

EVERY = "*"
"""Stands for all names: somebody went through whatever there was."""


class Looked(ImmutableMultiDict[str, str]):
    """What an address or a form holds, and which names of it were looked at, by anybody."""

    names: set[str] = set()  # noqa: RUF012 - one for the whole run, emptied by `looked_at`

    def __getitem__(self, key: str) -> str:
        self.names.add(key)
        return super().__getitem__(key)

    def __contains__(self, key: object) -> bool:
        self.names.add(str(key))
        return super().__contains__(key)

    def __iter__(self) -> Iterator[str]:
        self.names.add(EVERY)
        return super().__iter__()

    def getlist(self, key: str, type: Any = None) -> list[Any]:  # noqa: A002, ANN401 - Werkzeug's
        self.names.add(key)
        return super().getlist(key, type)

    def items(self, multi: bool = False) -> Any:  # noqa: ANN401 - Werkzeug's own
        self.names.add(EVERY)
        return super().items(multi)

    def lists(self) -> Any:  # noqa: ANN401 - Werkzeug's own
        self.names.add(EVERY)
        return super().lists()


class LookingRequest(PortalRequest):
    """The site's own request, which notes what is looked at."""

    parameter_storage_class = Looked


def note_looks(app: Flask) -> None:
    """Have the application note which names of an address its pages look at."""
    app.request_class = LookingRequest


def looked_at() -> set[str]:
    """The names that were looked at since this was asked last."""
    found = set(Looked.names)
    Looked.names.clear()
    return found
