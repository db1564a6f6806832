"""Promises to somebody who lost their code, and to somebody whose receipt another person has."""

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import event, func, insert, select

from portal.errors import NotFound, Refused, TooManyTries
from portal.ledger.service import timeline
from portal.reports.code_changes import cancel_change
from portal.reports.codes import key_material, make_code
from portal.reports.drafts import get_data_key
from portal.reports.lost_codes import (
    MOST_ASKED,
    MOST_OPEN,
    MOST_SENDS,
    OPEN_FOR,
    ask_number,
    code_of,
    count_shown,
    find_open,
    forget_lost_code,
    forget_old_requests,
    give_code,
    has_waiting,
    is_number_right,
)
from portal.reports.models import LostCode, Report
from portal.reports.one_time_numbers import MOST_TRIES
from portal.reports.safe_contacts import remove_contact
from portal.site import Site
from tests.promises.test_nothing_gives_away import TELLING
from tests.rig.clock import HandClock
from tests.rig.drafts import Draft, kept_report, new_draft
from tests.rig.letters import (
    ADDRESS,
    confirm_safe_way,
    letters,
    look_at_requests,
    numbers,
    settled_safe_way,
)


@pytest.fixture
def report(site: Site, clock: HandClock) -> Draft:
    made = kept_report(site)
    settled_safe_way(made, clock)
    return made


def keys(site: Site) -> dict[str, Any]:
    return {"keyring": site.keyring, "tokens": site.tokens, "now": site.now()}


def ask(site: Site, draft: Draft | None) -> str:
    with site.database.transaction() as session:
        return ask_number(session, draft.id if draft else None, now=site.now())


def asked(draft: Draft) -> tuple[str, str]:
    """Ask, and have the job send a number: (token, number)."""
    token = ask(draft.site, draft)
    assert look_at_requests(draft.site) == 1
    return token, numbers(draft.site)[-1]


def fits(site: Site, token: str, typed: str) -> bool:
    with site.database.transaction() as session:
        return is_number_right(session, token, typed, tokens=site.tokens, now=site.now())


def give(site: Site, token: str, typed: str) -> str:
    made = make_code(site.codes)
    with site.database.transaction() as session:
        give_code(session, token, typed, made, **keys(site))
    return made.text


def kinds(draft: Draft) -> list[str]:
    with draft.site.database.reading() as session:
        data_key = get_data_key(session, draft.id, keyring=draft.site.keyring)
        return [each.kind for each in timeline(session, draft.id, data_key.open)]


def test_the_number_from_the_safe_way_gives_a_new_code(site: Site, report: Draft) -> None:
    token, number = asked(report)
    assert fits(site, token, number)
    code = give(site, token, number)
    with site.database.reading() as session:
        row = find_open(session, token, now=site.now())
    assert row is not None
    assert code_of(row, site.keyring) == code
    assert row.works_from == site.now() + timedelta(hours=72)
    assert kinds(report) == ["submitted", "contact_confirmed", "code_change_asked"]


def test_the_safe_way_hears_that_a_new_code_was_asked_for_in_words_that_tell_nothing(
    site: Site, report: Draft
) -> None:
    token, number = asked(report)
    give(site, token, number)
    assert [each.address for each in letters(site)] == [ADDRESS] * 3
    for letter in letters(site):
        assert not TELLING.search(letter.subject + letter.body)
        assert "://" not in letter.body
    assert "stop it there" in letters(site)[-1].body


def test_a_number_is_good_once(site: Site, report: Draft) -> None:
    token, number = asked(report)
    give(site, token, number)
    assert not fits(site, token, number)
    with pytest.raises(NotFound, match="does not fit"):
        give(site, token, number)


def test_a_number_belongs_to_the_browser_that_asked(site: Site, report: Draft) -> None:
    token, number = asked(report)
    other = ask(site, None)
    assert not fits(site, other, number)
    with pytest.raises(NotFound, match="does not fit"):
        give(site, other, number)
    with pytest.raises(NotFound, match="Choose your receipt once more"):
        fits(site, "made up", number)
    assert fits(site, token, number)


