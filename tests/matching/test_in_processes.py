"""Work shared out among processes: each result once and in order, and no process is left behind."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from multiprocessing import active_children
from pathlib import Path

import pytest

from portal.errors import Refused
from portal.matching.in_processes import in_processes, usable_cores

_ROOT = Path(__file__).parents[2]
_LONG = 600


@dataclass(frozen=True)
class Doubling:
    """Twice each number, and which process it was; `folder` is told what begins and ends."""

    folder: Path

    @contextmanager
    def begin(self) -> Iterator[Callable[[int], tuple[int, int]]]:
        """Told by a file of its name."""
        (self.folder / f"began-{os.getpid()}").touch()
        yield self._double
        (self.folder / f"ended-{os.getpid()}").touch()

    def _double(self, number: int) -> tuple[int, int]:
        time.sleep(0.02)
        return 2 * number, os.getpid()

    def told(self, what: str) -> set[int]:
        """The processes that told it."""
        return {int(one.name.split("-")[1]) for one in self.folder.glob(f"{what}-*")}


@dataclass(frozen=True)
class Failing:
    """Does with each task what it says."""

    @contextmanager
    def begin(self) -> Iterator[Callable[[str], str]]:
        """Nothing is set up."""
        yield self._do

    def _do(self, task: str) -> str:
        if task == "refuse":
            raise Refused("The memory did not suffice.")
        if task == "die":
            os.kill(os.getpid(), signal.SIGKILL)
        if task == "wait":
            time.sleep(_LONG)
        return task


@dataclass(frozen=True)
class NeverReady:
    """Cannot be set up."""

    @contextmanager
    def begin(self) -> Iterator[Callable[[str], str]]:
        """Raises Refused."""
        raise Refused("There is no room for the reports.")
        yield str


def run(tasks: Sequence[str], *, processes: int) -> list[str]:
    return list(in_processes(Failing().begin, tasks, processes=processes))


@pytest.mark.parametrize("processes", [1, 2])
def test_each_task_is_done_once_in_order_and_each_process_is_set_up_once(
    tmp_path: Path, processes: int
) -> None:
    work = Doubling(tmp_path)
    done = list(in_processes(work.begin, range(12), processes=processes))
    assert [result for result, _ in done] == [2 * number for number in range(12)]
    at_work = {process for _, process in done}
    assert work.told("began") == at_work
    assert len(at_work) <= processes
    assert (os.getpid() in at_work) == (processes == 1)
    if processes == 1:
        assert work.told("ended") == at_work


@pytest.mark.parametrize("processes", [1, 2])
def test_what_is_raised_comes_back_in_its_own_words(processes: int) -> None:
    with pytest.raises(Refused, match=r"The memory did not suffice\."):
        run(["a", "refuse", "b"], processes=processes)
    with pytest.raises(Refused, match="no room for the reports"):
        list(in_processes(NeverReady().begin, ["a"], processes=processes))


def test_nobody_waits_for_the_others_when_one_task_cannot_be_done() -> None:
    began = time.monotonic()
    with pytest.raises(Refused):
        run(["refuse", "wait", "wait"], processes=2)
    assert time.monotonic() - began < _LONG / 10
    assert not active_children()


def test_nobody_waits_when_the_rest_is_not_wanted() -> None:
    lots = in_processes(Failing().begin, ["a", "wait", "wait"], processes=2)
    assert next(lots) == "a"
    lots.close()
    assert not active_children()


def test_a_process_that_the_machine_ended_is_told_plainly() -> None:
    with pytest.raises(Refused, match=r"memory of this machine.*--processes"):
        run(["a", "die", "b"], processes=2)
    assert not active_children()


_STARTED_ALONE = """
import sys
from tests.matching.test_in_processes import Failing
from portal.matching.in_processes import in_processes
from multiprocessing import active_children
if __name__ == "__main__":
    lots = in_processes(Failing().begin, ["a", "wait", "wait"], processes=2)
    next(lots)
    print(*(one.pid for one in active_children()), flush=True)
    next(lots)
"""


@pytest.mark.parametrize("how", [signal.SIGINT, signal.SIGKILL])
def test_no_process_outlives_the_one_that_wanted_it_with_what_it_opened_in_memory(
    tmp_path: Path, how: signal.Signals
) -> None:
    script = tmp_path / "alone.py"
    script.write_text(_STARTED_ALONE, encoding="utf-8")
    with subprocess.Popen(
        [sys.executable, script],
        env=os.environ | {"PYTHONPATH": str(_ROOT)},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    ) as first:
        assert first.stdout is not None
        assert first.stderr is not None
        others = [int(one) for one in first.stdout.readline().split()]
        assert others
        if how == signal.SIGINT:
            os.killpg(first.pid, how)  # as a terminal does
        else:
            first.kill()
        first.wait(timeout=30)
        said = first.stderr.read()
    assert said.count("Traceback") == (how == signal.SIGINT), said
    until = time.monotonic() + 30
    while any(is_there(one) for one in others):
        assert time.monotonic() < until
        time.sleep(0.05)


def is_there(process: int) -> bool:
    try:
        told = Path(f"/proc/{process}/stat").read_text(encoding="ascii")
    except FileNotFoundError:
        return False
    # One that ended and was fetched by nobody yet holds no memory.
    return told.rsplit(")", 1)[1].split()[0] != "Z"


def test_there_is_a_core_at_least() -> None:
    assert usable_cores() >= 1
