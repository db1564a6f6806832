"""Promises about audits of what the later parts of a report's life leave behind."""

from dataclasses import replace

from sqlalchemy import update

from portal.ledger.audit_findings import Finding
from portal.ledger.erasure import check_erasure
from portal.ledger.models import LedgerOpening
from portal.ledger.publication import publish, sign_new
from portal.ledger.succession import COMPROMISED, open_next
from portal.reports.code_changes import ask_change, cancel_change, change_now, settle_change
from portal.reports.codes import make_code, read_code
from portal.reports.models import Report
from portal.reports.visits import start_visit
from portal.site import Site
from tests.rig.audited import audit_in, publish_once
from tests.rig.clock import HandClock
from tests.rig.erased import erase, lived_through
from tests.rig.filed import Filed, file_report
from tests.rig.ledger import signer as a_signer
from tests.rig.superuser import without_triggers


def audit(site: Site) -> list[Finding]:
    with site.database.reading() as session:
        return audit_in(site, session, check_erasure)


def test_an_erased_report_is_no_finding_when_its_person_asked(site: Site, clock: HandClock) -> None:
    site = replace(site, settings=replace(site.settings, publish_multiple=128))
    story = lived_through(site, clock)
    file_report(site, words="of somebody else")
    publish_once(site)
    assert audit(site) == []
    clock.advance(hours=1)
    erase(site, story.filed)
    publish_once(site)
    assert audit(site) == []
    with site.database.reading() as session:
        unasked = audit_in(site, session, None)
    assert len(unasked) >= 2


def test_a_leaf_that_somebody_else_makes_unreadable_is_a_finding(
    site: Site, clock: HandClock
) -> None:
    site = replace(site, settings=replace(site.settings, publish_multiple=128))
    erased, kept = lived_through(site, clock).filed, file_report(site)
    erase(site, erased)
    publish_once(site)
    with site.database.transaction() as session, without_triggers(session):
        session.execute(
            update(LedgerOpening).where(LedgerOpening.subject == kept.id).values(sealed=b"")
        )
    assert any(f"entry {kept.report.entry_index}" in str(one) for one in audit(site))


def change_code(site: Site, filed: Filed, clock: HandClock) -> None:
    keys = {"keyring": site.keyring, "now": clock()}
    made = make_code(site.codes)
    with site.database.transaction() as session:
        visit = start_visit(session, filed.id, code=None, **keys)  # type: ignore[arg-type]
    old = read_code(filed.code, codes=site.codes)
    with site.database.transaction() as session:
        change_now(session, filed.id, made, old=old, visit=visit, **keys)  # type: ignore[arg-type]


def test_codes_that_were_changed_are_no_finding_and_a_key_from_elsewhere_is(
    site: Site, clock: HandClock
) -> None:
    site = replace(site, settings=replace(site.settings, publish_multiple=128))
    filed = file_report(site)
    change_code(site, filed, clock)
    for cancelled in (True, False):
        clock.advance(hours=1)
        with site.database.transaction() as session:
            made = make_code(site.codes)
            ask_change(session, filed.id, made, keyring=site.keyring, now=clock())
        clock.advance(hours=73 if not cancelled else 1)
        with site.database.transaction() as session:
            act = cancel_change if cancelled else settle_change
            assert act(session, filed.id, keyring=site.keyring, now=clock())
    publish_once(site)
    assert audit(site) == []
    with site.database.transaction() as session:
        session.execute(update(Report).values(request_key=b"k" * 32))
    assert any("somebody else could erase it" in str(one) for one in audit(site))


def test_a_log_that_was_closed_and_the_next_one_are_both_whole(
    site: Site, clock: HandClock
) -> None:
    site = replace(site, settings=replace(site.settings, publish_multiple=128))
    file_report(site)
    publish_once(site)
    file_report(site)
    clock.advance(hours=1)
    fresh = a_signer(site.signer.name, 52)
    signer = replace(site.signer, keys=(a_signer("record.example/second", 51), fresh))
    with site.database.transaction() as session:
        open_next(
            session,
            because=COMPROMISED,
            seal_alone=site.keyring.seal_alone,
            signer=signer,
            multiple=128,
            now=clock(),
        )
    # The audit also checks what the stolen key signed while it was good.
    sign_new(site.database, signer=signer)
    there = replace(site, signer=replace(signer, keys=(*signer.keys, *site.signer.keys)))
    clock.advance(hours=1)
    with there.database.transaction() as session:
        session.info["ledger"] = there.signer
        publish(
            session,
            seal_alone=site.keyring.seal_alone,
            signer=there.signer,
            now=clock(),
            multiple=128,
            every=clock() - clock(),
        )
    sign_new(there.database, signer=there.signer)
    assert audit(there) == []
