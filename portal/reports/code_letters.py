"""What a safe way is told about return codes: neither what they are for, nor a link."""

from portal.languages.translating import _
from portal.notifications.service import Letter


def asked_letter(address: str) -> Letter:
    """That somebody asked for a new code."""
    return Letter(
        address,
        subject=_("A new code was asked for"),
        body=_(
            "Somebody asked for a new code. It starts to work in 3 days.\n\n"
            "If it was you, keep the new code. There is nothing else to do.\n\n"
            "If it was not you, open the site as you always do, with the code that you have, and "
            "stop it there before the 3 days are over.\n"
        ),
    )


def cancelled_letter(address: str) -> Letter:
    """That the new code was cancelled."""
    return Letter(
        address,
        subject=_("The new code was cancelled"),
        body=_(
            "The new code that was asked for was cancelled. It does not work, and never will.\n\n"
            "Somebody who could open the site as you do cancelled it.\n"
        ),
    )
