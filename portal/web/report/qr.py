"""The square code on a printed sheet: the address at which a receipt is checked, with the receipt.

ISO/IEC 18004, model 2, error correction level L. The address is one segment in byte mode and the
receipt one in numeric mode, which needs a third of the room.
"""

import io
from dataclasses import dataclass, field

import segno
from markupsafe import Markup
from segno import consts

from portal.ledger.fragment import BadFragment, encode
from portal.ledger.receipt import Receipt

CHECK_PATH = "/receipts/check"
QUIET = 4  # modules of white around the code, as the standard asks
_PIXELS = 4  # for each module of a picture


@dataclass(frozen=True)
class Code:
    """A square code and the text in it."""

    text: str = field(repr=False)
    made: segno.QRCode = field(repr=False)

    @property
    def svg(self) -> Markup:
        """The code as a drawing inside a page. The page says in words what it is."""
        # Made of our own digits and address by segno; nothing in it was typed by a person.
        return Markup(self.made.svg_inline(border=QUIET, omitsize=True))  # noqa: S704

    @property
    def png(self) -> bytes:
        """The code as a picture in black and white."""
        picture = io.BytesIO()
        self.made.save(picture, kind="png", scale=_PIXELS, border=QUIET)
        return picture.getvalue()


def find_code(public_url: str, receipt: Receipt) -> Code | None:
    """The code of a receipt, or None when the receipt is too long for one."""
    address = f"{public_url}{CHECK_PATH}#"
    try:
        digits = encode(receipt)
        made = segno.make(
            # Its types leave out the segments that its documentation offers.
            [(address, consts.MODE_BYTE), (digits, consts.MODE_NUMERIC)],  # type: ignore[arg-type]
            error="l",
            boost_error=False,
            micro=False,
        )
    except (BadFragment, segno.DataOverflowError):
        return None
    return Code(address + digits, made)
