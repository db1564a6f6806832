"""The database finds the pairs that the model's rules say, within their days, and no more."""

from datetime import date, timedelta
from itertools import product
from uuid import UUID

from sqlalchemy import func, select

from portal.matching.blocking import is_within, record_keys, report_keys
from portal.matching.finding import (
    crowded_with,
    kept_pairs,
    pairs_with,
    records_for,
    reports_with,
)
from portal.matching.keying import KeyRow, write_record_keys, write_report_keys
from portal.matching.model import load_model
from portal.matching.models import Judgement, RecordKey
from portal.matching.opening import OpenedRecord
from portal.matching.sides import RecordSide, ReportSide
from portal.police.models import CrimeRecord, CrimeRecordVersion
from portal.reports.models import Allegation
from portal.sealing import Tokens
from portal.site import Site
from tests.rig.filed import file_report
from tests.rig.pairs import BOB, DAY, person, record, report
from tests.rig.supplies import row, take

MODEL = load_model()
TOKENS = Tokens(b"t" * 32)
GAPS = (None, 0, 4, 16, 40, 80, 120, 400)


def days(gap: int | None) -> tuple[date, date] | None:
    return None if gap is None else (DAY + timedelta(gap), DAY + timedelta(gap + 2))


def sides() -> tuple[list[ReportSide], list[RecordSide]]:
    reports = [
        report(occurred=days(gap), told=told, references=given, victim=who)
        for gap, told, (given, who) in product(
            (None, 0),
            (None, (DAY, DAY)),
            ((["54/24/0012345"], person()), ([], person(**BOB)), ([], person(name=""))),
        )
    ]
    records = [
        record(occurred=days(gap), recorded=DAY + timedelta(gap or 20), references=[reference])
        for gap, reference in product(GAPS, ("54240012345", "54240099999"))
    ]
    return reports, records


def expected(reports: list[ReportSide], records: list[RecordSide]) -> set[tuple[int, int]]:
    return {
        (one, other)
        for one, ours in enumerate(reports)
        for other, theirs in enumerate(records)
        if any(
            is_within(ours, theirs, key.rule, MODEL)
            for key in report_keys(ours) & record_keys(theirs)
        )
    }


def laid_out(site: Site) -> tuple[list[UUID], list[int], set[tuple[int, int]], list[KeyRow]]:
    """Both sides keyed in the database; their numbers there, the pairs that are to be found, and
    the keys of the records.
    """
    reports, records = sides()
    for _ in range(0, len(reports), 12):
        file_report(site, categories=["burglary-home"] * min(12, len(reports)))
    take(site, [row(f"54/{number}/26") for number in range(1, len(records) + 1)])
    with site.database.transaction() as session:
        ours = list(session.scalars(select(Allegation.id)))[: len(reports)]
        theirs = list(session.scalars(select(CrimeRecord.id).order_by(CrimeRecord.id)))
        newest = select(CrimeRecordVersion.record_id, CrimeRecordVersion.id)
        versions = {one: version for one, version in session.execute(newest)}
        write_report_keys(
            session, dict(zip(ours, reports, strict=True)), MODEL, tokens=TOKENS, shared_keys={}
        )
        opened = {
            one: OpenedRecord(versions[one], side)
            for one, side in zip(theirs, records, strict=True)
        }
        keys = write_record_keys(session, opened, tokens=TOKENS)
    return ours, theirs, expected(reports, records), keys


def test_either_direction_finds_the_pairs_that_the_rules_say(site: Site) -> None:
    ours, theirs, wanted, keys = laid_out(site)
    assert 20 < len(wanted) < len(ours) * len(theirs)
    with site.database.reading() as session:
        forth = {
            (number, theirs.index(found))
            for number, one in enumerate(ours)
            for found in records_for(session, one, at_most=1000)
        }
        back = {
            (ours.index(one), theirs.index(found))
            for one, found in pairs_with(session, keys, at_most=10_000) or ()
        }
        touched = set(reports_with(session, theirs))
    assert forth == back == wanted
    assert touched == {ours[one] for one, _ in wanted}


def test_more_than_was_asked_for_is_said_and_not_read(site: Site) -> None:
    ours, _, wanted, keys = laid_out(site)
    busiest = max(range(len(ours)), key=lambda one: sum(pair[0] == one for pair in wanted))
    with site.database.reading() as session:
        assert len(records_for(session, ours[busiest], at_most=3)) == 4
        assert pairs_with(session, keys, at_most=5) is None
        assert len(pairs_with(session, keys, at_most=len(wanted)) or ()) == len(wanted)


def test_only_who_had_too_many_is_told_of_one_that_changes(site: Site) -> None:
    ours, theirs, wanted, _ = laid_out(site)
    known = sorted({one for one, _ in wanted})
    with site.database.transaction() as session:
        for number in known:
            session.add(
                Judgement(
                    allegation_id=ours[number],
                    state="crowded" if number == known[0] else "alert",
                    can_tell=True,
                    found=1,
                    no_record=1.0,
                    model_version=MODEL.version,
                    to_settle=False,
                )
            )
        session.flush()
        assert crowded_with(session, theirs) == [ours[known[0]]]
        assert kept_pairs(session, theirs) == []
        count = session.scalar(select(func.count()).select_from(RecordKey))
    assert 0 < (count or 0) < len(theirs) * 40
