"""What rows say of one crime adds up to the same, whatever their order."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as some

from portal.police.content import (
    Content,
    DisagreementError,
    Victim,
    canonical,
    columns,
    content_of,
    merge,
    personal,
    restore,
    write_personal,
)
from portal.police.rows import CrimeRow

AT = datetime(2026, 2, 10, 10, tzinfo=UTC)

_victims = some.frozensets(
    some.builds(
        Victim,
        some.text(min_size=1, max_size=8),
        some.none() | some.dates(date(1930, 1, 1), date(2020, 1, 1)),
        some.sampled_from(["", "07700 900123"]),
        some.sampled_from(["", "ann@example.org"]),
        some.sampled_from(["", "2026-1 s:" + "A" * 22]),
    ),
    max_size=3,
)


def content(**parts: object) -> Content:
    plain: dict[str, object] = {
        "recorded_at": AT,
        "recorded_day_only": False,
        "reported_at": None,
        "reported_day_only": False,
        "occurred_from": None,
        "occurred_to": None,
        "offence_code": "58A",
        "is_incident": False,
        "incident_code": None,
        "outcome_type": None,
        "outcome_at": None,
        "removal_code": None,
        "place": None,
        "postcode": None,
        "victims": frozenset(),
        "incident_numbers": frozenset(),
    }
    return Content(**(plain | parts))  # type: ignore[arg-type]


# Rows of one crime that never contradict each other: each part is the one value or left empty.
_agreeing = some.builds(
    content,
    reported_at=some.sampled_from([None, AT - timedelta(hours=1)]),
    outcome_type=some.sampled_from([None, 14]),
    place=some.sampled_from([None, "High Street"]),
    removal_code=some.sampled_from([None, "C3"]),
    victims=_victims,
    incident_numbers=some.frozensets(some.sampled_from(["1", "2", "3"])),
)


def _text(one: Content) -> str:
    return canonical(one, write_personal(one))


@given(_agreeing, _agreeing, _agreeing)
def test_agreeing_rows_give_one_content_in_any_order(
    first: Content, second: Content, third: Content
) -> None:
    forth = merge(merge(first, second), third)
    back = merge(merge(third, second), first)
    assert forth == back
    assert _text(forth) == _text(back)
    assert forth.victims == first.victims | second.victims | third.victims
    assert merge(forth, second) == forth


@given(_agreeing)
def test_what_was_written_is_read_back_as_it_was(one: Content) -> None:
    assert restore(columns(one), personal(one)) == one


@given(_agreeing, _agreeing)
def test_two_contents_have_one_text_only_when_they_are_the_same(
    first: Content, second: Content
) -> None:
    assert (_text(first) == _text(second)) == (first == second)


@pytest.mark.parametrize(
    ("part", "old", "new", "field"),
    [
        ("offence_code", "28E", "58A", "offence_code"),
        ("recorded_at", AT, AT + timedelta(hours=1), "recorded_at"),
        ("outcome_at", AT, AT + timedelta(days=1), "outcome_date"),
        ("removal_code", "C1", "C4", "removal_code"),
        ("is_incident", False, True, "offence_code"),
        ("postcode", "SN1 1AA", "SN2 1AA", "postcode"),
    ],
)
def test_rows_that_contradict_each_other_are_not_merged(
    part: str, old: object, new: object, field: str
) -> None:
    with pytest.raises(DisagreementError) as raised:
        merge(content(**{part: old}), content(**{part: new}))
    assert raised.value.field == field


def test_a_time_of_day_given_on_one_row_counts_for_the_crime() -> None:
    midnight = content(recorded_at=AT.replace(hour=0), recorded_day_only=True)
    timed = content(recorded_at=AT.replace(hour=0), recorded_day_only=False)
    assert merge(midnight, timed).recorded_day_only is False
    assert merge(timed, midnight).recorded_day_only is False
    assert merge(midnight, midnight).recorded_day_only is True


def test_nothing_personal_stands_in_a_column_or_in_what_is_printed() -> None:
    one = content(
        place="12 High Street",
        postcode="SN1 1AA",
        victims=frozenset({Victim("Ann Bell", date(1990, 1, 2))}),
        incident_numbers=frozenset({"INC77"}),
    )
    for shown in (str(columns(one)), repr(one)):
        assert not [word for word in ("High", "SN1", "Bell", "1990", "INC77") if word in shown]


def test_a_row_about_a_suspect_alone_adds_no_victim() -> None:
    row = CrimeRow(
        2, "wiltshire", "54/1/26", "54/1/26", None, AT, False, None, False, None, None,
        "58A", True, None, None, None, None, None, None, None, False, None,
    )  # fmt: skip
    assert content_of(row).victims == frozenset()


def test_a_content_without_what_came_later_is_written_as_it_always_was() -> None:
    """The text is what the first version of the format gave: digests of it lie in databases."""
    one = content(
        place="High Street, Swindon",
        postcode="SN1 1AA",
        reported_day_only=True,
        victims=frozenset({Victim("Bo Øvrebø", None), Victim("Ann", date(1990, 2, 28))}),
        incident_numbers=frozenset({"5"}),
    )
    assert canonical(one, write_personal(one)) == (
        '["2026-02-10T10:00:00+00:00",false,null,null,null,"58A",false,null,null,null]\n'
        '{"incident_code":null,"incident_numbers":["5"],"place":"High Street, Swindon",'
        '"postcode":"SN1 1AA","reported_day_only":true,"victims":['
        '{"date_of_birth":"1990-02-28","name":"Ann"},{"date_of_birth":"","name":"Bo Øvrebø"}]}'
    )


def test_contacts_and_tokens_change_a_content_and_come_back_as_they_were() -> None:
    plain = content(victims=frozenset({Victim("Ann", None)}))
    for victim in (
        Victim("Ann", None, telephone="07700 900123"),
        Victim("Ann", None, email="ann@example.org"),
        Victim("Ann", None, tokens="2026-1 s:" + "A" * 22),
    ):
        more = content(victims=frozenset({victim}))
        assert canonical(more, write_personal(more)) != canonical(plain, write_personal(plain))
        assert restore(columns(more), personal(more)) == more
    placed = content(place_tokens="2026-1 u:" + "A" * 22)
    assert restore(columns(placed), personal(placed)) == placed
