"""A report's path: sent once whatever happens, told later, withdrawn without stopping a clock."""

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import func, select

from portal.alerts.models import Clock
from portal.errors import Refused
from portal.ledger.models import LedgerEntry
from portal.ledger.service import OpenedEntry, make_receipt, timeline
from portal.matching.models import Match
from portal.notifications.models import OutboxMessage
from portal.reports.drafts import get_data_key, get_report
from portal.reports.models import Allegation, Handover, Report
from portal.reports.service import allegations_of, submit
from portal.site import Site
from tests.rig.clock import HandClock
from tests.rig.drafts import Draft, kept_report, ready_draft
from tests.rig.filed import agree_inbox, alerts_of, file_report, look_again, when
from tests.rig.supplies import row, take


def entries_of(draft: Draft) -> list[OpenedEntry]:
    with draft.site.database.reading() as session:
        data_key = get_data_key(session, draft.id, keyring=draft.site.keyring)
        return timeline(session, draft.id, data_key.open)


def kinds_of(draft: Draft) -> list[str]:
    return [one.kind for one in entries_of(draft)]


def allegations(draft: Draft) -> list[Allegation]:
    with draft.site.database.reading() as session:
        return allegations_of(session, draft.id)


def receipt_of(draft: Draft) -> dict[str, Any]:
    with draft.site.database.reading() as session:
        report = get_report(session, draft.id)
        assert report.entry_index is not None
        return dict(
            make_receipt(
                session,
                report.entry_index,
                open_sealed=get_data_key(session, draft.id, keyring=draft.site.keyring).open,
                signer=draft.site.signer,
            )
        )


def count(site: Site, model: type[Any]) -> int:
    with site.database.reading() as session:
        return session.scalar(select(func.count()).select_from(model)) or 0


def row_of(draft: Draft) -> dict[str, object]:
    with draft.site.database.reading() as session:
        return dict(session.execute(select(Report.__table__)).one()._mapping)


def test_sending_again_gives_one_report_one_entry_and_the_same_receipt(
    site: Site, clock: HandClock
) -> None:
    draft = ready_draft(site)
    first, receipt = draft.send(), receipt_of(draft)
    clock.advance(minutes=5)
    again = draft.send()
    assert (again.id, again.filed_at, again.entry_index) == (
        first.id,
        first.filed_at,
        first.entry_index,
    )
    assert receipt_of(draft) == receipt
    assert kinds_of(draft) == ["submitted"]
    assert len(allegations(draft)) == 1
    assert count(site, LedgerEntry) == 1


@pytest.mark.parametrize("way", ["told", "pass", "keep"])
def test_sending_twice_at_the_same_moment_gives_one_report(site: Site, way: str) -> None:
    agree_inbox(site, notice="inbox@example.org")
    draft = ready_draft(site, way, allegations=2)
    together = threading.Barrier(2)

    def press(_: int) -> Report:
        together.wait(timeout=30)
        return draft.send()

    with ThreadPoolExecutor(2) as windows:
        first, second = windows.map(press, range(2))
    assert first.entry_index == second.entry_index
    assert [one.ordinal for one in allegations(draft)] == [1, 2]
    passed = way == "pass"
    assert kinds_of(draft) == ["submitted", "handed_over"][: 1 + passed]
    assert count(site, Handover) == count(site, OutboxMessage) == passed


def test_many_reports_sent_at_once_each_get_their_own_place_in_the_log(site: Site) -> None:
    drafts = [ready_draft(site) for _ in range(8)]
    with ThreadPoolExecutor(8) as people:
        sent = list(people.map(Draft.send, drafts))
    assert sorted(one.entry_index or 0 for one in sent) == list(range(8))
    assert [kinds_of(draft) for draft in drafts] == [["submitted"]] * 8


def test_after_a_failure_nothing_is_half_sent_and_sending_again_works(site: Site) -> None:
    agree_inbox(site, notice="inbox@example.org")
    draft = ready_draft(site, "pass")
    before = row_of(draft)

    def fail_before_the_commit() -> None:
        with site.database.transaction() as session:
            submit(session, draft.id, keyring=site.keyring, now=site.now())
            raise ConnectionError

    with pytest.raises(ConnectionError):
        fail_before_the_commit()
    assert row_of(draft) == before
    for model in (Allegation, LedgerEntry, Handover, OutboxMessage):
        assert count(site, model) == 0
    draft.send()
    assert kinds_of(draft) == ["submitted", "handed_over"]
    assert count(site, OutboxMessage) == 1


