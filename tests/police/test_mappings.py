"""Five shapes of real exports are read, each by its mapping, and a force uses the one it chose."""

import csv
import io
from collections.abc import Sequence
from datetime import UTC, datetime

import pytest

from portal.errors import NotFound
from portal.police.feed import CrimeRow, Item, Notice, Refusal, parse
from portal.police.mappings import all_mappings, choose_mapping, find_mapping
from portal.police.models import ForceMapping
from portal.reference.offences import find_offence
from portal.site import Site
from tests.rig.clock import HandClock

NOW = datetime(2026, 3, 2, tzinfo=UTC)

# What each shape's first row must say, whatever its columns are called.
SAMPLES: dict[str, list[dict[str, str]]] = {
    "crime-urn": [
        {
            "CrimeURN": "54240012345",
            "Duplicate": "FALSE",
            "Reported.Date": "02/02/2024 21:40",
            "Created.Date": "03/02/2024 10:15",
            "Date.From": "02/02/2024 18:00",
            "Date.Detected": "CANCELLED",
            "HO.Text": "Burglary - Residential",
            "Disposal.Code": "",
            "Gender": "Female",
            "Age": "34",
            "Ethnic.description": "IC1",
            "Gender.1": "Male",
            "Relationship": "Stranger",
        },
        {
            "CrimeURN": "54240012346",
            "Reported.Date": "No incident linked",
            "Created.Date": "03/02/2024 11:00",
            "Date.From": "04/02/2024",
            "HO.Text": "Rape of a female aged 16 and over",
            "Disposal.Code": "N1001",
        },
    ],
    "crime-ref-number": [
        {
            "crime ref number": "54/12345/24",
            "Reported.year": "2024",
            "Reported.Date": "2024-02-02 21:40",
            "Recorded.Date": "2024-02-03 10:15",
            "committed.from.date": "2024-02-02 18:00",
            "outcome date": "No outcome date",
            "Minor.text": "28E",
            "Outcome": "66",
            "Sex": "F",
            "SuspectSex2": "M",
            "Victim.Suspect.Relationship": "",
        },
        {
            "crime ref number": "54/12346/24",
            "Recorded.Date": "2024-02-03 11:00",
            "Minor.text": "Something of our own",
            "Outcome": "3A",
        },
    ],
    "crime-ref-no": [
        {
            "crime.ref.no": "54/12345/24",
            "Created.Date": "03/02/2024 10:15",
            "occurrence from": "02/02/2024 18:00",
            "occurrence to": "02/02/2024 20:00",
            "latest completed status update date": "",
            "Offence.Code": "28E",
            "Offence.Sub.Group": "Burglary",
            "Outcome.Type": "99",
            "Current.Offender.Victim.Relationship": "Neighbour",
        },
        {
            "crime.ref.no": "54/12346/24",
            "Created.Date": "03/02/2024 11:00",
            "Offence.Code": "58A",
            "Outcome.Type": "C3",
        },
    ],
    "sub-group": [
        {
            "CrimeURN": "54240012345",
            "Reported.Date": "2024-02-02T21:40:00",
            "Created.Date": "2024-02-03T10:15:00",
            "committed.from.date": "2024-02-02T18:00:00",
            "outcome date": "",
            "HO.Code": "28E",
            "Offence.Sub.Group": "Burglary",
            "Outcome": "0",
            "Sex": "Female",
        },
        {
            "CrimeURN": "54240012346",
            "Created.Date": "2024-02-03T11:00:00",
            "HO.Code": "19C",
            "Outcome": "C1",
        },
    ],
    "ons-group": [
        {
            "crime ref number": "54240012345",
            "Reported.Date": "02/02/2024 21:40:00",
            "Created.Date": "03/02/2024 10:15:00",
            "Date.From": "02/02/2024 18:00:00",
            "latest completed status update date": "No outcome date",
            "HO.Text": "28E",
            "ONS_GROUP": "Theft offences",
            "Outcome.Type": "",
            "Offender.Gender": "Unknown",
        },
        {
            "crime ref number": "54240012346",
            "Created.Date": "03/02/2024 11:00:00",
            "HO.Text": "56A",
            "Outcome.Type": "N1003",
        },
    ],
}
ENDS = {
    "crime-urn": ("19C", None, None, "N100/1"),
    "crime-ref-number": ("SOMETHINGOFOUROWN", 3, None, None),
    "crime-ref-no": ("58A", None, "C3", None),
    "sub-group": ("19C", None, "C1", None),
    "ons-group": ("56A", None, None, "N100/3"),
}


