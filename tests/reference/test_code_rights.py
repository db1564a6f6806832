"""The Victims' Code as versioned data, with its source, apart from the recording limit."""

from datetime import date
from pathlib import Path

import pytest

from portal.reference.categories import all_categories
from portal.reference.code_rights import CodeRight, Starts, all_rights, enhanced_categories
from portal.reference.files import BadDataFile

HEAD = "id,version,valid_from,valid_to,starts,days,enhanced_days,source\n"


def on(day: date, starts: Starts) -> list[CodeRight]:
    return [one for one in all_rights() if one.starts == starts and one.holds_on(day)]


def test_a_service_is_told_within_two_working_days_and_decisions_within_five_or_one() -> None:
    day = date(2026, 3, 2)
    assert [(one.days, one.enhanced_days) for one in on(day, "told")] == [(2, 2)]
    ends: tuple[Starts, ...] = ("charge", "end")
    for starts in ends:
        (one,) = on(day, starts)
        assert (one.days, one.enhanced_days) == (5, 1)


def test_every_right_says_where_it_stands() -> None:
    assert all("Right" in one.source and "2021" in one.source for one in all_rights())


def test_before_the_code_of_2021_no_clock_is_claimed() -> None:
    assert on(date(2021, 3, 31), "told") == []


def test_only_what_is_surely_so_counts_as_enhanced() -> None:
    surely = enhanced_categories()
    assert {"raped", "child-sexual", "controlling"} <= set(surely)
    assert "burglary-home" not in surely
    sexual = {one.slug for one in all_categories() if "sexual" in one.flags}
    assert sexual <= set(surely)


@pytest.mark.parametrize(
    ("rows", "why"),
    [
        ("a,1,2021-04-01,,later,2,2,x\n", "starts"),
        ("a,1,,,told,2,2,x\n", "valid_from"),
        ("a,1,2021-13-01,,told,2,2,x\n", "not a date"),
        ("a,1,2021-04-01,2020-01-01,told,2,2,x\n", "before"),
        ("a,1,2021-04-01,,told,0,2,x\n", "whole days"),
        ("a,1,2021-04-01,,told,2,2,x\na,2,2022-04-01,,told,3,3,x\n", "hold on one day"),
    ],
)
def test_a_file_that_does_not_hold_together_is_refused(tmp_path: Path, rows: str, why: str) -> None:
    (tmp_path / "code_rights.csv").write_text(HEAD + rows)
    with pytest.raises(BadDataFile, match=why):
        all_rights(tmp_path)


def test_an_enhanced_category_that_is_none_is_refused(tmp_path: Path) -> None:
    for name in ("categories.csv", "offence_kinds.csv", "offences.csv"):
        source = Path("portal/reference/data") / name
        (tmp_path / name).write_text(source.read_text())
    (tmp_path / "enhanced_rights.csv").write_text("category,why\nnothing,x\n")
    with pytest.raises(BadDataFile, match="no such category"):
        enhanced_categories(tmp_path)
