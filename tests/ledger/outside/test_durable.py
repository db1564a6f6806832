"""A file is the old one or the new one, evidence is written once, and a lock has one holder."""

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from portal.ledger.outside.durable import folder_name, keep_once, locked, write_durably


def test_a_file_is_replaced_as_a_whole(tmp_path: Path) -> None:
    path = tmp_path / "file"
    for content in (b"one", b"", b"three"):
        write_durably(path, content)
        assert path.read_bytes() == content
    assert [one.name for one in tmp_path.iterdir()] == ["file"]


def test_what_a_stopped_writer_left_is_no_hindrance(tmp_path: Path) -> None:
    (tmp_path / ".file.new").write_bytes(b"half of a longer one")
    write_durably(tmp_path / "file", b"new")
    assert (tmp_path / "file").read_bytes() == b"new"
    (tmp_path / ".kept.new").mkdir()
    (tmp_path / ".kept.new" / "stray").write_bytes(b"half")
    kept = keep_once(tmp_path, "kept", {"a": b"1"})
    assert [one.name for one in kept.iterdir()] == ["a"]


def test_evidence_is_never_written_over(tmp_path: Path) -> None:
    kept = keep_once(tmp_path / "evidence", "it", {"a": b"1", "b": b"2"})
    assert keep_once(tmp_path / "evidence", "it", {"a": b"3", "c": b"4"}) == kept
    assert {one.name: one.read_bytes() for one in kept.iterdir()} == {"a": b"1", "b": b"2"}


def test_a_lock_has_one_holder_at_a_time_and_goes_with_it(tmp_path: Path) -> None:
    inside: list[int] = []

    def count(number: int) -> None:
        with locked(tmp_path / "lock"):
            inside.append(number)
            assert len(inside) == 1
            inside.remove(number)

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(count, range(200)))
    with pytest.raises(KeyError), locked(tmp_path / "lock"):
        raise KeyError
    with locked(tmp_path / "lock"):
        pass


def test_names_of_logs_can_be_files_and_stay_apart() -> None:
    names = [
        "log.example/a",
        "log.example-a",
        "LOG.example/a",
        "../../etc",
        "日本",
        "x" * 900,
        "\0",
    ]
    files = [folder_name(name) for name in names]
    assert len(set(files)) == len(names)
    assert all(name.isascii() and "/" not in name and len(name) < 80 for name in files)
    assert files[0].startswith("log-example-a-")
