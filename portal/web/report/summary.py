"""The answers of a report in plain words, each with the address where it can be changed."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from portal.languages.translating import _, lazy
from portal.ledger.service import OpenedEntry
from portal.reference.categories import find_category
from portal.reports.date_words import describe, say_as_far_as_given
from portal.reports.dates import When, read_when
from portal.reports.typed_dates import TypedDate, read_date
from portal.web.filters import london
from portal.web.report import flow
from portal.web.report.forms_event import UNSURE, force_name
from portal.web.report.forms_person import ContactForm, InsiderForm, WhoForm
from portal.web.report.forms_way import ToldHowForm

NOT_GIVEN = lazy("Not given")
WAYS = {
    "told": lazy("I have already told the police"),
    "pass": lazy("Pass it to the police for me"),
    "keep": lazy("Keep it here for now"),
}


@dataclass(frozen=True)
class Line:
    """One answer: what was asked, what was said, and where it is changed ("" for nowhere)."""

    key: str
    value: str = field(repr=False)
    href: str = ""
    action: str = ""


@dataclass(frozen=True)
class Section:
    """Answers under one heading; `part` is the thing that happened that they are about, from 1."""

    title: str
    lines: list[Line]
    part: int = 0


def sections(answers: Mapping[str, Any], *, now: datetime) -> list[Section]:
    """Every answer that applies, in the order of the questions."""
    told = answers.get("allegations") or []
    events = [
        Section(
            _("What happened")
            if len(told) == 1
            else _("What happened, part %(number)s", number=number),
            allegation(one, number, now=now),
            part=number,
        )
        for number, one in enumerate(told, 1)
    ]
    return [
        *events,
        Section(_("Who it is for"), _who(answers)),
        Section(_("What we will do with it"), _way(answers, now=now)),
        Section(_("Other details"), about_lines(answers)),
    ]


def allegation_lines(answers: Mapping[str, Any], *, now: datetime) -> list[list[Line]]:
    """What was said about each thing that happened."""
    told = answers.get("allegations") or []
    return [allegation(one, number, now=now) for number, one in enumerate(told, 1)]


def allegation(one: Mapping[str, Any], number: int, *, now: datetime) -> list[Line]:
    """What was said about one thing that happened."""
    where = one.get("where") or {}
    place = ", ".join(part for part in (where.get("place"), where.get("postcode")) if part)
    change = f"/start/{number}/"
    return [
        Line(_("What"), what_words(one.get("what") or {}), change + "what"),
        Line(_("When"), when_words(one.get("when"), now=now), change + "when"),
        Line(_("Where"), place or NOT_GIVEN, change + "where"),
        Line(_("Police force there"), force_words(one.get("force") or {}), change + "area"),
    ]


def when_words(stored: Mapping[str, Any] | None, *, now: datetime) -> str:
    """An answer to "when" in words, with what had to be decided for the person."""
    if not stored:
        return NOT_GIVEN
    when = When.from_data(dict(stored))
    words = describe(when)
    notes = read_when(when, now=now).notes
    return "\n".join((words[:1].upper() + words[1:], *notes))


def what_words(what: Mapping[str, Any]) -> str:
    """What was chosen, with the few words about it."""
    category = find_category(what.get("category", ""))
    words = _(category.words) if category else str(NOT_GIVEN)
    return f"{words}: {what['other']}" if what.get("other") else words


def force_words(stored: Mapping[str, Any]) -> str:
    """A police force that was chosen, or that the person is not sure."""
    force = stored.get("force", "")
    return _("I am not sure") if force == UNSURE else force_name(force) or NOT_GIVEN


def said_option(form: type[Any], name: str, value: str) -> str:
    """The label of the answer `value` to the question `name` of a form."""
    options = getattr(form, name).kwargs["options"]
    return str(next((each.label for each in options if each.value == value), NOT_GIVEN))


def _who(answers: Mapping[str, Any]) -> list[Line]:
    who = answers.get("who") or {}
    lines = [Line(_("Who it happened to"), said_option(WhoForm, "who_for", who.get("who_for", "")))]
    if flow.for_someone_else(answers):
        lines += [
            Line(_("Who you are to them"), who.get("relation") or NOT_GIVEN),
            Line(_("Do they know"), said_option(WhoForm, "knows", who.get("knows", ""))),
            Line(_("Do they agree"), said_option(WhoForm, "agrees", who.get("agrees", ""))),
        ]
    insider = (answers.get("insider") or {}).get("insider", "")
    return [
        *(Line(line.key, line.value, "/start/who") for line in lines),
        Line(
            _("Someone in the police"),
            said_option(InsiderForm, "insider", insider),
            "/start/others",
        ),
    ]


def _way(answers: Mapping[str, Any], *, now: datetime) -> list[Line]:
    way = flow.chosen_way(answers)
    lines = [Line(_("Your choice"), WAYS.get(way, NOT_GIVEN), "/start/way")]
    if way == "told":
        return lines + told_lines(answers.get("told"), answers.get("told_how") or {}, now=now)
    if way == "pass":
        force = force_name((answers.get("pass") or {}).get("force", ""))
        lines.append(Line(_("Passed to"), force or NOT_GIVEN, "/start/pass"))
    return lines


def names_sexual(answers: Mapping[str, Any]) -> bool:
    """Whether something sexual is among what happened."""
    return any("sexual" in flags for flags in _flags(answers))


def is_only_fraud(answers: Mapping[str, Any]) -> bool:
    """Whether all that happened is fraud, about which no force is asked (DESIGN section 4)."""
    found = _flags(answers)
    return bool(found) and all("fraud" in flags for flags in found)


def _flags(answers: Mapping[str, Any]) -> list[frozenset[str]]:
    """What is known of each thing that happened; nothing of what is in no list."""
    told = answers.get("allegations") or []
    found = [find_category((one.get("what") or {}).get("category", "")) for one in told]
    return [category.flags if category else frozenset() for category in found]


def consent_lines(agrees_now: str) -> list[Line]:
    """What the person it happened to says now, where it was asked again."""
    names = {"yes": _("Yes"), "no": _("No"), "cannot_ask": _("I cannot ask them")}
    return [Line(_("Do they agree now"), names[agrees_now])] if agrees_now in names else []


def later(entries: Sequence[OpenedEntry], *, now: datetime) -> list[Section]:
    """What was added after it was sent, from the ledger's own entries: told, or passed on."""
    found: list[Section] = []
    was_kept = any(entry.fields.get("answers.way.way") == "keep" for entry in entries)
    for entry in entries if was_kept else ():
        said = {
            page: {
                name.removeprefix(f"answers.{page}."): str(value)
                for name, value in entry.fields.items()
                if name.startswith(f"answers.{page}.")
            }
            for page in ("told", "told_how")
        }
        agreed = consent_lines(str(entry.fields.get("answers.agrees_now", "")))
        if entry.kind == "told_police":
            lines = told_lines(said["told"], said["told_how"], now=now)
        elif entry.kind == "handed_over":
            force = force_name(str(entry.fields.get("force", "")))
            lines = [Line(_("Passed to"), force or NOT_GIVEN)]
        else:
            continue
        found.append(
            Section(_("What you added on %(moment)s", moment=london(entry.at)), [*agreed, *lines])
        )
    return found


