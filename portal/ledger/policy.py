"""The policy file that lets anyone check this log's receipts (C2SP tlog-policy)."""

from portal.ledger.signing import LogSigner


def policy_of(signer: LogSigner) -> bytes:
    """The policy that trusts this site's logs alone and asks for no witness; a verifier's file."""
    logs = "".join(f"log {key.vkey}\n" for key in signer.keys)
    return f"{logs}quorum none\n".encode()
