"""What a monitor remembers of one log: every leaf hash, the newest head that it checked, the last
signed checkpoints, and evidence.

The head is written after the leaf hashes that it needs, so a monitor that was stopped goes on from
the last head that it had checked.
"""

import base64
import json
import os
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from hashlib import sha256
from pathlib import Path
from typing import NamedTuple

from portal.ledger.checkpoint import Checkpoint, parse_checkpoint
from portal.ledger.merkle import HASH_BYTES, Frontier, MerkleError, root
from portal.ledger.note import MalformedNote, decode_base64, parse_note
from portal.ledger.outside.durable import folder_name, keep_once, locked, write_durably
from portal.ledger.outside.state import DamagedState

_KEPT_CHECKPOINTS = 200
_STEP = 4096


class Checked(NamedTuple):
    """The newest head that was checked: its signed note, and the tree so far."""

    note: str
    checkpoint: Checkpoint
    frontier: Frontier


class Memory:
    """A monitor's folder for one log, below `folder`. Made when it is not there."""

    def __init__(self, folder: Path, origin: str) -> None:
        self.folder = folder / folder_name(origin)
        self._origin = origin
        self._head = self.folder / "head.json"
        self._leaves = self.folder / "leaf-hashes"
        self.folder.mkdir(parents=True, exist_ok=True)

    @contextmanager
    def locked(self) -> Iterator[None]:
        """Be the only monitor of this log that uses this folder."""
        with locked(self.folder / "lock"):
            yield

    def find_head(self) -> Checked | None:
        """The newest head that was checked, or None before the first. Raises DamagedState."""
        try:
            kept = json.loads(self._head.read_bytes())
            checkpoint = parse_checkpoint(parse_note(kept["note"]).text)
            frontier = Frontier.from_bytes(decode_base64(kept["frontier"]))
            bytes_kept = self._leaves.stat().st_size if checkpoint.size else 0
        except FileNotFoundError:
            if self._head.exists():
                raise self._damaged() from None
            return None
        except (ValueError, KeyError, TypeError, MalformedNote, MerkleError):
            raise self._damaged() from None
        is_whole = bytes_kept >= checkpoint.size * HASH_BYTES and checkpoint.origin == self._origin
        if not is_whole or (frontier.size, frontier.root()) != (checkpoint.size, checkpoint.root):
            raise self._damaged()
        return Checked(kept["note"], checkpoint, frontier)

    def read_leaves(self, start: int, end: int) -> list[bytes]:
        """The leaf hashes start up to end. Raises DamagedState when they are not all there."""
        if start >= end:
            return []
        with self._leaves.open("rb") as file:
            file.seek(start * HASH_BYTES)
            content = file.read((end - start) * HASH_BYTES)
        if len(content) != (end - start) * HASH_BYTES:
            raise self._damaged()
        return [content[at : at + HASH_BYTES] for at in range(0, len(content), HASH_BYTES)]

    def write_leaves(self, start: int, hashes: Sequence[bytes]) -> None:
        """Put leaf hashes at `start`, and drop whatever lay behind them. They count from `save` on.

        Only what no saved head covers may be written over.
        """
        with self._leaves.open("r+b" if self._leaves.exists() else "w+b") as file:
            file.truncate(start * HASH_BYTES)
            file.seek(start * HASH_BYTES)
            file.write(b"".join(hashes))

    def save(self, note: str, frontier: Frontier) -> None:
        """Make this the newest checked head: on disk when it returns."""
        if self._leaves.exists():
            with self._leaves.open("rb") as file:
                os.fsync(file.fileno())
        kept = {"note": note, "frontier": base64.b64encode(frontier.to_bytes()).decode()}
        write_durably(self._head, json.dumps(kept).encode())
        checkpoints = self.folder / "checkpoints"
        checkpoints.mkdir(exist_ok=True)
        write_durably(checkpoints / f"{frontier.size:020}.note", note.encode())
        for old in sorted(checkpoints.glob("*.note"))[:-_KEPT_CHECKPOINTS]:
            old.unlink()

    def root_at(self, size: int) -> bytes:
        """The root over the first `size` leaf hashes."""
        return root(self._walk(size))

    def check(self, checked: Checked) -> None:
        """Raise DamagedState unless the leaf hashes kept here give the head that was checked.

        Whoever accuses a log must first know that their own disk is not at fault.
        """
        if self.root_at(checked.checkpoint.size) != checked.checkpoint.root:
            raise self._damaged()

    def keep_evidence(self, kind: str, what: str, files: Mapping[str, str]) -> Path:
        """Keep files of evidence; the folder. `what` tells one piece from another: what is there
        already is left as it is.
        """
        name = f"{kind}-{sha256(what.encode()).hexdigest()[:16]}"
        content = {file: text.encode() for file, text in files.items()}
        return keep_once(self.folder / "evidence", name, content)

    def _walk(self, size: int) -> Iterator[bytes]:
        for start in range(0, size, _STEP):
            yield from self.read_leaves(start, min(size, start + _STEP))

    def _damaged(self) -> DamagedState:
        return DamagedState(
            f"The monitor's own files in {self.folder} are damaged. This says nothing about the "
            "log. Keep the folder, and start again with an empty one."
        )
