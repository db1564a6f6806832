"""Taking a supply of crime records: a whole file or nothing, counted and put on the ledger."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID, uuid4

from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from portal.clock import timestamp
from portal.db import Database
from portal.errors import Refused
from portal.ledger.service import NewEntry, append
from portal.police.feed import CrimeRow, Notice, Refusal
from portal.police.known import Opened
from portal.police.loading import Loader
from portal.police.models import Supply
from portal.police.plan import Counts
from portal.police.requests import RequestKey, check_key, keep_request
from portal.police.survey import READ_CSV, Reading, ReadRows, Source, Survey, survey
from portal.police.unfinished import clear_unfinished
from portal.reference.forces import get_force
from portal.sealing import Keyring, Tokens

_BATCH = 2_000
_TRIES_FOR_A_NUMBER = 5


class SupplyUnderWay(Refused):
    """Another supply of the same force is being taken at this moment."""


@dataclass(frozen=True)
class Declaration:
    """What a force says of a supply: the period from `covers_from` up to, not with, `covers_to`,
    whether it is full or changes only, and how many rows it holds (without the column names).
    """

    covers_from: datetime
    covers_to: datetime
    is_full: bool
    rows: int


@dataclass(frozen=True)
class SupplyOutcome:
    """What became of a supply. `taken` and `refused` are rows, `remarks` lines to read.

    `new_records`, `new_versions` (of records known before) and `unchanged` are crimes; they are
    0 when the supply was `already_taken`.
    """

    supply_id: UUID
    taken: int
    refused: int
    new_records: int
    new_versions: int
    unchanged: int
    remarks: int
    already_taken: bool


def take_supply(
    database: Database,
    source: Source,
    *,
    force_id: str,
    declaration: Declaration,
    loaded_by: UUID | None,
    keyring: Keyring,
    tokens: Tokens,
    now: datetime,
    progress: Callable[[int], None],
    read: ReadRows = READ_CSV,
    key: RequestKey | None = None,
) -> SupplyOutcome:
    """Take a supply: read it whole, write it in short steps, and let it count in the last one.

    `source` opens the file and is called twice: nothing is written until a first reading found it
    whole and of the declared number of rows. A run that was cut off leaves nothing that counts;
    taking the file again finishes the work. `progress` is given rows since its last call, and
    sees each row twice. `read` makes rows of the file's bytes. A `key` counts from the same
    transaction on as the supply does.

    Raises Refused, having changed nothing that counts: BrokenFile, another number of rows than
    declared, a period that is not over, SupplyUnderWay, KeyUsed. Raises NotInReference for an
    unknown force.
    """
    get_force(force_id)
    check_declaration(declaration, now)
    with database.only_one(f"supply-{force_id}") as held:
        if not held:
            raise SupplyUnderWay(
                "Another file of this force is being taken right now. Nothing of this one was "
                "taken. Send it again when the other one is done."
            )
        found = survey(source, force_id=force_id, now=now, progress=progress, read=read)
        check_rows(declaration, found.rows)
        taken = _find_taken(database, force_id, declaration, found, key)
        if taken:
            _keep_key(database, taken, key, now)
            return _already(taken)
        clear_unfinished(database, force_id)
        supply = _open(database, force_id, declaration, found, loaded_by, keyring, now)
        loader = Loader(database, supply, keyring=keyring, tokens=tokens)
        reading = Reading(source, force_id=force_id, now=now, read=read)
        _load(loader, reading, progress)
        if reading.digest != found.digest:
            raise Refused("The file changed while it was read. Nothing was taken. Send it again.")
        _finish(database, supply, loader.counts, now, key, read.form)
    return _outcome(supply, loader.counts)


def _outcome(supply: Opened, counts: Counts) -> SupplyOutcome:
    return SupplyOutcome(
        supply_id=supply.id,
        taken=counts.taken,
        refused=counts.refused,
        new_records=counts.new_records,
        new_versions=counts.new_versions,
        unchanged=counts.unchanged,
        remarks=counts.remarks,
        already_taken=False,
    )


def check_declaration(declaration: Declaration, now: datetime) -> None:
    """Refuse a period that is none, or that is not over. Raises Refused."""
    if declaration.covers_from >= declaration.covers_to:
        raise Refused(
            "Nothing was taken. The period must end after it begins: look at the two dates."
        )
    if declaration.covers_to > now:
        raise Refused(
            "Nothing was taken. The period ends in the future, and nobody can know yet what will "
            "be recorded. Give the date and time up to which the file was made."
        )


def check_rows(declaration: Declaration, rows: int) -> None:
    """Refuse a file that holds another number of rows than was declared. Raises Refused."""
    if declaration.rows != rows:
        raise Refused(
            f"Nothing was taken. You said that the file holds {declaration.rows:,} rows; it holds "
            f"{rows:,}, not counting the column names. Send the whole file, or correct the "
            "number."
        )


def _find_taken(
    database: Database,
    force_id: str,
    declaration: Declaration,
    found: Survey,
    key: RequestKey | None,
) -> Supply | None:
    with database.reading() as session:
        if key:
            check_key(session, force_id, key, found.digest)
        supply = _find_same(session, force_id, declaration, found)
        return supply if supply is not None and supply.taken_at is not None else None


def _find_same(
    session: Session, force_id: str, declaration: Declaration, found: Survey
) -> Supply | None:
    return session.scalar(
        select(Supply).where(
            Supply.force_id == force_id,
            Supply.digest == found.digest,
            Supply.covers_from == declaration.covers_from,
            Supply.covers_to == declaration.covers_to,
            Supply.is_full == declaration.is_full,
        )
    )


def _keep_key(database: Database, supply: Supply, key: RequestKey | None, now: datetime) -> None:
    if key:
        with database.transaction() as session:
            keep_request(session, supply, key, now=now)


def _already(supply: Supply) -> SupplyOutcome:
    return SupplyOutcome(
        supply_id=supply.id,
        taken=supply.taken_rows,
        refused=supply.refused_rows,
        new_records=0,
        new_versions=0,
        unchanged=0,
        remarks=0,
        already_taken=True,
    )


def _open(
    database: Database,
    force_id: str,
    declaration: Declaration,
    found: Survey,
    loaded_by: UUID | None,
    keyring: Keyring,
    now: datetime,
) -> Opened:
    for _ in range(_TRIES_FOR_A_NUMBER):
        try:
            with database.transaction() as session:
                supply = _find_same(session, force_id, declaration, found) or Supply(
                    id=uuid4(),
                    force_id=force_id,
                    digest=found.digest,
                    covers_from=declaration.covers_from,
                    covers_to=declaration.covers_to,
                    is_full=declaration.is_full,
                )
                data_key, supply.wrapped_key = keyring.new_data_key()
                supply.number = (session.scalar(select(func.max(Supply.number))) or 0) + 1
                supply.received_at = now
                supply.declared_rows = declaration.rows
                supply.taken_rows = supply.refused_rows = 0
                supply.loaded_by = loaded_by
                session.add(supply)
                session.flush()
            return Opened(supply.id, force_id, data_key)
        except IntegrityError:
            # Another force's supply took the number first.
            continue
    raise Refused("Too many files come in at once. Nothing was taken. Send it again in a minute.")


def _load(loader: Loader, reading: Reading, progress: Callable[[int], None]) -> None:
    rows: list[CrimeRow] = []
    remarks: list[Refusal | Notice] = []
    done = 0
    for item in reading.items():
        if isinstance(item, CrimeRow):
            rows.append(item)
        else:
            remarks.append(item)
        if len(rows) + len(remarks) >= _BATCH:
            loader.take(rows, remarks)
            progress(reading.rows - done)
            done, rows, remarks = reading.rows, [], []
    loader.take(rows, remarks)
    progress(reading.rows - done)
    loader.finish()


def _finish(
    database: Database,
    opened: Opened,
    counts: Counts,
    now: datetime,
    key: RequestKey | None,
    form: str,
) -> None:
    with database.transaction() as session:
        supply = session.get_one(Supply, opened.id)
        supply.taken_at = now
        supply.taken_rows, supply.refused_rows = counts.taken, counts.refused
        if key:
            keep_request(session, supply, key, now=now)
        session.flush()
        fields: dict[str, object] = {
            "force": supply.force_id,
            "sha256": supply.digest.hex(),
            "covers_from": timestamp(supply.covers_from),
            "covers_to": timestamp(supply.covers_to),
            "full": supply.is_full,
            "rows_declared": supply.declared_rows,
            "rows_taken": supply.taken_rows,
            "rows_refused": supply.refused_rows,
            "number": supply.number,
            "form": form,
        }
        entry = NewEntry("supply_taken", supply.id, fields, opened.data_key.seal)
        supply.entry_index = append(session, [entry], now=now)[0]
        session.flush()
