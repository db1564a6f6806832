"""A full run finds what the incremental way left, to the last bit, and puts right what it did not.

Reports and records come by chance from few names, streets and days, so that many nearly fit."""

from dataclasses import replace
from datetime import timedelta
from random import Random
from uuid import UUID

import pytest
from sqlalchemy import select, text, update
from sqlalchemy.orm import Session

from portal.errors import Refused
from portal.matching.comparing import Comparer
from portal.matching.in_processes import usable_cores
from portal.matching.keying import PURPOSE
from portal.matching.lots import RECORDS_AT_ONCE
from portal.matching.model import Model, load_model
from portal.matching.models import Judgement, Match
from portal.matching.opening import Supplies
from portal.matching.rerunning import (
    Differences,
    compare_all,
    count_work,
    usual_processes,
    write_differences,
)
from portal.matching.service import compare_everything_again, propose
from portal.police.models import CrimeRecordVersion, Supply
from portal.reports.models import Allegation, ReportKey
from portal.site import Site
from tests.rig.clock import HandClock
from tests.rig.filed import file_report
from tests.rig.supplies import row, take

Stands = dict[tuple[UUID, int], tuple[object, ...]]
FORENAMES = ("Alex", "Alexander", "Sandy", "Maria", "Marie", "Mohammed", "Muhamad", "Jo", "Siân")
SURNAMES = ("Fen", "Fenn", "Oak-Hill", "Hill", "Osei", "Alex", "Brightwater", "Brightwatre", "")
BIRTHS = ("1990-02-28", "1990-02-08", "1990-08-02", "1990-01-01", "1971-11-03", "1983-06-30", "")
STREETS = (("High Street, Swindon", "SN1 1AB"), ("Mere", "BA12 6HA"), ("Devizes", ""), ("", ""))
KINDS = (("hurt", "8N"), ("raped", "19C"), ("burglary-home", "28E"), ("damage-home", "58A"))


