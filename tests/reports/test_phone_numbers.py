"""Numbers as people type them."""

import pytest

from portal.reports.phone_numbers import can_be_texted, read_number, say_number


@pytest.mark.parametrize(
    ("typed", "number"),
    [
        ("07700 900 982", "+447700900982"),
        ("+44 (0)7700-900982", "+447700900982"),
        ("0044 7700 900982", "+447700900982"),
        ("01225 555 0", None),
        ("01225 555 012", "+441225555012"),
        ("+353 87 123 4567", "+353871234567"),
        ("ring me", None),
        ("", None),
        ("999", None),
    ],
)
def test_a_number_is_read_as_it_is_typed(typed: str, number: str | None) -> None:
    assert read_number(typed) == number


def test_only_what_can_be_a_mobile_gets_a_text() -> None:
    assert can_be_texted("+447700900982")
    assert can_be_texted("+353871234567")
    assert not can_be_texted("+441225555012")
    assert not can_be_texted("+447000900982")


def test_a_number_is_said_as_it_is_dialled_here() -> None:
    assert say_number("+447700900982") == "07700 900 982"
    assert say_number("+353871234567") == "+353871234567"
