"""Asking for an erasure closes a report at once; it is done after the wait, unless it was kept."""

import base64
from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy import select, update

from portal.alerts.erasing import erase_due
from portal.cli.jobs import run_once
from portal.errors import Refused
from portal.matching.questions import to_answer
from portal.reports.closing import find_due
from portal.reports.code_changes import change_now
from portal.reports.codes import make_code, read_code
from portal.reports.drafts import get_data_key
from portal.reports.handovers import inbox
from portal.reports.models import Report, ReportKey, Visit
from portal.reports.visits import find_visit, start_visit
from portal.site import Site
from tests.rig.clock import HandClock
from tests.rig.drafts import new_draft
from tests.rig.erased import ask, keep, wait
from tests.rig.filed import Filed, agree_inbox, alerts_of, file_report, look_again
from tests.rig.own import Own
from tests.rig.people import add_person


def is_erased(site: Site, filed: Filed) -> bool:
    with site.database.reading() as session:
        return session.get_one(Report, filed.id).erased_at is not None


def test_asking_closes_it_to_everybody_at_once_and_erases_nothing_yet(
    site: Site, clock: HandClock
) -> None:
    agree_inbox(site)
    people = [add_person(site, "inspector"), add_person(site, "liaison", force_id="wiltshire")]
    filed = file_report(site, way="pass")
    with site.database.transaction() as session:
        token = start_visit(session, filed.id, code=None, keyring=site.keyring, now=clock())
    ask(site, filed)
    row = Own(site, filed).row()
    assert (row.erase_asked_at, row.erased_at) == (clock(), None)
    assert row.erase_due_at is not None
    assert (row.erase_due_at - clock()).total_seconds() == 72 * 3600
    for one in people:
        with pytest.raises(Refused, match="closed it"):
            Own(site, filed).opened_by(one)
    with site.database.reading() as session:
        assert find_visit(session, token, keyring=site.keyring, now=clock()) is None
        assert to_answer(session, row) == []
        assert [line.categories for line in inbox(session, "wiltshire")] == [()]


def test_it_is_erased_when_the_time_is_over_and_not_a_moment_before(
    site: Site, clock: HandClock
) -> None:
    filed = file_report(site)
    ask(site, filed)
    clock.advance(hours=71, minutes=59)
    run_once(site)
    assert not is_erased(site, filed)
    clock.advance(minutes=1)
    run_once(site)
    assert is_erased(site, filed)
    run_once(site)


def test_keeping_it_leaves_everything_as_it_was_and_an_older_request_is_worth_nothing(
    site: Site, clock: HandClock
) -> None:
    own = Own(site, file_report(site, words="He came at night."))
    own.ask_to_erase()
    assert keep(site, own.filed)
    assert not keep(site, own.filed)
    assert own.kinds() == ["submitted", "erase_asked", "erase_kept"]
    assert wait(site) == 0
    # Whoever puts the columns back erases nothing: the entries say that it was kept.
    with site.database.transaction() as session:
        values = {"erase_asked_at": clock(), "erase_due_at": clock()}
        session.execute(update(Report).where(Report.id == own.filed.id).values(values))
    assert erase_due(site.database, keyring=site.keyring, now=clock()) == 0
    assert own.answers()["words"] == {"words": "He came at night."}


def test_a_due_date_that_was_moved_in_the_row_erases_nothing_sooner(
    site: Site, clock: HandClock
) -> None:
    filed = file_report(site)
    ask(site, filed)
    with site.database.transaction() as session:
        session.execute(update(Report).values(erase_due_at=clock()))
    assert erase_due(site.database, keyring=site.keyring, now=clock()) == 0
    assert not is_erased(site, filed)


def test_neither_asking_nor_keeping_stops_a_clock_or_clears_an_alert(
    site: Site, clock: HandClock
) -> None:
    own = Own(site, file_report(site, told=clock()))
    look_again(site)
    before = own.clocks()
    own.ask_to_erase()
    clock.advance(hours=49)
    assert look_again(site) == 1
    (alert,) = alerts_of(site)
    own.keep()
    look_again(site)
    assert own.clocks() == before
    assert [(one.id, one.state) for one in alerts_of(site)] == [(alert.id, "open")]
    own.ask_to_erase()
    wait(site)
    look_again(site)
    assert [(one.id, one.state) for one in alerts_of(site)] == [(alert.id, "open")]


def test_a_code_that_is_changed_meanwhile_does_not_void_the_request(
    site: Site, clock: HandClock
) -> None:
    filed, new = file_report(site), make_code(site.codes)
    ask(site, filed)
    with site.database.transaction() as session:
        token = start_visit(session, filed.id, code=None, keyring=site.keyring, now=clock())
        old = read_code(filed.code, codes=site.codes)
        change_now(session, filed.id, new, old=old, visit=token, keyring=site.keyring, now=clock())
    assert wait(site) == 1


def test_one_that_cannot_be_erased_holds_up_no_other(site: Site, clock: HandClock) -> None:
    broken, fine = file_report(site), file_report(site)
    ask(site, broken)
    ask(site, fine)
    with site.database.transaction() as session:
        session.execute(
            update(ReportKey).where(ReportKey.report_id == broken.id).values(wrapped=b"no")
        )
    assert wait(site) == 1
    assert (is_erased(site, broken), is_erased(site, fine)) == (False, True)


def test_a_draft_is_not_asked_about_but_erased(site: Site) -> None:
    draft = new_draft(site)
    with pytest.raises(Refused, match="not sent yet"):
        ask(site, Filed(Report(id=draft.id), draft.code))


def test_whoever_asks_and_whoever_keeps_at_the_same_moment_lock_nobody_up(site: Site) -> None:
    own = Own(site, file_report(site))
    with ThreadPoolExecutor(4) as people:
        acts = [own.ask_to_erase, own.keep] * 4
        for each in [people.submit(act) for act in acts]:
            each.result(timeout=60)
    kinds = own.kinds()[1:]
    assert kinds[::2] == ["erase_asked"] * len(kinds[::2])
    assert kinds[1::2] == ["erase_kept"] * len(kinds[1::2])


def test_the_request_is_kept_in_its_entry_and_shown_in_no_receipt(
    site: Site, clock: HandClock
) -> None:
    own = Own(site, file_report(site))
    own.ask_to_erase()
    last = own.entries()[-1]
    assert len(base64.b64decode(str(last.fields["erase.signature"]))) == 64
    with site.database.reading() as session:
        assert find_due(session, now=clock()) == []
        assert find_due(session, now=clock.advance(hours=72)) == [own.filed.id]
        assert session.scalars(select(Visit.ended_at)).all() == []
        assert get_data_key(session, own.filed.id, keyring=site.keyring)
