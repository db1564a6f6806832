"""What happened since, told from the ledger's own entries in plain words."""

import base64
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from portal.languages.translating import _, lazy
from portal.ledger.entry import leaf
from portal.ledger.service import OpenedEntry
from portal.web.report.check_history import action_words, alert_words
from portal.web.report.contact_history import CONTACT_WORDS
from portal.web.report.evidence_words import EVIDENCE_WORDS, opened_file_words
from portal.web.report.forms_event import force_name
from portal.web.report.own_history import OWN_WORDS
from portal.web.report.review_history import REVIEW_WORDS
from portal.web.report.said_history import SAID_WORDS, ended_words, refused_words

Fields = Mapping[str, Any]

ROLE_NAMES = {
    "advocate": lazy("Your supporter"),
    "liaison": lazy("The police force"),
    "registrar": lazy("The police force’s crime registrar"),
    "pcc": lazy("The office that watches over the police force"),
    "inspector": lazy("An inspector of police forces"),
}


@dataclass(frozen=True)
class Event:
    """One line: when, in words, and the ledger's entry that proves it.

    `entry` is its number in the log, `number` its number among those of its report, from 1.
    `witnessed` is one sentence on how far others outside vouch for the entry, "" for none.
    """

    at: datetime
    words: str = field(repr=False)
    entry: int
    number: int
    witnessed: str = ""


_WITNESSED = {
    True: lazy("Witnesses outside have signed it."),
    False: lazy("Witnesses outside have yet to sign it. Save it again later: it then proves more."),
}


def events(
    entries: Sequence[OpenedEntry],
    *,
    parts: int = 1,
    witnessed: Mapping[int, bool] | None = None,
) -> list[Event]:
    """Each entry as a line, oldest first.

    `witnessed` says by index whether witnesses vouch for an entry. Of a report with several
    `parts` (things that happened), each line says which it is about.
    """
    about = {
        entry.fields.get("alert"): entry.fields.get("allegation")
        for entry in entries
        if entry.kind == "alert_raised"
    }
    lines = []
    for entry in entries:
        number = entry.fields.get("allegation") or about.get(entry.fields.get("alert"))
        words = _WORDS.get(entry.kind, _other)(entry.fields)
        if parts > 1 and number:
            words = _("Part %(number)s: %(words)s", number=number, words=words)
        vouched = (witnessed or {}).get(entry.index)
        said = "" if vouched is None else str(_WITNESSED[vouched])
        lines.append(Event(entry.at, words, entry.index, entry.sequence, said))
    return lines


def is_unbroken(entries: Sequence[OpenedEntry]) -> bool:
    """Whether there is no gap between the entries: they count 1, 2, 3, and each names the last.

    "Names" is the leaf that it commits to as the one before it. An entry that is missing after the
    newest of them does not show: nothing follows that would name it.
    """
    before: str | None = None
    for number, entry in enumerate(entries, 1):
        fields = entry.fields
        if not entry.sequence == fields.get("sequence") == number:
            return False
        if fields.get("previous") != before:
            return False
        before = base64.b64encode(leaf(entry.salt, fields)).decode()
    return True


def looker(role: str, organisation: str) -> str:
    """Who looked, as a person would say it."""
    name = ROLE_NAMES.get(role, _("Someone who works with this service"))
    return f"{name} ({organisation})" if organisation else str(name)


def _submitted(fields: Fields) -> str:
    way = fields.get("answers.way.way")
    if way == "told":
        return _("You put it on record here, and said that you had told the police.")
    if way == "pass":
        return _("You put it on record here and asked us to pass it to the police.")
    return _("You put it on record here. Nobody was told.")


def _handed_over(fields: Fields) -> str:
    force = force_name(str(fields.get("force", "")))
    if not force:
        return _("We put it in the inbox of the police.")
    return _("We put it in the inbox of %(force)s.", force=force)


def _told(_fields: Fields) -> str:
    return _("You told us that you had told the police, and when.")


def _answered(fields: Fields) -> str:
    force = force_name(str(fields.get("force", ""))) or _("The police force")
    reference = str(fields.get("crime_reference") or "").strip()
    words = str(fields.get("words") or "").strip()
    said = [_("%(force)s answered.", force=force)]
    if reference:
        said.append(_("It gave the crime reference %(reference)s.", reference=reference))
    if words:
        said.append(_("It wrote: “%(words)s”", words=words))
    return " ".join([*said, _("What it says here does not stop the time limit.")])


def _matched(fields: Fields) -> str:
    reference = str(fields.get("record.reference") or "").strip()
    found = _("We found a police crime record that fits.")
    known = _("Its reference is %(reference)s.", reference=reference) if reference else ""
    return f"{found} {known}".rstrip()


def _refused(fields: Fields) -> str:
    return refused_words(fields) or _(
        "A person looked at a police record that might have fitted, and it did not fit."
    )


def _ended(fields: Fields) -> str:
    if said := ended_words(fields):
        return said
    reference = str(fields.get("record.reference") or "").strip()
    if not reference:
        return _("The police changed the record, and it no longer fits. A person will check.")
    return _(
        "The police changed the record with the reference %(reference)s, and it no longer fits. A "
        "person will check.",
        reference=reference,
    )


def _looked(fields: Fields) -> str:
    who = looker(str(fields.get("role", "")), str(fields.get("organisation", "")))
    reason = str(fields.get("reason") or "").strip()
    opened = _("%(who)s opened it.", who=who)
    why = _("The reason they gave: “%(reason)s”", reason=reason) if reason else ""
    said = f"{opened} {why}".rstrip()
    return f"{said} {opened_file_words(fields)}".rstrip()


def _withdrawn(_fields: Fields) -> str:
    return _("You withdrew it. Since then it can only be opened with the return code.")


def _erased(_fields: Fields) -> str:
    return _("You had it erased.")


def _change_asked(_fields: Fields) -> str:
    return _(
        "Somebody with a receipt, and a number that we sent to your safe way, asked for a new "
        "return code. It works 72 hours after that, unless it is cancelled."
    )


def _change_cancelled(_fields: Fields) -> str:
    return _("The new return code that somebody had asked for was cancelled.")


def _code_changed(fields: Fields) -> str:
    if fields.get("changed.with") == "receipt":
        return _("The new return code began to work. The one before it opens nothing any more.")
    return _(
        "Somebody with the return code made a new one. The one before it opens nothing any more."
    )


def _other(_fields: Fields) -> str:
    return _("Something was noted in the log about it.")


_WORDS: dict[str, Callable[[Fields], str]] = {
    **REVIEW_WORDS,
    **EVIDENCE_WORDS,
    **SAID_WORDS,
    **CONTACT_WORDS,
    **OWN_WORDS,
    "submitted": _submitted,
    "told_police": _told,
    "handed_over": _handed_over,
    "force_answered": _answered,
    "matched": _matched,
    "match_refused": _refused,
    "match_ended": _ended,
    "alert_changed": action_words,
    "alert_raised": alert_words,
    "looked_at": _looked,
    "withdrawn": _withdrawn,
    "erased": _erased,
    "code_change_asked": _change_asked,
    "code_change_cancelled": _change_cancelled,
    "code_changed": _code_changed,
}