def test_what_is_missing_is_said_and_nothing_that_was_typed_is_lost(site: Site) -> None:
    draft = ready_draft(site)
    draft.give("words", words="The blue bicycle.")
    draft.give("way", way="")
    before = draft.answers()
    with pytest.raises(Refused, match="Choose what you want us to do with it"):
        draft.send()
    assert draft.answers() == before
    assert row_of(draft)["state"] == "draft"
    assert count(site, LedgerEntry) == 0
    draft.give("way", way="keep")
    draft.send()
    assert draft.answers() == before | {"way": {"way": "keep"}}


def test_the_first_entry_commits_to_every_answer(site: Site) -> None:
    draft = ready_draft(site, "told", allegations=2)
    draft.give("words", words="The blue bicycle.")
    draft.give("told", **when(site.now() - timedelta(hours=2)))
    draft.send()
    fields = entries_of(draft)[0].fields
    assert fields["answers.words.words"] == "The blue bicycle."
    assert fields["answers.allegations.2.what.category"] == "burglary-home"
    assert fields["clock.event"] == "told_police"
    assert fields["clock.starts_at"] == "2026-03-02T07:00:00.000000Z"
    assert fields["sequence"] == 1


@pytest.mark.parametrize("ways", [("told", "tell"), ("pass", "pass_on")])
def test_against_the_will_of_the_person_nothing_is_told_only_kept(
    site: Site, ways: tuple[str, str]
) -> None:
    agree_inbox(site)
    draft = ready_draft(site, ways[0])
    draft.give("who", who_for="other", agrees="no")
    with pytest.raises(Refused, match="does not agree"):
        draft.send()
    draft.give("way", way="keep")
    assert draft.send().state == "kept"
    move: Callable[[], Report] = getattr(draft, ways[1])
    with pytest.raises(Refused, match="has not agreed"):
        move()
    assert row_of(draft)["state"] == "kept"
    assert kinds_of(draft) == ["submitted"]


def test_what_is_kept_has_no_clock_is_not_matched_and_raises_nothing(
    site: Site, clock: HandClock
) -> None:
    draft = ready_draft(site)
    draft.give("told_how", crime_reference="54/7/26")
    draft.give("told", **when(clock() - timedelta(hours=2)))
    draft.send()
    take(site, [row("54/7/26", offence_code="28E")])
    clock.advance(days=9)
    assert look_again(site) == 0
    assert [(one.clock_starts_at, one.to_match, one.to_sweep) for one in allegations(draft)] == [
        (None, False, False)
    ]
    for model in (Match, Clock):
        assert count(site, model) == 0
    assert alerts_of(site) == []


def test_a_kept_report_can_be_told_later_and_counts_from_when_police_were_told(
    site: Site, clock: HandClock
) -> None:
    draft = kept_report(site, allegations=2)
    clock.advance(days=30)
    report = draft.tell(hours_ago=5, force="kent", crime_reference="54/7/26")
    assert report.state == "told"
    for one in allegations(draft):
        assert one.force_id == "kent"
        assert one.clock_starts_at == clock() - timedelta(hours=5)
        assert one.to_match
        assert one.to_sweep
    assert kinds_of(draft) == ["submitted", "told_police"]
    fields = entries_of(draft)[1].fields
    assert fields["answers.told_how.crime_reference"] == "54/7/26"
    assert fields["clock.event"] == "told_police"


def test_told_at_a_time_that_is_not_known_counts_from_saying_so(
    site: Site, clock: HandClock
) -> None:
    draft = kept_report(site)
    clock.advance(days=30)
    draft.tell(force="unsure")
    assert [one.clock_starts_at for one in allegations(draft)] == [clock()]


def test_a_kept_report_can_be_passed_on_later_where_the_force_agreed(
    site: Site, clock: HandClock
) -> None:
    draft = kept_report(site)
    with pytest.raises(Refused, match="has not agreed to take this"):
        draft.pass_on()
    assert row_of(draft)["state"] == "kept"
    agree_inbox(site, notice="inbox@example.org")
    clock.advance(days=3)
    assert draft.pass_on().state == "passed"
    assert [(one.force_id, one.clock_starts_at) for one in allegations(draft)] == [
        ("wiltshire", clock())
    ]
    assert kinds_of(draft) == ["submitted", "handed_over"]
    assert count(site, Handover) == count(site, OutboxMessage) == 1


@pytest.mark.parametrize("way", ["told", "pass"])
def test_what_was_told_cannot_be_told_or_passed_on_a_second_time(site: Site, way: str) -> None:
    agree_inbox(site)
    draft = ready_draft(site, way)
    draft.send()
    before, kinds = row_of(draft), kinds_of(draft)
    for move in (draft.tell, draft.pass_on):
        with pytest.raises(Refused, match="Nothing was changed"):
            move()
    assert row_of(draft) == before
    assert kinds_of(draft) == kinds


