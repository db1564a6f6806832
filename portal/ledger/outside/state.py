"""What a witness remembers: for each log the newest checkpoint that it cosigned, in one file.

The file is the checkpoint with the witness's own cosignature, so it can be checked by itself and
holds the time of the last cosignature. Evidence lies beside it and is never overwritten.
"""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from hashlib import sha256
from pathlib import Path
from typing import NamedTuple

from portal.errors import Unavailable
from portal.ledger.checkpoint import Checkpoint, parse_checkpoint
from portal.ledger.note import (
    BadSignature,
    MalformedNote,
    VerifierKey,
    find_signature,
    parse_note,
    verify_cosignature,
)
from portal.ledger.outside.durable import folder_name, keep_once, locked, write_durably


class DamagedState(Unavailable):
    """A file of the witness's or monitor's own cannot be read back as it was written."""


class Cosigned(NamedTuple):
    """The newest checkpoint of a log that was cosigned: the whole note, and when (POSIX seconds).

    `at` is 0 when an earlier key of this witness made the cosignature.
    """

    note: str
    checkpoint: Checkpoint
    at: int


class State:
    """A folder of one witness. Made when it is not there."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self.evidence = folder / "evidence"
        folder.mkdir(parents=True, exist_ok=True)

    @contextmanager
    def locked(self, origin: str) -> Iterator[None]:
        """Be the only one, of all processes, that looks at or changes what is known of a log."""
        with locked(self._folder / f"{folder_name(origin)}.lock"):
            yield

    def find(self, origin: str, key: VerifierKey) -> Cosigned | None:
        """What was cosigned last for a log, by the witness with this key, or None.

        Raises DamagedState rather than to guess: a witness that forgets can be made to lie.
        """
        try:
            note = self._file(origin).read_bytes().decode()
            parsed = parse_note(note)
            checkpoint = parse_checkpoint(parsed.text)
            own = find_signature(parsed, key) is not None
            at = verify_cosignature(parsed, key) if own else 0
        except FileNotFoundError:
            return None
        except (UnicodeDecodeError, MalformedNote, BadSignature):
            raise self._damaged(origin) from None
        if checkpoint.origin != origin:
            raise self._damaged(origin)
        return Cosigned(note, checkpoint, at)

    def save(self, origin: str, note: str) -> None:
        """Remember a cosigned checkpoint: on disk when this returns. Call it under the lock."""
        write_durably(self._file(origin), note.encode())

    def keep_evidence(self, kind: str, what: str, files: Mapping[str, str]) -> Path:
        """Keep files of evidence; the folder. `what` tells one piece from another: what is there
        already is left as it is. Call it under the lock of its log.
        """
        content = {name: text.encode() for name, text in files.items()}
        name = f"{kind}-{sha256(what.encode()).hexdigest()[:16]}"
        return keep_once(self.evidence, name, content)

    def _file(self, origin: str) -> Path:
        return self._folder / f"{folder_name(origin)}.checkpoint"

    def _damaged(self, origin: str) -> DamagedState:
        return DamagedState(
            f"The file {self._file(origin).name} is damaged, so nothing was signed. "
            "Put it back from a backup that is known to be the newest."
        )
