"""Who has looked: everybody who opened it, worked on it or used the code, grouped, with reasons."""

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from flask import redirect, render_template
from werkzeug.wrappers import Response

from portal.languages.translating import _
from portal.ledger.service import OpenedEntry, timeline
from portal.reports.drafts import get_data_key
from portal.reports.visits import openings_of
from portal.web.access import site
from portal.web.report.blueprint import blueprint
from portal.web.report.forms_event import force_name
from portal.web.report.history import looker
from portal.web.report.opened import read_opened

Fields = Mapping[str, Any]


@dataclass(frozen=True)
class Deed:
    """One time that somebody looked or did something: when, what, and the reason that they gave."""

    at: datetime
    what: str
    reason: str = field(repr=False)
    number: int


@dataclass(frozen=True)
class Somebody:
    """A role of one organisation, and every time that it looked or worked on it, oldest first."""

    name: str
    deeds: Sequence[Deed]


@blueprint.get("/back/seen")
def seen() -> Response | str:
    """Everybody who looked or worked on it, in groups, and when the code was used."""
    opened = read_opened()
    if opened.is_draft:
        return redirect("/back/open", 303)
    with site().database.reading() as session:
        data_key = get_data_key(session, opened.report.id, keyring=site().keyring)
        entries = timeline(session, opened.report.id, data_key.open)
        openings = openings_of(session, opened.report)
    return render_template(
        "report/seen.html",
        opened_by=who_opened(entries),
        worked_by=who_worked(entries),
        openings=openings,
    )


def who_opened(entries: Sequence[OpenedEntry]) -> list[Somebody]:
    """Everybody who opened what was written, or had a file of it, with the reasons."""
    return _grouped(entries, _OPENED)


def who_worked(entries: Sequence[OpenedEntry]) -> list[Somebody]:
    """Everybody who did something about it without opening what was written."""
    return _grouped(entries, _WORKED)


def _grouped(
    entries: Sequence[OpenedEntry], words: Mapping[str, Callable[[Fields], str]]
) -> list[Somebody]:
    found: defaultdict[str, list[Deed]] = defaultdict(list)
    for one in entries:
        who = _who(one.fields)
        if one.kind in words and who:
            what = words[one.kind](one.fields)
            reason = str(one.fields.get("reason") or "").strip() if one.kind in _OPENED else ""
            found[who].append(Deed(one.at, what, reason, one.sequence))
    return [Somebody(name, deeds) for name, deeds in found.items()]


def _who(fields: Fields) -> str:
    """Role and organisation; "" when it was the person themselves, or nobody at all."""
    role = str(fields.get("decided.role") or fields.get("role") or "")
    organisation = str(fields.get("decided.organisation") or fields.get("organisation") or "")
    if role == "victim":
        return ""
    if role:
        return looker(role, organisation)
    return force_name(str(fields.get("force") or ""))


def _opened(_fields: Fields) -> str:
    return _("Opened what you wrote")


def _downloaded(_fields: Fields) -> str:
    return _("Saved a file of what you wrote")


def _read(fields: Fields) -> str:
    if fields.get("read.of_two"):
        return _("Compared it with police records, as one of two people who have to agree")
    return _("Compared it with police records")


def _decided(_fields: Fields) -> str:
    return _("Decided about a police record")


def _reopened(_fields: Fields) -> str:
    return _("Had a police record looked at again")


def _asked(_fields: Fields) -> str:
    return _("Asked you something")


def _asked_force(_fields: Fields) -> str:
    return _("Asked the police force about a record")


def _answered(_fields: Fields) -> str:
    return _("Answered")


def _acted(fields: Fields) -> str:
    said = {
        "acknowledged": _("Began a check"),
        "asked_the_force": _("Noted a question to the police force"),
        "commented": _("Made a note"),
        "proposed": _("Proposed what to do"),
        "resolved": _("Ended a check"),
    }
    return said.get(str(fields.get("action", "")), _("Carried on with a check"))


_OPENED: Mapping[str, Callable[[Fields], str]] = {
    "looked_at": _opened,
    "downloaded": _downloaded,
}
_WORKED: Mapping[str, Callable[[Fields], str]] = {
    "match_read": _read,
    "matched": _decided,
    "match_refused": _decided,
    "match_reopened": _reopened,
    "match_gone": _decided,
    "victim_asked": _asked,
    "force_asked": _asked_force,
    "force_answered": _answered,
    "force_replied": _answered,
    "alert_changed": _acted,
}
