"""Reports and records of few values, so that any two nearly agree; in columns and as sides."""

from collections.abc import Sequence
from datetime import date, timedelta
from random import Random

from duckdb import DuckDBPyConnection
from hypothesis import strategies as some

from portal.matching.bulk_database import fill
from portal.matching.columns import LOT_COLUMNS, Cleaner, Columns, Lot, Wanted
from portal.matching.moments import days_in
from portal.matching.screening import lot_sql
from portal.matching.sides import (
    RecordSide,
    ReportSide,
    person_side,
    place_side,
    record_side,
    report_side,
)

_DAY = date(2026, 3, 1)
_NAMES = (
    *(
        "",
        "Alex Fen",
        "Alexander Fen",
        "Sandy Fenn",
        "A Fen",
        "Fen Alex",
        "Fen",
        "Alex",
        "Alxe Fen",
        "Alxe Alex Fen",
    ),
    *("Maria Oak-Hill", "Maria Hill", "Jo Maria Hill", "HILL, Maria Jo", "José Hill", "Ø Ǽ"),
    *(
        "Mohammed Ali",
        "Muhamad Aly",
        "محمد علي",
        "Nul\x00 Name",
        "\ud800 Fen",
        "Ana\tHill",
        "Bob Bob",
    ),
)
_BIRTHS = ("", "1990", "1990-02-08", "1990-08-02", "1990-02-18", "1990-01-01", "1991-02-08")
_PHONES = ("", "07700900123", "07700900132", "+44 7700 900 124", "0000000000", "07700 900123 x4")
_MAILS = (
    "",
    "a@example.org",
    "aa@example.org",
    "b@b.example",
    "a@exa\u0301mple.org",
    "A@example.org",
)
_NUMBERS = (
    *("", "54/123456/26", "54/123465/26", "54/0123456/2026", "99123456", "54260012345", "12"),
    *(
        "54 26 0012345",
        "54/26/0112345",
        "44/26/112345",
        "log 12",
        "12-010326",
        "0012010326",
        "012/01032026",
        "CR/00308",
        "00308",
    ),
    *(
        "54250400308",
        "crime ref",
        "0/12345",
        "54/123456/26\n",
        "５４/123456/26",
        "1" * 201,
        "26/1234567",
    ),
)
_TOWNS = ("", "High Street, Swindon", "Swindon", "Bath", "İstanbul")
_CODES = ("", "N100/1", "19C", "28E", "58A", "8N", "28F", "105A", "39")
_POSTCODES = ("", "SN1 1AA", "sn11ab", "SN1 2AA", "SN1", "SN1 1", "BA1 1AA", "nonsense")
_FORCES = ("", "wiltshire", "dorset")
_starts = some.integers(0, 70)
_lengths = some.sampled_from((0, 0, 0, 1, 2, 5, 20, 50))
_stretches = some.one_of(
    some.none(),
    some.tuples(_starts, _lengths).map(
        lambda pair: (_DAY + timedelta(pair[0]), _DAY + timedelta(sum(pair)))
    ),
)

reports: some.SearchStrategy[ReportSide] = some.builds(
    report_side,
    references=some.lists(some.sampled_from(_NUMBERS), max_size=2),
    incident_numbers=some.lists(some.sampled_from(_NUMBERS), max_size=2),
    force_id=some.sampled_from(_FORCES),
    occurred=_stretches,
    told=_stretches,
    offence_codes=some.frozensets(some.sampled_from(_CODES[1:]), max_size=2),
    place=some.builds(place_side, some.sampled_from(_POSTCODES), some.sampled_from(_TOWNS)),
    victim=some.builds(
        person_side,
        name=some.sampled_from(_NAMES),
        birth_date=some.sampled_from(_BIRTHS),
        telephones=some.lists(some.sampled_from(_PHONES), max_size=2),
        emails=some.lists(some.sampled_from(_MAILS), max_size=1),
    ),
    is_handed_over=some.booleans(),
)

