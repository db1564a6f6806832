"""What does not open stops nobody else, and is taken up by itself once its key is here again."""

import logging
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from datetime import timedelta
from types import MappingProxyType
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import delete, event, select, update

from portal.matching.models import Judgement, Match
from portal.matching.service import compare_everything_again, propose
from portal.police.models import CrimeRecordVersion, Supply
from portal.police.service import SupplyOutcome
from portal.reports.models import Allegation, ReportKey
from portal.site import Site
from tests.rig.clock import HandClock
from tests.rig.filed import Filed, alerts_of, file_report, look_again
from tests.rig.people import add_person
from tests.rig.reviewed import INCIDENT, reads, waiting_case
from tests.rig.supplies import row, take

NAME = "Pangolina Quill"
BORN = {"birth_day": "4", "birth_month": "5", "birth_year": "1990"}
OTHER = {"name": "Zed Other"}


def crime(reference: str, **more: str) -> dict[str, str]:
    cells = {
        "offence_code": "28E",
        "recorded_at": "2026-03-01 23:30",
        "occurred_from": "2026-03-01 18:00",
        "occurred_to": "2026-03-01 23:00",
    }
    return dict(row(reference, **(cells | more)))


def told(
    site: Site,
    clock: HandClock,
    reference: str,
    *,
    parts: int = 1,
    about: Mapping[str, str] = MappingProxyType({}),
) -> Filed:
    return file_report(
        site,
        categories=["burglary-home"] * parts,
        happened=clock() - timedelta(hours=14),
        told_how={"crime_reference": reference},
        about={"name": NAME, **about},
    )


def look(site: Site) -> int:
    return propose(site.database, keyring=site.keyring, tokens=site.tokens, now=site.now())


def accepted(site: Site) -> set[UUID]:
    with site.database.reading() as session:
        query = select(Allegation.report_id).join(Match, Match.allegation_id == Allegation.id)
        return set(session.scalars(query.where(Match.state == "accepted")))


def left(site: Site) -> int:
    with site.database.reading() as session:
        return len(session.scalars(select(Allegation.id).where(Allegation.to_match)).all())


def to_settle(site: Site) -> set[UUID]:
    with site.database.reading() as session:
        query = select(Allegation.report_id).join(
            Judgement, Judgement.allegation_id == Allegation.id
        )
        return set(session.scalars(query.where(Judgement.to_settle)))


@contextmanager
def broken(site: Site, filed: Filed) -> Iterator[None]:
    """Nobody can open this report, until the block ends."""
    key = update(ReportKey).where(ReportKey.report_id == filed.id)
    with site.database.transaction() as session:
        kept = session.get_one(ReportKey, filed.id).wrapped
        session.execute(key.values(wrapped=b"\0" * len(kept)))
    yield
    with site.database.transaction() as session:
        session.execute(key.values(wrapped=kept))


@contextmanager
def without_key(site: Site, outcome: SupplyOutcome) -> Iterator[None]:
    """The sealing key of this supply is not here, until the block ends."""
    with site.database.transaction() as session:
        supply = session.get_one(Supply, outcome.supply_id)
        kept, supply.wrapped_key = supply.wrapped_key, b"\0" * 64
    yield
    with site.database.transaction() as session:
        session.get_one(Supply, outcome.supply_id).wrapped_key = kept


@pytest.mark.parametrize("records_first", [True, False])
def test_a_report_that_does_not_open_stops_no_other_and_is_matched_once_it_opens(
    site: Site, clock: HandClock, records_first: bool
) -> None:
    records = [crime("54/7/26"), crime("54/8/26")]
    if records_first:
        take(site, records)
        look(site)
    lost, whole = told(site, clock, "54/7/26"), told(site, clock, "54/8/26")
    if not records_first:
        look(site)
        take(site, records)
    with broken(site, lost):
        look(site)
        assert accepted(site) == {whole.id}
        look(site)
        assert left(site) == 1
    look(site)
    assert accepted(site) == {lost.id, whole.id}
    assert left(site) == 0


