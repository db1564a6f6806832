"""Promises about the demonstration's witness: its receipts show what witnessed ones prove."""

import stat

from portal.cli.demonstration_witness import NAME, folder_of, with_witness
from portal.cli.jobs import JOBS, run_once
from portal.ledger import verify
from portal.ledger.policy import policy_of
from portal.ledger.receipt import to_bytes
from portal.ledger.service import make_receipt
from portal.reports.drafts import get_data_key
from portal.site import Site
from tests.rig.clock import HandClock
from tests.rig.filed import file_report

PUBLISHING = [job for job in JOBS if job.name in ("publish", "witness")]


def test_after_a_publication_a_receipt_claims_a_time(site: Site, clock: HandClock) -> None:
    there = with_witness(site)
    assert run_once(there, PUBLISHING) == {"publish": 1, "witness": 1}
    clock.advance(minutes=10)
    filed = file_report(there)
    clock.advance(minutes=50)
    assert run_once(there, PUBLISHING) == {"publish": 1, "witness": 1}
    assert filed.report.entry_index is not None
    with there.database.reading() as session:
        key = get_data_key(session, filed.id, keyring=there.keyring)
        receipt = make_receipt(
            session, filed.report.entry_index, open_sealed=key.open, signer=there.signer
        )
    verdict = verify.judge(to_bytes(receipt), policy_of(there.signer, there.witnesses))
    assert verdict.code == verify.PROVED
    assert verdict.not_after == int(clock().timestamp())
    assert verdict.not_before == verdict.not_after - 3600


def test_the_next_start_goes_on_with_the_same_key_and_state(site: Site, clock: HandClock) -> None:
    first = with_witness(site)
    run_once(first, PUBLISHING)
    again = with_witness(site)
    assert again.witnesses == first.witnesses
    clock.advance(hours=1)
    assert run_once(again, PUBLISHING) == {"publish": 1, "witness": 1}
    key = folder_of(site) / "key"
    assert stat.S_IMODE(key.stat().st_mode) == 0o600
    assert NAME in key.read_text()
