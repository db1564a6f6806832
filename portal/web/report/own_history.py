"""What a person did with their own report, told from the ledger's entries in plain words."""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Any

from portal.languages.translating import _
from portal.ledger.service import OpenedEntry
from portal.reference.cooling_off import SHOWN, cooling_off
from portal.web.filters import london

Fields = Mapping[str, Any]


def _added(_fields: Fields) -> str:
    return _("You added something in your own words. It stands under what you sent.")


def _corrected(_fields: Fields) -> str:
    return _("You corrected an answer. What you wrote at first stays, and so does the time limit.")


def _taken_up(_fields: Fields) -> str:
    return _("You took it up again. It can be opened as before you withdrew it.")


def _asked(fields: Fields) -> str:
    return _(
        "You asked us to erase it. It was closed to everybody at once, to be erased on %(at)s.",
        at=london(datetime.fromisoformat(str(fields.get("erases.from")))),
    )


def _kept(_fields: Fields) -> str:
    return _("You kept it after all. It is not erased, and can be opened as before.")


def _stopped(_fields: Fields) -> str:
    return _("You stopped the supporter who sent it for you from seeing it.")


def _allowed(_fields: Fields) -> str:
    return _("You let the supporter who sent it for you see it again.")


OWN_WORDS: dict[str, Callable[[Fields], str]] = {
    "added": _added,
    "corrected": _corrected,
    "taken_up": _taken_up,
    "erase_asked": _asked,
    "erase_kept": _kept,
    "supporter_stopped": _stopped,
    "supporter_allowed": _allowed,
}
"""By kind of entry, the words for it."""


def recent(entries: Sequence[OpenedEntry], *, now: datetime) -> list[tuple[datetime, str]]:
    """What was done with the return code in the last days, the newest first: when, in words.

    It stands at the top each time that the report is opened, for a person whose phone somebody
    else had in their hands. How many days is data (`reference.cooling_off`).
    """
    kinds = {"withdrawn": _withdrawn, **OWN_WORDS}
    return [
        (entry.at, kinds[entry.kind](entry.fields))
        for entry in reversed(entries)
        if entry.kind in kinds and now < entry.at + cooling_off(SHOWN, asked_at=entry.at).wait
    ]


def _withdrawn(_fields: Fields) -> str:
    return _("You withdrew it.")
