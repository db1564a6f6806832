"""Promises about a change of the safe way: at once for sending, and undone with one press."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from portal.errors import Refused
from portal.ledger.code_chain import WAIT
from portal.reports.contact_models import SafeContact
from portal.reports.models import Visit
from portal.reports.safe_changes import (
    JUST_OPENED,
    MOST_A_DAY,
    CodeNeeded,
    check_code,
    forget_former,
    nothing_older_is_news,
    put_back,
    was_just_opened,
)
from portal.reports.safe_contacts import ask_contact, remove_contact
from portal.reports.safe_ways import CALL, EMAIL, TEXT, Way, WayRules
from portal.reports.visits import start_visit
from portal.site import Site
from tests.rig.clock import HandClock
from tests.rig.drafts import Draft, kept_report
from tests.rig.filed import file_report
from tests.rig.letters import ADDRESS, letters
from tests.rig.own import Own
from tests.rig.reached import (
    DAYTIME,
    choose,
    code_of,
    contact_of,
    keys,
    kinds_of,
    row_of,
    sent,
    to_person,
)

HERS, OTHER = Way(EMAIL, ADDRESS), Way(EMAIL, "other@example.org")


@pytest.fixture
def report(site: Site) -> Draft:
    made = kept_report(site)
    choose(made, HERS)
    return made


def remove(draft: Draft) -> None:
    site = draft.site
    with site.database.transaction() as session:
        remove_contact(session, draft.id, code=code_of(draft), **keys(site))


def back(draft: Draft, *, code: bytes | None = None, visit: Visit | None = None) -> bool:
    with draft.site.database.transaction() as session:
        return put_back(session, draft.id, code=code, visit=visit, **keys(draft.site))


def visit_of(draft: Draft) -> Visit:
    site = draft.site
    with site.database.transaction() as session:
        start_visit(session, draft.id, code=None, **keys(site))
    with site.database.reading() as session:
        return session.scalars(select(Visit)).one()


def test_a_removed_way_is_put_back_and_that_again_can_be_undone(report: Draft) -> None:
    remove(report)
    assert contact_of(report).confirmed is None
    assert back(report, code=code_of(report))
    assert contact_of(report).confirmed == HERS
    choose(report, OTHER)
    assert back(report, code=code_of(report))
    assert contact_of(report).confirmed == HERS
    assert back(report, code=code_of(report))
    assert contact_of(report).confirmed == OTHER
    assert kinds_of(report.site, report.id).count("contact_restored") == 3


def test_a_change_whose_number_was_never_typed_is_put_back_too(report: Draft) -> None:
    choose(report, OTHER, confirm=False)
    assert contact_of(report).confirmed is None
    assert back(report, code=code_of(report))
    assert contact_of(report).confirmed == HERS
    assert contact_of(report).asked is None


def test_after_72_hours_it_stays_and_the_former_way_is_destroyed(
    site: Site, report: Draft, clock: HandClock
) -> None:
    remove(report)
    clock.instant += WAIT
    assert not back(report, code=code_of(report))
    with site.database.transaction() as session:
        forget_former(session, now=clock())
    assert row_of(report).sealed_former is None


def test_an_open_page_alone_puts_nothing_back_a_while_after_it_was_opened(
    report: Draft, clock: HandClock
) -> None:
    visit = visit_of(report)
    remove(report)
    clock.instant += JUST_OPENED
    for code in (None, b"", b"x" * 32):
        with pytest.raises(CodeNeeded):
            back(report, code=code, visit=visit)
    assert contact_of(report).confirmed is None


def test_one_press_is_enough_shortly_after_the_code_was_typed(
    site: Site, report: Draft, clock: HandClock
) -> None:
    other = visit_of(kept_report(site))
    remove(report)
    with pytest.raises(CodeNeeded):
        back(report, visit=other)
    with site.database.transaction() as session:
        start_visit(session, report.id, code=None, **keys(site))
    with site.database.reading() as session:
        visit = session.scalars(select(Visit).where(Visit.report_id == report.id)).one()
    assert was_just_opened(visit, clock())
    assert back(report, visit=visit)


def test_a_way_that_was_put_back_waits_another_72_hours_for_a_lost_code(
    report: Draft, clock: HandClock
) -> None:
    clock.instant += WAIT
    assert contact_of(report).usable(clock()) == HERS
    remove(report)
    back(report, code=code_of(report))
    assert contact_of(report).usable(clock()) is None
    assert contact_of(report).usable(clock() + WAIT) == HERS


def test_the_old_way_hears_nothing_of_its_change_not_even_what_waited(
    site: Site, report: Draft
) -> None:
    sent(site)
    choose(report, OTHER)
    remove(report)
    back(report, code=code_of(report))
    assert to_person(letters(site)) == to_person(letters(site))[:1]
    assert not to_person(sent(site))


def test_while_a_change_can_be_undone_an_open_page_is_not_enough_for_another(
    site: Site, report: Draft, clock: HandClock
) -> None:
    remove(report)
    with pytest.raises(CodeNeeded), site.database.transaction() as session:
        ask_contact(session, report.id, OTHER, tokens=site.tokens, **keys(site))
    clock.instant += WAIT
    with site.database.transaction() as session:
        assert ask_contact(session, report.id, OTHER, tokens=site.tokens, **keys(site))


def test_other_hours_for_the_same_place_count_at_once_and_can_be_put_back(
    site: Site, report: Draft
) -> None:
    sent(site)
    before = row_of(report).confirmed_at
    choose(report, Way(EMAIL, ADDRESS.upper(), DAYTIME))
    assert letters(site) == []
    found = contact_of(report)
    assert found.confirmed is not None
    assert found.confirmed.rules == DAYTIME
    assert row_of(report).confirmed_at == before
    assert kinds_of(site, report.id)[-1] == "contact_rules"
    back(report, code=code_of(report))
    assert contact_of(report).confirmed == HERS


def test_the_same_again_changes_nothing(site: Site, report: Draft) -> None:
    before = kinds_of(site, report.id)
    choose(report, HERS)
    assert kinds_of(site, report.id) == before
    assert row_of(report).sealed_former is None


def test_a_number_for_calls_needs_the_code_and_nothing_is_sent_to_it(site: Site) -> None:
    report, way = kept_report(site), Way(CALL, "+447700900982", WayRules(code_word="narwhal"))
    with pytest.raises(CodeNeeded), site.database.transaction() as session:
        ask_contact(session, report.id, way, tokens=site.tokens, **keys(site))
    choose(report, way)
    assert contact_of(report).confirmed == way
    assert letters(site) == []
    assert contact_of(report).usable(site.now() + WAIT) is None


def test_a_text_is_confirmed_by_a_number_sent_to_it(site: Site) -> None:
    report = kept_report(site)
    choose(report, Way(TEXT, "+447700900982"))
    (letter,) = letters(site)
    assert letter.address == "tel:+447700900982"
    assert contact_of(report).confirmed == Way(TEXT, "+447700900982")


def test_the_code_is_checked_against_the_one_that_works_now(site: Site, report: Draft) -> None:
    with site.database.transaction() as session:
        row = session.get_one(SafeContact, report.id)
        nothing_older_is_news(session, row)
        assert row.told_through is not None
        from portal.reports.drafts import get_report

        check_code(session, get_report(session, report.id), code_of(report), **keys(site))


def test_a_visit_is_no_proof_after_a_quarter_of_an_hour(report: Draft, clock: HandClock) -> None:
    visit = visit_of(report)
    assert was_just_opened(visit, clock() + timedelta(minutes=14))
    assert not was_just_opened(visit, clock() + timedelta(minutes=15))


def test_while_an_erasure_waits_no_former_way_is_put_back(site: Site) -> None:
    filed = file_report(site)
    draft = Draft(site, filed.id, filed.code)
    Own(site, filed).ask_to_erase()
    with pytest.raises(Refused, match="going to be erased"):
        back(draft, code=code_of(draft))


def test_putting_it_back_to_and_fro_needs_the_code_after_a_while(report: Draft) -> None:
    choose(report, OTHER)
    visit = visit_of(report)
    for _ in range(MOST_A_DAY):
        assert back(report, visit=visit)
    with pytest.raises(CodeNeeded):
        back(report, visit=visit)
    assert kinds_of(report.site, report.id).count("contact_restored") == MOST_A_DAY
    assert back(report, code=code_of(report), visit=visit)
