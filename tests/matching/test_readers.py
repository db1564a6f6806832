"""Two people agree before a sexual offence counts as recorded; a doubt never hides one."""

from uuid import UUID, uuid4

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from portal.matching.readers import VERDICTS, Read, Verdict, counted, may_read, next_step

A, B, C = (UUID(int=number) for number in (1, 2, 3))


def one(reader: UUID, verdict: Verdict, record: int | None = None, role: str = "pcc") -> Read:
    return Read(reader, role, verdict, 7 if verdict == "record" and record is None else record)


@pytest.mark.parametrize(
    ("verdicts", "step"),
    [
        ((), "first"),
        (("record",), "accept"),
        (("none",), "refuse"),
        (("cannot_tell",), "second"),
        (("cannot_tell", "record"), "accept"),
        (("cannot_tell", "cannot_tell"), "third"),
        (("cannot_tell", "cannot_tell", "none"), "refuse"),
    ],
)
def test_one_reader_decides_on_most_things(verdicts: tuple[Verdict, ...], step: str) -> None:
    reads = [one(uuid4(), verdict) for verdict in verdicts]
    assert next_step(reads, double=False) == step


@pytest.mark.parametrize(
    ("verdicts", "step"),
    [
        ((), "first"),
        (("record",), "second"),
        (("none",), "second"),
        (("record", "record"), "accept"),
        (("none", "none"), "refuse"),
        (("record", "none"), "third"),
        (("record", "cannot_tell"), "third"),
        (("cannot_tell", "cannot_tell"), "third"),
        (("record", "none", "record"), "accept"),
        (("none", "record", "none"), "refuse"),
        (("record", "cannot_tell", "none"), "refuse"),
        (("none", "cannot_tell", "record"), "third"),
        (("record", "none", "cannot_tell"), "third"),
    ],
)
def test_two_readers_agree_or_a_third_decides(verdicts: tuple[Verdict, ...], step: str) -> None:
    reads = [one(uuid4(), verdict) for verdict in verdicts]
    assert next_step(reads, double=True) == step


def test_two_who_name_two_records_do_not_agree() -> None:
    reads = [one(A, "record", 7), one(B, "record", 8)]
    assert next_step(reads, double=True) == "third"
    assert next_step([*reads, one(C, "record", 8, "inspector")], double=True) == "accept"


def test_a_registrar_s_proposal_counts_for_nothing() -> None:
    proposed = one(A, "record", role="registrar")
    assert counted([proposed]) == []
    assert next_step([proposed, one(B, "record")], double=True) == "second"
    assert not may_read(A, "registrar", [], double=False)


def test_nobody_reads_twice_and_only_an_inspector_reads_as_a_third() -> None:
    differ = [one(A, "record"), one(B, "none")]
    assert not may_read(A, "pcc", [one(A, "record")], double=True)
    assert may_read(B, "pcc", [one(A, "record")], double=True)
    assert not may_read(C, "pcc", differ, double=True)
    assert may_read(C, "inspector", differ, double=True)
    assert not may_read(A, "inspector", differ, double=True)


_READS = st.lists(
    st.builds(
        Read,
        st.integers(1, 5).map(lambda number: UUID(int=number)),
        st.sampled_from(("pcc", "inspector", "registrar")),
        st.sampled_from(VERDICTS),
        st.integers(1, 2),
    ),
    max_size=6,
    unique_by=lambda read: read.reader,
)


@settings(max_examples=150, deadline=None)
@given(_READS)
def test_no_order_of_readers_accepts_without_two_who_name_the_same_record(
    reads: list[Read],
) -> None:
    if next_step(reads, double=True) == "accept":
        named = [each.record_id for each in counted(reads) if each.verdict == "record"]
        assert named.count(counted(reads)[-1].record_id) >= 2
