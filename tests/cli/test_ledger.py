"""Promises about `flask ledger`: what it prints can be used as it is."""

from click.testing import Result
from flask import Flask

from portal.cli.ledger import group
from portal.ledger import verify
from portal.ledger.policy import policy_of
from portal.site import Site


def run(site: Site, word: str) -> Result:
    said = Flask("test").test_cli_runner().invoke(group(site), [word])
    assert said.exit_code == 0, said.output
    return said


def test_the_printed_policy_is_one_that_a_verifier_reads(site: Site) -> None:
    printed = run(site, "policy").stdout_bytes
    assert printed == policy_of(site.signer)
    assert verify.parse_policy(printed).logs[0].name == site.signer.name


def test_the_head_is_said_before_and_after_the_first_publication(site: Site) -> None:
    assert "nothing yet" in run(site, "head").output
    assert "Published 64 entries." in run(site, "publish").output
    assert "64 entries at 2026-03-02T09:00:00" in run(site, "head").output


def test_publishing_by_hand_does_not_wait_for_the_hour(site: Site) -> None:
    run(site, "publish")
    assert "Published 128 entries." in run(site, "publish").output
