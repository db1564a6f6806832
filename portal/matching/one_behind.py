"""Work done in a thread while the next piece is made ready: a database counts, Python reads on."""

import sys
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from typing import TypeVar

Result = TypeVar("Result")
# A database asks for the lock of Python between any two tasks, and would wait for as long as this.
_TURN = 0.0005


def one_behind(pieces: Iterable[Callable[[], Result]]) -> Iterator[Result]:
    """What each piece gives, in order. One at a time is done, while the next is asked for.

    What a piece raises is raised here, and what was not begun is not done.
    """
    with _short_turns(), ThreadPoolExecutor(max_workers=1) as thread:
        waiting: Future[Result] | None = None
        for piece in pieces:
            if waiting is not None:
                yield waiting.result()
            waiting = thread.submit(piece)
        if waiting is not None:
            yield waiting.result()


@contextmanager
def _short_turns() -> Iterator[None]:
    was = sys.getswitchinterval()
    sys.setswitchinterval(min(was, _TURN))
    try:
        yield
    finally:
        sys.setswitchinterval(was)
