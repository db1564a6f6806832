"""Promises about another return code: never both at once, never silently, never for good."""

import base64
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import func, insert, select, update

from portal.errors import NotFound, Refused
from portal.ledger.code_chain import WAIT
from portal.ledger.service import OpenedEntry, timeline
from portal.reports.code_changes import (
    Used,
    ask_change,
    cancel_change,
    change_now,
    code_was_used,
    find_change,
    forget_codes,
    settle_change,
    settle_due_changes,
)
from portal.reports.codes import NewCode, TypedCode, key_material, make_code, read_code
from portal.reports.contact_models import SafeContact
from portal.reports.drafts import get_data_key
from portal.reports.models import CodeChange, LostCode, Report, ReturnCode
from portal.reports.visits import NotYet, code_of_visit, find_visit, open_with_code, start_visit
from portal.site import Site
from tests.rig.clock import HandClock
from tests.rig.drafts import Draft, kept_report, new_draft
from tests.rig.letters import confirm_safe_way


@dataclass(frozen=True)
class CodeWithKey(NewCode):
    """A code that a key for requests belongs to."""

    request_key: bytes = bytes(range(32))


@pytest.fixture
def report(site: Site) -> Draft:
    return kept_report(site)


def keys(site: Site) -> dict[str, Any]:
    return {"keyring": site.keyring, "now": site.now()}


def opens(site: Site, code: str) -> str:
    """The report that a code opens, "later", or "nothing"."""
    try:
        with site.database.reading() as session:
            return str(
                open_with_code(
                    session, code, codes=site.codes, keyring=site.keyring, now=site.now()
                ).id
            )
    except NotYet:
        return "later"
    except NotFound:
        return "nothing"


def used(site: Site, code: str) -> Used:
    secret = key_material(code)
    return Used(site.codes.digest(secret), site.codes.tag(secret))


def visit(draft: Draft) -> str:
    with draft.site.database.transaction() as session:
        return start_visit(session, draft.id, code=None, **keys(draft.site))


def is_open(site: Site, token: str) -> bool:
    with site.database.reading() as session:
        return find_visit(session, token, keyring=site.keyring, now=site.now()) is not None


def replace(draft: Draft, token: str, code: str = "") -> str:
    """Make a new code with the old one at hand."""
    site = draft.site
    made, old = make_code(site.codes), read_code(code or draft.code, codes=site.codes)
    with site.database.transaction() as session:
        change_now(session, draft.id, made, old=old, visit=token, **keys(site))
    return made.text


def ask(draft: Draft, made: NewCode | None = None) -> str:
    """Ask for a new code without the old one."""
    made = made or make_code(draft.site.codes)
    with draft.site.database.transaction() as session:
        ask_change(session, draft.id, made, **keys(draft.site))
    return made.text


def cancel(draft: Draft) -> bool:
    with draft.site.database.transaction() as session:
        return cancel_change(session, draft.id, **keys(draft.site))


def settle(site: Site) -> int:
    return settle_due_changes(site.database, **keys(site))


def entries(draft: Draft) -> list[OpenedEntry]:
    with draft.site.database.reading() as session:
        data_key = get_data_key(session, draft.id, keyring=draft.site.keyring)
        return timeline(session, draft.id, data_key.open)


def kinds(draft: Draft) -> list[str]:
    return [entry.kind for entry in entries(draft)]


def test_a_new_code_made_with_the_old_one_works_at_once_and_ends_other_visits(
    site: Site, report: Draft
) -> None:
    mine, other = visit(report), visit(report)
    fresh = replace(report, mine)
    assert opens(site, fresh) == str(report.id)
    assert opens(site, report.code) == "nothing"
    assert (is_open(site, mine), is_open(site, other)) == (True, False)
    assert kinds(report) == ["submitted", "code_changed"]
    assert entries(report)[-1].fields["changed.with"] == "code"


def test_the_new_code_can_be_seen_in_the_visit_until_it_was_kept(site: Site, report: Draft) -> None:
    mine = visit(report)
    fresh = replace(report, mine)
    with site.database.reading() as session:
        found = find_visit(session, mine, keyring=site.keyring, now=site.now())
        assert found is not None
        assert code_of_visit(found, site.keyring) == fresh
        assert session.get_one(Report, report.id).code_kept_at is None


