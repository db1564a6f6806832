from pathlib import Path

import pytest

from portal.matching.nicknames import all_nicknames, nickname_groups
from portal.reference.files import BadDataFile


def test_bill_and_will_may_both_be_william() -> None:
    assert nickname_groups("bill") & nickname_groups("will")


def test_sam_may_be_samuel_or_samantha_who_are_two() -> None:
    assert nickname_groups("sam") >= {"samuel", "samantha"}
    assert not nickname_groups("samuel") & nickname_groups("samantha")


def test_a_name_that_the_list_lacks_stands_for_itself() -> None:
    assert nickname_groups("xanthippe") == {"xanthippe"}


@pytest.mark.parametrize(
    ("short", "long"),
    [
        *(
            ("kasia", "katarzyna"),
            ("grzesiek", "grzegorz"),
            ("tomek", "tomasz"),
            ("gosia", "margaret"),
        ),
        *(
            ("costel", "constantin"),
            ("paco", "francisco"),
            ("tunde", "babatunde"),
            ("seun", "oluwaseun"),
        ),
        *(("preeti", "manpreet"), ("raj", "rajesh"), ("mohd", "muhammad"), ("saeed", "said")),
    ],
)
def test_a_short_name_of_any_origin_stands_for_the_long_one(short: str, long: str) -> None:
    assert nickname_groups(short) & nickname_groups(long)


def test_brothers_and_sisters_with_like_names_are_two() -> None:
    for one, other in (("adewale", "olawale"), ("rajesh", "rajinder"), ("olufemi", "funmilayo")):
        assert not nickname_groups(one) & nickname_groups(other)


def test_a_list_with_a_name_that_no_comparison_would_meet_is_refused(tmp_path: Path) -> None:
    (tmp_path / "nicknames.csv").write_text("name,also\nWilliam,Bill\n")
    with pytest.raises(BadDataFile):
        all_nicknames(tmp_path)
