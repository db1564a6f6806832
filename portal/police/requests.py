"""Idempotency keys: a batch that is sent again is not taken again, and is answered the same.

After draft-ietf-httpapi-idempotency-key-header-07. A key is bound to the bytes of its batch in the
transaction in which the batch counts; what was refused binds nothing. A key is kept for 30 days;
the same batch is recognised by its SHA-256 for ever.
"""

import re
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256
from uuid import UUID

from sqlalchemy import delete
from sqlalchemy.orm import Session

from portal.errors import Refused
from portal.police.models import Supply, SupplyRequest
from portal.sealing import Keyring

KEPT = timedelta(days=30)
# A quoted string of structured fields (RFC 9651), or the same without the quotation marks.
KEY_PATTERN = r'^("[A-Za-z0-9._:~+/=-]{1,200}"|[A-Za-z0-9._:~+/=-]{1,200})$'
_KEY = re.compile(KEY_PATTERN, re.ASCII)


class WrongKey(Refused):
    """The Idempotency-Key is missing or not of the form that is asked for."""


class KeyUsed(Refused):
    """The Idempotency-Key came before, with another batch."""


@dataclass(frozen=True)
class RequestKey:
    """The SHA-256 of an Idempotency-Key, and the credential that it came with."""

    hash: bytes
    credential_id: UUID


def read_key(header: str, credential_id: UUID) -> RequestKey:
    """The key in an Idempotency-Key header. Raises WrongKey."""
    # `$` also matches before a line break at the end; `fullmatch` does not.
    if not _KEY.fullmatch(header):
        raise WrongKey(
            "Send an Idempotency-Key: 1 to 200 letters, digits and . _ : ~ + / = -, "
            "another for each batch, and the same when a batch is sent again. Nothing was taken."
        )
    return RequestKey(sha256(header.strip('"').encode()).digest(), credential_id)


def find_request(session: Session, force_id: str, key: RequestKey) -> SupplyRequest | None:
    """The batch that was taken under a key of a force, or None."""
    return session.get(SupplyRequest, (force_id, key.hash))


def check_key(session: Session, force_id: str, key: RequestKey, digest: bytes) -> None:
    """Refuse a batch under a key that belongs to another one. Raises KeyUsed."""
    request = find_request(session, force_id, key)
    if request is not None and request.digest != digest:
        raise KeyUsed(
            "This Idempotency-Key came before with another batch. Nothing was taken. "
            "Send this batch under a key of its own."
        )


def keep_request(session: Session, supply: Supply, key: RequestKey, *, now: datetime) -> None:
    """Bind a key to a supply that counts. A key that is bound to it already stays."""
    if find_request(session, supply.force_id, key) is None:
        session.add(
            SupplyRequest(
                force_id=supply.force_id,
                key_hash=key.hash,
                digest=supply.digest,
                supply_id=supply.id,
                credential_id=key.credential_id,
                at=now,
                sealed_answer=None,
            )
        )
        session.flush()


def open_answer(session: Session, request: SupplyRequest, *, keyring: Keyring) -> bytes | None:
    """What was answered to a batch; None while nothing was."""
    if request.sealed_answer is None:
        return None
    supply = session.get_one(Supply, request.supply_id)
    return keyring.unwrap(supply.wrapped_key).open(request.sealed_answer, _context(request))


def keep_answer(
    session: Session, force_id: str, key: RequestKey, answer: bytes, *, keyring: Keyring
) -> bytes:
    """Keep what is answered to a batch, unless an answer is kept already. The one that counts."""
    request = session.get_one(SupplyRequest, (force_id, key.hash), with_for_update=True)
    earlier = open_answer(session, request, keyring=keyring)
    if earlier is not None:
        return earlier
    supply = session.get_one(Supply, request.supply_id)
    data_key = keyring.unwrap(supply.wrapped_key)
    request.sealed_answer = data_key.seal(answer, _context(request))
    session.flush()
    return answer


def forget_old_keys(session: Session, *, now: datetime) -> None:
    """Delete keys that are older than 30 days. Safe to repeat."""
    session.execute(delete(SupplyRequest).where(SupplyRequest.at < now - KEPT))


def _context(request: SupplyRequest) -> str:
    return f"supply-answer:{request.force_id}:{request.key_hash.hex()}"