def told_lines(
    told: Mapping[str, Any] | None, how: Mapping[str, Any], *, now: datetime
) -> list[Line]:
    """When and how police were told."""
    change = "/start/told-how"
    return [
        Line(_("When you told the police"), when_words(told, now=now), "/start/told"),
        Line(_("How"), said_option(ToldHowForm, "channel", how.get("channel", "")), change),
        Line(_("Which force"), force_name(how.get("force", "")) or _("I am not sure"), change),
        Line(_("Incident number"), how.get("incident_number") or NOT_GIVEN, change),
        Line(_("Crime reference number"), how.get("crime_reference") or NOT_GIVEN, change),
        Line(_("Officer"), how.get("officer") or NOT_GIVEN, change),
    ]


def about_lines(answers: Mapping[str, Any]) -> list[Line]:
    """Their own words, who they are, and how to reach them."""
    about, contact = answers.get("about") or {}, answers.get("contact") or {}
    chosen = contact.get("contact", "")
    lines = [
        Line(
            _("In your own words"),
            (answers.get("words") or {}).get("words") or NOT_GIVEN,
            "/start/words",
        ),
        Line(_("Name"), about.get("name") or NOT_GIVEN, "/start/about"),
        Line(_("Date of birth"), birth_words(about), "/start/about"),
        Line(_("How to reach you"), said_option(ContactForm, "contact", chosen), "/start/contact"),
    ]
    if contact.get("detail"):
        lines.append(Line(_("Where to reach you"), contact["detail"], "/start/contact"))
    if contact.get("safe_times"):
        lines.append(Line(_("Safe times"), contact["safe_times"], "/start/contact"))
    return lines


def birth_words(about: Mapping[str, Any]) -> str:
    """A date of birth, as much of it as was given."""
    parts = [about.get(f"birth_{part}", "") for part in ("day", "month", "year")]
    found = read_date(*parts, whole=False) if any(parts) else None
    if not isinstance(found, TypedDate):
        return NOT_GIVEN
    return say_as_far_as_given(found)
