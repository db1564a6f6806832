"""The log format never changes silently: version 1 is frozen in tests/vectors."""

import json
from pathlib import Path

import pytest

from portal.ledger.entry import canonical, commitment, field_key, leaf
from portal.ledger.merkle import leaf_hash
from portal.ledger.verify import PROVED, judge
from tests.rig.ledger import make_file, make_note, make_policy
from tests.rig.verdicts import answer, cases, frozen, is_small, thawed

VECTORS = Path(__file__).parents[1] / "vectors"
COSIGNED = {"pcc": 1_762_000_000, "inspector": 1_762_000_600}


def read(name: str) -> bytes:
    return (VECTORS / name).read_bytes()


def test_an_entry_of_version_1_has_the_leaf_it_always_had() -> None:
    frozen = json.loads(read("entry_v1.json"))
    salt = bytes.fromhex(frozen["salt"])
    for name, value in frozen["fields"].items():
        key = field_key(salt, name)
        assert canonical([name, value]).decode() == frozen["canonical"][name]
        assert key.hex() == frozen["keys"][name]
        assert commitment(key, name, value).hex() == frozen["commitments"][name]
    assert leaf(salt, frozen["fields"]).hex() == frozen["leaf"]
    assert leaf_hash(bytes.fromhex(frozen["leaf"])).hex() == frozen["leaf_hash"]


@pytest.mark.parametrize("name", ["receipt_v1.json", "receipt_hidden_v1.json"])
def test_a_receipt_of_version_1_is_proved_for_ever(name: str) -> None:
    verdict = judge(read(name), read("policy_v1.txt"))
    assert (verdict.code, verdict.not_after) == (PROVED, 1_762_000_600)
    assert (verdict.entry_index, verdict.size) == (4, 6)


def test_every_verdict_of_version_1_is_what_it_always_was() -> None:
    kept = json.loads(read("verdicts_v1.json"))
    assert {one["verdict"]["code"] for one in kept} == {0, 1, 2, 3}
    for one in kept:
        assert answer(thawed(one)) == one["verdict"], one["name"]


def test_every_case_that_both_verifiers_are_asked_is_kept() -> None:
    kept = {one["name"]: one for one in json.loads(read("verdicts_v1.json"))}
    small = [case for case in cases() if is_small(case)]
    assert set(kept) == {case.name for case in small}
    for case in small:
        assert frozen(case) == kept[case.name], case.name


def test_receipts_and_policies_are_still_written_as_they_were() -> None:
    note = make_note(cosigned=COSIGNED)
    assert make_file(None, note) == read("receipt_v1.json")
    assert make_file({"kind", "at"}, note) == read("receipt_hidden_v1.json")
    watched = make_policy("group watchers all pcc inspector", quorum="watchers")
    assert watched == read("policy_v1.txt")
