"""A report or a supply whose key does not open stops nobody else, and is tried again."""

import logging
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from datetime import timedelta
from types import MappingProxyType
from uuid import UUID

import pytest
from sqlalchemy import delete, select, update

from portal.matching.models import Judgement, Match
from portal.matching.service import propose
from portal.police.models import Supply
from portal.reports.models import Allegation, ReportKey
from portal.site import Site
from tests.rig.clock import HandClock
from tests.rig.filed import Filed, file_report
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
    with site.database.transaction() as session:
        row_of_it = session.get_one(Supply, lost.supply_id)
        kept, row_of_it.wrapped_key = row_of_it.wrapped_key, b"\0" * 64
    look(site)
    assert accepted(site) == {second.id}
    with site.database.transaction() as session:
        session.get_one(Supply, lost.supply_id).wrapped_key = kept
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