def test_two_who_change_the_same_code_at_once_do_not_both_win(site: Site, report: Draft) -> None:
    tokens = [visit(report) for _ in range(4)]

    def one(token: str) -> str:
        try:
            return replace(report, token)
        except Refused:
            return ""

    with ThreadPoolExecutor(4) as pool:
        made = [code for code in pool.map(one, tokens) if code]
    assert len(made) == 1
    assert opens(site, made[0]) == str(report.id)
    assert kinds(report) == ["submitted", "code_changed"]


def test_what_was_not_sent_keeps_its_code(site: Site) -> None:
    draft = new_draft(site)
    with pytest.raises(Refused, match="not sent"):
        replace(draft, visit(draft))
    with pytest.raises(Refused, match="not sent"):
        ask(draft)
    assert opens(site, draft.code) == str(draft.id)


def test_for_72_hours_the_old_code_works_and_the_new_one_does_not(
    site: Site, report: Draft, clock: HandClock
) -> None:
    fresh = ask(report)
    for more in (timedelta(0), timedelta(hours=71), timedelta(minutes=59)):
        clock.instant += more
        assert (opens(site, report.code), opens(site, fresh)) == (str(report.id), "later")
        assert settle(site) == 0
    clock.advance(minutes=1)
    assert (opens(site, report.code), opens(site, fresh)) == ("nothing", str(report.id))
    assert timedelta(hours=72) == WAIT


def test_when_its_time_has_come_the_job_makes_the_new_code_the_only_one(
    site: Site, report: Draft, clock: HandClock
) -> None:
    fresh, held = ask(report), visit(report)
    clock.advance(hours=71)
    with site.database.transaction() as session:
        assert not settle_change(session, report.id, **keys(site))
    clock.advance(hours=1)
    assert settle(site) == 1
    assert settle(site) == 0
    assert (opens(site, report.code), opens(site, fresh)) == ("nothing", str(report.id))
    assert not is_open(site, held)
    assert kinds(report) == ["submitted", "code_change_asked", "code_changed"]
    asked, changed = entries(report)[1:]
    assert changed.fields["changed.with"] == "receipt"
    assert changed.fields["works.from"] == asked.fields["works.from"]
    with site.database.reading() as session:
        assert find_change(session, report.id) is None
        assert session.scalar(select(func.count()).select_from(ReturnCode)) == 1


def test_if_the_job_is_late_the_first_use_of_the_new_code_does_its_work(
    site: Site, report: Draft, clock: HandClock
) -> None:
    fresh = ask(report)
    clock.advance(hours=80)
    assert (opens(site, report.code), opens(site, fresh)) == ("nothing", str(report.id))
    with site.database.transaction() as session:
        code_was_used(session, report.id, used(site, fresh), **keys(site))
    assert kinds(report)[-1] == "code_changed"
    assert settle(site) == 0
    assert opens(site, fresh) == str(report.id)


def test_whoever_has_the_old_code_can_stop_it_and_the_new_code_never_works(
    site: Site, report: Draft, clock: HandClock
) -> None:
    fresh = ask(report)
    clock.advance(hours=70)
    assert cancel(report)
    assert not cancel(report)
    assert opens(site, fresh) == "nothing"
    clock.advance(hours=10)
    assert settle(site) == 0
    assert (opens(site, report.code), opens(site, fresh)) == (str(report.id), "nothing")
    assert kinds(report) == ["submitted", "code_change_asked", "code_change_cancelled"]


def test_after_72_hours_it_is_too_late_to_stop_it(
    site: Site, report: Draft, clock: HandClock
) -> None:
    fresh = ask(report)
    clock.advance(hours=72)
    assert not cancel(report)
    assert settle(site) == 1
    assert opens(site, fresh) == str(report.id)


def test_a_new_code_made_now_cancels_one_that_somebody_else_asked_for(
    site: Site, report: Draft
) -> None:
    theirs = ask(report)
    mine = replace(report, visit(report))
    assert (opens(site, theirs), opens(site, mine)) == ("nothing", str(report.id))
    assert kinds(report)[-2:] == ["code_change_cancelled", "code_changed"]
    ask(report)
    assert opens(site, mine) == str(report.id)


def test_one_change_at_a_time(site: Site, report: Draft) -> None:
    ask(report)
    with pytest.raises(Refused, match="already"):
        ask(report)
    assert cancel(report)
    ask(report)