def test_wrong_numbers_end_it_whether_or_not_one_was_sent(site: Site, report: Draft) -> None:
    token, number = asked(report)
    wrong = "0000 0000" if number != "0000 0000" else "0000 0001"
    for _ in range(MOST_TRIES):
        assert not fits(site, token, wrong)
    assert not fits(site, token, number)
    with pytest.raises(NotFound):
        give(site, token, number)
    assert kinds(report) == ["submitted", "contact_confirmed"]


def test_a_number_is_too_old_after_half_an_hour(
    site: Site, report: Draft, clock: HandClock
) -> None:
    token, number = asked(report)
    clock.advance(minutes=30)
    assert not fits(site, token, number)


def test_nothing_is_sent_where_there_is_no_way_to_send_it(site: Site, clock: HandClock) -> None:
    no_way, draft, erased = kept_report(site), new_draft(site), kept_report(site)
    settled_safe_way(erased, clock)
    with site.database.transaction() as session:
        session.get_one(Report, erased.id).erased_at = site.now()
    for one in (no_way, draft, erased, None):
        token = ask(site, one)
        assert look_at_requests(site) == 0
        assert not fits(site, token, "0000 0000")
    assert len(letters(site)) == 1


def test_three_numbers_a_day_for_one_report_and_no_more(
    site: Site, report: Draft, clock: HandClock
) -> None:
    for _ in range(MOST_SENDS):
        asked(report)
        clock.advance(hours=1)
    ask(site, report)
    assert look_at_requests(site) == 0
    clock.advance(hours=21)
    ask(site, report)
    assert look_at_requests(site) == 1


def test_while_a_change_waits_no_number_is_sent_and_none_that_was_is_good(
    site: Site, report: Draft
) -> None:
    first, second = asked(report), asked(report)
    give(site, *first)
    with pytest.raises(Refused, match="already"):
        give(site, *second)
    ask(site, report)
    assert look_at_requests(site) == 0
    with site.database.transaction() as session:
        cancel_change(session, report.id, keyring=site.keyring, now=site.now())
    give(site, *second)


@pytest.mark.parametrize("what", ["removed", "changed"])
def test_a_number_that_went_to_an_earlier_way_is_good_for_nothing(
    site: Site, report: Draft, what: str
) -> None:
    token, number = asked(report)
    if what == "changed":
        confirm_safe_way(report, "other@example.org")
    else:
        with site.database.transaction() as session:
            code = site.codes.digest(key_material(report.code))
            remove_contact(session, report.id, code=code, keyring=site.keyring, now=site.now())
    assert not fits(site, token, number)
    with pytest.raises(NotFound):
        give(site, token, number)


@pytest.mark.parametrize("before", [True, False])
def test_no_number_goes_to_a_way_that_its_person_may_not_have_seen_yet(
    site: Site, clock: HandClock, before: bool
) -> None:
    draft = kept_report(site)
    if before:
        settled_safe_way(draft, clock)
    confirm_safe_way(draft, "other@example.org")
    clock.advance(hours=71, minutes=59)
    ask(site, draft)
    assert look_at_requests(site) == 0
    clock.advance(minutes=1)
    ask(site, draft)
    assert look_at_requests(site) == 1
    assert letters(site)[-1].address == "other@example.org"


def test_a_flood_of_files_that_are_none_of_ours_is_settled_in_one_statement(
    site: Site, report: Draft
) -> None:
    for _ in range(30):
        ask(site, None)
    token = ask(site, report)
    seen: list[str] = []
    event.listen(site.database.engine, "before_cursor_execute", lambda *each: seen.append(each[2]))
    assert look_at_requests(site) == 1
    assert len([each for each in seen if each.startswith("UPDATE lost_codes")]) <= 3
    with site.database.reading() as session:
        assert not has_waiting(session)
    assert fits(site, token, numbers(site)[-1])


