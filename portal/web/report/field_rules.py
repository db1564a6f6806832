"""Which fields of an entry make one choice for the person who shows them, and how each is said."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from portal.reference.categories import find_category
from portal.reports.date_words import describe
from portal.reports.dates import When
from portal.web.filters import london
from portal.web.report.forms_person import ContactForm, InsiderForm, WhoForm
from portal.web.report.forms_way import ToldHowForm
from portal.web.report.history import ROLE_NAMES, action_words, alert_words
from portal.web.report.review_history import ANSWERS
from portal.web.report.summary import WAYS, birth_words, force_words, said_option

Values = Mapping[str, Any]
OTHER = "Other details"


@dataclass(frozen=True)
class Rule:
    """Fields that make one choice under the heading `part`.

    `pattern` matches whole names. `say` gets the values by what its group caught, which is the box
    on the page that asked, or else by name.
    """

    part: str
    label: str
    pattern: str
    say: Callable[[Values], str]


_KINDS = {
    "submitted": "Something was put on record",
    "told_police": "The person said that they had told the police",
    "handed_over": "It was put in the inbox of a police force",
    "force_answered": "The police force answered",
    "matched": "A police crime record was found that fits",
    "match_read": "A person compared it with police records",
    "victim_asked": "The person was asked about a police record",
    "victim_answered": "The person answered what they were asked about a police record",
    "force_asked": "The police force was asked about one of its records",
    "force_replied": "The police force answered what it was asked about a record",
    "match_refused": "A police record was looked at and did not fit",
    "match_ended": "A police record no longer fits",
    "alert_raised": "The people who watch over the police were asked to check",
    "alert_changed": "Something was done about that check",
    "looked_at": "Somebody opened it",
    "withdrawn": "It was withdrawn",
    "erased": "It was erased",
    "added": "Something was added to it",
    "corrected": "An answer was corrected",
    "taken_up": "It was taken up again after it had been withdrawn",
    "erase_asked": "Somebody with the return code asked to have it erased",
    "erase_kept": "It was kept after all",
    "supporter_stopped": "The supporter who sent it was stopped from opening it",
    "supporter_allowed": "The supporter who sent it may open it again",
    "contact_confirmed": "A safe way to be reached was confirmed",
    "contact_removed": "The safe way to be reached was removed",
    "code_change_asked": "Somebody asked for a new return code",
    "code_change_cancelled": "The new return code was cancelled",
    "code_changed": "The return code was changed",
}
_CHANGED = {"code": "With the old code", "receipt": "With a receipt"}
_PAGES = {
    "what": "What happened",
    "when": "When it happened",
    "where": "Where it happened",
    "force": "The police force there",
    "insider": "Whether someone in the police is involved",
    "told": "When you told the police",
    "told_how": "How you told the police",
    "about": "Name and date of birth",
    "contact": "How to reach you",
}
_YES_NO = {"yes": "Yes", "no": "No", "cannot_ask": "I cannot ask them"}


def plain(values: Values) -> str:
    """The one value as it stands, yes or no in words."""
    (value,) = values.values()
    return {True: "Yes", False: "No"}[value] if isinstance(value, bool) else str(value)


def _as(words: Callable[[str], str]) -> Callable[[Values], str]:
    return lambda values: words(plain(values))


def _of(form: type[Any], name: str) -> Callable[[Values], str]:
    return _as(lambda value: said_option(form, name, value))


def _category(slug: str) -> str:
    category = find_category(slug)
    return category.words if category else slug


def _page(path: str) -> str:
    return _PAGES.get(path.rpartition(".")[2], path)


def _moment(text: str) -> str:
    return london(datetime.fromisoformat(text), zone=True)


def _listed(values: Values) -> str:
    return "\n".join(
        f"{name.replace('_', ' ')}: {plain({name: value})}"
        for name, value in values.items()
        if value is not None
    )


_force = _as(lambda value: force_words({"force": value}))


def _basis(values: Values) -> str:
    return str(values.get("basis") or values.get("event"))


def _when(values: Values) -> str:
    words = describe(When.from_data(dict(values)))
    return words[:1].upper() + words[1:]


_ENTRY, _WHO, _WAY = "About the entry", "Who it is for", "What you asked for"
_TOLD, _EVENT = "How the police were told", "What happened later"
_LIMIT, _RECORD = "The time limit", "The police record"
_WHAT = "What happened"
_FIRST = "What stood there before it was corrected"
_RULES: tuple[Rule, ...] = (
    Rule(_ENTRY, "What kind of entry it is", "kind", _as(lambda kind: _KINDS.get(kind, kind))),
    Rule(_ENTRY, "The time by our own clock", "at", _as(_moment)),
    Rule(
        _ENTRY,
        "Proof that it was not written before a certain time",
        "after",
        lambda _: "The list as others outside had signed it just before",
    ),
    Rule(_ENTRY, "Which entry about your report it is", "sequence", _as("Number {}".format)),
    Rule(
        _ENTRY,
        "Which entry came before it",
        "previous",
        lambda _: "A fingerprint of that entry. It tells nothing by itself",
    ),
    Rule(
        _ENTRY,
        "That it belongs to the same report as your other receipts",
        "subject",
        lambda _: "A number that stands in all of them",
    ),
    Rule(_WHAT, "What", r"answers\.allegations\.\d+\.what\.category", _as(_category)),
    Rule(_WHAT, "What it was, in a few words", r"answers\.allegations\.\d+\.what\.other", plain),
    Rule(_WHAT, "When", r"answers\.allegations\.\d+\.when\.(.+)", _when),
    Rule(_WHAT, "The place", r"answers\.allegations\.\d+\.where\.place", plain),
    Rule(_WHAT, "The postcode", r"answers\.allegations\.\d+\.where\.postcode", plain),
    Rule(_WHAT, "Police force there", r"answers\.allegations\.\d+\.force\.force", _force),
    Rule(_WHO, "Who it happened to", r"answers\.who\.who_for", _of(WhoForm, "who_for")),
    Rule(_WHO, "Who you are to them", r"answers\.who\.relation", plain),
    Rule(_WHO, "Whether they know", r"answers\.who\.knows", _of(WhoForm, "knows")),
    Rule(_WHO, "Whether they agree", r"answers\.who\.agrees", _of(WhoForm, "agrees")),
    Rule(
        _WHO,
        "Whether they agree now",
        r"answers\.agrees_now",
        _as(lambda value: _YES_NO.get(value, value)),
    ),
    Rule(_WHO, "Someone in the police", r"answers\.insider\.insider", _of(InsiderForm, "insider")),
    Rule(_WAY, "Your choice", r"answers\.way\.way", _as(lambda way: WAYS.get(way, way))),
    Rule(_WAY, "Which force to pass it to", r"answers\.pass\.force", _force),
    Rule(
        _WAY,
        "That you agreed to pass it on",
        r"answers\.pass\.agrees",
        _as(lambda value: _YES_NO.get(value, value)),
    ),
    Rule(_TOLD, "When you told the police", r"answers\.told\.(.+)", _when),
    Rule(_TOLD, "How", r"answers\.told_how\.channel", _of(ToldHowForm, "channel")),
    Rule(_TOLD, "Which force you told", r"answers\.told_how\.force", _force),
    Rule(_TOLD, "Incident number", r"answers\.told_how\.incident_number", plain),
    Rule(_TOLD, "Crime reference number", r"answers\.told_how\.crime_reference", plain),
    Rule(_TOLD, "Officer", r"answers\.told_how\.officer", plain),
    Rule(OTHER, "In your own words", r"answers\.words\.words", plain),
    Rule(OTHER, "Name", r"answers\.about\.name", plain),
    Rule(OTHER, "Date of birth", r"answers\.about\.(birth_.+)", birth_words),
    Rule(OTHER, "How to reach you", r"answers\.contact\.contact", _of(ContactForm, "contact")),
    Rule(OTHER, "Where to reach you", r"answers\.contact\.detail", plain),
    Rule(OTHER, "Safe times", r"answers\.contact\.safe_times", plain),
    Rule(_LIMIT, "When the time limit began", r"clock\.starts_at", _as(_moment)),
    Rule(_LIMIT, "What it began with", r"clock\.(event|basis)", _basis),
    Rule(_EVENT, "What was added", r"added\.words", plain),
    Rule(_EVENT, "Which answer was corrected", r"corrected\.page", _as(_page)),
    Rule(_EVENT, "From when on it can be erased", r"erases\.from", _as(_moment)),
    Rule(_EVENT, "Which part of your report it is about", "allegation", _as("Part {}".format)),
    Rule(_EVENT, "Police force", "force", _force),
    Rule(_EVENT, "Crime reference that the force gave", "crime_reference", plain),
    Rule(_EVENT, "What the force wrote", "words", plain),
    Rule(_EVENT, "Who it was", "role", _as(lambda role: ROLE_NAMES.get(role, role))),
    Rule(_EVENT, "Where they work", "organisation", plain),
    Rule(_EVENT, "The reason they gave", "reason", plain),
    Rule(
        _EVENT,
        "Which check it belongs to",
        "alert",
        lambda _: "A number that stands in all entries about that check",
    ),
    Rule(_EVENT, "Why it needs a check", r"(alert\.kind)", alert_words),
    Rule(_EVENT, "What the check began with", r"alert\.(cause|stage)", _listed),
    Rule(_EVENT, "What was found", r"facts\.(.+)", _listed),
    Rule(_EVENT, "What was done", "(action)", action_words),
    Rule(_EVENT, "When the new return code works", r"works\.from", _as(_moment)),
    Rule(
        _EVENT,
        "How the return code was changed",
        r"changed\.with",
        _as(lambda way: _CHANGED.get(way, way)),
    ),
    Rule(_RECORD, "Whose record it is", r"record\.force", _force),
    Rule(_RECORD, "Reference of the record", r"record\.reference", plain),
    Rule(_RECORD, "Version of the record", r"record\.version", plain),
    Rule(_RECORD, "How well it fits", r"match\.(zone|model)", _listed),
    Rule(_RECORD, "What was asked about it", "question", plain),
    Rule(_RECORD, "The answer", "answer", _as(lambda answer: ANSWERS.get(answer, answer))),
    Rule(_RECORD, "Which reading it was", r"read\.number", _as("Number {}".format)),
    Rule(_RECORD, "Whether two people have to agree", r"read\.of_two", plain),
    Rule(_RECORD, "Who decided", r"decided\.role", _as(lambda role: ROLE_NAMES.get(role, role))),
    Rule(_RECORD, "Where they work", r"decided\.organisation", plain),
    Rule(_RECORD, "The reason for deciding", r"decided\.reason", plain),
)
RULES: tuple[Rule, ...] = (
    *_RULES,
    # A correction holds both, and each can be shown without the other.
    *(
        replace(rule, part=_FIRST, pattern=rule.pattern.replace("answers", "before", 1))
        for rule in _RULES
        if rule.pattern.startswith("answers")
    ),
)
