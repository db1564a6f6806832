"""Files on their way in: what arrives is bounded, and lies nowhere in clear.

The server would keep a large file in a temporary file of its own. Here each piece is sealed before
it is written there, with a key that is in memory only and gone when the request ends; and nothing
is written for a browser that holds nothing open.
"""

import os
from collections.abc import Iterator
from tempfile import TemporaryFile
from typing import IO, cast

from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from flask import Request
from werkzeug.datastructures import FileStorage

from portal.evidence.kinds import HEAD
from portal.evidence.parts import PART
from portal.reference.evidence_limits import EvidenceLimits, evidence_limits_at
from portal.web.access import find_open_visit, site

ENDPOINTS = frozenset({"report.files_take"})
"""The forms whose files are taken in so."""
MOST_AT_ONCE = 100
"""Files of one form that are taken in; whatever comes after them is only counted."""
_IN_MEMORY = 64 * 1024
_NONCE = 12
_MORE = _NONCE + 16  # bytes that sealing adds
_FORM = 1024 * 1024  # bytes for what surrounds the files


class Spool:
    """One file, written once as it arrives and read in pieces as often as needed.

    Of a file of more than `limit` bytes only the size is kept. `is_kept` says whether it is whole.
    """

    def __init__(self, limit: int) -> None:
        self.size = 0
        self.head = b""
        self._limit = limit
        self._piece = bytearray()
        self._key = AESGCM(AESGCM.generate_key(256))
        self._file: IO[bytes] | None = None
        self._sealed: list[int] = []

    @property
    def is_kept(self) -> bool:
        """Whether all that arrived is here."""
        return self.size <= self._limit

    def write(self, data: bytes) -> int:
        """Take the next bytes."""
        self.size += len(data)
        if not self.is_kept:
            self.close()
            return len(data)
        if len(self.head) < HEAD:
            self.head += data[: HEAD - len(self.head)]
        self._piece += data
        while len(self._piece) >= PART:
            self._seal(PART)
        return len(data)

    def seek(self, _place: int, _whence: int = 0) -> int:
        """The server says so that all of it arrived: what is not small goes out of memory."""
        if len(self._piece) > _IN_MEMORY:
            self._seal(len(self._piece))
        return 0

    def pieces(self) -> Iterator[bytes]:
        """What arrived, in pieces of `PART` bytes; the last may be shorter."""
        for number, length in enumerate(self._sealed):
            assert self._file is not None  # noqa: S101 - there is one when a piece was sealed
            self._file.seek(number * (PART + _MORE))
            sealed = self._file.read(length)
            yield self._key.decrypt(sealed[:_NONCE], sealed[_NONCE:], str(number).encode())
        if self._piece:
            yield bytes(self._piece)

    def read(self, _size: int = -1) -> bytes:
        """Nothing: it is read through `pieces` alone."""
        return b""

    def close(self) -> None:
        """Let go of everything."""
        self._piece.clear()
        self._sealed.clear()
        if self._file is not None:
            self._file.close()
            self._file = None

    def _seal(self, count: int) -> None:
        """Put the next `count` bytes into the file, sealed."""
        if self._file is None:
            # It has no name, and goes with the request.
            self._file = cast("IO[bytes]", TemporaryFile())  # noqa: SIM115
        nonce, number = os.urandom(_NONCE), str(len(self._sealed)).encode()
        sealed = nonce + self._key.encrypt(nonce, bytes(self._piece[:count]), number)
        self._file.seek(0, os.SEEK_END)
        self._file.write(sealed)
        self._sealed.append(len(sealed))
        del self._piece[:count]


class Upload:
    """A file of a form, as `evidence.adding` takes it."""

    def __init__(self, sent: FileStorage, spool: Spool) -> None:
        self.name = sent.filename or ""
        self.size = spool.size
        self.head = spool.head
        self.is_kept = spool.is_kept
        self.pieces = spool.pieces


class PortalRequest(Request):
    """A request whose large files never lie on a disk in clear."""

    _taken = 0

    def _get_file_stream(
        self,
        total_content_length: int | None,
        content_type: str | None,
        filename: str | None = None,
        content_length: int | None = None,
    ) -> IO[bytes]:
        if self.endpoint not in ENDPOINTS:
            return super()._get_file_stream(
                total_content_length, content_type, filename, content_length
            )
        self._taken += 1
        take = self._taken <= MOST_AT_ONCE and find_open_visit() is not None
        return cast("IO[bytes]", Spool(current_limits().largest_file if take else -1))


def current_limits() -> EvidenceLimits:
    """How large files may be now."""
    return evidence_limits_at(site().now())


def most_bytes() -> int:
    """How large a form with files may be, in bytes."""
    return current_limits().largest_report + _FORM


def uploads_in(sent: list[FileStorage]) -> list[Upload]:
    """The files that were chosen; an empty control sends one without name and content."""
    return [
        Upload(each, each.stream)
        for each in sent
        if isinstance(each.stream, Spool) and (each.filename or each.stream.size)
    ]
