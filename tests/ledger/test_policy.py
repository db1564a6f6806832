"""Promises about the policy file: a verifier reads it, and it trusts this log and nobody else."""

from pathlib import Path

from portal.ledger import verify
from portal.ledger.guard import Guard
from portal.ledger.policy import policy_of
from portal.ledger.signing import LogSigner
from tests.rig.ledger import LOG, OTHER_LOG, make_file, make_note

KEYS = LogSigner((LOG,), Guard(Path("unused")))


def test_a_verifier_with_the_policy_proves_this_logs_receipts_only() -> None:
    assert verify.judge(make_file(), policy_of(KEYS)).code == verify.PROVED
    forged = make_file(note=make_note(OTHER_LOG))
    assert verify.judge(forged, policy_of(KEYS)).code == verify.NOT_PROVED


def test_the_policy_names_no_witness_and_so_claims_no_time() -> None:
    policy = verify.parse_policy(policy_of(KEYS))
    assert len(policy.logs) == 1
    assert not policy.witnesses
    assert verify.judge(make_file(), policy_of(KEYS)).not_after is None
