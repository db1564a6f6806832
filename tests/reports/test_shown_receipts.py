"""Promises about a receipt that is shown: it counts by what is in our log, and by nothing else."""

import base64
import json
from uuid import UUID

import pytest
from hypothesis import HealthCheck, given
from hypothesis import settings as property_settings
from hypothesis import strategies as st

from portal.ledger.publication import publish_signed
from portal.ledger.receipt import MAX_RECEIPT_BYTES, to_bytes
from portal.ledger.service import make_receipt
from portal.ledger.store import read_leaves
from portal.reports.drafts import get_data_key
from portal.reports.models import Report
from portal.reports.shown_receipts import find_report_of, is_receipt
from portal.site import Site
from tests.rig.address import to_address
from tests.rig.drafts import Draft, kept_report
from tests.rig.ledger import changed, make_file


def receipt_of(draft: Draft, index: int, *, names: list[str] | None = None) -> bytes:
    site = draft.site
    with site.database.reading() as session:
        data_key = get_data_key(session, draft.id, keyring=site.keyring)
        made = make_receipt(
            session, index, open_sealed=data_key.open, signer=site.signer, names=names
        )
    return to_bytes(made)


def whose(site: Site, data: bytes) -> UUID | None:
    with site.database.reading() as session:
        return find_report_of(session, data)


def test_a_receipt_leads_to_its_report_whatever_of_it_is_shown(site: Site) -> None:
    first, second = kept_report(site), kept_report(site)
    assert whose(site, receipt_of(first, 0)) == first.id
    assert whose(site, receipt_of(second, 1)) == second.id
    assert whose(site, receipt_of(second, 1, names=["kind"])) == second.id
    second.withdraw()
    assert whose(site, receipt_of(second, 2)) == second.id


def test_a_receipt_that_a_windows_program_saved_again_or_its_address_leads_there_too(
    site: Site,
) -> None:
    draft = kept_report(site)
    data = receipt_of(draft, 0)
    assert whose(site, b"\xef\xbb\xbf" + data.replace(b"\n", b"\r\n")) == draft.id
    assert whose(site, to_address(json.loads(data)).encode()) == draft.id


def test_a_receipt_stays_good_when_the_log_has_grown(site: Site) -> None:
    draft = kept_report(site)
    before = receipt_of(draft, 0)
    publish_signed(
        site.database,
        seal_alone=site.keyring.seal_alone,
        signer=site.signer,
        now=site.now(),
        multiple=16,
        every=site.now() - site.now(),
    )
    assert whose(site, before) == whose(site, receipt_of(draft, 0)) == draft.id


def test_a_receipt_of_another_log_is_none_of_ours(site: Site) -> None:
    for _ in range(6):
        kept_report(site)
    assert whose(site, make_file()) is None


def test_a_receipt_that_was_changed_leads_nowhere(site: Site) -> None:
    draft = kept_report(site)
    data = receipt_of(draft, 0)
    parts = json.loads(data)
    for field in parts["fields"]:
        other = field | {"value": "another"}
        fields = [other if each is field else each for each in parts["fields"]]
        assert whose(site, changed(data, fields=fields)) is None
    for number in range(len(parts["hidden"])):
        hidden = parts["hidden"][:number] + parts["hidden"][number + 1 :]
        assert whose(site, changed(data, hidden=hidden)) is None


def test_what_is_public_does_not_make_a_receipt(site: Site) -> None:
    draft = kept_report(site)
    with site.database.reading() as session:
        (public,) = read_leaves(session, 0, 1)
    hidden = [base64.b64encode(public[1:]).decode()]
    assert whose(site, changed(receipt_of(draft, 0), fields=[], hidden=hidden)) is None
    assert whose(site, changed(receipt_of(draft, 0), fields=[], hidden=[])) is None


def test_a_receipt_of_whatever_log_is_one(site: Site) -> None:
    data = receipt_of(kept_report(site), 0)
    assert is_receipt(data)
    assert is_receipt(changed(data, proof="of another log"))
    assert not is_receipt(changed(data, format="something-else/v1"))


def test_a_receipt_of_an_erased_report_leads_nowhere(site: Site) -> None:
    draft = kept_report(site)
    data = receipt_of(draft, 0)
    with site.database.transaction() as session:
        session.get_one(Report, draft.id).erased_at = site.now()
    assert whose(site, data) is None


@pytest.mark.parametrize("index", ["999999999", str(2**53), str(2**62)])
def test_an_entry_that_we_do_not_have_leads_nowhere(site: Site, index: str) -> None:
    data = receipt_of(kept_report(site), 0)
    proof = json.loads(data)["proof"].replace("index 0", f"index {index}")
    assert whose(site, changed(data, proof=proof)) is None


# The database is only read, so one serves all the examples.
@property_settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=40)
@given(st.binary(max_size=300), st.integers(0, 2000))
def test_no_bytes_are_a_fault(site: Site, junk: bytes, at: int) -> None:
    assert whose(site, junk) is None
    assert not is_receipt(junk)
    assert whose(site, b"{" * at) is None
    assert not is_receipt(b"{" * at)


def test_what_is_too_large_is_not_read(site: Site) -> None:
    assert whose(site, b" " * MAX_RECEIPT_BYTES + receipt_of(kept_report(site), 0)) is None
