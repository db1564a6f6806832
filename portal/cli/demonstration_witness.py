"""A witness for the demonstration, so that its receipts show what witnessed ones prove.

It keeps its own key and state beside the demonstration and decides like any other, but it runs in
the site's own process: it shows how receipts grow stronger, and vouches to nobody.
"""

from dataclasses import replace
from pathlib import Path

import click
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from portal.cli.keys import write_key
from portal.ledger.note import COSIGNATURE_V1, Signer
from portal.ledger.outside.state import State
from portal.ledger.outside.witness import Witness, keys_by_origin
from portal.ledger.policy import parse_policy
from portal.ledger.witnessing import Answer
from portal.site import Site

NAME = "witness.demonstration.invalid"


def folder_of(site: Site) -> Path:
    """Where the witness keeps its key and its state."""
    return site.settings.instance / "demonstration-witness"


def with_witness(site: Site) -> Site:
    """The same installation, asking one witness that runs inside it."""
    signer = _signer(folder_of(site) / "key")
    witness = Witness(
        signer,
        keys_by_origin([key.key for key in site.signer.keys]),
        State(folder_of(site) / "state"),
        lambda: int(site.now().timestamp()),
    )

    def ask(_url: str, body: bytes) -> Answer:
        answer = witness.add_checkpoint(body)
        return Answer(answer.status, answer.body)

    text = f"log {site.signer.vkey}\nwitness demonstration {signer.vkey} https://{NAME}\n"
    policy = parse_policy(f"{text}quorum demonstration\n".encode())
    return replace(site, witnesses=policy, ask_witness=ask)


def _signer(path: Path) -> Signer:
    if path.exists():
        return Signer.from_text(path.read_text().strip())
    signer = Signer(NAME, Ed25519PrivateKey.generate(), COSIGNATURE_V1)
    path.parent.mkdir(parents=True, exist_ok=True)
    try:
        write_key(path, signer.to_text())
    except click.ClickException:
        if not path.exists():
            raise
        # Another process of the same demonstration began at the same moment.
        return Signer.from_text(path.read_text().strip())
    return signer