def test_a_supply_that_does_not_open_stops_no_other(site: Site, clock: HandClock) -> None:
    first, second = told(site, clock, "54/7/26"), told(site, clock, "54/8/26")
    lost = take(site, [crime("54/7/26")])
    clock.advance(minutes=1)
    take(site, [crime("54/8/26")], is_full=False)
    with without_key(site, lost):
        look(site)
        assert accepted(site) == {second.id}
    look(site)
    assert accepted(site) == {first.id, second.id}


def test_a_report_that_holds_a_record_and_does_not_open_keeps_nobody_but_its_rivals_waiting(
    site: Site, clock: HandClock
) -> None:
    named = {"victim_name": NAME, "victim_date_of_birth": "1990-05-04", "postcode": "SN1 1AA"}
    lost = told(site, clock, "", about=BORN)
    take(site, [crime("54/7/26", **named), crime("54/8/26", victim_name=OTHER["name"])])
    look(site)
    assert accepted(site) == {lost.id}
    # The number makes the second claim of the same person the better one: the first must let go.
    rival, other = (
        told(site, clock, "54/7/26", about=BORN),
        told(site, clock, "54/8/26", about=OTHER),
    )
    with broken(site, lost):
        for _ in range(2):
            look(site)
            assert accepted(site) == {lost.id, other.id}
        assert to_settle(site) == {rival.id}
    look(site)
    assert accepted(site) == {lost.id, rival.id, other.id}
    assert to_settle(site) == set()


def test_a_run_ends_though_more_than_a_batch_does_not_open(site: Site, clock: HandClock) -> None:
    take(site, [crime("54/7/26")])
    lost = [told(site, clock, "54/7/26", parts=20) for _ in range(6)]
    with ExitStack() as all_broken:
        for filed in lost:
            all_broken.enter_context(broken(site, filed))
        assert look(site) == 0
        assert left(site) == 120


def test_an_erased_report_is_not_tried_for_ever(site: Site, clock: HandClock) -> None:
    erased, whole = told(site, clock, "54/7/26"), told(site, clock, "54/8/26")
    take(site, [crime("54/7/26"), crime("54/8/26")])
    with site.database.transaction() as session:
        session.execute(delete(ReportKey).where(ReportKey.report_id == erased.id))
    look(site)
    assert accepted(site) == {whole.id}
    assert left(site) == 0


def test_what_does_not_open_is_logged_by_number_and_nothing_else(
    site: Site, clock: HandClock, caplog: pytest.LogCaptureFixture
) -> None:
    lost = told(site, clock, "54/7/26")
    take(site, [crime("54/7/26")])
    with broken(site, lost), caplog.at_level(logging.ERROR):
        look(site)
    assert caplog.records
    with site.database.reading() as session:
        allegation = str(session.scalars(select(Allegation.id)).one())
    for record in caplog.records:
        assert record.__dict__["facts"] == {"allegation": allegation}
    assert NAME not in caplog.text


@pytest.mark.parametrize("lost", [0, 1])
@pytest.mark.parametrize("becomes", [{"removal_code": "C2"}, {"offence_code": "N100/1"}])
def test_a_record_that_was_taken_away_stills_no_alert_though_nobody_can_open_what_took_it_away(
    site: Site, clock: HandClock, lost: int, becomes: dict[str, str]
) -> None:
    matched = told(site, clock, "54/7/26")
    first = take(site, [crime("54/7/26")])
    look(site)
    assert accepted(site) == {matched.id}
    clock.advance(days=3)
    bare = {"offence_code": "28E", "recorded_at": "2026-03-01 23:30"}
    second = take(site, [row("54/7/26", **(bare | becomes))])
    with without_key(site, (first, second)[lost]):
        for _ in range(2):
            look_again(site)
            assert accepted(site) == set()
            kinds = {one.kind for one in alerts_of(site) if one.state != "resolved"}
            assert kinds == {"unrecorded", *["cancelled"] * ("removal_code" in becomes)}
    look_again(site)
    assert accepted(site) == set()


def test_what_a_person_confirmed_stands_and_its_removal_is_told_of_though_nobody_can_open_it(
    site: Site, clock: HandClock
) -> None:
    filed = waiting_case(site, clock)
    reads(site, filed, add_person(site, "inspector"), "record")
    clock.advance(days=1)
    look_again(site)
    sent = {"incident_number": INCIDENT, "offence_code": "28E", "removal_code": "C2"}
    with without_key(site, take(site, [row("54/7/26", **sent)], is_full=False)):
        look_again(site)
        assert accepted(site) == {filed.id}
        assert "cancelled" in {one.kind for one in alerts_of(site)}


