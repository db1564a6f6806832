"""What stands where an address is: an e-mail address, or a telephone number for a text message.

A number is kept as a `tel:` address (RFC 3966), so that whoever sends can tell the two apart.
"""

_TEL = "tel:"


def text_address(number: str) -> str:
    """The address of a text message to a number in international form, "+44…"."""
    return f"{_TEL}{number}"


def number_of(address: str) -> str | None:
    """The number that a text message goes to; None for an e-mail address."""
    return address.removeprefix(_TEL) if address.startswith(_TEL) else None
