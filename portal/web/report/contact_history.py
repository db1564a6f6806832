"""How a person is reached, and what was written to and fro, told from the ledger's entries.

What somebody wrote stands on the page of messages alone.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from portal.languages.translating import _
from portal.ledger.service import OpenedEntry

Fields = Mapping[str, Any]

_WAY_SHOWN_FOR = timedelta(days=30)
_WAY_CHANGES = (
    *("contact_confirmed", "contact_removed", "contact_restored", "contact_rules"),
    "contact_paused",
)


def _confirmed(fields: Fields) -> str:
    if fields.get("contact.way") == "call":
        return _("A phone number was chosen that a person may ring. Nothing was sent to it.")
    return _("A safe way to reach you was confirmed.")


def _removed(fields: Fields) -> str:
    if fields.get("contact.because") == "change":
        return _("Another way to reach you was asked for. The one before it gets nothing more.")
    return _("The safe way to reach you was removed.")


def _restored(_fields: Fields) -> str:
    return _("A change of how you are reached was taken back.")


def _rules(_fields: Fields) -> str:
    return _("When and for what you may be reached was changed.")


def _still_safe(_fields: Fields) -> str:
    return _("You were asked whether your safe way is still safe. The answer was yes.")


def _paused(_fields: Fields) -> str:
    return _("It was said that your safe way is not safe. Nothing is sent there.")


def message_words(fields: Fields) -> str:
    """Who wrote to whom, without what they wrote."""
    to, of = fields.get("message.to"), fields.get("message.from")
    if to == "advocate":
        return _("You wrote to your supporter.")
    if to == "oversight":
        return _("You wrote to the people who watch over the police.")
    if of == "advocate":
        return _("Your supporter wrote to you.")
    return _("The people who watch over the police wrote to you.")


CONTACT_WORDS: dict[str, Callable[[Fields], str]] = {
    "contact_confirmed": _confirmed,
    "contact_removed": _removed,
    "contact_restored": _restored,
    "contact_rules": _rules,
    "contact_still_safe": _still_safe,
    "contact_paused": _paused,
    "message_sent": message_words,
}
"""By kind of entry, the words for it."""


@dataclass(frozen=True)
class WayChange:
    """A change of the safe way that its person should see: when, in words."""

    at: datetime
    words: str


def recent_way_change(
    entries: Sequence[OpenedEntry], openings: Sequence[datetime], *, now: datetime
) -> WayChange | None:
    """The newest change of the safe way, for 30 days and at least until the next opening.

    `openings` are the times at which the return code was used, the present one among them.
    """
    found = [each for each in entries if each.kind in _WAY_CHANGES]
    if not found:
        return None
    last, before = found[-1], found[:-1]
    unseen = sum(at > last.at for at in openings) <= 1
    if now - last.at > _WAY_SHOWN_FOR and not unseen:
        return None
    was_change = (
        last.kind == "contact_confirmed"
        and before
        and before[-1].kind == "contact_removed"
        and before[-1].fields.get("contact.because") == "change"
    )
    words = _("Your safe way was changed.") if was_change else CONTACT_WORDS[last.kind](last.fields)
    return WayChange(last.at, words)


def without_oversight(entries: Sequence[OpenedEntry]) -> list[OpenedEntry]:
    """The entries that a supporter is shown: nobody but its two sides sees that there is a thread
    with oversight, for it can be about the supporter.
    """
    return [each for each in entries if not _is_with_oversight(each)]


def _is_with_oversight(each: OpenedEntry) -> bool:
    if each.kind != "message_sent":
        return False
    to, of = each.fields.get("message.to"), each.fields.get("message.from")
    return to == "oversight" or (to == "person" and of != "advocate")