def waiting(site: Site) -> int:
    with site.database.reading() as session:
        return len(session.scalars(select(Supply.id).where(Supply.unopened_at.is_not(None))).all())


def pairs(site: Site) -> dict[tuple[UUID, int], tuple[object, ...]]:
    with site.database.reading() as session:
        return {
            (one.allegation_id, one.record_id): (one.version_id, one.state, one.zone, one.total)
            for one in session.scalars(select(Match))
        }


def as_anew(site: Site) -> dict[tuple[UUID, int], tuple[object, ...]]:
    with site.database.transaction() as session:
        compare_everything_again(session)
    look(site)
    return pairs(site)


def test_what_a_missing_key_kept_from_being_compared_is_compared_by_itself_when_it_is_back(
    site: Site, clock: HandClock
) -> None:
    mine, other = told(site, clock, "54/7/26"), told(site, clock, "54/8/26")
    # Without two of these nobody would complete what a later row leaves empty.
    old = take(site, [crime("54/7/26", place="Harbour Lane", postcode="SN1 1AA")])
    clock.advance(hours=1)
    bare = row("54/7/26", offence_code="28E", recorded_at="2026-03-01 23:30", outcome_type="18")
    take(site, [bare, crime("54/8/26")])
    with without_key(site, old):
        look(site)
        assert accepted(site) == {other.id}
        assert (waiting(site), look(site)) == (1, 0)
    look(site)
    assert accepted(site) == {mine.id, other.id}
    assert (waiting(site), look(site)) == (0, 0)
    assert pairs(site) == as_anew(site)


def test_a_report_told_while_a_key_was_missing_is_compared_with_those_records_when_it_is_back(
    site: Site, clock: HandClock
) -> None:
    old = take(site, [crime("54/7/26"), crime("54/9/26")])
    first = told(site, clock, "54/7/26")
    look(site)
    with without_key(site, old):
        late = told(site, clock, "54/9/26")
        look(site)
        assert accepted(site) == {first.id}
        assert (waiting(site), look(site)) == (1, 0)
    look(site)
    assert accepted(site) == {first.id, late.id}
    assert pairs(site) == as_anew(site)


def test_while_a_key_is_missing_nothing_is_opened_again_and_again_and_the_log_says_what_waits(
    site: Site, clock: HandClock, caplog: pytest.LogCaptureFixture
) -> None:
    old = take(site, [crime("54/7/26")])
    told(site, clock, "54/7/26")
    with without_key(site, old):
        look(site)
        assert _facts(caplog) == [{"supply": str(old.supply_id)}]
        caplog.clear()
        asked: list[str] = []

        def note(*each: Any) -> None:  # noqa: ANN401 - whatever SQLAlchemy tells
            asked.append(each[2])

        event.listen(site.database.engine, "before_cursor_execute", note)
        look(site)
        event.remove(site.database.engine, "before_cursor_execute", note)
        assert _facts(caplog) == [{"supplies": 1}]
        assert asked
        assert not [one for one in asked if "crime_record" in one]
    assert NAME not in caplog.text


def test_a_record_that_is_damaged_is_told_of_and_not_tried_for_ever(
    site: Site, clock: HandClock, caplog: pytest.LogCaptureFixture
) -> None:
    take(site, [crime("54/7/26"), crime("54/8/26")])
    with site.database.transaction() as session:
        damaged = session.scalars(select(CrimeRecordVersion.id)).first()
        spoilt = update(CrimeRecordVersion).where(CrimeRecordVersion.id == damaged)
        session.execute(spoilt.values(sealed=b"\0" * 64))
    told(site, clock, "54/8/26")
    look(site)
    assert _facts(caplog) == [{"records": 1, "first": 1}]
    caplog.clear()
    assert (look(site), waiting(site), caplog.records) == (0, 0, [])


def _facts(caplog: pytest.LogCaptureFixture) -> list[object]:
    return [one.__dict__["facts"] for one in caplog.records if one.levelno >= logging.ERROR]
