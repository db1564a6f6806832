"""Work shared out among processes: each result once and in order, and no process is left behind."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from multiprocessing import active_children
from pathlib import Path
from threading import Event, Thread

import pytest

from portal.errors import Refused
from portal.matching.in_processes import Untold, in_processes, usable_cores

_ROOT = Path(__file__).parents[2]
_LONG = 600
_NAME = "Pangolina Quill"


class CannotLeaveError(Exception):
    """Cannot be pickled."""

    def __init__(self, *words: str) -> None:
        super().__init__(*words)
        self.by = lambda: words


class CannotArriveError(Exception):
    """Can be pickled, and not be made of that again."""

    def __init__(self, name: str, task: str) -> None:
        super().__init__(name + task)


_HARD = {"cannot leave": CannotLeaveError, "cannot arrive": CannotArriveError}


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

    carried: str = ""

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
        if task == "fault":
            return {}[_NAME]
        if task in _HARD:
            raise _HARD[task](_NAME, task)
        return task * 50_000_000 if task == "much" else task


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


def test_a_task_that_cannot_be_done_ends_all_others_at_once_and_says_nothing_more(
    capfd: pytest.CaptureFixture[str],
) -> None:
    began = time.monotonic()
    with pytest.raises(Refused):
        run(["wait", "refuse", *["wait"] * 30], processes=2)
    assert time.monotonic() - began < _LONG / 10
    assert not active_children()
    assert capfd.readouterr().err == ""


def test_nobody_waits_when_the_rest_is_not_wanted() -> None:
    lots = in_processes(Failing().begin, ["a", "wait", "wait"], processes=2)
    assert next(lots) == "a"
    lots.close()
    assert not active_children()


def test_a_process_that_the_machine_ended_is_told_plainly() -> None:
    with pytest.raises(Refused, match=r"memory of this machine.*--processes"):
        run(["a", "die", "b"], processes=2)
    assert not active_children()


def test_a_process_that_was_ended_in_the_middle_of_what_it_told_is_not_waited_for() -> None:
    lots = in_processes(Failing().begin, ["a", "much", "much"], processes=2)
    assert next(lots) == "a"
    # Nobody reads meanwhile, and no pipe holds as much.
    time.sleep(1)
    for one in active_children():
        one.kill()
    with pytest.raises(Refused, match="ended from outside"):
        next(lots)
    assert not active_children()


def test_a_process_that_is_ended_as_it_starts_is_not_waited_for() -> None:
    def end_all() -> None:
        until = time.monotonic() + 20
        while time.monotonic() < until and not ended.is_set():
            for one in active_children():
                one.kill()
            time.sleep(0.01)

    ended = Event()
    killing = Thread(target=end_all)
    killing.start()
    try:
        # More than a pipe holds.
        with pytest.raises(Refused, match="ended from outside"):
            list(in_processes(Failing("much" * 10**6).begin, ["a", "b"], processes=2))
    finally:
        ended.set()
        killing.join()
    assert not active_children()


def test_why_a_process_could_not_be_set_up_is_told_also_after_it_has_gone() -> None:
    with pytest.raises(Refused, match="no room for the reports"):
        list(in_processes(NeverReady().begin, ["a" * 10**7] * 4, processes=4))


@pytest.mark.parametrize(
    ("task", "kind", "raised"),
    [
        ("fault", "KeyError", KeyError),
        ("cannot leave", "CannotLeaveError", Untold),
        ("cannot arrive", "CannotArriveError", Untold),
    ],
)
def test_what_was_not_foreseen_is_told_with_the_place_where_it_went_wrong_and_no_name(
    task: str, kind: str, raised: type[Exception], caplog: pytest.LogCaptureFixture
) -> None:
    with pytest.raises(raised) as error:
        run(["a", task], processes=2)
    assert raised is KeyError or error.value.args == (kind,)
    (line,) = caplog.records
    facts = line.__dict__["facts"]
    assert facts["kind"] == kind
    assert facts["there"][-1].endswith(":_do")
    assert _NAME not in str(facts)


def test_a_machine_that_starts_no_process_more_says_so(tmp_path: Path) -> None:
    script = tmp_path / "alone.py"
    script.write_text(_STARTED_ALONE, encoding="utf-8")
    ran = subprocess.run(
        ["bash", "-c", 'ulimit -n 12 && exec "$0" "$1"', sys.executable, script],
        env=os.environ | {"PYTHONPATH": str(_ROOT)},
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert ran.returncode == 1
    assert "lets no further process be started" in ran.stderr


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


@pytest.mark.parametrize("how", [signal.SIGINT, signal.SIGTERM, signal.SIGKILL])
def test_no_process_outlives_the_one_that_wanted_it_with_what_it_opened_in_memory(
    tmp_path: Path, how: signal.Signals
) -> None:
    script = tmp_path / "alone.py"
    script.write_text(_STARTED_ALONE, encoding="utf-8")
    with start_alone(script) as first:
        assert first.stdout is not None
        others = [int(one) for one in first.stdout.readline().split()]
        assert len(others) == 2
        if how == signal.SIGINT:
            os.killpg(first.pid, how)  # as a terminal does
        else:
            first.send_signal(how)
        _, said = first.communicate(timeout=30)
    # Its own, of the Ctrl-C, and none of the others.
    assert said.count("Traceback") == (how == signal.SIGINT), said
    assert "leaked" not in said
    until = time.monotonic() + 30
    while any(is_there(one) for one in others):
        assert time.monotonic() < until
        time.sleep(0.05)


def test_ctrl_c_while_they_start_is_for_the_first_process_alone(tmp_path: Path) -> None:
    script = tmp_path / "alone.py"
    script.write_text(_STARTED_ALONE, encoding="utf-8")
    for wait in (0.2, 0.4, 0.6, 0.8):
        with start_alone(script) as first:
            time.sleep(wait)
            os.killpg(first.pid, signal.SIGINT)
            _, said = first.communicate(timeout=30)
        assert said.count("Traceback") <= 1, said


@contextmanager
def start_alone(script: Path) -> Iterator[subprocess.Popen[str]]:
    with subprocess.Popen(
        [sys.executable, script],
        env=os.environ | {"PYTHONPATH": str(_ROOT)},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
        # Whoever started the tests may have told them to do without Ctrl-C.
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.default_int_handler),
    ) as first:
        try:
            yield first
        finally:
            with suppress(ProcessLookupError):
                os.killpg(first.pid, signal.SIGKILL)


def is_there(process: int) -> bool:
    try:
        told = Path(f"/proc/{process}/stat").read_text(encoding="ascii")
    except FileNotFoundError:
        return False
    # One that ended and was fetched by nobody yet holds no memory.
    return told.rsplit(")", 1)[1].split()[0] != "Z"


def test_there_is_a_core_at_least() -> None:
    assert usable_cores() >= 1