def test_of_one_report_only_so_many_requests_in_a_day_are_looked_at(
    site: Site, report: Draft, clock: HandClock
) -> None:
    for _ in range(MOST_ASKED + 5):
        ask(site, report)
    about = select(func.count()).select_from(LostCode).where(LostCode.report_id == report.id)
    with site.database.reading() as session:
        assert session.scalar(about) == MOST_ASKED
    clock.advance(days=1, minutes=1)
    ask(site, report)
    with site.database.reading() as session:
        assert session.scalar(about) == MOST_ASKED + 1


def test_a_file_is_shown_five_times_in_a_quarter_of_an_hour_whatever_it_is(
    site: Site, clock: HandClock
) -> None:
    def shows() -> None:
        with site.database.transaction() as session:
            count_shown(session, b"{}", tokens=site.tokens, now=site.now())

    for _ in range(5):
        shows()
    with pytest.raises(TooManyTries):
        shows()
    clock.advance(minutes=15)
    shows()


@pytest.mark.parametrize("backend", ["sqlite"])
def test_a_flood_closes_the_oldest_requests_alike_and_keeps_no_more(
    site: Site, report: Draft, clock: HandClock
) -> None:
    sent, number = asked(report)
    other = ask(site, None)
    clock.advance(seconds=1)
    rows = [
        {"token_hash": place.to_bytes(32), "asked_at": clock(), "looked_at": clock(), "tries": 0}
        for place in range(MOST_OPEN)
    ]
    with site.database.transaction() as session:
        session.execute(insert(LostCode), rows)
    for token in (sent, other):
        with site.database.reading() as session:
            assert find_open(session, token, now=site.now()) is None
        with pytest.raises(NotFound, match="too long"):
            fits(site, token, number)
    clock.advance(seconds=1)
    newest = ask(site, report)
    assert look_at_requests(site) == 1
    assert fits(site, newest, numbers(site)[-1])
    with site.database.reading() as session:
        left = session.scalar(select(func.count()).select_from(LostCode))
    assert left == MOST_OPEN + 2, "the newest and, because it counts for the day, the sent one"


def test_each_request_is_looked_at_once(site: Site, report: Draft) -> None:
    ask(site, report)
    with site.database.reading() as session:
        assert has_waiting(session)
    assert (look_at_requests(site), look_at_requests(site)) == (1, 0)
    with site.database.reading() as session:
        assert not has_waiting(session)


def test_the_answer_runs_the_same_statements_whatever_lies_behind_the_receipt(
    site: Site, report: Draft
) -> None:
    seen: list[str] = []
    engine = site.database.engine
    event.listen(engine, "before_cursor_execute", lambda *each: seen.append(each[2]))
    ran = []
    for one in (report, kept_report(site), None):
        seen.clear()
        token = ask(site, one)
        ran.append(list(seen))
        look_at_requests(site)
        seen.clear()
        assert not fits(site, token, "none")
        ran.append(list(seen))
    assert ran[0] == ran[2] == ran[4]
    assert ran[1] == ran[3] == ran[5]


def test_no_copy_of_the_new_code_stays_once_it_was_kept_or_two_hours_passed(
    site: Site, report: Draft, clock: HandClock
) -> None:
    def held() -> list[bool]:
        with site.database.reading() as session:
            return [each is not None for each in session.scalars(select(LostCode.sealed_code))]

    token, number = asked(report)
    give(site, token, number)
    assert held() == [True]
    with site.database.transaction() as session:
        forget_lost_code(session, token)
    assert held() == [False]
    with site.database.transaction() as session:
        cancel_change(session, report.id, keyring=site.keyring, now=site.now())
    give(site, *asked(report))
    clock.instant += OPEN_FOR + timedelta(seconds=1)
    with site.database.transaction() as session:
        assert find_open(session, token, now=clock()) is None
        forget_old_requests(session, now=clock())
    assert held() == [False, False]
    clock.advance(days=2)
    with site.database.transaction() as session:
        forget_old_requests(session, now=clock())
        assert session.scalar(select(func.count()).select_from(LostCode)) == 0
