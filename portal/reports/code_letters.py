"""What a safe way is told: neither what it is for, nor a link, in the language of who chose it."""

from portal.languages.translating import _, speaking
from portal.notifications.service import Letter
from portal.reports.safe_ways import Way


def asked_letter(way: Way) -> Letter:
    """That somebody asked for a new code."""
    with speaking(way.rules.language):
        return Letter(
            way.outbox_address,
            subject=_("A new code was asked for"),
            body=_(
                "Somebody asked for a new code. It starts to work in 3 days.\n\n"
                "If it was you, keep the new code. There is nothing else to do.\n\n"
                "If it was not you, open the site as you always do, with the code that you have, "
                "and stop it there before the 3 days are over.\n"
            ),
        )


def cancelled_letter(way: Way) -> Letter:
    """That the new code was cancelled."""
    with speaking(way.rules.language):
        return Letter(
            way.outbox_address,
            subject=_("The new code was cancelled"),
            body=_(
                "The new code that was asked for was cancelled. It does not work, and never will."
                "\n\nSomebody who could open the site as you do cancelled it.\n"
            ),
        )


def news_letter(way: Way) -> Letter:
    """That there is something new, and no more."""
    with speaking(way.rules.language):
        return Letter(
            way.outbox_address,
            subject=_("There is something new"),
            body=_("There is something new. Look when it is safe.\n"),
        )
