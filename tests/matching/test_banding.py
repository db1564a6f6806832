from portal.matching.banding import name_bands


def test_names_are_banded_by_how_common_they_are_and_rare_ones_are_left_out() -> None:
    names = ["smith"] * 900 + ["zeal"] * 12 + ["xanthos"] * 3 + [""] * 50
    assert name_bands(names) == ["smith zeal", "", "", ""]
    names = ["smith"] * 90_000 + ["zeal"] * 12 + ["xanthos"] * 3
    assert name_bands(names) == ["smith", "", "", "zeal"]
