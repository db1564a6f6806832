"""What was signed last, kept outside the database (DESIGN section 6).

A log that signs two different trees of one size has proved itself false. That happens by honest
means too: somebody restores an older backup, and the log goes on from there. So the newest size
and root that were ever signed stand in a file that no backup of the database holds, and a database
that is behind it, or another one, is only read.
"""

import base64
import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

from portal.errors import Unavailable
from portal.ledger.outside.durable import locked, write_durably

FORMAT = "on-record-guard/v1"
_KEPT = "Nothing was put on record, and nothing that was on record is lost by this."
_WHO = "Whoever runs this site must read about restoring in docs/operation.md."


class NotSigning(Unavailable):
    """The database cannot be the one whose head was signed last: this site only reads."""


class BehindTheGuard(NotSigning):
    """The database holds fewer entries than were signed."""

    def __init__(self) -> None:
        super().__init__(
            f"This site can only be read at the moment. {_KEPT} Its database is older than what it "
            f"has signed already. {_WHO}"
        )


class ForkedFromTheGuard(NotSigning):
    """The database holds other entries than were signed."""

    def __init__(self) -> None:
        super().__init__(
            f"This site can only be read at the moment. {_KEPT} Its database does not hold what it "
            f"has signed already. {_WHO}"
        )


class GuardMissing(NotSigning):
    """The log was published, but the file that remembers its newest head is gone or broken."""

    def __init__(self) -> None:
        super().__init__(
            f"This site can only be read at the moment. {_KEPT} It cannot tell how far it has "
            f"signed already. {_WHO}"
        )


class SignedHead(NamedTuple):
    """A size and a root (32 bytes) that were signed."""

    size: int
    root: bytes


class Guard:
    """The file at `path`: the newest signed head of each log, by the log's name."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def find_newest(self, origin: str) -> SignedHead | None:
        """The newest head that was signed for this log; None when none was. Raises GuardMissing
        when the file cannot be understood.
        """
        return self._read().get(origin)

    def advance(self, origin: str, head: SignedHead, *, known: SignedHead | None) -> bool:
        """Remember, durably, a head that is about to be signed and was found to agree with `known`,
        the newest one. False, and nothing is changed, when another was remembered meanwhile.

        A smaller one changes nothing. Raises ForkedFromTheGuard for another root of one size.
        """
        with self._alone():
            heads = self._read()
            if heads.get(origin) != known:
                return False
            if known is not None and known.size == head.size and known.root != head.root:
                raise ForkedFromTheGuard
            if known is None or known.size < head.size:
                self._write(heads | {origin: head})
            return True

    def accept(self, origin: str, head: SignedHead) -> None:
        """Take this head for the newest one, whatever was remembered: only at a person's word."""
        with self._alone():
            try:
                heads = self._read()
            except GuardMissing:
                heads = {}
            self._write(heads | {origin: head})

    def _read(self) -> dict[str, SignedHead]:
        try:
            data = json.loads(self._path.read_text())
            if data["format"] != FORMAT:
                raise GuardMissing
            return {
                origin: SignedHead(int(head["size"]), base64.b64decode(head["root"], validate=True))
                for origin, head in data["heads"].items()
            }
        except FileNotFoundError:
            return {}
        except (ValueError, KeyError, TypeError, AttributeError) as error:
            raise GuardMissing from error

    def _write(self, heads: dict[str, SignedHead]) -> None:
        shown = {
            origin: {"size": head.size, "root": base64.b64encode(head.root).decode()}
            for origin, head in sorted(heads.items())
        }
        text = json.dumps({"format": FORMAT, "heads": shown}, indent=1)
        write_durably(self._path, text.encode())

    @contextmanager
    def _alone(self) -> Iterator[None]:
        self._path.parent.mkdir(parents=True, exist_ok=True)
        with locked(self._path.with_name(f"{self._path.name}.lock")):
            yield
