"""Since when at the earliest: what the field `after` proves, and when it proves nothing."""

import json

import pytest

from portal.ledger.verify import NOT_PROVED, PROVED, SIGNER_UNKNOWN, judge, show
from tests.rig.after import COSIGNED, EARLIER, cosigned_note, make_after_file
from tests.rig.ledger import OTHER_LOG, make_policy, signer

TWO = make_policy("group two 2 pcc inspector court", quorum="two")
OLD_LOG = signer("log.example/before", 9)
AFTER = cosigned_note(EARLIER)


def two_of_three(*lines: str) -> bytes:
    return make_policy("group two 2 pcc inspector court", *lines, quorum="two")


@pytest.mark.parametrize(
    ("rule", "first", "last"),
    [
        ("any", 1_761_990_600, 1_762_000_000),
        ("2", 1_761_990_300, 1_762_000_300),
        ("all", 1_761_990_000, 1_762_000_600),
    ],
)
def test_the_time_lies_between_what_enough_witnesses_saw_before_and_after(
    rule: str, first: int, last: int
) -> None:
    policy = make_policy(f"group g {rule} pcc inspector court", quorum="g")
    verdict = judge(make_after_file(AFTER), policy)
    assert (verdict.code, verdict.not_before, verdict.not_after) == (PROVED, first, last)


def test_it_says_in_words_since_when_and_why() -> None:
    text = show(judge(make_after_file(AFTER), TWO))
    assert "it was written not before 01 November 2025, 09:45:00 UTC" in text
    assert "signatures of theirs that nobody could know earlier" in text
    assert "When between these two times it was written." in text
    assert "How long before" not in text


def test_groups_of_groups_count_for_the_earliest_time_as_well() -> None:
    lines = ("group first any pcc court", "group both all first inspector")
    verdict = judge(make_after_file(AFTER), make_policy(*lines, quorum="both"))
    assert verdict.not_before == 1_761_990_300


@pytest.mark.parametrize(
    ("after", "names", "why"),
    [
        (AFTER, {"kind"}, "does not show the field after"),
        (None, None, "The field after is empty"),
        (cosigned_note({"pcc": 5}), None, "Too few witnesses"),
        (cosigned_note({}), None, "Too few witnesses"),
        (cosigned_note(EARLIER, log=OLD_LOG), None, "no key that signed the checkpoint"),
        (cosigned_note(EARLIER, log=OTHER_LOG), None, "no key that signed the checkpoint"),
    ],
)
def test_where_nothing_vouches_for_it_no_earliest_time_is_claimed(
    after: object, names: set[str] | None, why: str
) -> None:
    verdict = judge(make_after_file(after, names=names), TWO)
    assert (verdict.code, verdict.not_before) == (PROVED, None)
    assert verdict.not_after == 1_762_000_300
    assert "How long before that time it was written." in verdict.not_proved[-1]
    assert why in verdict.not_proved[-1]
    assert not any("not before" in sentence for sentence in verdict.proved)


def test_a_log_that_came_before_counts_only_if_its_key_is_trusted_too() -> None:
    receipt = make_after_file(cosigned_note(EARLIER, log=OLD_LOG, size=900, root_byte=7))
    assert judge(receipt, two_of_three()).not_before is None
    verdict = judge(receipt, two_of_three(f"log {OLD_LOG.vkey}"))
    assert (verdict.code, verdict.not_before) == (PROVED, 1_761_990_300)


def test_a_policy_that_asks_for_no_witness_gives_neither_time() -> None:
    verdict = judge(make_after_file(AFTER), make_policy())
    assert (verdict.code, verdict.not_before, verdict.not_after) == (PROVED, None, None)
    assert any("No time is claimed" in sentence for sentence in verdict.not_proved)


def test_without_a_policy_neither_time_is_claimed() -> None:
    verdict = judge(make_after_file(AFTER))
    assert (verdict.code, verdict.not_before, verdict.not_after) == (SIGNER_UNKNOWN, None, None)


@pytest.mark.parametrize("policy", [TWO, None])
@pytest.mark.parametrize(
    ("after", "words"),
    [
        (cosigned_note(EARLIER, size=5), "later than the entry"),
        (7, "Malformed field after"),
        ("", "Malformed field after"),
        ("soon", "Malformed field after"),
        (AFTER.replace("\n", "\r\n"), "Malformed field after"),
        (["x"], "Malformed field after"),
    ],
)
def test_a_field_that_cannot_be_true_spoils_the_receipt(
    policy: bytes | None, after: object, words: str
) -> None:
    verdict = judge(make_after_file(after), policy)
    assert verdict.code == NOT_PROVED
    assert words in verdict.summary


def test_the_state_just_before_the_entry_is_early_enough() -> None:
    assert judge(make_after_file(cosigned_note(EARLIER, size=4)), TWO).not_before


@pytest.mark.parametrize("quorum", ["two", "all3", "none"])
def test_a_signature_in_it_that_does_not_fit_spoils_it_only_where_it_is_needed(quorum: str) -> None:
    line = next(one for one in AFTER.split("\n") if "witness.example/court" in one)
    other = next(one for one in AFTER.split("\n") if "witness.example/pcc" in one)
    needed = "all" if quorum == "all3" else "2"
    policy = make_policy(
        f"group {'all3' if quorum == 'all3' else 'two'} {needed} pcc inspector court",
        quorum=quorum,
    )
    spoilt = AFTER.replace(line, line[:-80] + other[-80:])
    verdict = judge(make_after_file(spoilt), policy)
    if quorum == "all3":
        assert verdict.code == NOT_PROVED
        assert "in the field after, the cosignature of witness court does not" in verdict.summary
    else:
        assert verdict.code == PROVED
        assert verdict.not_before == (1_761_990_000 if quorum == "two" else None)
    first = AFTER.split("\n\n")[1].split("\n")[0]
    verdict = judge(make_after_file(AFTER.replace(first, first[:-80] + other[-80:])), policy)
    assert verdict.code == NOT_PROVED
    assert "in the field after, the log's signature does not fit" in verdict.summary


def test_clocks_that_contradict_each_other_give_no_time_at_all() -> None:
    late = dict.fromkeys(EARLIER, 1_762_000_301)
    verdict = judge(make_after_file(cosigned_note(late)), TWO)
    assert (verdict.code, verdict.not_before, verdict.not_after) == (PROVED, None, None)
    assert "contradict each other" in verdict.not_proved[-1]
    same = dict.fromkeys(EARLIER, 1_762_000_300)
    verdict = judge(make_after_file(cosigned_note(same)), TWO)
    assert verdict.not_before == verdict.not_after == 1_762_000_300


def test_the_field_cannot_be_exchanged_for_a_later_one() -> None:
    receipt = json.loads(make_after_file(AFTER))
    (field,) = (one for one in receipt["fields"] if one["name"] == "after")
    field["value"] = cosigned_note(COSIGNED)
    assert judge(json.dumps(receipt).encode(), TWO).code == NOT_PROVED
