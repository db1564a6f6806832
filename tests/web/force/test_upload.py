"""A file sent by a browser can be read as often as a supply needs it."""

import io
from contextlib import closing

from portal.web.force.upload import reopens


def test_each_reading_begins_at_the_start_and_leaves_the_file_open() -> None:
    stream = io.BytesIO(b"one\ntwo\n")
    source = reopens(stream)
    for _ in range(2):
        with closing(source()) as lines:
            assert list(lines) == [b"one\n", b"two\n"]
    assert not stream.closed
