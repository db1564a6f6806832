"""The entry that asks for an erasure which waits: the signed request, and from when it may be done.

The request is kept in the entry itself, sealed like every other, and nowhere else: so nobody can
swap it, and whoever keeps the report after all needs to change nothing but what comes after.
"""

import base64
import binascii
from collections.abc import Iterable, Mapping

ASKED, KEPT = "erase_asked", "erase_kept"
"""The kinds of entries that ask for an erasure which waits, and that stop it."""
ERASES_FROM, SIGNATURE = "erases.from", "erase.signature"
"""In `erase_asked`: from when on it may be carried out, and the request's signature in base64."""


def asking_fields(signature: bytes, erases_from: str) -> dict[str, object]:
    """The fields of the entry that asks; `erases_from` is a time as `portal.clock.timestamp`."""
    return {SIGNATURE: base64.b64encode(signature).decode(), ERASES_FROM: erases_from}


def find_waiting(entries: Iterable[Mapping[str, object]]) -> tuple[int, bytes, str] | None:
    """The request that waits, from the fields of a report's entries, oldest first.

    How many entries there were when it was signed, its signature, and from when on it may be
    carried out. None when none was asked for, it was kept since, or it cannot be read.
    """
    found: tuple[int, bytes, str] | None = None
    for number, fields in enumerate(entries):
        if fields.get("kind") == ASKED:
            found = _read(number, fields)
        elif fields.get("kind") == KEPT:
            found = None
    return found


def _read(number: int, fields: Mapping[str, object]) -> tuple[int, bytes, str] | None:
    try:
        signature = base64.b64decode(str(fields.get(SIGNATURE)), validate=True)
    except binascii.Error:
        return None
    return number, signature, str(fields.get(ERASES_FROM))
