"""A policy file says whom the reader trusts; one that could mean two things is refused."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.ledger.note import COSIGNATURE_V1, VerifierKey
from portal.ledger.verify import PROVED, UNREADABLE, Unreadable, judge, parse_policy
from tests.rig.ledger import COURT, INSPECTOR, LOG, OTHER_LOG, PCC, make_file, make_policy, signer

WEAK = VerifierKey(LOG.name, LOG.kind, b"\x01" + bytes(31))
ML_DSA = VerifierKey("witness.example/new", 6, bytes(1312))


def test_a_policy_is_read_as_tlog_policy_says() -> None:
    policy = parse_policy(
        b"# whom I trust\n\n \t \n"
        b"\tlog " + LOG.vkey.encode() + b"   https://log.example/  \n"
        b"witness X1 " + PCC.vkey.encode() + b"\n"
        b"witness X2 " + INSPECTOR.vkey.encode() + b" https://witness.example/\n"
        b"witness Y\xff " + COURT.vkey.encode() + b"\n"
        b"  # two levels\n"
        b"group X 1 X1 X2\n"
        b"group all all X Y\xff\n"
        b"quorum all\n"
    )
    assert [key.public for key in policy.logs] == [LOG.key.public]
    assert policy.groups == {"X": (1, ["X1", "X2"]), "all": (2, ["X", "Y\udcff"])}
    assert policy.quorum == "all"


def test_a_quorum_may_be_a_single_witness_or_none() -> None:
    assert parse_policy(make_policy(quorum="pcc")).quorum == "pcc"
    assert parse_policy(b"quorum none\n").logs == []


def test_two_logs_and_two_keys_of_one_log_are_all_trusted() -> None:
    policy = make_policy(f"log {OTHER_LOG.vkey}")
    assert len(parse_policy(policy).logs) == 2
    assert judge(make_file(), policy).code == PROVED


@pytest.mark.parametrize(
    "lines",
    [
        [],
        ["quorum"],
        ["quorum none", "quorum none"],
        ["quorum none none"],
        ["quorum nobody"],
        ["quorum pcc", "witness pcc " + PCC.vkey],
        ["logs " + LOG.vkey, "quorum none"],
        ["log", "quorum none"],
        ["log " + LOG.vkey + " url more", "quorum none"],
        ["log " + LOG.vkey, "log " + LOG.vkey, "quorum none"],
        ["log " + LOG.vkey, "log " + signer("renamed", 1).vkey, "quorum none"],
        ["log " + PCC.vkey, "quorum none"],
        ["log " + LOG.vkey[:-1], "quorum none"],
        ["log x" + LOG.vkey, "quorum none"],
        ["log " + str(WEAK), "quorum none"],
        ["log " + LOG.name, "quorum none"],
        ["witness pcc", "quorum none"],
        ["witness pcc " + PCC.vkey + " url more", "quorum none"],
        ["witness none " + PCC.vkey, "quorum none"],
        ["witness pcc " + LOG.vkey, "quorum none"],
        ["witness pcc " + str(ML_DSA), "quorum none"],
        ["witness pcc " + PCC.vkey, "witness pcc " + COURT.vkey, "quorum none"],
        ["witness pcc " + PCC.vkey, "witness two " + PCC.vkey, "quorum none"],
        ["witness pcc " + PCC.vkey, "group pcc any pcc", "quorum none"],
        ["witness pcc " + PCC.vkey, "group g any", "quorum none"],
        ["witness pcc " + PCC.vkey, "group g 0 pcc", "quorum none"],
        ["witness pcc " + PCC.vkey, "group g 2 pcc", "quorum none"],
        ["witness pcc " + PCC.vkey, "group g 01 pcc", "quorum none"],
        ["witness pcc " + PCC.vkey, "group g +1 pcc", "quorum none"],
        ["witness pcc " + PCC.vkey, "group g some pcc", "quorum none"],
        ["witness pcc " + PCC.vkey, "group g any none", "quorum none"],
        ["witness pcc " + PCC.vkey, "group g any g", "quorum none"],
        ["witness pcc " + PCC.vkey, "group g any pcc pcc", "quorum none"],
        ["witness pcc " + PCC.vkey, "group g any pcc", "group h any pcc", "quorum none"],
        ["witness pcc " + PCC.vkey, "group g any pcc court", "quorum none"],
        ["quorum none\r\r"],
        ["quorum\rnone"],
        ["quorum none\x00"],
        ["quorum none\x7f"],
        ["log \xff" + LOG.vkey, "quorum none"],
    ],
)
def test_a_policy_that_breaks_a_rule_is_refused(lines: list[str]) -> None:
    data = "".join(line + "\n" for line in lines).encode("latin-1")
    with pytest.raises(Unreadable, match=r"Malformed policy|The policy file is empty"):
        parse_policy(data)
    assert judge(make_file(), data).code == UNREADABLE


@pytest.mark.parametrize("mark", [b"", b"\xef\xbb\xbf"])
def test_a_policy_that_a_windows_program_saved_again_is_read_as_before(mark: bytes) -> None:
    policy = make_policy("# whom I trust", "group g any pcc court", quorum="g")
    assert parse_policy(mark + policy.replace(b"\n", b"\r\n")) == parse_policy(policy)


def test_a_policy_too_large_is_not_taken_for_the_part_that_was_read() -> None:
    data = b"\xef\xbb\xbf" + make_policy().replace(b"\n", b"\r\n")
    with pytest.raises(Unreadable, match="The policy file is larger than 1 MB"):
        parse_policy(data + b"#\r\n" * 333_333)


def test_a_receipt_chosen_as_the_policy_is_called_that() -> None:
    with pytest.raises(Unreadable, match="You chose a receipt as the policy file"):
        parse_policy(make_file())


def test_a_policy_cut_off_in_the_middle_of_a_name_is_refused() -> None:
    whole = make_policy("group pcc-and-court all pcc court", quorum="pcc-and-court")
    for end in range(len(whole)):
        with pytest.raises(Unreadable):
            parse_policy(whole[:end])


def test_a_broken_line_is_named_by_its_number() -> None:
    with pytest.raises(Unreadable, match="line 2: the number of the key does not fit"):
        parse_policy(f"# one\nlog x{LOG.vkey}\nquorum none\n".encode())


def test_a_key_for_one_use_is_not_taken_for_another() -> None:
    as_witness = VerifierKey(LOG.name, COSIGNATURE_V1, LOG.key.public)
    with pytest.raises(Unreadable, match="right type"):
        parse_policy(f"log {as_witness}\nquorum none\n".encode())


@given(st.binary(max_size=80), st.integers(0, 600))
def test_any_bytes_are_a_policy_or_are_refused_by_name(junk: bytes, place: int) -> None:
    whole = make_policy("group g any pcc court", quorum="g")
    for data in (junk, whole[:place] + junk + whole[place:], whole[:place] + junk):
        verdict = judge(b"", data)
        assert verdict.code == UNREADABLE
        assert "policy" in verdict.summary or parse_policy(data).quorum
