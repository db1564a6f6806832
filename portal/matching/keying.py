"""Keys as the database holds them: keyed tokens of what `blocking` says, with the days they fit.

A token is HMAC-SHA256 under a key of its own purpose over the rule's name and the value, cut to 64
bits. Whoever holds a copy of the database and not the key can look up nobody: they cannot make a
token, and cannot take one apart. What they can see is that two rows share one.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping
from operator import itemgetter
from typing import Any, cast
from uuid import UUID

from sqlalchemy import Table, bindparam, delete, insert, select
from sqlalchemy.orm import Session

from portal.db import insert_numbers
from portal.matching.blocking import Key, plain_record_keys, report_keys
from portal.matching.model import Model
from portal.matching.models import AllegationKey, KeyedRecord, RecordKey
from portal.matching.moments import Days
from portal.matching.opening import OpenedRecord
from portal.matching.rekeying import mark_of
from portal.matching.shared_tokens import every_sight
from portal.matching.sides import RecordSide, ReportSide
from portal.sealing import Tokens

PURPOSE = "matching/candidates"
KeyRow = tuple[int, int, int | None, int | None, int | None]
"""A record's key as the columns of `RecordKey`: the token, the record, and its days."""
# The bare table: the ORM's bulk insert costs as much again as the insert itself.
_ALLEGATION_KEYS = cast(Table, AllegationKey.__table__)
_ANY_DAY = dict.fromkeys(("occurred_since", "occurred_until", "told_since", "told_until"))
_COLUMNS = ("allegation_id", "token", *_ANY_DAY)
_KEYS_THERE = select(*(_ALLEGATION_KEYS.c[name] for name in _COLUMNS)).where(
    _ALLEGATION_KEYS.c.allegation_id.in_(bindparam("allegation_ids", expanding=True))
)


def write_report_keys(
    session: Session,
    sides: Mapping[UUID, ReportSide],
    model: Model,
    *,
    tokens: Tokens,
    shared_keys: Mapping[str, bytes],
) -> None:
    """Make the keys of these allegations, those for records told by tokens too, where they are
    not there yet.
    """
    marks = [{"token": mark_of(key, tokens), **_ANY_DAY} for key in shared_keys]
    there = _keys_there(session, sides)
    changed: list[UUID] = []
    rows: list[dict[str, Any]] = []
    for one, side in sides.items():
        made = report_key_rows(every_sight(side, shared_keys), model, tokens) + marks
        if {tuple(row.values()) for row in made} != there.get(one, set()):
            changed.append(one)
            rows += [{"allegation_id": one, **row} for row in made]
    if changed:
        session.execute(delete(AllegationKey).where(AllegationKey.allegation_id.in_(changed)))
    if rows:
        session.connection().execute(insert(_ALLEGATION_KEYS), rows)


def _keys_there(session: Session, allegation_ids: Collection[UUID]) -> dict[UUID, set[Any]]:
    """The keys of each allegation as they are in the database, in the order of their columns."""
    found: dict[UUID, set[Any]] = {}
    wanted = {"allegation_ids": list(allegation_ids)}
    for one, *row in session.connection().execute(_KEYS_THERE, wanted):
        found.setdefault(one, set()).add(tuple(row))
    return found


def write_record_keys(
    session: Session, opened: Mapping[int, OpenedRecord], *, tokens: Tokens
) -> list[KeyRow]:
    """Make the keys of records that have none, from the versions that were opened."""
    rows: list[KeyRow] = [
        (token, one, *days_of(record.side))
        for one, record in opened.items()
        for token in _numbers(record.side, tokens)
    ]
    # Tokens are random: those that are written together fall on few pages only when sorted.
    rows.sort(key=itemgetter(0))
    insert_numbers(
        session,
        KeyedRecord.__table__,
        [(one, record.version_id) for one, record in opened.items()],
    )
    insert_numbers(session, RecordKey.__table__, rows)
    return rows


def forget_record_keys(session: Session, record_ids: Collection[int]) -> None:
    """Take the keys of these records away."""
    wanted = list(record_ids)
    session.execute(delete(RecordKey).where(RecordKey.record_id.in_(wanted)))
    session.execute(delete(KeyedRecord).where(KeyedRecord.record_id.in_(wanted)))


def _numbers(side: RecordSide, tokens: Tokens) -> set[int]:
    return set(tokens.numbers([key for key in plain_record_keys(side) if key[1].strip("|")]))


def record_key_rows(side: RecordSide, tokens: Tokens) -> list[dict[str, Any]]:
    """The columns of a record's keys, without its number."""
    days = dict(zip(("first_day", "last_day", "recorded_day"), days_of(side), strict=True))
    return [{"token": token, **days} for token in _numbers(side, tokens)]


def report_key_rows(
    sights: Iterable[ReportSide], model: Model, tokens: Tokens
) -> list[dict[str, Any]]:
    """The columns of an allegation's keys, without its id; of every form that it is found by."""
    found = list(keys_within(sights, model))
    numbers = tokens.numbers(key for key, _ in found)
    rows = {
        number: {"token": number, **days} for number, (_, days) in zip(numbers, found, strict=True)
    }
    return list(rows.values())


def keys_within(
    sights: Iterable[ReportSide], model: Model
) -> Iterator[tuple[Key, dict[str, int | None]]]:
    """Every key of an allegation in all its forms, with the days that a record may have."""
    for side in sights:
        for key in report_keys(side):
            if key.value.strip("|"):
                yield key, _within(side, model.windows[key.rule])


def _within(side: ReportSide, window: int | None) -> dict[str, int | None]:
    """The days that a record may have, for one rule: `blocking.is_within` as numbers."""
    occurred = told = None
    if window is not None:
        occurred, told = _around(side.occurred, window), _around(side.told, window)
    return {
        "occurred_since": occurred[0] if occurred else None,
        "occurred_until": occurred[1] if occurred else None,
        "told_since": told[0] if told else None,
        "told_until": told[1] if told else None,
    }


def _around(days: Days | None, window: int) -> Days | None:
    return (days[0] - window, days[1] + window) if days else None


def days_of(side: RecordSide) -> tuple[int | None, int | None, int | None]:
    """The days of a record that a key has beside it: the first and last, and when recorded."""
    first, last = side.occurred or (None, None)
    return first, last, side.recorded