def test_telling_and_passing_on_in_two_windows_at_once_does_one_of_them(site: Site) -> None:
    agree_inbox(site)
    draft = kept_report(site)
    together = threading.Barrier(2)

    def press(move: Callable[[], Report]) -> bool:
        together.wait(timeout=30)
        try:
            move()
        except Refused:
            return False
        return True

    with ThreadPoolExecutor(2) as windows:
        done = list(windows.map(press, (draft.tell, draft.pass_on)))
    assert sorted(done) == [False, True]
    assert len(kinds_of(draft)) == 2


@pytest.mark.parametrize("draft_only", ["tell", "pass_on", "withdraw"])
def test_a_draft_is_neither_told_passed_on_nor_withdrawn(site: Site, draft_only: str) -> None:
    agree_inbox(site)
    draft = ready_draft(site)
    move: Callable[[], Report] = getattr(draft, draft_only)
    with pytest.raises(Refused, match="not sent yet"):
        move()
    assert row_of(draft)["state"] == "draft"


def test_withdrawing_never_stops_the_clock_or_clears_an_alert(site: Site, clock: HandClock) -> None:
    told = file_report(site, told=clock() - timedelta(hours=1))
    draft = Draft(site, told.id, told.code)
    look_again(site)
    before = [(one.clock_starts_at, one.clock_event) for one in allegations(draft)]
    draft.withdraw()
    clock.advance(days=3)
    look_again(site)
    assert [(one.clock_starts_at, one.clock_event) for one in allegations(draft)] == before
    assert [alert.kind for alert in alerts_of(site)] == ["unrecorded"]
    with site.database.reading() as session:
        assert session.scalars(select(Clock.met_at)).all() == [None]


def test_withdrawing_twice_changes_nothing(site: Site, clock: HandClock) -> None:
    draft = kept_report(site)
    first = draft.withdraw().withdrawn_at
    clock.advance(days=1)
    assert draft.withdraw().withdrawn_at == first
    assert kinds_of(draft) == ["submitted", "withdrawn"]


def test_what_was_withdrawn_is_told_to_nobody_any_more(site: Site) -> None:
    agree_inbox(site)
    draft = kept_report(site)
    draft.withdraw()
    for move in (draft.tell, draft.pass_on):
        with pytest.raises(Refused, match="Nothing was changed"):
            move()
    assert row_of(draft)["state"] == "kept"


def test_passing_on_is_refused_where_the_force_did_not_agree_and_the_draft_stays(
    site: Site,
) -> None:
    draft = ready_draft(site, "pass")
    with pytest.raises(Refused, match="Nothing was sent yet"):
        draft.send()
    assert row_of(draft)["state"] == "draft"
    assert count(site, Handover) == 0


def test_a_report_with_twenty_things_that_happened_is_sent_whole(site: Site) -> None:
    draft = ready_draft(site, "told", allegations=20)
    draft.give("told_how", force="kent", crime_reference="54/7/26")
    draft.send()
    assert [one.ordinal for one in allegations(draft)] == list(range(1, 21))
    assert {one.force_id for one in allegations(draft)} == {"kent"}
    assert kinds_of(draft) == ["submitted"]


@pytest.mark.parametrize("agreed", ["no", "cannot_ask"])
def test_what_was_kept_without_an_agreement_moves_only_with_one_and_keeps_it_on_record(
    site: Site, clock: HandClock, agreed: str
) -> None:
    agree_inbox(site)
    told, passed = ready_draft(site), ready_draft(site)
    for draft in (told, passed):
        draft.give("who", who_for="other", agrees=agreed)
        draft.send()
    for move in (told.tell, passed.pass_on):
        for said in ("", "no"):
            with pytest.raises(Refused, match="has not agreed"):
                move(agrees_now=said)
    with pytest.raises(Refused, match="has not agreed"):
        passed.pass_on(agrees_now="cannot_ask")
    told.tell(agrees_now="yes")
    passed.pass_on(agrees_now="yes")
    for draft in (told, passed):
        assert entries_of(draft)[1].fields["answers.agrees_now"] == "yes"


def test_who_cannot_be_asked_is_told_of_but_never_passed_on(site: Site) -> None:
    agree_inbox(site)
    draft, told = ready_draft(site, "pass"), kept_by_another(site)
    draft.give("who", who_for="other", agrees="cannot_ask")
    with pytest.raises(Refused, match="only if the person this happened to says yes"):
        draft.send()
    told.tell(agrees_now="cannot_ask")
    assert kinds_of(told) == ["submitted", "told_police"]


def kept_by_another(site: Site) -> Draft:
    draft = ready_draft(site)
    draft.give("who", who_for="other", agrees="cannot_ask")
    draft.send()
    return draft
