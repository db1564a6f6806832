"""Promises about codes and visits: nobody turns theirs to another report by writing to rows."""

import pytest
from sqlalchemy import update

from portal.cli.schema import find_revision, migrate, newest_revision, unmigrate
from portal.errors import NotFound, Unavailable
from portal.reports.binding import bind_code, bind_visit, is_bound
from portal.reports.code_changes import ask_change
from portal.reports.codes import make_code
from portal.reports.drafts import get_data_key
from portal.reports.lost_codes import ask_number, is_number_right
from portal.reports.models import LostCode, Report, ReportKey, ReturnCode, Visit
from portal.reports.visits import find_visit, open_with_code, start_visit
from portal.sealing import DataKey, Keyring
from portal.site import Site
from tests.rig.clock import HandClock
from tests.rig.drafts import Draft, kept_report, new_draft
from tests.rig.letters import look_at_requests, numbers, settled_safe_way


def opens(site: Site, code: str) -> str:
    """The report that a code opens, or "nothing"."""
    try:
        with site.database.reading() as session:
            found = open_with_code(
                session, code, codes=site.codes, keyring=site.keyring, now=site.now()
            )
            return str(found.id)
    except NotFound:
        return "nothing"


def holds(site: Site, token: str) -> bool:
    with site.database.reading() as session:
        return find_visit(session, token, keyring=site.keyring, now=site.now()) is not None


def visit(draft: Draft) -> str:
    site = draft.site
    with site.database.transaction() as session:
        return start_visit(session, draft.id, code=None, keyring=site.keyring, now=site.now())


def test_a_code_that_was_turned_to_somebody_elses_report_opens_nothing(site: Site) -> None:
    victim, own = kept_report(site), new_draft(site)
    with site.database.transaction() as session:
        moved = update(ReturnCode).where(ReturnCode.report_id == own.id)
        session.execute(moved.values(report_id=victim.id))
    assert opens(site, own.code) == "nothing"
    with site.database.transaction() as session:
        code_hash = session.get_one(Report, own.id).code_hash
        session.get_one(Report, own.id).code_hash = bytes(32)
        session.flush()
        session.get_one(Report, victim.id).code_hash = code_hash
    assert opens(site, own.code) == "nothing"
    with site.database.transaction() as session:
        wrapped = session.get_one(ReportKey, own.id).wrapped
        session.get_one(ReportKey, victim.id).wrapped = wrapped
    assert opens(site, own.code) == "nothing"


def test_a_visit_that_was_turned_to_somebody_elses_report_holds_nothing_open(site: Site) -> None:
    victim, token = kept_report(site), visit(new_draft(site))
    assert holds(site, token)
    with site.database.transaction() as session:
        session.execute(update(Visit).values(report_id=victim.id))
    assert not holds(site, token)


def test_a_number_for_ones_own_report_gives_no_code_for_somebody_elses(
    site: Site, clock: HandClock
) -> None:
    victim, own = kept_report(site), kept_report(site)
    settled_safe_way(own, clock)
    with site.database.transaction() as session:
        token = ask_number(session, own.id, now=site.now())
    assert look_at_requests(site) == 1
    with site.database.transaction() as session:
        session.execute(update(LostCode).values(report_id=victim.id))
    with site.database.transaction() as session:
        typed = numbers(site)[-1]
        assert not is_number_right(session, token, typed, tokens=site.tokens, now=site.now())


def test_a_code_that_waits_does_not_work_sooner_because_its_row_says_so(
    site: Site, clock: HandClock
) -> None:
    draft, made = kept_report(site), make_code(site.codes)
    with site.database.transaction() as session:
        ask_change(session, draft.id, made, keyring=site.keyring, now=site.now())
    for since in (None, clock()):
        with site.database.transaction() as session:
            row = session.get_one(ReturnCode, made.digest)
            row.works_from = since
        assert opens(site, made.text) == "nothing"
    assert opens(site, draft.code) == str(draft.id)


def test_what_was_never_bound_opens_nothing(site: Site) -> None:
    draft = kept_report(site)
    token = visit(draft)
    with site.database.transaction() as session:
        session.execute(update(ReturnCode).values(bound=None))
        session.execute(update(Visit).values(bound=None))
    assert opens(site, draft.code) == "nothing"
    assert not holds(site, token)


def test_what_was_there_before_is_bound_once_when_the_tables_are_brought_up(site: Site) -> None:
    draft = kept_report(site)
    token = visit(draft)
    unmigrate(site.database, "0010")
    with pytest.raises(Unavailable):
        migrate(site.database, keyring=Keyring({"another": bytes(32)}))
    assert find_revision(site.database) == "0010"
    migrate(site.database, keyring=site.keyring)
    assert find_revision(site.database) == newest_revision()
    assert opens(site, draft.code) == str(draft.id)
    assert holds(site, token)
    with site.database.transaction() as session:
        session.execute(update(ReturnCode).values(bound=None))
    migrate(site.database, keyring=site.keyring)
    assert opens(site, draft.code) == "nothing"


def test_a_change_that_waited_before_the_tables_were_brought_up_leaves_the_old_code_working(
    site: Site, clock: HandClock
) -> None:
    draft, made = kept_report(site), make_code(site.codes)
    with site.database.transaction() as session:
        ask_change(session, draft.id, made, keyring=site.keyring, now=site.now())
    unmigrate(site.database, "0010")
    migrate(site.database, keyring=site.keyring)
    clock.advance(hours=80)
    assert opens(site, made.text) == "nothing"
    assert opens(site, draft.code) == str(draft.id)


def test_a_binding_fits_one_row_one_purpose_and_one_key(site: Site) -> None:
    draft = kept_report(site)
    with site.database.reading() as session:
        row = session.get_one(ReturnCode, site_code(draft))
        data_key = get_data_key(session, draft.id, keyring=site.keyring)
    assert row.bound == bind_code(data_key, draft.id, row.code_hash, None)
    assert row.bound != bind_visit(data_key, draft.id, row.code_hash)
    assert is_bound(row, data_key)
    assert not is_bound(row, DataKey(bytes(32)))


def site_code(draft: Draft) -> bytes:
    with draft.site.database.reading() as session:
        return session.get_one(Report, draft.id).code_hash
