"""What people made of a report, and asked about it, told from the ledger's entries in plain words.

Nothing of what a reader thought, and no number of a record that may be somebody else's.
"""

from collections.abc import Callable, Mapping
from typing import Any

from portal.languages.translating import _, lazy
from portal.matching.questions import say_question
from portal.web.report.forms_event import force_name

Fields = Mapping[str, Any]

ANSWERS = {"yes": lazy("yes"), "no": lazy("no"), "unknown": lazy("I don’t know")}


def _read(fields: Fields) -> str:
    if fields.get("decided.role") == "registrar":
        return _("The police force’s crime registrar said what they think of a police record.")
    words = _("A person compared it with police records that might fit.")
    return words + (" " + _("Two people have to agree.") if fields.get("read.of_two") else "")


def _victim_asked(fields: Fields) -> str:
    if not fields.get("decided.role"):
        return _("You were asked: “%(question)s”", question=_asked(fields))
    return _(
        "The people who watch over the police asked you: “%(question)s”", question=_asked(fields)
    )


def _victim_answered(fields: Fields) -> str:
    answer = ANSWERS.get(str(fields.get("answer", "")), "")
    return _(
        "You were asked: “%(question)s” You answered: %(answer)s.",
        question=_asked(fields),
        answer=answer,
    )


def _asked(fields: Fields) -> str:
    return say_question(str(fields.get("question", "")), str(fields.get("record.reference", "")))


def _force_asked(fields: Fields) -> str:
    force = force_name(str(fields.get("record.force", "")))
    if not force:
        return _("We asked the police force whether one of its records is yours.")
    return _("We asked %(force)s whether one of its records is yours.", force=force)


def _force_replied(fields: Fields) -> str:
    force = force_name(str(fields.get("record.force", ""))) or _("The police force")
    said = _REPLIED.get(str(fields.get("answer")), _CANNOT_SAY) % {"force": force}
    return said + " " + _("What it says here does not stop the time limit.")


_REPLIED = {
    "yes": lazy("%(force)s was asked whether one of its records is yours, and said that it is."),
    "no": lazy("%(force)s was asked whether one of its records is yours, and said that it is not."),
}
_CANNOT_SAY = lazy(
    "%(force)s was asked whether one of its records is yours, and said that it cannot say."
)


def _reopened(_fields: Fields) -> str:
    return _("A police record is looked at again. A person compares it once more.")


def _gone(fields: Fields) -> str:
    reference = str(fields.get("record.reference") or "")
    if fields.get("record.is_note"):
        return _(
            "A person found that the police hold a note of this with the reference %(reference)s. "
            "A note is not a crime record, so it does not stop the time limit.",
            reference=reference,
        )
    return _(
        "A person found that the police record %(reference)s was of this. The police have removed "
        "it, so it does not stop the time limit.",
        reference=reference,
    )


REVIEW_WORDS: dict[str, Callable[[Fields], str]] = {
    "match_read": _read,
    "match_reopened": _reopened,
    "match_gone": _gone,
    "victim_asked": _victim_asked,
    "victim_answered": _victim_answered,
    "force_asked": _force_asked,
    "force_replied": _force_replied,
}
"""By kind of entry, the words for it."""
