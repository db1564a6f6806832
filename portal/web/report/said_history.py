"""What the person said about what the police made of it, told from the ledger's entries.

Also the words for alerts that come from it, and from what a crime record says.
"""

from collections.abc import Callable, Mapping
from typing import Any

from portal.languages.translating import _, lazy
from portal.web.report.saying import SAYS

Fields = Mapping[str, Any]

ALERTS: Mapping[str, str] = {
    "incident_only": lazy(
        "The police have only a note of it, and no crime record. We told the people who watch over "
        "the police."
    ),
    "downgraded": lazy(
        "The police wrote it down as a much less serious crime than you chose. We told the people "
        "who watch over the police."
    ),
    "cancelled": lazy(
        "The police cancelled the crime record. We told the people who watch over the police."
    ),
    "unsuitable_outcome": lazy(
        "The police closed it in a way that may not be right for such a crime. We told the people "
        "who watch over the police."
    ),
    "disputed_outcome": lazy(
        "The police wrote that you do not want it looked into. You said that you do. We told the "
        "people who watch over the police."
    ),
    "contested": lazy("We told the people who watch over the police what you said about it."),
}
"""By kind of alert, why something needs a check."""
ACTIONS: Mapping[str, str] = {
    "victim_confirmed": lazy("You said that what you chose is right, so the check goes on."),
    "victim_doubted": lazy(
        "The people who watch over the police see that you chose another crime."
    ),
    "taken_back": lazy(
        "The people who watch over the police see that you took back what you said. Their check "
        "goes on."
    ),
}
"""By what was done about an alert, what became of it."""


def refused_words(fields: Fields) -> str:
    """That a record does not fit; "" when it was not the person themselves who said so."""
    if fields.get("decided.role") != "victim":
        return ""
    reference = str(fields.get("record.reference") or "")
    return _(
        "The police record %(reference)s no longer counts for you. We look for the right one.",
        reference=reference,
    )


def ended_words(fields: Fields) -> str:
    """That a record is looked at again; "" when it was not the person who took something back."""
    if fields.get("decided.role") != "victim":
        return ""
    reference = str(fields.get("record.reference") or "")
    return _("A person looks again at the police record %(reference)s.", reference=reference)


def _said(fields: Fields) -> str:
    return str(SAYS.get(str(fields.get("statement.kind", "")), ""))


def _stated(fields: Fields) -> str:
    words = str(fields.get("statement.words") or "").strip()
    if words:
        return _("You said: “%(said)s” You added: “%(words)s”", said=_said(fields), words=words)
    return _("You said: “%(said)s”", said=_said(fields))


def _taken_back(fields: Fields) -> str:
    return _("You took this back: “%(said)s”", said=_said(fields))


SAID_WORDS: dict[str, Callable[[Fields], str]] = {
    "stated": _stated,
    "statement_taken_back": _taken_back,
}
"""By kind of entry, the words for it."""
