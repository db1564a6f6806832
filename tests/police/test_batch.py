"""A batch: what breaks its form refuses it whole, what is wrong in a row refuses the row."""

import json
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from portal.errors import Refused
from portal.police.batch import (
    MOST_ROWS,
    BatchRows,
    Fault,
    NotJson,
    TooManyRows,
    WrongForm,
    read_batch,
    read_moment,
)
from portal.police.feed import CrimeRow, Item, Notice, Refusal, parse
from portal.police.rows import COLUMNS
from tests.rig.batches import ROW, batch, body
from tests.rig.supplies import file_of

NOW = datetime(2026, 3, 2, tzinfo=UTC)


def known(code: str) -> bool:
    return code == "58A"


def items(*rows: dict[str, Any]) -> list[Item]:
    read = BatchRows(read_batch(body(*rows)), offence_known=known)
    return list(read(iter([b""]), force_id="wiltshire", now=NOW))


def faults(content: bytes) -> tuple[Fault, ...]:
    with pytest.raises(WrongForm) as raised:
        read_batch(content)
    return raised.value.faults


def test_a_batch_says_what_it_covers_and_holds_its_rows() -> None:
    found = read_batch(body(ROW, holds="changes", covers_to="2026-02-28T12:00:00.5+01:00"))
    assert (found.holds, found.row_count, len(found.rows)) == ("changes", 1, 1)
    assert read_moment(found.covers_from) == datetime(2026, 2, 1, tzinfo=UTC)
    assert read_moment(found.covers_to) == datetime(2026, 2, 28, 11, 0, 0, 500_000, tzinfo=UTC)


def test_a_row_of_a_batch_says_the_same_as_that_row_of_a_file() -> None:
    cells = ROW | {"force": "wiltshire", "victim_name": "Ann Example", "outcome_type": "1A"}
    lines = file_of([cells]).decode().splitlines(keepends=True)
    in_file = list(parse(lines, force_id="wiltshire", offence_known=known, now=NOW))
    in_batch = items(cells)
    assert len(in_batch) == len(in_file) == 2
    assert isinstance(in_batch[0], Notice)
    assert [(each.field, each.reason) for each in in_batch if isinstance(each, Notice)] == [
        (each.field, each.reason) for each in in_file if isinstance(each, Notice)
    ]
    row, of_file = in_batch[1], in_file[1]
    assert isinstance(row, CrimeRow)
    assert isinstance(of_file, CrimeRow)
    assert (row.line, of_file.line) == (1, 2)
    for name in CrimeRow.__slots__:
        assert name == "line" or getattr(row, name) == getattr(of_file, name)


def test_the_force_may_be_left_out_and_another_refuses_the_row() -> None:
    own, foreign = items(ROW, ROW | {"force": "kent"})
    assert isinstance(own, CrimeRow)
    assert own.force == "wiltshire"
    assert foreign == Refusal(2, "force", "not the force of this supply")


def test_a_wrong_cell_refuses_its_row_with_its_number_field_and_crime() -> None:
    first, second = items(ROW | {"recorded_at": "Tuesday"}, ROW | {"crime_reference": None})
    assert isinstance(first, Refusal)
    assert (first.line, first.field, first.reference_key) == (1, "recorded_at", "54/1234/26")
    assert "Tuesday" not in first.reason
    assert isinstance(second, Refusal)
    assert (second.field, second.reference_key) == ("crime_reference", "")


@pytest.mark.parametrize("cell", ["\x00", "a\nb", "=1+1", "x" * 501, "\u202e=2"])
def test_a_hostile_cell_refuses_its_row_only(cell: str) -> None:
    refused, taken = items(ROW | {"place": cell}, ROW)
    assert isinstance(refused, Refusal)
    assert refused.field == "place"
    assert isinstance(taken, CrimeRow)


@pytest.mark.parametrize(
    "content",
    [b"", b"{", b"\xff\xfe{}", b"\xef\xbb\xbf\x00", b"[" * 100_000, b'"\\ud800"'],
)
def test_what_is_not_json_in_utf_8_is_refused(content: bytes) -> None:
    with pytest.raises(NotJson, match="Nothing was taken"):
        read_batch(content)


@pytest.mark.parametrize(
    ("parts", "field", "row"),
    [
        ({"covers_from": "2026-02-31T00:00:00Z"}, "covers_from", None),
        ({"covers_from": "2026-02-01T00:00:00"}, "covers_from", None),
        ({"covers_from": "0001-01-01T00:00:00+23:59"}, "covers_from", None),
        ({"covers_to": "9999-12-31T23:59:59-23:59"}, "covers_to", None),
        ({"covers_to": 1_770_000_000}, "covers_to", None),
        ({"holds": "Full"}, "holds", None),
        ({"row_count": -1}, "row_count", None),
        ({"row_count": True}, "row_count", None),
        ({"row_count": "1"}, "row_count", None),
        ({"row_count": 1.5}, "row_count", None),
        ({"row_count": 10**30}, "row_count", None),
        ({"rows": {}}, "rows", None),
        ({"rows": [ROW, "x"]}, "row", 2),
        ({"rows": [ROW | {"place": 5}]}, "place", 1),
        ({"rows": [ROW, ROW | {"unknown name": "x"}]}, "row", 2),
        ({"another": 1}, "batch", None),
    ],
)
def test_what_breaks_the_form_is_told_with_its_row_and_field(
    parts: dict[str, object], field: str, row: int | None
) -> None:
    (fault,) = faults(json.dumps(batch(ROW) | parts).encode())
    assert (fault.field, fault.row) == (field, row)
    assert fault.reason


def test_everything_that_is_missing_is_told_at_once_and_never_more_than_fifty() -> None:
    assert {each.field for each in faults(b"{}")} == set(batch())
    assert {each.field for each in faults(b"[]")} == {"batch"}
    assert len(faults(json.dumps(batch() | {"rows": [1] * 2000}).encode())) == 50


def test_two_and_two_point_nought_are_one_number() -> None:
    assert read_batch(body(ROW, row_count=1.0)).row_count == 1


def test_more_rows_than_are_taken_at_once_are_refused_with_the_limit() -> None:
    with pytest.raises(TooManyRows, match=f"{MOST_ROWS:,} rows"):
        read_batch(body(*[{}] * (MOST_ROWS + 1)))


_JSON = st.recursive(
    st.none() | st.booleans() | st.floats() | st.integers() | st.text(max_size=9),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.sampled_from([*batch(), *COLUMNS, "x"]), inner, max_size=4)
    ),
    max_leaves=8,
)


@settings(max_examples=120)
@given(parts=st.dictionaries(st.sampled_from([*batch(), "x"]), _JSON, max_size=3))
def test_whatever_is_sent_is_read_or_refused_and_never_repeated(parts: dict[str, Any]) -> None:
    secret = "Zebulonta"
    sent = batch(ROW) | parts | {"victim": secret, secret: 1}
    with pytest.raises(Refused) as raised:
        read_batch(json.dumps(sent).encode())
    assert secret not in raised.value.message
    assert secret not in repr(getattr(raised.value, "faults", ""))
    assert raised.value.__cause__ is None
