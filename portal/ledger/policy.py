"""The policy file that lets anyone check this log's receipts (C2SP tlog-policy)."""

from portal.ledger.note import Signer


def policy_of(signer: Signer) -> bytes:
    """The policy that trusts this log alone and asks for no witness; a file for a verifier."""
    return f"log {signer.vkey}\nquorum none\n".encode()
