"""The log: one JSON object a line on standard error, without anything that a person sent.

An error is written as its kinds and places. Its words are left out, because they can hold what
was typed (a database quotes the row), and so are addresses of people and their requests.
"""

import json
import logging
from datetime import UTC, datetime
from typing import TextIO, cast

from flask.logging import wsgi_errors_stream

from portal.errors import places_of

# What Gunicorn writes about a request that it cannot read or serve, and what stands there instead.
_INSTEAD = {
    "Invalid request from": "A request could not be read",
    "Error handling request": "A request could not be served",
    "Ignored premature client disconnection": "A browser left early",
}
_MOST_KINDS = 5


class JsonLines(logging.Formatter):
    """Formats a record as one line of JSON; `extra={"facts": {...}}` adds names of its own."""

    def format(self, record: logging.LogRecord) -> str:
        """The line, without its newline."""
        line: dict[str, object] = {
            "at": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "from": record.name,
            "what": record.getMessage(),
            **getattr(record, "facts", {}),
        }
        if record.exc_info and record.exc_info[1] is not None:
            line |= describe(record.exc_info[1])
        return json.dumps(line, ensure_ascii=False, default=lambda value: type(value).__name__)


def describe(error: BaseException) -> dict[str, object]:
    """An error without its words: the kinds, from the last to its first cause, and the places."""
    kinds: list[str] = []
    cause: BaseException | None = error
    while cause is not None and len(kinds) < _MOST_KINDS:
        kinds.append(type(cause).__qualname__)
        cause = cause.__cause__ or cause.__context__
    return {
        "kinds": kinds,
        "places": places_of(error),
    }


class NoAddresses(logging.Filter):
    """Takes out of a server's own lines who asked for what: it stays that something went wrong."""

    def filter(self, record: logging.LogRecord) -> bool:
        """Keep every record, some of them with fewer words."""
        words = str(record.msg)
        for start, instead in _INSTEAD.items():
            if words.startswith(start):
                cause = record.exc_info[1] if record.exc_info else None
                kinds = f": {type(cause).__qualname__}" if cause else ""
                record.msg, record.args = instead + kinds, ()
                record.exc_info = record.exc_text = None
        return True


def hide_addresses(name: str) -> None:
    """Let a server's logger write no address of a person or a request. Twice changes nothing."""
    logger = logging.getLogger(name)
    if not any(isinstance(each, NoAddresses) for each in logger.filters):
        logger.addFilter(NoAddresses())


def install(name: str, stream: TextIO | None = None) -> None:
    """Let a logger, and all below it, write lines of JSON. Installing twice changes nothing."""
    logger = logging.getLogger(name)
    if any(isinstance(each.formatter, JsonLines) for each in logger.handlers):
        return
    # Looked up at every line, because a server may replace standard error after the start.
    handler = logging.StreamHandler(stream or cast(TextIO, wsgi_errors_stream))
    handler.setFormatter(JsonLines())
    logger.addHandler(handler)
    logger.setLevel(logging.INFO)
