"""Whether a site answers as its OpenAPI document says, to whatever Schemathesis sends."""

from collections import Counter
from collections.abc import Mapping
from itertools import count
from typing import Any

import schemathesis
from schemathesis import engine
from schemathesis.config import SchemathesisConfig
from schemathesis.engine import Status, events
from schemathesis.schemas import BaseSchema

_KEY = "Idempotency-Key"
_METHODS = {"get", "put", "post", "delete", "patch", "trace", "query"}


def differences(
    site: str, path: str, *, headers: Mapping[str, str], examples: int, left_out: str
) -> tuple[list[str], Counter[int]]:
    """What is answered otherwise than the document at `path` says, and every status by how often.

    `left_out` is a method that the document does not name and a page answers all the same.
    """
    config = SchemathesisConfig.from_dict(
        {
            "base-url": site,
            "headers": dict(headers),
            "seed": 20260301,
            "generation": {"max-examples": examples, "deterministic": True},
            "phases": {
                "coverage": {"unexpected-methods": sorted(_METHODS - {left_out})},
                "stateful": {"enabled": False},
            },
        }
    )
    schema = schemathesis.openapi.from_url(site + path, config=config)
    own_keys = _OwnKeys()
    schemathesis.hook("before_call")(own_keys)
    try:
        return _run(schema)
    finally:
        schemathesis.hooks.unregister(own_keys)


def _run(schema: BaseSchema) -> tuple[list[str], Counter[int]]:
    found: list[str] = []
    statuses: Counter[int] = Counter()
    for event in engine.from_schema(schema).execute():
        if isinstance(event, events.ScenarioFinished):
            answers = (each.response for each in event.recorder.interactions.values())
            statuses.update(each.status_code for each in answers if each)
            found += _failures(event)
        elif isinstance(event, events.NonFatalError):
            found.append(f"{event.label}: {event.value!r}")
        elif isinstance(event, events.FatalError):
            raise event.exception
    return found, statuses


class _OwnKeys:
    """Gives each right batch a key of its own: no schema can say that two batches need two keys."""

    def __init__(self) -> None:
        self._numbers = count(1)

    def __call__(self, context: object, case: schemathesis.Case, kwargs: dict[str, Any]) -> None:
        key = (case.headers or {}).get(_KEY)
        if key and case.meta and case.meta.generation.mode.is_positive:
            mark = '"' if key.startswith('"') else ""
            case.headers[_KEY] = f"{mark}{next(self._numbers)}{mark}"


def _failures(event: events.ScenarioFinished) -> list[str]:
    recorder = event.recorder
    return [
        f"{recorder.label}: {check.name}: {_told(recorder.interactions[case].response)} to "
        f"{recorder.cases[case].value.body!r}"
        for case, checks in recorder.checks.items()
        for check in checks
        if check.status == Status.FAILURE
    ]


def _told(response: schemathesis.Response | None) -> str:
    return f"{response.status_code} {response.text[:300]}" if response else "nothing"
