"""What a sent draft becomes: facts that deadlines and matching need, taken from the answers."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from portal.errors import Refused
from portal.languages.translating import _
from portal.reference.categories import find_category
from portal.reference.forces import forces_for_postcode
from portal.reports.dates import Interval, When, read_when
from portal.reports.starts import Start, work_out_start
from portal.reports.states import WAYS_IN


def check_complete(answers: Mapping[str, Any]) -> None:
    """Raises Refused, saying what is missing, unless the few needed answers are there."""
    allegations = answers.get("allegations") or []
    if not allegations:
        raise Refused(_("Nothing was sent yet. Tell us one thing that happened, then send it."))
    for number, allegation in enumerate(allegations, 1):
        slug = (allegation.get("what") or {}).get("category", "")
        if find_category(slug) is None:
            raise Refused(
                _("Nothing was sent yet. Choose what happened in part %(number)s.", number=number)
            )
    way = way_in(answers)
    if way not in WAYS_IN:
        raise Refused(_("Nothing was sent yet. Choose what you want us to do with it."))
    passed = answers.get("pass") or {}
    if way == "pass" and not passed.get("force"):
        raise Refused(_("Nothing was sent yet. Choose who we should pass it to."))
    if way == "pass" and passed.get("agrees") != "yes":
        raise Refused(_("Nothing was sent yet. Say that you agree that we pass it on."))
    if way != "keep" and not is_agreed(answers):
        raise Refused(
            _(
                "Nothing was sent yet. The person this happened to does not agree. You can keep it "
                "here without telling anyone."
            )
        )
    if way == "pass" and not may_pass(answers):
        raise Refused(
            _(
                "Nothing was sent yet. We pass it to the police only if the person this happened "
                "to says yes. You can tell the police yourself and say when, or keep it here for "
                "now."
            )
        )


def is_agreed(answers: Mapping[str, Any]) -> bool:
    """False when somebody else filed it and said that the victim does not agree."""
    who = answers.get("who") or {}
    return not (who.get("who_for") == "other" and who.get("agrees") == "no")


def may_pass(answers: Mapping[str, Any]) -> bool:
    """Whether we may pass it to a force: for somebody else only with the victim's "yes"."""
    return not needs_consent_now(answers)


def needs_consent_now(answers: Mapping[str, Any]) -> bool:
    """Whether somebody else kept it without a "yes" from the victim: it is asked before a move."""
    who = answers.get("who") or {}
    return who.get("who_for") == "other" and who.get("agrees") != "yes"


def with_consent(answers: Mapping[str, Any], agrees_now: str) -> dict[str, Any]:
    """The answers as they stand after the victim was asked again; "" means that nobody asked."""
    if not agrees_now:
        return dict(answers)
    return {**answers, "who": {**(answers.get("who") or {}), "agrees": agrees_now}}


def way_in(answers: Mapping[str, Any]) -> str:
    """Which of the three ways in was chosen, or "" while none was."""
    return str((answers.get("way") or {}).get("way", ""))


def start_of(answers: Mapping[str, Any], *, now: datetime) -> Start | None:
    """When the clock of a report that is sent now starts; None when no force has it."""
    told = interval_of(answers.get("told"), now=now)
    return work_out_start(way_in(answers), told=told, filed_at=now, delivered_at=now)


def interval_of(answer: Mapping[str, str] | None, *, now: datetime) -> Interval | None:
    """What a "when" answer means, or None when it is not known."""
    if not answer:
        return None
    return read_when(When.from_data(dict(answer)), now=now).interval


def force_of(answers: Mapping[str, Any], allegation: Mapping[str, Any]) -> str | None:
    """The force that received it, or else the one for the place; None when nobody knows."""
    way = way_in(answers)
    received = {"pass": answers.get("pass"), "told": answers.get("told_how")}.get(way)
    for page in (received, allegation.get("force")):
        named = (page or {}).get("force")
        if named not in (None, "", "unsure"):
            return str(named)
    return force_at(answers, allegation)


def force_at(answers: Mapping[str, Any], allegation: Mapping[str, Any]) -> str | None:
    """The one force of the postcode, where nobody was asked which it is (people under 18).

    None where there are several, or where somebody who works for the police may be involved.
    """
    involved = (answers.get("insider") or {}).get("insider") in ("yes", "unsure")
    if allegation.get("force") or involved:
        return None
    found = forces_for_postcode(str((allegation.get("where") or {}).get("postcode") or ""))
    return found[0].id if len(found) == 1 else None


def flatten(value: object, prefix: str = "answers") -> dict[str, object]:
    """Every answer under its own dotted name, so that each can be shown without the others.

    A box that was left empty is no answer: the receipt's code on paper has no room for those.
    """
    if isinstance(value, Mapping):
        parts: list[tuple[str, object]] = list(value.items())
    elif isinstance(value, list):
        parts = [(str(number), one) for number, one in enumerate(value, 1)]
    else:
        return {} if value == "" else {prefix: value}
    flat: dict[str, object] = {}
    for name, part in parts:
        flat |= flatten(part, f"{prefix}.{name}")
    return flat
