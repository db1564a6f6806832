"""Promises about an installation: everything it holds comes from its settings."""

from datetime import UTC

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from portal.config import Settings
from portal.ledger.checkpoint import sign_checkpoint, verify_checkpoint
from portal.ledger.note import VerifierKey
from portal.site import Site
from tests.rig.clock import HandClock


def test_two_starts_with_the_same_settings_open_each_others_content(settings: Settings) -> None:
    first, second = Site.from_settings(settings), Site.from_settings(settings)
    sealed = first.keyring.seal_alone(b"words", "here")
    assert second.keyring.open_alone(sealed, "here") == b"words"
    assert first.tokens.token("name", "ann") == second.tokens.token("name", "ann")
    assert first.codes.digest(b"code") == second.codes.digest(b"code")
    assert first.signer.vkey == second.signer.vkey
    for site in (first, second):
        site.database.engine.dispose()


def test_it_signs_as_the_log_that_the_settings_name(settings: Settings) -> None:
    site = Site.from_settings(settings)
    key = Ed25519PrivateKey.from_private_bytes(settings.ledger_keys[0]).public_key()
    note = sign_checkpoint(0, bytes(32), *site.signer.keys)
    checkpoint = verify_checkpoint(note, VerifierKey.parse(site.signer.vkey))
    assert checkpoint.origin == settings.ledger_name
    assert site.signer.keys[0].key.public == key.public_bytes_raw()
    site.database.engine.dispose()


def test_its_clock_is_the_one_it_was_given_or_else_the_present_in_utc(
    settings: Settings, clock: HandClock
) -> None:
    given = Site.from_settings(settings, now=clock)
    assert given.now() == clock.instant
    assert Site.from_settings(settings).now().tzinfo is UTC
    given.database.engine.dispose()


def test_printing_it_shows_no_key(site: Site, settings: Settings) -> None:
    shown = repr(site)
    secrets = [settings.cookie_key, settings.token_key, settings.code_key, settings.ledger_keys[0]]
    for key in (*secrets, *settings.sealing_keys.values()):
        assert repr(key) not in shown
        assert key.hex() not in shown
