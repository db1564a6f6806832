"""Promises about the process that opens hostile files: it is bounded, and holds no secret."""

import subprocess
import sys
from pathlib import Path

import pytest

from portal.evidence import child
from tests.rig.uploads import HONEST, pdf

ROOT = Path(__file__).parents[2]
LIMITED = "from portal.evidence.child import limit_self; limit_self(); "


def run(code: str) -> "subprocess.CompletedProcess[bytes]":
    """Run something in a process that has limited itself."""
    command = [sys.executable, "-c", LIMITED + code]
    return subprocess.run(command, cwd=ROOT, capture_output=True, timeout=60)


@pytest.mark.parametrize("name", ["jpeg", "png", "gif", "webp", "pdf"])
def test_it_says_what_kind_the_copy_is_and_then_gives_it(name: str) -> None:
    code, out = child.clean(HONEST[name], name)
    assert code == child.MADE
    assert out.partition(b"\n")[0] in (b"jpeg", b"png", b"pdf")


def test_it_tells_a_locked_file_from_one_that_cannot_be_opened() -> None:
    import pikepdf

    locked = pdf(encryption=pikepdf.Encryption(user="a", owner="b"))
    assert child.clean(locked, "pdf") == (child.LOCKED, b"")
    assert child.clean(b"nothing of the kind", "jpeg") == (child.FAILED, b"")
    assert child.clean(HONEST["jpeg"], "no kind") == (child.FAILED, b"")


def test_it_cannot_take_more_memory_than_it_may() -> None:
    assert b"MemoryError" in run("bytearray(2 * 1024**3)").stderr


def test_it_cannot_write_a_file(tmp_path: Path) -> None:
    done = run(f"open({str(tmp_path / 'x')!r}, 'wb').write(b'x' * 9999)")
    assert done.returncode != 0
    assert not (tmp_path / "x").read_bytes()


def test_it_leaves_no_core_dump_and_ends_when_it_works_too_long() -> None:
    done = run("import resource as r; print(*map(r.getrlimit, (r.RLIMIT_CORE, r.RLIMIT_CPU)))")
    seconds = child.MOST_SECONDS
    assert done.stdout.decode().strip() == f"(0, 0) ({seconds}, {seconds})"


def test_a_copy_larger_than_it_may_be_is_none() -> None:
    assert child.MOST_COPY == 100_000_000
