"""The verifier's own Ed25519 agrees with the library, and is stricter where tricks live."""

import pytest
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import (
    Ed25519PrivateKey,
    Ed25519PublicKey,
)
from hypothesis import given, settings
from hypothesis import strategies as st

from portal.ledger.verify import ORDER, P, check_ed25519, is_public_key
from tests.rig.ed25519 import NOT_CANONICAL, NOT_ON_THE_CURVE, SMALL_ORDER, neutral_signature

SEED = bytes(range(32))
PRIVATE = Ed25519PrivateKey.from_private_bytes(SEED)
PUBLIC = PRIVATE.public_key().public_bytes_raw()
SIGNED = PRIVATE.sign(b"message")


def library_says(public: bytes, signature: bytes, message: bytes) -> bool:
    try:
        Ed25519PublicKey.from_public_bytes(public).verify(signature, message)
    except (InvalidSignature, ValueError):
        return False
    return True


@pytest.mark.parametrize(
    ("public", "message", "signature"),
    [
        (
            "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a",
            "",
            "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555"
            "fb8821590a33bacc61e39701cf9b46bd25bf5f0595bbe24655141438e7a100b",
        ),
        (
            "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c",
            "72",
            "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da"
            "085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00",
        ),
        (
            "fc51cd8e6218a1a38da47ed00230f0580816ed13ba3303ac5deb911548908025",
            "af82",
            "6291d657deec24024827e69c3abe01a30ce548a284743a445e3680d7db5ac3ac"
            "18ff9b538d16f290ae67f760984dc6594a7c15e9716ed28dc027beceea1ec40a",
        ),
    ],
)
def test_the_examples_of_rfc_8032_hold(public: str, message: str, signature: str) -> None:
    assert check_ed25519(bytes.fromhex(public), bytes.fromhex(signature), bytes.fromhex(message))


@settings(max_examples=40, deadline=None)
@given(st.binary(min_size=32, max_size=32), st.binary(max_size=200))
def test_what_the_library_signs_is_accepted(seed: bytes, message: bytes) -> None:
    private = Ed25519PrivateKey.from_private_bytes(seed)
    public = private.public_key().public_bytes_raw()
    assert check_ed25519(public, private.sign(message), message)
    assert not check_ed25519(public, private.sign(message), message + b"x")


@settings(max_examples=60, deadline=None)
@given(st.integers(0, 95), st.integers(0, 7))
def test_one_flipped_bit_is_judged_as_the_library_judges_it(place: int, bit: int) -> None:
    spoilt = bytearray(PUBLIC + SIGNED)
    spoilt[place] ^= 1 << bit
    public, signature = bytes(spoilt[:32]), bytes(spoilt[32:])
    assert not check_ed25519(public, signature, b"message")
    assert not library_says(public, signature, b"message")


@settings(max_examples=40, deadline=None)
@given(st.binary(min_size=32, max_size=32), st.binary(min_size=64, max_size=64))
def test_random_bytes_are_no_signature(public: bytes, signature: bytes) -> None:
    assert not check_ed25519(public, signature, b"message")


def test_a_signature_has_one_form_only() -> None:
    s = int.from_bytes(SIGNED[32:], "little")
    for multiple in range(1, 16):
        twin = SIGNED[:32] + (s + multiple * ORDER).to_bytes(32, "little")
        assert not check_ed25519(PUBLIC, twin, b"message")
    assert check_ed25519(PUBLIC, SIGNED, b"message")


@pytest.mark.parametrize("length", [0, 32, 63, 65, 128])
def test_a_signature_of_another_length_is_refused(length: int) -> None:
    assert not check_ed25519(PUBLIC, (SIGNED * 2)[:length], b"message")


@pytest.mark.parametrize("encoded", [*SMALL_ORDER, *NOT_CANONICAL, NOT_ON_THE_CURVE])
def test_a_weak_or_misspelt_point_is_no_key_and_signs_nothing(encoded: str) -> None:
    point = bytes.fromhex(encoded)
    assert not is_public_key(point)
    # With a key of small order, R = S*B and S = anything would fit one message in eight or more.
    for number in range(16):
        message = number.to_bytes(1, "big")
        assert not check_ed25519(point, bytes.fromhex(SMALL_ORDER[0]) + bytes(32), message)
    assert not check_ed25519(PUBLIC, point + SIGNED[32:], b"message")


def test_a_signature_whose_random_part_is_nothing_is_refused() -> None:
    """S = k*a and R = the neutral point: the library takes it, and nobody honest makes it."""
    signature = neutral_signature(SEED, PUBLIC, b"message")
    assert library_says(PUBLIC, signature, b"message")
    assert not check_ed25519(PUBLIC, signature, b"message")


def test_a_key_of_another_length_is_no_key() -> None:
    assert is_public_key(PUBLIC)
    assert not is_public_key(PUBLIC[:31])
    assert not is_public_key(PUBLIC + b"\x00")
    assert not is_public_key((P + 1).to_bytes(32, "little"))
