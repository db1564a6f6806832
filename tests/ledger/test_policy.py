"""Promises about the policy file: a verifier reads it, and it trusts this log and nobody else."""

from portal.ledger import verify
from portal.ledger.policy import policy_of
from tests.rig.ledger import LOG, OTHER_LOG, make_file, make_note


def test_a_verifier_with_the_policy_proves_this_logs_receipts_only() -> None:
    assert verify.judge(make_file(), policy_of(LOG)).code == verify.PROVED
    forged = make_file(note=make_note(OTHER_LOG))
    assert verify.judge(forged, policy_of(LOG)).code == verify.NOT_PROVED


def test_the_policy_names_no_witness_and_so_claims_no_time() -> None:
    policy = verify.parse_policy(policy_of(LOG))
    assert len(policy.logs) == 1
    assert not policy.witnesses
    assert verify.judge(make_file(), policy_of(LOG)).not_after is None
