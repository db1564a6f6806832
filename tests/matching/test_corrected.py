"""A full run sees corrected answers just as the incremental way does, to the last bit."""

from datetime import timedelta
from random import Random
from uuid import UUID

from sqlalchemy import select

from portal.matching.comparing import Comparer
from portal.matching.gathering import open_reports
from portal.matching.keying import PURPOSE
from portal.matching.model import load_model
from portal.matching.models import Match
from portal.matching.opening import Supplies
from portal.matching.rerunning import compare_all, write_differences
from portal.matching.service import compare_everything_again, propose
from portal.matching.sides import ReportSide
from portal.reports.models import Allegation
from portal.site import Site
from tests.rig.clock import HandClock
from tests.rig.filed import file_report, when
from tests.rig.own import Own
from tests.rig.supplies import row, take

NAMES = ("Ada Quill", "Ida Quill", "Ada Quil", "Marie Osei", "Maria Osei")


def match(site: Site) -> None:
    propose(site.database, keyring=site.keyring, tokens=site.tokens, now=site.now())


def stands(site: Site) -> dict[tuple[UUID, int], tuple[object, ...]]:
    with site.database.reading() as session:
        return {
            (one.allegation_id, one.record_id): (one.state, one.zone, one.levels, one.total)
            for one in session.scalars(select(Match))
        }


def fill(site: Site, clock: HandClock) -> list[Own]:
    """Reports and records of few names and days, so that many nearly fit; half are corrected."""
    random = Random(7)
    made: list[Own] = []
    for number in range(12):
        filed = file_report(
            site,
            categories=[random.choice(("hurt", "raped", "burglary-home"))],
            happened=clock() - timedelta(days=random.randrange(9)),
            told=clock() - timedelta(hours=random.randrange(90)),
            told_how={"crime_reference": f"54/{number}/26"},
            about={"name": random.choice(NAMES), "birth_year": "1990"},
        )
        made.append(Own(site, filed))
    take(
        site,
        [
            row(
                f"54/{number}/26",
                victim_name=random.choice(NAMES),
                offence_code=random.choice(("8N", "19C", "28E")),
                occurred_from=f"{clock() - timedelta(days=random.randrange(9)):%Y-%m-%d %H:%M}",
                recorded_at=f"{clock() - timedelta(hours=2):%Y-%m-%d %H:%M}",
                place="Harbour Lane",
                postcode="SN1 1AA",
            )
            for number in range(18)
        ],
    )
    match(site)
    for number, own in enumerate(made[::2]):
        own.correct("about", name=NAMES[number % 5], birth_year="1991")
        own.correct(
            "told_how", channel="101", force="wiltshire", crime_reference=f"54/{2 * number + 1}/26"
        )
        own.correct("when", 1, **when(clock() - timedelta(days=number)))
        own.correct("what", 1, category="theft-person", other="")
    return made


def test_incremental_and_full_runs_agree_about_corrected_reports(
    site: Site, clock: HandClock
) -> None:
    fill(site, clock)
    match(site)
    left = stands(site)
    supplies = Supplies(site.keyring, {})
    comparer = Comparer(load_model(), supplies, site.tokens.for_purpose(PURPOSE), clock())
    whole = compare_all(site.database, comparer, memory_limit="1GB", advance=lambda _: None)
    found = write_differences(site.database, whole, comparer, write=True, advance=lambda _: None)
    assert (found.same, found.other) == (12, 0)
    assert stands(site) == left
    with site.database.transaction() as session:
        compare_everything_again(session)
    match(site)
    assert stands(site) == left
    assert left


def test_a_side_holds_the_right_answers_and_both_kinds_of_offence(
    site: Site, clock: HandClock
) -> None:
    own = Own(site, file_report(site, categories=["raped"], told=clock(), about={"name": "A Bee"}))
    own.correct("about", name="Ada Quill")
    own.correct("where", 1, place="Mill Road", postcode="BA12 6HA")
    own.correct("what", 1, category="hurt", other="")
    with site.database.reading() as session:
        one = session.scalars(select(Allegation)).one()
        side = open_reports(session, [one], keyring=site.keyring)[one.id]
    assert isinstance(side, ReportSide)
    assert side.victim.surname == "quill"
    assert side.place.district == "BA12"
    assert side.is_sexual
    assert {"8N", "19C"} <= side.offence_codes


def test_a_corrected_name_is_another_claim_for_what_nobody_was_given(
    site: Site, clock: HandClock
) -> None:
    own = Own(
        site,
        file_report(
            site,
            categories=["hurt"],
            told=clock(),
            happened=clock() - timedelta(hours=5),
            about={"name": "Ada Quill", "birth_day": "4", "birth_month": "5", "birth_year": "1990"},
        ),
    )
    take(
        site,
        [
            row(
                victim_name="Ada Quill",
                victim_date_of_birth="04/05/1990",
                offence_code="8N",
                occurred_from=f"{clock() - timedelta(days=9):%Y-%m-%d %H:%M}",
            )
        ],
    )
    match(site)

    def claim() -> bytes:
        with site.database.reading() as session:
            return session.scalars(select(Match.claim)).one()

    before = claim()
    own.correct("about", name="Ada Quille", birth_day="4", birth_month="5", birth_year="1990")
    match(site)
    assert claim() != before
