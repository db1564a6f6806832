"""What people made of a report, and asked about it, told from the ledger's entries in plain words.

Nothing of what a reader thought, and no number of a record that may be somebody else's.
"""

from collections.abc import Callable, Mapping
from typing import Any

from portal.web.report.forms_event import force_name

Fields = Mapping[str, Any]

ANSWERS = {"yes": "yes", "no": "no", "unknown": "I don’t know"}


def _read(fields: Fields) -> str:
    if fields.get("decided.role") == "registrar":
        return "The police force’s crime registrar said what they think of a police record."
    words = "A person compared it with police records that might fit."
    return words + (" Two people have to agree." if fields.get("read.of_two") else "")


def _victim_asked(fields: Fields) -> str:
    return f"The people who watch over the police asked you: “{fields.get('question', '')}”"


def _victim_answered(fields: Fields) -> str:
    answer = ANSWERS.get(str(fields.get("answer", "")), "")
    return f"You were asked: “{fields.get('question', '')}” You answered: {answer}."


def _force_asked(fields: Fields) -> str:
    force = force_name(str(fields.get("record.force", ""))) or "the police force"
    return f"We asked {force} whether one of its records is yours."


def _force_replied(fields: Fields) -> str:
    force = force_name(str(fields.get("record.force", ""))) or "The police force"
    said = {"yes": "that it is", "no": "that it is not"}.get(str(fields.get("answer")), "")
    said = said or "that it cannot say"
    return (
        f"{force} was asked whether one of its records is yours, and said {said}. What it says "
        "here does not stop the time limit."
    )


REVIEW_WORDS: dict[str, Callable[[Fields], str]] = {
    "match_read": _read,
    "victim_asked": _victim_asked,
    "victim_answered": _victim_answered,
    "force_asked": _force_asked,
    "force_replied": _force_replied,
}
"""By kind of entry, the words for it."""
