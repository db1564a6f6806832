"""An address says whether it is for a text."""

from portal.notifications.addresses import number_of, text_address


def test_a_number_and_an_email_address_are_told_apart() -> None:
    assert number_of(text_address("+447700900982")) == "+447700900982"
    assert number_of("tel@example.org") is None
