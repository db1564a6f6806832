"""Work shared out among processes: each sets itself up once, and takes one task after the other.

Within one process Python is on one core at a time, and most of a full run is Python.
"""

import os
import signal
from collections.abc import Callable, Generator, Sequence
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import AbstractContextManager, ExitStack
from multiprocessing import active_children, get_context, parent_process
from multiprocessing.connection import wait
from threading import Thread
from typing import Any, TypeVar

from portal.errors import Refused

Task = TypeVar("Task")
Result = TypeVar("Result")
Begin = Callable[[], AbstractContextManager[Callable[[Task], Result]]]

_ENDED = (
    "One of the processes was ended from outside, most likely because the memory of this machine "
    "did not suffice. Nothing was changed. Try again with fewer: --processes."
)


def usable_cores() -> int:
    """How many cores this process may use."""
    return len(os.sched_getaffinity(0))


def in_processes(
    begin: Begin[Task, Result], tasks: Sequence[Task], *, processes: int
) -> Generator[Result, None, None]:
    """What each task gives, in order.

    Each process enters what `begin` gives, for all of its tasks; with one process that happens
    here. With several, `begin`, tasks and results are pickled and go through pipes, never to a
    disk. What a task raises is raised here, and ends the others. Raises Refused when a process ends
    before its time.
    """
    if processes == 1:
        with begin() as work:
            yield from map(work, tasks)
        return
    others = set(active_children())
    with ProcessPoolExecutor(
        processes, mp_context=get_context("spawn"), initializer=_set_up, initargs=(begin,)
    ) as pool:
        try:
            yield from pool.map(_do, tasks)
        except BrokenProcessPool:
            raise Refused(_ENDED) from None
        finally:
            # Else it would wait for what they have in hand when the rest is not wanted.
            for one in set(active_children()) - others:
                one.terminate()


class _Here:
    """What this process was set up with."""

    begin: Begin[Any, Any]
    work: Callable[[Any], Any] | None = None
    entered = ExitStack()


def _set_up(begin: Begin[Any, Any]) -> None:
    # Ctrl-C reaches all of a terminal's processes, and the first of them ends the others.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    Thread(target=_end_with_parent, daemon=True).start()
    _Here.begin = begin


def _end_with_parent() -> None:
    parent = parent_process()
    if parent is not None:
        wait([parent.sentinel])
        # At once: what was opened here must not stay in memory, and nobody waits for the rest.
        os._exit(1)


def _do(task: Any) -> Any:  # noqa: ANN401 - of any work
    if _Here.work is None:
        # Not in _set_up: what is raised there is told to nobody.
        _Here.work = _Here.entered.enter_context(_Here.begin())
    return _Here.work(task)