def fill(site: Site, clock: HandClock, *, reports: int, records: int) -> None:
    """Reports and two supplies, matched step by step as they come."""
    random = Random(4)
    for number in range(reports):
        file_one(site, clock, random)
        if number == reports // 2:
            take_some(site, clock, random, range(records))
            match(site, load_model())
    clock.advance(days=1)
    take_some(site, clock, random, range(records // 2, records + records // 2))
    match(site, load_model())


def name(random: Random) -> str:
    return f"{random.choice(FORENAMES)} {random.choice(SURNAMES)}".strip()


def file_one(site: Site, clock: HandClock, random: Random) -> None:
    born = random.choice(BIRTHS)
    year, month, day = born.split("-") if born else ("", "", "")
    file_report(
        site,
        categories=[random.choice(KINDS)[0] for _ in range(8)],
        happened=clock() - timedelta(days=random.randrange(80)),
        told=random.choice([None, clock() - timedelta(hours=random.randrange(400))]),
        told_how={"crime_reference": random.choice(["", f"54/{random.randrange(200)}/26"])},
        about={
            "name": random.choice((name(random), name(random), "")),
            **{"birth_day": day, "birth_month": month, "birth_year": year},
        },
    )


def take_some(site: Site, clock: HandClock, random: Random, numbers: range) -> None:
    rows = []
    for number in numbers:
        when = clock() - timedelta(days=random.randrange(80), hours=random.randrange(24))
        place, postcode = random.choice(STREETS)
        cells = {
            "offence_code": random.choice(KINDS)[1],
            "recorded_at": f"{clock() - timedelta(hours=random.randrange(500)):%Y-%m-%d %H:%M}",
            "occurred_from": f"{when:%Y-%m-%d %H:%M}",
            "occurred_to": f"{when:%Y-%m-%d %H:%M}",
            "place": place,
            "postcode": postcode,
            "removal_code": random.choice(["", "", "", "", "C2"]),
        }
        for _ in range(random.choice([1, 1, 1, 2])):
            victim = {"victim_name": name(random), "victim_date_of_birth": random.choice(BIRTHS)}
            rows.append(row(f"54/{number}/26", **cells, **victim))
    take(site, rows)


def match(site: Site, model: Model) -> None:
    propose(site.database, keyring=site.keyring, tokens=site.tokens, now=site.now(), model=model)


def comparer_of(site: Site, model: Model | None = None, *, most_found: int = 500) -> Comparer:
    tokens = site.tokens.for_purpose(PURPOSE)
    return Comparer(model or load_model(), Supplies(site.keyring), tokens, site.now(), most_found)


def rerun(
    site: Site,
    comparer: Comparer,
    *,
    write: bool = True,
    processes: int | None = None,
    at_once: int = RECORDS_AT_ONCE,
) -> Differences:
    steps: list[int] = []
    with site.database.reading() as session:
        expected = count_work(session)
    whole = compare_all(
        site.database,
        comparer,
        memory_limit="500MB",
        advance=steps.append,
        processes=processes,
        at_once=at_once,
    )
    done = write_differences(site.database, whole, comparer, write=write, advance=steps.append)
    assert sum(steps) == expected
    return done


def lose_report_key(session: Session) -> ReportKey:
    """The first report does not open any more."""
    key = session.scalars(select(ReportKey).order_by(ReportKey.report_id).limit(1)).one()
    key.wrapped = bytes(len(key.wrapped))
    return key


def all_matches(site: Site) -> Stands:
    """Everything that stands about every pair but when it was written, and of every report."""
    found: Stands = {}
    with site.database.reading() as session:
        for one in session.scalars(select(Match)):
            columns = {column.key: getattr(one, column.key) for column in Match.__table__.columns}
            for name in ("id", "proposed_at", "decided_at"):
                del columns[name]
            found[one.allegation_id, one.record_id] = tuple(columns.values())
        for each in session.scalars(select(Judgement)):
            found[each.allegation_id, 0] = (each.state, each.can_tell, each.model_version)
    return found


def test_a_full_run_finds_every_report_as_the_incremental_way_left_it(
    site: Site, clock: HandClock
) -> None:
    fill(site, clock, reports=25, records=60)
    before = all_matches(site)
    assert len(before) > 400
    done = rerun(site, comparer_of(site))
    assert (done.same, done.other, done.left) == (200, 0, 0)
    assert all_matches(site) == before


@pytest.mark.parametrize(("processes", "at_once"), [(1, 7), (2, 20), (3, 89)])
def test_however_the_records_are_shared_out_a_full_run_finds_the_same(
    site: Site, clock: HandClock, processes: int, at_once: int
) -> None:
    fill(site, clock, reports=10, records=60)
    before = all_matches(site)
    comparer = comparer_of(site)
    for write in (False, True):
        done = rerun(site, comparer, write=write, processes=processes, at_once=at_once)
        assert (done.same, done.other, done.left) == (80, 0, 0)
    assert all_matches(site) == before


def test_a_full_run_reads_a_row_that_leaves_all_empty_as_the_incremental_way_does(
    site: Site, clock: HandClock
) -> None:
    fill(site, clock, reports=4, records=30)
    clock.advance(days=1)
    random = Random(9)
    changes = ({"removal_code": "C1"}, {"removal_code": "C2"}, {"outcome_type": "8"}, {})
    bare = [
        row(f"54/{n}/26", **({"offence_code": random.choice(KINDS)[1]} | random.choice(changes)))
        for n in range(45)
    ]
    take(site, bare, is_full=False)
    match(site, load_model())
    before = all_matches(site)
    with site.database.reading() as session:
        kept = session.scalars(select(Match.version_id).where(Match.levels.is_not(None))).all()
        bare_ones = select(CrimeRecordVersion.id).where(CrimeRecordVersion.number > 2)
        assert set(kept) & set(session.scalars(bare_ones))
    done = rerun(site, comparer_of(site))
    assert (done.same, done.other, done.left) == (32, 0, 0)
    assert all_matches(site) == before
    with site.database.transaction() as session:
        compare_everything_again(session)
    match(site, load_model())
    assert all_matches(site) == before


def test_what_was_lost_or_changed_is_said_and_with_leave_put_right(
    site: Site, clock: HandClock
) -> None:
    fill(site, clock, reports=4, records=30)
    before = all_matches(site)
    with site.database.transaction() as session:
        kept = session.scalars(select(Match).where(Match.state == "kept").order_by(Match.id)).all()
        lost = kept[0]
        changed = next(
            one
            for one in kept
            if one.levels != lost.levels and one.allegation_id != lost.allegation_id
        )
        changed.levels, changed.total = lost.levels, lost.total
        session.delete(lost)
    spoilt = all_matches(site)
    assert rerun(site, comparer_of(site), write=False).other == 2
    assert all_matches(site) == spoilt != before
    assert rerun(site, comparer_of(site)).other == 2
    assert all_matches(site) == before
    assert rerun(site, comparer_of(site), write=False).other == 0


def test_another_version_of_the_model_leaves_what_the_incremental_way_leaves(
    site: Site, clock: HandClock
) -> None:
    fill(site, clock, reports=4, records=30)
    old = load_model()
    windows = {rule: 40 if days else days for rule, days in old.windows.items()}
    priors = {kind: tuple(bits + 1.5 for bits in each) for kind, each in old.priors.items()}
    model = replace(old, version="another-1", windows=windows, priors=priors)
    assert rerun(site, comparer_of(site, model)).other == 32
    after = all_matches(site)
    with site.database.transaction() as session:
        compare_everything_again(session)
    match(site, model)
    assert all_matches(site) == after


@pytest.mark.parametrize("at_once", [RECORDS_AT_ONCE, 2])
def test_a_report_with_more_candidates_than_can_be_told_apart_keeps_none(
    site: Site, clock: HandClock, at_once: int
) -> None:
    fill(site, clock, reports=4, records=30)
    comparer = comparer_of(site, most_found=2)
    rerun(site, comparer, processes=2, at_once=at_once)
    # Nor is it said of them that they stand otherwise, or of others how many they had.
    assert rerun(site, comparer, write=False).other == 0
    counted = [
        compare_all(
            site.database,
            comparer,
            memory_limit="500MB",
            advance=len_of,
            processes=processes,
            at_once=size,
        ).pairs
        for processes, size in ((1, RECORDS_AT_ONCE), (2, at_once))
    ]
    assert counted[0] == counted[1]
    with site.database.reading() as session:
        crowded = session.scalars(select(Judgement).where(Judgement.state == "crowded")).all()
        assert crowded
        for one in crowded:
            assert one.found == 3
            query = select(Match.levels).where(
                Match.allegation_id == one.allegation_id, Match.decided_at.is_(None)
            )
            assert session.scalars(query).all() == []


def test_what_a_person_refused_and_what_waits_for_the_job_are_left_alone(
    site: Site, clock: HandClock
) -> None:
    fill(site, clock, reports=4, records=30)
    with site.database.transaction() as session:
        refused = session.scalars(select(Match).where(Match.state != "accepted")).first()
        assert refused is not None
        refused.state, refused.levels = "refused", None
        waiting = session.scalars(
            select(Allegation).where(Allegation.id != refused.allegation_id).limit(1)
        ).one()
        waiting.to_match = True
    before = all_matches(site)
    done = rerun(site, comparer_of(site))
    assert (done.same, done.other, done.left) == (31, 0, 1)
    assert all_matches(site) == before


def test_of_what_does_not_open_nothing_is_known_and_what_stands_is_left(
    site: Site, clock: HandClock
) -> None:
    fill(site, clock, reports=4, records=30)
    with site.database.transaction() as session:
        session.execute(update(Supply).values(wrapped_key=bytes(64)))
        lose_report_key(session)
    before = all_matches(site)
    whole = compare_all(site.database, comparer_of(site), memory_limit="500MB", advance=len_of)
    assert (whole.records, len(whole.closed), whole.closed_reports) == (0, 45, 8)
    done = write_differences(site.database, whole, comparer_of(site), write=True, advance=len_of)
    assert (done.same, done.other, done.left) == (24, 0, 0)
    assert all_matches(site) == before
    # Nor does the other way take away what it cannot look at.
    with site.database.transaction() as session:
        session.execute(update(Allegation).values(to_match=True))
    match(site, load_model())
    assert all_matches(site) == before
    # Nor where the keys of all records were forgotten, and these cannot be made again.
    with site.database.transaction() as session:
        compare_everything_again(session)
    match(site, load_model())
    assert all_matches(site).keys() == before.keys()
    assert {one: said for one, said in all_matches(site).items() if one[1]} == {
        one: said for one, said in before.items() if one[1]
    }


def test_a_report_with_too_many_candidates_is_not_told_apart_because_some_do_not_open(
    site: Site, clock: HandClock
) -> None:
    fill(site, clock, reports=4, records=30)
    comparer = comparer_of(site, most_found=2)
    rerun(site, comparer)
    with site.database.transaction() as session:
        session.execute(update(Supply).where(Supply.number == 2).values(wrapped_key=bytes(64)))
    before = {one: said for one, said in all_matches(site).items() if said[0] == "crowded"}
    assert before
    rerun(site, comparer_of(site, most_found=2))
    assert before.items() <= all_matches(site).items()


def test_there_are_as_many_processes_as_cores_and_as_the_memory_has_room_for() -> None:
    assert usual_processes("2GB") == min(usable_cores(), 4)
    assert [usual_processes(one) for one in ("900MB", "1MB")] == [1, 1]


def test_right_after_a_restored_backup_postgresql_looks_at_its_tables_before_it_plans(
    site: Site, clock: HandClock
) -> None:
    fill(site, clock, reports=1, records=4)
    rerun(site, comparer_of(site), write=False)
    if not site.database.is_sqlite:
        with site.database.reading() as session:
            known = text("SELECT reltuples FROM pg_class WHERE relname = 'crime_record_versions'")
            assert session.scalar(known) == 8


def test_with_too_little_memory_nothing_is_changed(site: Site, clock: HandClock) -> None:
    fill(site, clock, reports=2, records=4)
    with pytest.raises(Refused, match="memory"):
        compare_all(site.database, comparer_of(site), memory_limit="1MB", advance=len_of)


def len_of(rows: int) -> None:
    assert rows >= 0
