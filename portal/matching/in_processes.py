"""Work shared out among processes: each sets itself up once, and takes one task after the other.

Within one process Python is on one core at a time, and most of a full run is Python. Each has a
pipe of its own, whose other end nobody else holds: when a process is ended from outside, even in
the middle of a message, whoever waits for it is told at once. A pool of the standard library waits
for the rest of the message for ever.
"""

import logging
import os
import pickle
import signal
from collections.abc import Callable, Generator, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager, suppress
from multiprocessing import get_context, parent_process, resource_tracker
from multiprocessing.connection import Connection, wait
from multiprocessing.process import BaseProcess
from threading import Thread
from typing import Any, TypeAlias, TypeVar, cast

from portal.errors import OnRecordError, Refused, places_of

_LOG = logging.getLogger(__name__)
Task = TypeVar("Task")
Result = TypeVar("Result")
_Pipe: TypeAlias = "Connection[Any, Any]"
Begin = Callable[[], AbstractContextManager[Callable[[Task], Result]]]

_ENDED = (
    "One of the processes was ended from outside, most likely because the memory of this machine "
    "did not suffice. Nothing was changed. Try again with fewer: --processes."
)
_NONE_MORE = (
    "This machine lets no further process be started. Nothing was changed. Try again with fewer: "
    "--processes."
)


class Untold(Exception):
    """Another process failed by an error that cannot come here. Its one word is the name of its
    kind.
    """


def usable_cores() -> int:
    """How many cores this process may use."""
    return len(os.sched_getaffinity(0))


def cores_for_each(processes: int) -> int:
    """How many cores each of so many processes may count on."""
    return max(1, usable_cores() // processes)


def in_processes(
    begin: Begin[Task, Result], tasks: Sequence[Task], *, processes: int
) -> Generator[Result, None, None]:
    """What each task gives, in order.

    Each process enters what `begin` gives, for all of its tasks; with one process that happens
    here. With several, `begin`, tasks and results are pickled and go through pipes, never to a
    disk. What a task raises is raised here, and ends the others; with several, where it came about
    is logged, and what cannot be pickled is raised as Untold. Raises Refused when a process ends
    before its time, or cannot be started.
    """
    if processes == 1:
        with begin() as work:
            yield from map(work, tasks)
        return
    workers: dict[_Pipe, BaseProcess] = {}
    try:
        for _ in range(processes):
            _start(workers)
        for pipe in workers:
            # Not as they start: those arguments go through a pipe that this process holds open.
            with _told_plainly(pipe):
                pipe.send(begin)
        yield from _in_order(list(workers), tasks)
    finally:
        # At once: what they opened must not stay in memory, and nobody wants what is in hand.
        for one in workers.values():
            one.kill()
        for pipe, one in workers.items():
            one.join()
            pipe.close()


def _start(workers: dict[_Pipe, BaseProcess]) -> None:
    context = get_context("spawn")
    try:
        # Before the mask: the first start of it takes the mask away.
        resource_tracker.ensure_running()
        ours, theirs = context.Pipe()
    except OSError:
        raise Refused(_NONE_MORE) from None
    process = context.Process(target=_serve, args=(theirs,), daemon=True)
    # Inherited: Ctrl-C reaches every process of a terminal, and is for the first one alone.
    was = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        process.start()
        workers[ours] = process
    except OSError:
        ours.close()
        raise Refused(_NONE_MORE) from None
    finally:
        theirs.close()
        signal.pthread_sigmask(signal.SIG_SETMASK, was)


def _in_order(pipes: Sequence[_Pipe], tasks: Sequence[Any]) -> Iterator[Any]:
    left = iter(enumerate(tasks))
    busy: dict[_Pipe, int] = {}
    done: dict[int, Any] = {}

    def give(pipe: _Pipe) -> None:
        for number, task in left:
            busy[pipe] = number
            with _told_plainly(pipe):
                pipe.send(task)
            return

    for pipe in pipes:
        give(pipe)
    following = 0
    while busy:
        for pipe in cast(list[_Pipe], wait(list(busy))):
            result = _receive(pipe)
            done[busy.pop(pipe)] = result
            give(pipe)
        while following in done:
            yield done.pop(following)
            following += 1


def _receive(pipe: _Pipe) -> Any:  # noqa: ANN401 - of any work
    try:
        result, failure = pipe.recv()
    except (EOFError, OSError):
        raise Refused(_ENDED) from None
    if failure is not None:
        error, kind, places = failure
        if not isinstance(error, OnRecordError):
            facts = {"kind": kind, "there": places}
            _LOG.error("another process failed", extra={"facts": facts})
        raise error
    return result


@contextmanager
def _told_plainly(pipe: _Pipe) -> Iterator[None]:
    """Within the block a process that is gone is refused in plain words, or in its own."""
    try:
        yield
    except OSError:
        # What it said before it ended waits here.
        _receive(pipe)
        raise Refused(_ENDED) from None


def _serve(pipe: _Pipe) -> None:
    """What a process does: it is set up, and does all tasks that it is sent, until it is ended."""
    Thread(target=_end_with_parent, daemon=True).start()
    try:
        begin = pipe.recv()
        with begin() as work:
            for task in _tasks(pipe):
                pipe.send((work(task), None))
    except BaseException as error:  # noqa: BLE001 - told to the process that wanted it
        kind = type(error).__qualname__
        # Nobody may be there any more.
        with suppress(OSError):
            pipe.send((None, (_as_told(error, kind), kind, places_of(error))))


def _as_told(error: BaseException, kind: str) -> BaseException:
    """The error itself where it comes through a pipe; some break only when they are unpacked."""
    try:
        pickle.loads(pickle.dumps(error))  # noqa: S301 - our own, made here
    except Exception:  # noqa: BLE001 - whatever its own methods raise
        return Untold(kind)
    return error


def _tasks(pipe: _Pipe) -> Iterator[Any]:
    with suppress(EOFError, OSError):
        while True:
            yield pipe.recv()


def _end_with_parent() -> None:
    parent = parent_process()
    if parent is not None:
        wait([parent.sentinel])
        # At once: what was opened here must not stay in memory, and nobody waits for the rest.
        os._exit(1)
