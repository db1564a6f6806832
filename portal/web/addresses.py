"""Addresses that a browser sent: which of them are pages of this site, and which numbers fit."""

from urllib.parse import urlsplit

from werkzeug.routing import IntegerConverter


class NumberConverter(IntegerConverter):
    """A number in an address, as long as every database can hold it; no page has a longer one."""

    regex = r"\d{1,18}"


def find_own_page(address: str) -> str | None:
    """The address, if it is a plain path on this site; None for anything else.

    A browser takes "//host" and "/\\host" for another site, and drops tabs and line ends.
    """
    try:
        parts = urlsplit(address)
    except ValueError:
        return None
    if (
        not address.startswith("/")
        or address.startswith("//")
        or "\\" in address
        or parts.scheme
        or parts.netloc
        or any(not each.isprintable() for each in address)
    ):
        return None
    return address
