"""Promises about the policy file: a verifier reads it, and it trusts this log and nobody else."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.ledger import verify
from portal.ledger.guard import Guard
from portal.ledger.note import parse_note
from portal.ledger.policy import (
    MalformedPolicy,
    Policy,
    QuorumNotMet,
    parse_policy,
    policy_of,
    read_cosignatures,
)
from portal.ledger.signing import LogSigner
from tests.rig.ledger import (
    COURT,
    INSPECTOR,
    LOG,
    OTHER_LOG,
    PCC,
    make_file,
    make_note,
    make_policy,
)

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


ADDRESSES = (
    f"log {LOG.vkey} https://log.example/\n"
    f"witness pcc {PCC.vkey} https://pcc.example/witness\n"
    f"witness inspector {INSPECTOR.vkey}\n"
    f"\twitness  court\t{COURT.vkey}\n"
    "group offices 2 pcc inspector court\n"
    "quorum offices\n"
).encode()


def test_keys_addresses_groups_and_quorum_are_read() -> None:
    policy = parse_policy(ADDRESSES)
    assert policy.logs == ((LOG.key, "https://log.example/"),)
    assert policy.witnesses == (
        ("pcc", PCC.key, "https://pcc.example/witness"),
        ("inspector", INSPECTOR.key, None),
        ("court", COURT.key, None),
    )
    assert dict(policy.groups) == {"offices": (2, ("pcc", "inspector", "court"))}
    assert policy.quorum == "offices"


def test_a_policy_that_a_verifier_refuses_is_refused_in_the_same_words() -> None:
    with pytest.raises(MalformedPolicy, match="line 1: the line is not known here"):
        parse_policy(b"logs x\nquorum none\n")
    with pytest.raises(MalformedPolicy, match="last line does not end"):
        parse_policy(ADDRESSES[:-1])


@given(st.binary(max_size=60), st.integers(0, 500))
def test_both_readers_agree_on_what_is_a_policy(junk: bytes, place: int) -> None:
    for data in (junk, ADDRESSES[:place] + junk + ADDRESSES[place:]):
        try:
            expected = verify.parse_policy(data)
        except verify.Unreadable:
            with pytest.raises(MalformedPolicy):
                parse_policy(data)
        else:
            assert parse_policy(data).quorum == expected.quorum


def test_a_policy_that_a_windows_program_saved_again_keeps_its_addresses() -> None:
    again = b"\xef\xbb\xbf" + ADDRESSES.replace(b"\n", b"\r\n")
    assert parse_policy(again) == parse_policy(ADDRESSES)


def test_the_kth_witness_settles_the_time_from_either_side() -> None:
    policy = parse_policy(ADDRESSES)
    times = {"pcc": 10, "inspector": 30, "court": 20, "stranger": 1}
    assert policy.not_after(times) == 20
    assert policy.not_before(times) == 20
    assert policy.not_after({"pcc": 10, "court": 20}) == 20
    assert policy.not_before({"pcc": 10, "court": 20}) == 10
    assert not policy.is_met({"pcc": 10, "stranger": 1})
    for ask in (policy.not_after, policy.not_before):
        with pytest.raises(QuorumNotMet, match="Too few witnesses"):
            ask({"pcc": 10})


def test_without_a_quorum_there_is_no_time() -> None:
    policy = parse_policy(make_policy())
    assert policy.is_met({})
    assert policy.not_after({"pcc": 1}) is policy.not_before({"pcc": 1}) is None


@st.composite
def nested(draw: st.DrawFn) -> tuple[Policy, dict[str, int]]:
    """A policy of groups within a group, and times of some of its witnesses."""
    first, second = draw(st.integers(1, 2)), draw(st.integers(1, 2))
    text = make_policy(f"group a {first} pcc inspector", f"group b {second} a court", quorum="b")
    names = ["pcc", "inspector", "court"]
    return parse_policy(text), draw(st.dictionaries(st.sampled_from(names), st.integers(0, 50)))


@given(nested())
def test_the_times_are_the_first_and_last_at_which_the_quorum_holds(
    case: tuple[Policy, dict[str, int]],
) -> None:
    policy, times = case
    early = [t for t in range(51) if policy.is_met({n: at for n, at in times.items() if at <= t})]
    late = [t for t in range(51) if policy.is_met({n: at for n, at in times.items() if at >= t})]
    if not policy.is_met(times):
        assert not early
        assert not late
        return
    assert policy.not_after(times) == min(early)
    assert policy.not_before(times) == max(late)


def test_cosignatures_are_read_by_the_names_of_the_policy() -> None:
    policy = parse_policy(ADDRESSES)
    note = parse_note(make_note(cosigned={"pcc": 5, "court": 9}))
    assert read_cosignatures(policy, note) == {"pcc": 5, "court": 9}
    assert read_cosignatures(parse_policy(policy_of(KEYS)), note) == {}
    wrong = make_note(cosigned={"pcc": 5}).replace("\n6\n", "\n7\n")
    assert read_cosignatures(policy, parse_note(wrong)) == {}


def test_the_policy_that_a_site_with_witnesses_offers_reads_as_the_same_witnesses() -> None:
    text = (
        f"log {LOG.vkey}\nwitness pcc {PCC.vkey} https://pcc.example/w\n"
        f"witness court {COURT.vkey}\ngroup two all pcc court\nquorum two\n"
    )
    known = parse_policy(text.encode())
    offered = parse_policy(policy_of(KEYS, known))
    assert (offered.witnesses, offered.groups, offered.quorum) == (
        known.witnesses,
        known.groups,
        known.quorum,
    )
    assert [one.key for one in offered.logs] == [LOG.key]
