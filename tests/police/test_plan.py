"""What a batch changes is worked out before anything is written."""

from datetime import UTC, datetime
from typing import Any
from uuid import uuid4

import pytest

from portal.police.content import Content, canonical, content_of, write_personal
from portal.police.feed import CrimeRow, decode, parse
from portal.police.known import Known, Opened
from portal.police.plan import Plan, Planner, merge_rows
from portal.sealing import DataKey, Tokens
from tests.rig.supplies import Row, file_of, row

NOW = datetime(2026, 3, 2, tzinfo=UTC)
OURS, THEIRS = uuid4(), uuid4()
TOKENS = Tokens(b"k" * 32)


@pytest.fixture
def planner() -> Planner:
    return Planner(Opened(OURS, "wiltshire", DataKey(b"d" * 32)), TOKENS)


def read(*rows: Row) -> list[CrimeRow]:
    lines = decode(file_of(rows).splitlines(keepends=True))
    items = parse(lines, force_id="wiltshire", offence_known=lambda code: True, now=NOW)
    return [item for item in items if isinstance(item, CrimeRow)]


def digest(content: Content) -> bytes:
    return TOKENS.token("content", canonical(content, write_personal(content)))


def known(content: Content | None, **parts: Any) -> Known:  # noqa: ANN401 - parts of a Known
    plain: dict[str, Any] = {
        "record_id": 7,
        "reference_key": "54/1234/26",
        "force_id": "wiltshire",
        "seen": False,
        "first_is_unfinished": False,
        "version_id": 70 if content else None,
        "number": 1 if content else 0,
        "supply_id": THEIRS if content else None,
        "content": digest(content) if content else None,
    }
    return Known(**(plain | parts))


def plan_for(planner: Planner, one: Row, record: Known | None, **previous: bytes) -> Plan:
    told, _ = merge_rows(read(one), {})
    records = {record.reference_key: record} if record else {}
    return planner.plan(told, records, {7: previous["before"]} if previous else {})


OLD, NEW = (content_of(read(row(offence_code=code))[0]) for code in ("28E", "58A"))


def test_a_crime_never_seen_gets_a_record_and_its_first_version(planner: Planner) -> None:
    plan = plan_for(planner, row("54/12345/2026", incident_number="INC 9"), None)
    (record,), (version,) = plan.records, plan.first_versions
    assert (record["reference"], record["first_supply_id"]) == ("54/12345/2026", OURS)
    assert (version["number"], version["content"] != b"") == (1, True)
    assert planner.counts.new_records == 1


def test_a_crime_as_it_was_is_only_marked_as_seen(planner: Planner) -> None:
    plan = plan_for(planner, row(offence_code="58A"), known(NEW))
    assert plan == Plan(seen=[7])
    assert planner.counts.unchanged == 1


def test_a_changed_crime_gets_the_next_version(planner: Planner) -> None:
    plan = plan_for(planner, row(offence_code="58A"), known(OLD, number=3))
    (version,) = plan.versions
    assert (version["record_id"], version["number"], version["supply_id"]) == (7, 4, OURS)
    assert planner.counts.new_versions == 1


def test_a_version_of_this_supply_is_written_again_when_a_later_row_adds_to_it(
    planner: Planner,
) -> None:
    mine = known(OLD, seen=True, supply_id=OURS, number=2)
    plan = plan_for(planner, row(offence_code="58A"), mine, before=b"other")
    assert [version_id for version_id, _ in plan.rewritten] == [70]
    assert not plan.versions
    assert not plan.dropped


def test_a_version_that_turns_out_to_be_no_change_is_taken_back(planner: Planner) -> None:
    mine = known(OLD, seen=True, supply_id=OURS, number=2)
    plan = plan_for(planner, row(offence_code="58A"), mine, before=digest(NEW))
    assert plan.dropped == [70]
    assert (planner.counts.new_versions, planner.counts.unchanged) == (-1, 1)


def test_a_crime_named_only_by_a_supply_that_was_never_taken_is_new(planner: Planner) -> None:
    plan = plan_for(planner, row(), known(None, first_is_unfinished=True))
    assert (plan.adopted, plan.seen, plan.records) == ([7], [], [])
    assert plan.versions[0]["number"] == 1


def test_a_crime_whose_row_was_refused_before_keeps_its_first_supply(planner: Planner) -> None:
    plan = plan_for(planner, row(), known(None))
    assert (plan.adopted, plan.seen) == ([], [7])
    assert planner.counts.new_records == 1


def test_a_disagreeing_row_is_refused_by_its_own_line() -> None:
    told, refused = merge_rows(read(row(), row(offence_code="28E"), row("54/2/26")), {})
    assert [each.key for each in told] == ["54/1234/26", "54/2/26"]
    assert [(each.line, each.field) for each in refused] == [(3, "offence_code")]


def test_rows_are_held_against_what_the_supply_said_before() -> None:
    told, refused = merge_rows(read(row(offence_code="58A")), {"54/1234/26": OLD})
    assert told == []
    assert len(refused) == 1
