"""What is answered about a supply that was taken: its counts, every refused row, and its receipt.

The models here are also the schemas of the OpenAPI document, so that the two cannot part.
"""

import json
from datetime import datetime
from typing import Any, Literal
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field
from sqlalchemy.orm import Session

from portal.clock import timestamp
from portal.ledger.receipt import Receipt
from portal.ledger.service import make_receipt
from portal.ledger.signing import LogSigner
from portal.police.models import Supply, SupplyRemark
from portal.police.queries import count_changes, get_supply, list_remarks
from portal.sealing import Keyring

MOST_NOTICES = 1_000
_ALL = 10_000_000
_EXACT = ConfigDict(extra="forbid", frozen=True)


class Remark(BaseModel):
    """One row, by its number from 1 (in a file: its line), the field and the reason."""

    model_config = _EXACT

    row: int = Field(ge=1)
    field: str
    reason: str = Field(description="In words. It never repeats what the row holds.")


class Counts(BaseModel):
    """Numbers of rows, and of the records that they brought or changed."""

    model_config = _EXACT

    rows_declared: int = Field(ge=0)
    rows_taken: int = Field(ge=0)
    rows_refused: int = Field(ge=0)
    new_records: int = Field(ge=0)
    changed_records: int = Field(ge=0)


class ReceiptFile(BaseModel):
    """A receipt: saved as a file it can be checked with verify.py, without trusting this site."""

    model_config = _EXACT

    format: str
    fields: list[dict[str, Any]]
    hidden: list[str]
    proof: str


class SupplyAnswer(BaseModel):
    """A supply that was taken."""

    model_config = _EXACT

    id: UUID
    number: int
    force: str
    covers_from: datetime
    covers_to: datetime
    holds: Literal["full", "changes"]
    received_at: datetime
    sha256: str = Field(description="Of the bytes of the batch or file, as they came; in hex.")
    counts: Counts
    refused: list[Remark] = Field(description="Every row that was not taken.")
    notices: list[Remark] = Field(
        description=f"Rows taken, but not quite as written; at most {MOST_NOTICES:,} are listed."
    )
    receipt: ReceiptFile


def write_answer(
    session: Session, supply_id: UUID, *, keyring: Keyring, signer: LogSigner
) -> bytes:
    """The answer about a supply, as JSON. It takes a session that only reads.

    Raises NotFound for a supply that was not taken, NotSigning as `make_receipt` does.
    """
    supply = get_supply(session, supply_id)
    changes = count_changes(session, supply_id)
    refused = list_remarks(session, supply_id, limit=_ALL, refused=True)
    notices = list_remarks(session, supply_id, limit=MOST_NOTICES, refused=False)
    answer = {
        "id": str(supply.id),
        "number": supply.number,
        "force": supply.force_id,
        "covers_from": timestamp(supply.covers_from),
        "covers_to": timestamp(supply.covers_to),
        "holds": "full" if supply.is_full else "changes",
        "received_at": timestamp(supply.received_at),
        "sha256": supply.digest.hex(),
        "counts": {
            "rows_declared": supply.declared_rows,
            "rows_taken": supply.taken_rows,
            "rows_refused": supply.refused_rows,
            "new_records": changes.new_records,
            "changed_records": changes.new_versions,
        },
        "refused": [_remark(each) for each in refused],
        "notices": [_remark(each) for each in notices],
        "receipt": receipt_of(session, supply, keyring=keyring, signer=signer),
    }
    return json.dumps(answer, ensure_ascii=False, separators=(",", ":")).encode()


def receipt_of(session: Session, supply: Supply, *, keyring: Keyring, signer: LogSigner) -> Receipt:
    """The receipt of a supply's entry, with every field shown: they are the force's own words.

    Raises NotSigning, and ValueError for a session that could write.
    """
    # A supply that was taken has its entry: both were written in one transaction.
    assert supply.entry_index is not None  # noqa: S101
    data_key = keyring.unwrap(supply.wrapped_key)
    return make_receipt(session, supply.entry_index, open_sealed=data_key.open, signer=signer)


def _remark(remark: SupplyRemark) -> dict[str, object]:
    return {"row": remark.line, "field": remark.field, "reason": remark.reason}
