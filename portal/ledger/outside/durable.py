"""Files that survive a power cut: replaced as a whole or not at all, and evidence written once."""

import fcntl
import os
import re
import shutil
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from hashlib import sha256
from pathlib import Path


def folder_name(origin: str) -> str:
    """A file name for a log: something a person recognises, and a hash that tells logs apart."""
    readable = re.sub(r"[^a-z0-9]+", "-", origin.lower(), flags=re.ASCII).strip("-")[:40]
    return f"{readable or 'log'}-{sha256(origin.encode()).hexdigest()[:16]}"


@contextmanager
def locked(path: Path) -> Iterator[None]:
    """Hold the lock file; whoever else wants it waits, in this process or another.

    The lock goes when its holder dies, however that happens.
    """
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        yield
    finally:
        os.close(descriptor)


def write_durably(path: Path, content: bytes) -> None:
    """Replace a file by this content: on disk when it returns; the old or the new if it fails.

    Call it under a lock: two writers at once would share the file that is being written.
    """
    new = path.with_name(f".{path.name}.new")
    _write(new, content)
    os.replace(new, path)
    sync_folder(path.parent)


def keep_once(folder: Path, name: str, files: Mapping[str, bytes]) -> Path:
    """A folder `name` inside `folder` with these files. One that is there is left as it is.

    Call it under a lock.
    """
    kept = folder / name
    if kept.exists():
        return kept
    folder.mkdir(parents=True, exist_ok=True)
    new = folder / f".{name}.new"
    if new.exists():
        # Left by a process that was stopped before it was whole.
        shutil.rmtree(new)
    new.mkdir()
    for file, content in files.items():
        _write(new / file, content)
    sync_folder(new)
    os.rename(new, kept)
    sync_folder(folder)
    return kept


def sync_folder(folder: Path) -> None:
    """Wait until the names in a folder are on disk."""
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _write(path: Path, content: bytes) -> None:
    with path.open("wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
