"""Sides for the tests of the model: Ann, whose home in Swindon was broken into."""

from datetime import date, timedelta

from portal.matching.sides import (
    PersonSide,
    RecordSide,
    ReportSide,
    person_side,
    place_side,
    record_side,
    report_side,
)

DAY = date(2024, 2, 2)
ANN = {
    "name": "Ann Example",
    "birth_date": "1990-02-28",
    "telephones": ["07700 900123"],
    "emails": ["ann@home.example"],
}
BOB = {"name": "Bob Example", "birth_date": "1985-07-15", "telephones": ["07700 900123"]}


def person(**changed: object) -> PersonSide:
    return person_side(**(ANN | changed))


def report(**changed: object) -> ReportSide:
    given = {
        "references": ["54/24/0012345"],
        "force_id": "wiltshire",
        "occurred": (DAY, DAY),
        "told": (DAY, DAY),
        "offence_codes": ["28E"],
        "place": place_side("SN1 1AA", "Swindon"),
        "victim": person(),
    }
    return report_side(**(given | changed))


def record(**changed: object) -> RecordSide:
    given = {
        "references": ["54240012345"],
        "force_id": "wiltshire",
        "occurred": (DAY, DAY),
        "recorded": DAY + timedelta(days=1),
        "offence_code": "28E",
        "place": place_side("SN1 1AA", "High Street, Swindon"),
        "victims": [person()],
    }
    return record_side(**(given | changed))