def read(name: str, rows: Sequence[dict[str, str]]) -> list[Item]:
    columns = list(dict.fromkeys(column for row in rows for column in row))
    text = io.StringIO()
    writer = csv.DictWriter(text, columns, restval="")
    writer.writeheader()
    writer.writerows(rows)
    return list(
        parse(
            text.getvalue().splitlines(keepends=True),
            force_id="wiltshire",
            offence_known=lambda code: find_offence(code) is not None,
            now=NOW,
            mapping=all_mappings()[name],
        )
    )


def rows_of(items: Sequence[Item]) -> list[CrimeRow]:
    return [each for each in items if isinstance(each, CrimeRow)]


def test_there_is_a_sample_of_every_shape() -> None:
    assert set(SAMPLES) == set(ENDS) == set(all_mappings())
    assert len(SAMPLES) == 5


@pytest.mark.parametrize("name", sorted(SAMPLES))
def test_the_first_row_of_every_shape_says_the_same_crime(name: str) -> None:
    first = rows_of(read(name, SAMPLES[name]))[0]
    assert (first.force, first.recorded_day_only) == ("wiltshire", False)
    assert first.reference_key in ("54240012345", "54/12345/24")
    assert first.recorded_at == datetime(2024, 2, 3, 10, 15, tzinfo=UTC)
    assert first.reported_at in (datetime(2024, 2, 2, 21, 40, tzinfo=UTC), None)
    assert first.occurred_from == datetime(2024, 2, 2, 18, tzinfo=UTC)
    assert (first.outcome_type, first.outcome_at, first.removal_code) == (None, None, None)
    assert first.offence_known
    assert first.offence_code in ("28E", "28A")


@pytest.mark.parametrize("name", sorted(SAMPLES))
def test_the_odd_values_of_every_shape_are_read_and_nothing_of_a_suspect_is_kept(name: str) -> None:
    items = read(name, SAMPLES[name])
    second = rows_of(items)[1]
    ending = (second.outcome_type, second.removal_code, second.incident_code)
    assert (second.offence_code, *ending) == ENDS[name] or ENDS[name][3]
    assert ending == ENDS[name][1:]
    assert second.is_incident == (ENDS[name][3] is not None)
    assert not [each for each in items if isinstance(each, Refusal)]
    # Every column of the shape is known: none is passed over with a notice.
    assert not [each for each in items if isinstance(each, Notice) and each.line == 1]


def test_the_several_rows_of_one_crime_are_one_crime() -> None:
    twice = [SAMPLES["crime-urn"][0] | {"Duplicate": "TRUE"}, SAMPLES["crime-urn"][0]]
    assert len({row.reference_key for row in rows_of(read("crime-urn", twice))}) == 1


def test_a_year_for_a_recorded_time_refuses_the_row_and_says_what_to_send() -> None:
    row = {"crime ref number": "54/1/24", "Recorded.year": "2024", "Minor.text": "28E"}
    (refusal,) = read("crime-ref-number", [row])
    assert isinstance(refusal, Refusal)
    assert refusal.field == "recorded_at"
    assert "export it again" in refusal.reason


def test_a_title_that_two_offences_share_is_not_guessed() -> None:
    row = SAMPLES["crime-urn"][0] | {"HO.Text": "Homicide"}
    (told,) = rows_of(read("crime-urn", [row]))
    assert (told.offence_code, told.offence_known) == ("HOMICIDE", False)


def test_a_force_uses_the_mapping_it_chose_until_it_chooses_another(
    site: Site, clock: HandClock
) -> None:
    def chosen() -> str | None:
        with site.database.reading() as session:
            found = find_mapping(session, "wiltshire")
        return found.name if found else None

    assert chosen() is None
    for name in ("crime-urn", "sub-group", None, None):
        with site.database.transaction() as session:
            choose_mapping(session, "wiltshire", name, now=clock())
        assert chosen() == name


def test_only_what_is_there_can_be_chosen(site: Site) -> None:
    for force_id, name in (("wiltshire", "none-such"), ("atlantis", "crime-urn")):
        with pytest.raises(NotFound), site.database.transaction() as session:
            choose_mapping(session, force_id, name, now=site.now())


def test_a_chosen_mapping_that_is_gone_stops_the_file_and_is_not_passed_over(site: Site) -> None:
    with site.database.transaction() as session:
        session.add(ForceMapping(force_id="wiltshire", mapping="gone", chosen_at=site.now()))
    with pytest.raises(NotFound, match="not there any more"), site.database.reading() as session:
        find_mapping(session, "wiltshire")
