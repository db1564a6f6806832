"""Files that wait for somebody's word: sent, looked at, sealed, and not yet taken.

They lie in the database, in sealed pieces, because the person's next request may reach another
worker. Whatever was not taken within a day is destroyed.
"""

from collections.abc import Iterator
from datetime import datetime, timedelta
from uuid import UUID, uuid4

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from portal.db import Database
from portal.errors import NotFound
from portal.police.mapping import ColumnMapping
from portal.police.mappings import all_mappings, find_mapping
from portal.police.models import WaitingFile, WaitingFilePart
from portal.police.preview import Preview, preview
from portal.police.service import (
    Declaration,
    SupplyOutcome,
    check_declaration,
    check_rows,
    take_supply,
)
from portal.police.survey import Lines, ReadCsv, Source
from portal.sealing import DataKey, Keyring, Tokens

KEPT = timedelta(hours=24)
_PART = 1024 * 1024  # bytes
_NOT_THERE = (
    "This file does not wait here any more: it was taken, dropped, or older than a day. "
    "Send it again if it was not taken."
)


def keep_file(
    database: Database,
    source: Source,
    *,
    force_id: str,
    declaration: Declaration,
    account_id: UUID,
    keyring: Keyring,
    now: datetime,
) -> UUID:
    """Look at a file as a whole and keep it, sealed, until somebody says to take it.

    Raises Refused, having kept nothing: BrokenFile, another number of rows than declared, a
    period that is not over. Raises NotFound when the force's mapping is not there any more.
    """
    check_declaration(declaration, now)
    with database.reading() as session:
        mapping = find_mapping(session, force_id)
    found = preview(source, force_id=force_id, now=now, read=ReadCsv(mapping))
    check_rows(declaration, found.rows)
    data_key, wrapped_key = keyring.new_data_key()
    waiting = WaitingFile(
        id=uuid4(),
        force_id=force_id,
        account_id=account_id,
        received_at=now,
        covers_from=declaration.covers_from,
        covers_to=declaration.covers_to,
        is_full=declaration.is_full,
        declared_rows=declaration.rows,
        mapping=mapping.name if mapping else None,
        parts=0,
        wrapped_key=wrapped_key,
        sealed_preview=b"",
    )
    waiting.sealed_preview = data_key.seal_json(found.to_json(), _context(waiting.id, "preview"))
    with database.transaction() as session:
        session.add(waiting)
    _write_parts(database, waiting.id, source, data_key)
    return waiting.id


def get_waiting(session: Session, file_id: UUID, *, force_id: str | None) -> WaitingFile:
    """A file that waits, of a force or (None) of any. Raises NotFound."""
    found = session.get(WaitingFile, file_id)
    if found is None or not found.parts or force_id not in (None, found.force_id):
        raise NotFound(_NOT_THERE)
    return found


def open_preview(waiting: WaitingFile, *, keyring: Keyring) -> Preview:
    """What was found in a waiting file. Raises Unavailable without the configured key."""
    data_key = keyring.unwrap(waiting.wrapped_key)
    told = data_key.open_json(waiting.sealed_preview, _context(waiting.id, "preview"))
    return Preview.from_json(told)


def take_waiting(
    database: Database,
    file_id: UUID,
    *,
    force_id: str | None,
    account_id: UUID,
    keyring: Keyring,
    tokens: Tokens,
    now: datetime,
) -> SupplyOutcome:
    """Take a waiting file as it was declared, and let go of it. Raises as `take_supply` does."""
    with database.reading() as session:
        waiting = get_waiting(session, file_id, force_id=force_id)
    outcome = take_supply(
        database,
        _source(database, waiting, keyring.unwrap(waiting.wrapped_key)),
        force_id=waiting.force_id,
        declaration=Declaration(
            waiting.covers_from, waiting.covers_to, waiting.is_full, waiting.declared_rows
        ),
        loaded_by=account_id,
        keyring=keyring,
        tokens=tokens,
        now=now,
        progress=lambda rows: None,
        read=ReadCsv(_mapping(waiting)),
    )
    drop_waiting(database, file_id)
    return outcome


def drop_waiting(database: Database, file_id: UUID) -> None:
    """Destroy a waiting file, in short steps. One that is gone already stays so."""
    number = 0
    while True:
        with database.transaction() as session:
            # The number of parts says that it is whole; from now on nobody finds it.
            waiting = session.get(WaitingFile, file_id)
            if waiting is None:
                return
            waiting.parts = 0
            number = _drop_some(session, file_id)
            if not number:
                session.delete(waiting)
                return


def forget_waiting(database: Database, *, now: datetime) -> int:
    """Destroy the files that waited for more than a day; how many. Safe to repeat."""
    with database.reading() as session:
        old = session.scalars(
            select(WaitingFile.id).where(WaitingFile.received_at < now - KEPT)
        ).all()
    for file_id in old:
        drop_waiting(database, file_id)
    return len(old)


def _drop_some(session: Session, file_id: UUID) -> int:
    mine = WaitingFilePart.file_id == file_id
    some = session.scalars(select(WaitingFilePart.number).where(mine).limit(8)).all()
    session.execute(delete(WaitingFilePart).where(mine, WaitingFilePart.number.in_(some)))
    return len(some)


def _write_parts(database: Database, file_id: UUID, source: Source, data_key: DataKey) -> None:
    count = 0
    for count, part in enumerate(_parts(source()), 1):
        sealed = data_key.seal(part, _context(file_id, str(count)))
        with database.transaction() as session:
            session.add(WaitingFilePart(file_id=file_id, number=count, sealed=sealed))
    with database.transaction() as session:
        session.get_one(WaitingFile, file_id).parts = count


def _parts(lines: Lines) -> Iterator[bytes]:
    part = bytearray()
    for line in lines:
        part += line
        if len(part) >= _PART:
            yield bytes(part)
            part.clear()
    # A file that was read without a fault has a first line, so there is at least one part.
    if part:
        yield bytes(part)


def _source(database: Database, waiting: WaitingFile, data_key: DataKey) -> Source:
    return lambda: _Waiting(database, waiting, data_key)


class _Waiting:
    """The lines of a waiting file. Each part ends with a whole line, as it was cut."""

    def __init__(self, database: Database, waiting: WaitingFile, data_key: DataKey) -> None:
        self._database = database
        self._waiting = waiting
        self._data_key = data_key

    def __iter__(self) -> Iterator[bytes]:
        for number in range(1, self._waiting.parts + 1):
            with self._database.reading() as session:
                part = session.get(WaitingFilePart, (self._waiting.id, number))
            if part is None:
                raise NotFound(_NOT_THERE)
            context = _context(self._waiting.id, str(number))
            whole = self._data_key.open(part.sealed, context)
            first = 0
            while first < len(whole):
                end = whole.find(b"\n", first) + 1 or len(whole)
                yield whole[first:end]
                first = end

    def close(self) -> None:
        """Nothing: each part was read by itself."""


def _mapping(waiting: WaitingFile) -> ColumnMapping | None:
    if waiting.mapping is None:
        return None
    mapping = all_mappings().get(waiting.mapping)
    if mapping is None:
        raise NotFound(
            "The mapping that this file was read by is not there any more. Send it again."
        )
    return mapping


def _context(file_id: UUID, what: str) -> str:
    return f"waiting-file:{file_id}:{what}"
