"""A report finds the record of a force that shares no names, as it would with names."""

from datetime import date

from portal.matching.blocking import record_keys, report_keys
from portal.matching.model import load_model
from portal.matching.shared_tokens import (
    person_of,
    place_of,
    read_tokens,
    seen_by,
    tokenise_report,
    told_by_tokens,
)
from portal.matching.sides import (
    PlaceSide,
    ReportSide,
    person_side,
    place_side,
    record_side,
    report_side,
)
from portal.matching.tokenise import birth_cell, name_cell, place_cell, telephone_cell, token_maker
from portal.police.content import Victim

SECRET = b"k" * 32
TOKEN = token_maker(SECRET)
DAY = (date(2026, 2, 9), date(2026, 2, 9))
PLACE = place_side("SN1 1AA", "High Street, Swindon")
TOLD = f"2026-1 {name_cell('Bill Reed', TOKEN)} {birth_cell('1990-02-28', TOKEN)}"

_REDACTED = f"2026-2 {name_cell('REDACTED', token_maker(b'l' * 32))}"


def _report(secret: bytes = SECRET, *, with_place: bool = False) -> ReportSide:
    victim = person_side(name="William Reed", birth_date="28/02/1990", telephones=["07700 900123"])
    side = report_side(force_id="wiltshire", occurred=DAY, place=PLACE, victim=victim)
    return tokenise_report(side, secret, with_place=with_place)


def test_the_tokens_come_back_by_what_they_stand_for() -> None:
    key, told = read_tokens(TOLD)
    assert key == "2026-1"
    assert {letter: len(found) for letter, found in told.items()} == {
        **{letter: 1 for letter in "fsxybz"},
        "g": len(told["g"]),
    }
    person = person_of(TOLD)
    assert person.forenames == (TOKEN("name", "bill"),)
    assert person.birth_date == TOKEN("birth", "19900228")
    assert person_of(f"2026-1 {telephone_cell('07700 900123', TOKEN)}").telephones == {
        TOKEN("telephone", "07700900123")
    }


def test_a_nickname_and_a_birth_date_lead_a_report_to_its_record_by_tokens_alone() -> None:
    record = record_side(
        force_id="wiltshire",
        occurred=DAY,
        place=PLACE,
        victims=[person_of(TOLD)],
        offence_code="58A",
    )
    rules = {key.rule for key in report_keys(_report()) & record_keys(record)}
    assert rules
    assert person_of(TOLD).forename_groups & _report().victim.forename_groups
    other = report_keys(_report(b"l" * 32)) & record_keys(record)
    assert {key.rule for key in other} < rules


def test_a_place_is_compared_by_tokens_only_where_the_force_sends_them() -> None:
    told = f"2026-1 {place_cell('SN1 1AA', 'Swindon', TOKEN)}"
    assert place_of(told) == _report(with_place=True).place
    assert _report().place == PLACE
    assert place_of("2026-1 w:" + "A" * 22) == PlaceSide(district=bytes(16))


def test_each_victim_of_a_record_is_told_by_the_key_that_their_own_tokens_name() -> None:
    keys = {"2026-1": SECRET, "2026-2": b"l" * 32}
    other = token_maker(keys["2026-2"])
    place = f"2026-2 {place_cell('SN1 1AA', 'Swindon', other)}"
    side = record_side(force_id="wiltshire", victims=[person_side()] * 2)
    for victims in ([TOLD, f"2026-2 {name_cell('Rosa Bell', other)}"], [_REDACTED, TOLD]):
        told = [Victim("", None, tokens=tokens) for tokens in victims]
        record, shared = told_by_tokens(side, told, place, keys)
        assert record.victims == tuple(map(person_of, victims))
        seen = seen_by(
            report_side(place=PLACE, victim=person_side(name="William Reed")),
            record,
            shared,
            load_model(),
        )
        assert seen.victim.surname == TOKEN("name", "reed")
        assert seen.place == record.place
