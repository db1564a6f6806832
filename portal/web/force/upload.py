"""A file that a browser sent, read more than once.

The server keeps it in memory while it is small, and else in a temporary file without a name,
which is gone when the request ends.
"""

from collections.abc import Iterator
from typing import IO

from portal.police.survey import Lines, Source

LARGEST_FILE = (
    "A file can be up to 60 MB. A larger one is loaded by the people who run this service, with "
    "the command “flask --app wsgi records load”"
)
"""Said before a file is chosen, and again when a larger one was sent."""


class _Again:
    """The stream from its start; closing it leaves the stream open for the next reading."""

    def __init__(self, stream: IO[bytes]) -> None:
        self._stream = stream
        stream.seek(0)

    def __iter__(self) -> Iterator[bytes]:
        return iter(self._stream)

    def close(self) -> None:
        """Nothing: the server closes the stream with the request."""


def reopens(stream: IO[bytes]) -> Source:
    """What `take_supply` reads from: each call begins at the start of the stream again."""

    def source() -> Lines:
        return _Again(stream)

    return source
