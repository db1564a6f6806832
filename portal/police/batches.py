"""Taking a batch that a force's own system sent, and answering it: the same answer each time."""

import io
from datetime import datetime
from hashlib import sha256
from uuid import UUID

from portal.db import Database
from portal.ledger.signing import LogSigner
from portal.police.answers import write_answer
from portal.police.batch import BatchRows, read_batch, read_moment
from portal.police.models import ForceCredential
from portal.police.requests import (
    RequestKey,
    check_key,
    find_request,
    keep_answer,
    open_answer,
)
from portal.police.service import Declaration, take_supply
from portal.police.survey import is_offence
from portal.sealing import Keyring, Tokens


def take_batch(
    database: Database,
    body: bytes,
    *,
    credential: ForceCredential,
    key: RequestKey,
    keyring: Keyring,
    tokens: Tokens,
    signer: LogSigner,
    now: datetime,
) -> bytes:
    """Take a batch as a supply of the credential's force, and give the answer as JSON.

    The same batch under the same key is answered with the same bytes, however often it comes.
    Raises, having changed nothing that counts: KeyUsed, NotJson, WrongForm, TooManyRows, and what
    `take_supply` raises. Raises NotSigning when it was taken but no receipt can be made: sent
    again later, it is answered.
    """
    force_id = credential.force_id
    with database.reading() as session:
        check_key(session, force_id, key, sha256(body).digest())
        request = find_request(session, force_id, key)
        answer = open_answer(session, request, keyring=keyring) if request else None
        supply_id = request.supply_id if request else None
    if answer is not None:
        return answer
    if supply_id is None:
        supply_id = _take(database, body, force_id, key, keyring, tokens, now)
    with database.reading() as session:
        answer = write_answer(session, supply_id, keyring=keyring, signer=signer)
    with database.transaction() as session:
        return keep_answer(session, force_id, key, answer, keyring=keyring)


def _take(
    database: Database,
    body: bytes,
    force_id: str,
    key: RequestKey,
    keyring: Keyring,
    tokens: Tokens,
    now: datetime,
) -> UUID:
    batch = read_batch(body)
    declaration = Declaration(
        covers_from=read_moment(batch.covers_from),
        covers_to=read_moment(batch.covers_to),
        is_full=batch.holds == "full",
        rows=batch.row_count,
    )
    outcome = take_supply(
        database,
        lambda: io.BytesIO(body),
        force_id=force_id,
        declaration=declaration,
        loaded_by=None,
        keyring=keyring,
        tokens=tokens,
        now=now,
        progress=lambda rows: None,
        read=BatchRows(batch, offence_known=is_offence),
        key=key,
    )
    return outcome.supply_id
