"""Promises about `flask ledger`: what it prints can be used as it is."""

from dataclasses import replace

from click.testing import Result
from flask import Flask

from portal.cli.ledger import group
from portal.ledger import verify
from portal.ledger.guard import SignedHead
from portal.ledger.policy import policy_of
from portal.ledger.signing import LogSigner
from portal.site import Site
from tests.rig.ledger import signer as a_signer

NEXT = a_signer("record.example/second", 51)


def invoke(site: Site, *words: str) -> Result:
    return Flask("test").test_cli_runner().invoke(group(site), words)


def run(site: Site, *words: str) -> Result:
    said = invoke(site, *words)
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


def test_the_head_says_that_it_may_be_signed_and_how_far_it_was(site: Site) -> None:
    run(site, "publish")
    assert "signing    good, 64 entries were signed last" in run(site, "head").output
    assert "64 entries were signed last" in run(site, "guard").output


def test_a_lost_guard_begins_anew_only_at_the_word_of_somebody_who_knows_the_size(
    site: Site,
) -> None:
    run(site, "publish")
    assert "nothing to accept" in invoke(site, "guard", "--accept", "64").output
    site.settings.guard_path.unlink()
    assert "refused. This site can only be read" in run(site, "head").output
    wrong = invoke(site, "guard", "--accept", "63")
    assert wrong.exit_code == 1
    assert "holds 64 entries, not 63" in wrong.output
    assert "fewer than 64 entries" in run(site, "guard", "--accept", "64").output
    assert "Published 128" in run(site, "publish").output


def test_a_log_that_may_not_be_signed_is_not_published_and_the_reason_is_said(site: Site) -> None:
    run(site, "publish")
    site.signer.guard.accept(site.signer.name, SignedHead(1000, b"r" * 32))
    said = invoke(site, "publish")
    assert said.exit_code == 1
    assert "older than what it has signed" in said.output
    assert "Traceback" not in said.output


def test_closing_a_log_is_asked_for_twice_and_ends_in_the_key_of_the_next(site: Site) -> None:
    run(site, "publish")
    signer = LogSigner((NEXT, *site.signer.keys), site.signer.guard)
    there = replace(site, signer=signer)
    assert invoke(there, "succeed", "--because", "restored").exit_code == 1
    said = run(there, "succeed", "--because", "restored", "--yes")
    assert said.output.rstrip().endswith(NEXT.vkey)
    assert "served under /log/2/" in said.output
    again = invoke(there, "succeed", "--because", "restored", "--yes")
    assert again.exit_code == 1
    assert "still name the log" in again.output