def test_the_key_that_belongs_to_the_new_code_is_named_when_the_code_begins_to_work(
    site: Site, report: Draft, clock: HandClock
) -> None:
    made = make_code(site.codes)
    ask(report, CodeWithKey(made.text, made.digest, made.tag))
    assert "request.key" not in entries(report)[-1].fields
    clock.advance(hours=72)
    settle(site)
    named = str(entries(report)[-1].fields["request.key"])
    assert base64.b64decode(named) == CodeWithKey(made.text, made.digest, made.tag).request_key


def test_whoever_only_writes_to_the_database_brings_no_change_forward(
    site: Site, report: Draft, clock: HandClock
) -> None:
    ask(report)
    with site.database.transaction() as session:
        session.execute(update(CodeChange).values(works_from=CodeChange.asked_at))
    assert settle(site) == 0
    assert kinds(report)[-1] == "code_change_asked"
    assert cancel(report)
    clock.advance(hours=80)
    assert settle(site) == 0
    assert kinds(report)[-1] == "code_change_cancelled"


@pytest.mark.parametrize("what", ["code_hash", "request_key"])
def test_whoever_only_writes_to_the_database_changes_no_code_to_their_own(
    site: Site, report: Draft, clock: HandClock, what: str
) -> None:
    ask(report)
    theirs = make_code(site.codes)
    mine = {"code_hash": theirs.digest, "request_key": theirs.request_key}
    with site.database.transaction() as session:
        session.add(ReturnCode(code_hash=theirs.digest, report_id=report.id, tag=theirs.tag))
        session.execute(update(CodeChange).values({what: mine[what]}))
    clock.advance(hours=72)
    assert settle(site) == 0
    assert kinds(report)[-1] == "code_change_asked"


def test_a_cancelled_code_whose_row_is_put_back_opens_nothing(
    site: Site, report: Draft, clock: HandClock
) -> None:
    made = make_code(site.codes)
    ask(report, made)
    with site.database.reading() as session:
        row = {
            column.name: getattr(session.get_one(ReturnCode, made.digest), column.name)
            for column in ReturnCode.__table__.columns
        }
    assert cancel(report)
    with site.database.transaction() as session:
        session.execute(insert(ReturnCode).values(row))
    clock.advance(hours=72)
    with pytest.raises(NotFound), site.database.transaction() as session:
        code_was_used(session, report.id, used(site, made.text), **keys(site))


def test_a_change_is_signed_with_the_code_that_is_on_record_and_with_no_other(
    site: Site, report: Draft
) -> None:
    theirs, token = make_code(site.codes), visit(report)
    with site.database.reading() as session:
        digest = session.get_one(Report, report.id).code_hash
    insider = TypedCode(digest, read_code(theirs.text, codes=site.codes).sign)
    with pytest.raises(Refused, match="not the one"), site.database.transaction() as session:
        change_now(session, report.id, theirs, old=insider, visit=token, **keys(site))
    assert kinds(report) == ["submitted"]
    assert opens(site, report.code) == str(report.id)


def test_a_code_from_before_there_were_tags_still_opens_and_then_has_one(
    site: Site, report: Draft
) -> None:
    with site.database.transaction() as session:
        session.execute(update(ReturnCode).values(tag=None))
    assert opens(site, report.code) == str(report.id)
    assert opens(site, make_code(site.codes).text) == "nothing"
    with site.database.transaction() as session:
        code_was_used(session, report.id, used(site, report.code), **keys(site))
    with site.database.reading() as session:
        row = session.get_one(ReturnCode, used(site, report.code).digest)
    assert row.tag == used(site, report.code).tag


def test_of_an_erased_report_no_code_and_no_safe_contact_is_left(site: Site, report: Draft) -> None:
    confirm_safe_way(report)
    fresh = ask(report)
    with site.database.transaction() as session:
        forget_codes(session, report.id)
    assert (opens(site, report.code), opens(site, fresh)) == ("nothing", "nothing")
    with site.database.reading() as session:
        for table in (ReturnCode, CodeChange, SafeContact, LostCode):
            assert session.scalar(select(func.count()).select_from(table)) == 0


def test_the_job_passes_over_a_report_that_was_erased(
    site: Site, report: Draft, clock: HandClock
) -> None:
    ask(report)
    with site.database.transaction() as session:
        session.get_one(Report, report.id).erased_at = clock()
    clock.advance(hours=72)
    assert settle(site) == 0
