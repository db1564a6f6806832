"""The demonstration shows every chapter, the same at every telling, and on either database."""

from collections import Counter
from datetime import UTC, datetime, timedelta

import pytest

from portal.accounts.entry import sign_in
from portal.accounts.service import list_accounts
from portal.cli.demonstration_data import SEED, SIZE, make_plan, seed
from portal.cli.story.chapters import TITLES
from portal.errors import Refused
from portal.ledger.store import find_head
from portal.reports.drafts import read_answers
from portal.reports.visits import open_with_code
from portal.site import Site
from tests.rig.people import add_person
from tests.rig.story import Tale, tell

END = datetime(2026, 11, 23, 2, 30, tzinfo=UTC)
UNRECORDED = ("unrecorded", "full", "open")
ACCEPTED, PROPOSED, REFUSED = ["accepted"], ["proposed"], ["refused"]
SHOWN = {
    # chapter: (alerts, what became of its matches) of its first allegation
    "rape-never-recorded": ([("contested", "full", "open"), UNRECORDED], []),
    "burglary-as-damage": ([("downgraded", "lead", "open")], ACCEPTED),
    "backdated": ([("unrecorded", "full", "resolved"), ("backdated", "full", "open")], ACCEPTED),
    "two-allegations": ([], ACCEPTED),
    "vanished": ([("vanished", "full", "open")], ACCEPTED),
    "recorded-late": ([("recorded_late", "full", "open")], ACCEPTED),
    "incident-only": ([("incident_only", "full", "open"), UNRECORDED], PROPOSED),
    "waiting-match": ([("unrecorded", "awaiting_review", "open")], PROPOSED),
    "undelivered": ([("undelivered", "full", "open"), UNRECORDED], []),
    "in-the-inbox": ([], []),
    "kept": ([], []),
    "withdrawn": ([UNRECORDED], []),
    "fraud-only": ([], []),
    "transferred": (
        [("unrecorded", "full", "resolved"), ("cancelled", "full", "open")],
        ["accepted", "ended"],
    ),
}


def check_chapters(tale: Tale) -> None:
    assert {one: (tale.alerts(one), tale.matches(one)) for one in TITLES} == SHOWN
    assert tale.alerts("two-allegations", 2) == [UNRECORDED]
    assert tale.matches("two-allegations", 2) == REFUSED


def test_a_newcomer_finds_every_chapter_as_the_guide_says(site: Site) -> None:
    check_chapters(tell(site, size=len(TITLES)))


def test_every_chapter_opens_with_its_code_and_everybody_can_sign_in(site: Site) -> None:
    tale = tell(site, size=len(TITLES))
    with site.database.reading() as session:
        for chapter, code in tale.told.codes.items():
            opened = open_with_code(
                session, code, codes=site.codes, keyring=site.keyring, now=site.now()
            )
            assert opened.id == tale.told.reports[chapter]
            assert read_answers(session, opened.id, keyring=site.keyring)["allegations"]
    assert tale.told.sign_ins.return_code == tale.told.codes["burglary-as-damage"]
    assert tale.told.sign_ins.kept_code == tale.told.codes["kept"]
    assert len(tale.told.sign_ins.people) == 6
    for person in tale.told.sign_ins.people:
        assert sign_in(
            site.database,
            email=person.email,
            password=person.password,
            tokens=site.tokens,
            hasher=site.hasher,
            now=site.now(),
        )


def test_the_story_is_never_told_where_somebody_works_already(site: Site) -> None:
    add_person(site, "inspector")
    with pytest.raises(Refused, match="empty database"):
        seed(site, lambda words: None)
    with site.database.reading() as session:
        assert len(list_accounts(session)) == 1
        assert find_head(session).size == 0


def test_one_number_gives_one_story() -> None:
    first = make_plan(END, size=60, number=SEED)
    assert make_plan(END, size=60, number=SEED) == first
    assert make_plan(END, size=60, number=SEED + 1) != first


def test_the_whole_story_is_several_hundred_reports_and_a_thousand_records_of_three_forces() -> (
    None
):
    plan = make_plan(END, size=SIZE, number=SEED)
    assert len(plan.reports) >= 300
    assert len(plan.records) >= 1200
    assert min(Counter(one.force for one in plan.reports).values()) > 40
    assert min(Counter(one.force for one in plan.records).values()) > 150


@pytest.mark.parametrize("days", range(0, 364, 28))
def test_nothing_is_planned_after_the_end_on_whatever_day_it_falls(days: int) -> None:
    end = END + timedelta(days=days, hours=days / 15)
    plan = make_plan(end, size=120, number=SEED)
    assert all(plan.start <= one.filed <= plan.end for one in plan.reports)
    assert all(one.told is None or one.told <= one.filed for one in plan.reports)
    assert all(happened.at < one.filed for one in plan.reports for happened in one.happened)
    assert len({one.reference for one in plan.records}) == len(plan.records)
