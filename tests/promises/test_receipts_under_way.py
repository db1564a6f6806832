"""Promises about receipts that are made while others write: nobody is turned away for it."""

from concurrent.futures import ThreadPoolExecutor
from uuid import UUID

import pytest
from sqlalchemy import select

from portal.ledger import verify
from portal.ledger.policy import policy_of
from portal.ledger.receipt import to_bytes
from portal.ledger.service import make_receipt
from portal.ledger.store import find_head
from portal.reports.drafts import get_data_key
from portal.reports.models import Report
from portal.site import Site
from tests.rig.drafts import ready_draft


@pytest.fixture(params=["sqlite", "postgresql"])
def backend(request: pytest.FixtureRequest) -> str:
    """Both kinds of database, unlike the promises about pages."""
    return str(request.param)


def receipt_of(site: Site, report_id: UUID) -> bytes:
    with site.database.reading() as session:
        key = get_data_key(session, report_id, keyring=site.keyring)
        index = session.scalars(select(Report.entry_index).where(Report.id == report_id)).one()
        made = make_receipt(session, index or 0, open_sealed=key.open, signer=site.signer)
    return to_bytes(made)


def test_a_receipt_begun_before_another_was_signed_is_made_all_the_same(site: Site) -> None:
    mine = ready_draft(site).send()
    with site.database.reading() as session:
        # From here on this session sees the log as it is now.
        assert find_head(session).size == 1
        other = ready_draft(site).send()
        receipt_of(site, other.id)
        key = get_data_key(session, mine.id, keyring=site.keyring)
        made = make_receipt(session, 0, open_sealed=key.open, signer=site.signer)
    assert verify.judge(to_bytes(made), policy_of(site.signer)).code == verify.PROVED


def test_whoever_sends_at_the_same_time_as_others_gets_a_receipt_at_once(site: Site) -> None:
    def send_and_read(_: int) -> list[bytes]:
        reports = [ready_draft(site).send() for _ in range(4)]
        return [receipt_of(site, report.id) for report in reports for _ in range(3)]

    with ThreadPoolExecutor(8) as pool:
        made = [receipt for some in pool.map(send_and_read, range(8)) for receipt in some]
    assert len(made) == 96
    for receipt in made:
        assert verify.judge(receipt, policy_of(site.signer)).code == verify.PROVED
