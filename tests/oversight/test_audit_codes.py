"""Promises about audits of return codes: whoever gets past a rule about them leaves a finding."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import delete, insert, update
from sqlalchemy.orm import Session

from portal.clock import timestamp
from portal.errors import Refused
from portal.ledger.code_chain import CHANGED, Asked, changed_with_code, changed_with_receipt
from portal.ledger.erasure import check_erasure
from portal.ledger.service import NewEntry, append
from portal.reports.code_changes import ask_change
from portal.reports.codes import NewCode, make_code, read_code
from portal.reports.contact_models import SafeContact
from portal.reports.drafts import get_data_key
from portal.reports.models import CodeChange, Report, ReturnCode
from portal.site import Site
from tests.rig.audited import audit_in, publish_once
from tests.rig.clock import HandClock
from tests.rig.drafts import Draft, kept_report, new_draft
from tests.rig.erased import erase
from tests.rig.filed import Filed, file_report
from tests.rig.letters import confirm_safe_way


def audit(site: Site) -> str:
    """What an audit finds, in one text."""
    with site.database.reading() as session:
        return " | ".join(map(str, audit_in(site, session, check_erasure)))


def force(site: Site, filed: Filed, code: NewCode, fields: dict[str, Any]) -> None:
    """What whoever has the site's keys can do: put a code in, with an entry that says so."""
    with site.database.transaction() as session:
        session.execute(delete(ReturnCode).where(ReturnCode.report_id == filed.id))
        session.execute(
            update(Report)
            .where(Report.id == filed.id)
            .values(code_hash=code.digest, request_key=code.request_key)
        )
        row = {"code_hash": code.digest, "report_id": filed.id, "tag": code.tag}
        session.execute(insert(ReturnCode).values(row))
        data_key = get_data_key(session, filed.id, keyring=site.keyring)
        append(session, [NewEntry(CHANGED, filed.id, fields, data_key.seal)], now=site.now())


def test_an_insider_with_every_key_of_the_site_changes_and_erases_nothing_unseen(
    site: Site,
) -> None:
    filed, own = file_report(site), make_code(site.codes)
    signature = read_code(own.text, codes=site.codes).sign(b"whatever it says")
    force(site, filed, own, dict(changed_with_code(own.request_key, own.digest, signature)))
    publish_once(site)
    found = audit(site)
    assert "changed without the one before it" in found
    assert "somebody else could erase it" in found
    with pytest.raises(Refused):
        erase(site, filed, sign=read_code(own.text, codes=site.codes).sign)


def test_a_change_with_a_receipt_that_nobody_asked_for_in_time_is_a_finding(
    site: Site, clock: HandClock
) -> None:
    filed, own = file_report(site), make_code(site.codes)
    until = clock() + timedelta(hours=72)
    with site.database.transaction() as session:
        ask_change(session, filed.id, own, keyring=site.keyring, now=clock())
    asked = Asked(clock(), until, own.request_key, "")
    clock.advance(hours=1)
    force(site, filed, own, dict(changed_with_receipt(timestamp(until), asked)))
    publish_once(site)
    assert "before the 72 hours were over" in audit(site)


def waiting_earlier(session: Session, _other: Draft) -> None:
    session.execute(update(CodeChange).values(works_from=CodeChange.asked_at))


def code_of_another(session: Session, other: Draft) -> None:
    session.execute(
        update(ReturnCode).where(ReturnCode.works_from.is_(None)).values(report_id=other.id)
    )


def another_code(session: Session, other: Draft) -> None:
    row = {"code_hash": bytes(32), "report_id": other.id, "tag": None}
    session.execute(insert(ReturnCode).values(row))


def change_gone(session: Session, _other: Draft) -> None:
    session.execute(delete(CodeChange))


def change_cancelled(session: Session, _other: Draft) -> None:
    session.execute(update(CodeChange).values(cancelled_at=CodeChange.asked_at))


def way_older(session: Session, _other: Draft) -> None:
    confirmed = session.query(SafeContact).one()
    assert confirmed.confirmed_at is not None
    confirmed.confirmed_at -= timedelta(hours=72)


def way_gone(session: Session, _other: Draft) -> None:
    session.execute(delete(SafeContact))


@pytest.mark.parametrize(
    "attack",
    [
        *(waiting_earlier, code_of_another, another_code, change_gone, change_cancelled),
        *(way_older, way_gone),
    ],
)
def test_each_row_about_codes_that_was_changed_past_the_log_is_a_finding(
    site: Site, clock: HandClock, attack: Callable[[Session, Draft], None]
) -> None:
    draft, other = kept_report(site), kept_report(site)
    new_draft(site)
    confirm_safe_way(draft)
    clock.advance(hours=1)
    with site.database.transaction() as session:
        ask_change(session, draft.id, make_code(site.codes), keyring=site.keyring, now=clock())
    publish_once(site)
    assert audit(site) == ""
    with site.database.transaction() as session:
        attack(session, other)
    assert "code" in audit(site) or "safe way" in audit(site)
