"""Receipts convince sigstore's verifier of inclusion proofs and checkpoints."""

import base64
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace

import pytest
from cryptography.hazmat.primitives import serialization
from flask import Flask
from flask.testing import FlaskClient
from sigstore._internal.merkle import verify_merkle_inclusion
from sigstore._internal.rekor.checkpoint import SignedCheckpoint, verify_checkpoint
from sigstore._internal.trust import Keyring
from sigstore.errors import VerificationError
from sigstore_models.common import v1 as common

from portal.ledger.note import Signer
from portal.ledger.receipt import Receipt
from portal.ledger.store import read_leaves
from tests.rig.ledger import LOG
from tests.rig.mirror import Mirror


@pytest.fixture
def mirror(app: Flask, client: FlaskClient, tmp_path: Path) -> Mirror:
    """A log on a site, with nothing in it yet."""
    return Mirror(app.extensions["on_record"], client, tmp_path)


def entry_of(mirror: Mirror, receipt: Receipt) -> SimpleNamespace:
    """A receipt as sigstore takes an entry: the leaf's bytes come from the log, not from it."""
    head, _, checkpoint = receipt["proof"].partition("\n\n")
    _, index, *hashes = head.split("\n")
    number = int(index.removeprefix("index "))
    signed = SignedCheckpoint.from_text(checkpoint).checkpoint
    with mirror.site.database.reading() as session:
        (leaf,) = read_leaves(session, number, number + 1)
    return SimpleNamespace(
        _inner=SimpleNamespace(
            canonicalized_body=leaf,
            log_id=SimpleNamespace(key_id=mirror.site.signer.keys[0].key_id + bytes(28)),
            inclusion_proof=SimpleNamespace(
                log_index=number,
                tree_size=signed.log_size,
                root_hash=bytes.fromhex(signed.log_hash),
                hashes=[base64.b64decode(one) for one in hashes],
                checkpoint=SimpleNamespace(envelope=checkpoint),
            ),
        )
    )


def keyring(signer: Signer) -> Keyring:
    der = signer.private.public_key().public_bytes(
        serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo
    )
    details = common.PublicKeyDetails.PKIX_ED25519
    return Keyring([common.PublicKey(raw_bytes=base64.b64encode(der), key_details=details)])


def receipts(mirror: Mirror) -> list[Receipt]:
    """Receipts from before and after publications, of trees of many sizes."""
    made = [mirror.gives(mirror.puts(1)[0]) for _ in range(20)]
    mirror.publishes()
    indices = mirror.puts(300)
    made += [mirror.gives(index) for index in indices[::9]]
    mirror.publishes()
    return made + [mirror.gives(index) for index in [*range(20), *indices[::9]]]


def test_sigstore_verifies_the_proof_and_the_checkpoint_of_every_receipt(mirror: Mirror) -> None:
    made = receipts(mirror)
    sizes = set()
    for receipt in made:
        entry = entry_of(mirror, receipt)
        verify_merkle_inclusion(entry)
        verify_checkpoint(keyring(mirror.site.signer.keys[0]), entry)
        sizes.add(entry._inner.inclusion_proof.tree_size)
    assert len(sizes) > 50


def _other_leaf(entry: SimpleNamespace) -> None:
    entry._inner.canonicalized_body = bytes(33)


def _other_place(entry: SimpleNamespace) -> None:
    entry._inner.inclusion_proof.log_index ^= 1


def _missing_hash(entry: SimpleNamespace) -> None:
    entry._inner.inclusion_proof.hashes.pop()


@pytest.mark.parametrize("change", [_other_leaf, _other_place, _missing_hash])
def test_sigstore_refuses_a_receipt_of_something_else(
    mirror: Mirror, change: Callable[[SimpleNamespace], None]
) -> None:
    mirror.puts(9)
    entry = entry_of(mirror, mirror.gives(6))
    verify_merkle_inclusion(entry)
    change(entry)
    with pytest.raises(VerificationError):
        verify_merkle_inclusion(entry)


def test_sigstore_refuses_a_checkpoint_that_another_key_signed(mirror: Mirror) -> None:
    entry = entry_of(mirror, mirror.gives(mirror.puts(3)[1]))
    stranger = replace(mirror.site.signer.keys[0], private=LOG.private)
    with pytest.raises(VerificationError):
        verify_checkpoint(keyring(stranger), entry)