Row = tuple[object, ...]
rows: some.SearchStrategy[Row] = some.tuples(
    some.sampled_from(_FORCES),
    some.sampled_from(_CODES),
    _stretches,
    some.one_of(some.just(0), _starts),
    _starts,
    some.sampled_from(_POSTCODES),
    some.sampled_from(_TOWNS),
    some.sampled_from(_NAMES),
    some.sampled_from(_BIRTHS),
    some.sampled_from(_PHONES),
    some.sampled_from(_MAILS),
    some.sampled_from(_NUMBERS),
    some.sampled_from(_NUMBERS),
)
"""What is told of a record, but for its number: force, offence, when, days after the first of March
on which it was received (0 for none) and recorded, postcode, place, name, birth date, telephone,
e-mail address, crime reference, incident number.
"""


def columns_of(told: Sequence[Row]) -> Columns:
    """The records of these rows, numbered from 0."""
    made = []
    for number, (force, code, when, received, recorded, *texts) in enumerate(told):
        first, last = days_in(when) or (0, 0)  # type: ignore[arg-type]
        days = [_DAY.toordinal() + one if one else 0 for one in (received, recorded or 1)]  # type: ignore[operator]
        made.append((number, force, code, first, last, *days, *texts))
    return Columns._make(zip(*made, strict=True))


def side_of(told: Row) -> RecordSide:
    """The same record as the other way round sees it."""
    force, code, when, received, recorded, postcode, place, name, born, phone, mail, *numbers = told
    return record_side(
        references=[str(numbers[0])],
        incident_numbers=[str(numbers[1])],
        force_id=str(force),
        occurred=when,  # type: ignore[arg-type]
        received=_DAY + timedelta(received) if received else None,  # type: ignore[arg-type]
        recorded=_DAY + timedelta(recorded or 1),  # type: ignore[arg-type]
        offence_code=str(code),
        place=place_side(str(postcode), str(place)),
        victims=[
            person_side(
                name=str(name),
                birth_date=str(born),
                telephones=[str(phone)],
                emails=[str(mail)],
            )
        ],
    )


def fill_lot(duck: DuckDBPyConnection, columns: Columns, asked: Sequence[ReportSide]) -> Lot:
    """The records as the table `lot`, cleaned beside these reports."""
    wanted = Wanted()
    for side in asked:
        wanted.add(side)
    lot = Cleaner().clean(columns, wanted)
    fill(duck, f"CREATE TABLE lot AS {lot_sql()}", lot.columns, LOT_COLUMNS)
    return lot


def nearly(told: Sequence[Row]) -> some.SearchStrategy[ReportSide]:
    """Reports of one of these records, with a slip here and there."""
    return some.builds(_report_of, some.sampled_from(told), some.randoms(use_true_random=False))


def _report_of(row: Row, random: Random) -> ReportSide:
    force, code, when, _, recorded, postcode, place, name, born, phone, mail, *numbers = row
    day = _DAY + timedelta(recorded or 1)  # type: ignore[arg-type]

    def slip(text: object, *others: str) -> str:
        plain, at = str(text), random.randrange(1 + len(str(text)))
        return random.choice((plain, plain, plain[:at] + plain[at + 1 :], "", *others))

    first, second = (slip(one, "54/123456/26") for one in numbers)
    boxes = ([first], [second]) if random.random() < 0.7 else ([second, first], [])
    return report_side(
        references=boxes[0],
        incident_numbers=boxes[1],
        force_id=random.choice((str(force), "", "kent")),
        occurred=when if random.random() < 0.7 else None,  # type: ignore[arg-type]
        told=(day, day) if random.random() < 0.7 else None,
        offence_codes=[str(code)] if code and random.random() < 0.8 else ["8N"],
        place=place_side(slip(postcode), str(place)),
        victim=person_side(
            name=slip(name, "Fen Alex", "Jo Hill"),
            birth_date=slip(born, "1990-08-02"),
            telephones=[slip(phone)],
            emails=[slip(mail)],
        ),
        is_handed_over=random.random() < 0.2,
    )
