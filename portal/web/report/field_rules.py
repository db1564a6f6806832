"""Which fields of an entry make one choice for the person who shows them, and how each is said."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from portal.languages.translating import _, lazy, noted
from portal.reference.categories import find_category
from portal.reports.date_words import describe
from portal.reports.dates import When
from portal.web.filters import london
from portal.web.report.check_history import action_words, alert_words
from portal.web.report.entry_kinds import KINDS
from portal.web.report.evidence_words import kind_words
from portal.web.report.forms_person import ContactForm, InsiderForm, WhoForm
from portal.web.report.forms_way import ToldHowForm
from portal.web.report.history import ROLE_NAMES
from portal.web.report.review_history import ANSWERS
from portal.web.report.summary import WAYS, birth_words, force_words, said_option

Values = Mapping[str, Any]
OTHER = noted("Other details")


@dataclass(frozen=True)
class Rule:
    """Fields that make one choice under the heading `part`, which is said with `_`.

    `pattern` matches whole names. `say` gets the values by what its group caught, which is the box
    on the page that asked, or else by name.
    """

    part: str
    label: str
    pattern: str
    say: Callable[[Values], str]


_CHANGED = {"code": lazy("With the old code"), "receipt": lazy("With a receipt")}
_PAGES = {
    "what": lazy("What happened"),
    "when": lazy("When it happened"),
    "where": lazy("Where it happened"),
    "force": lazy("The police force there"),
    "insider": lazy("Whether someone in the police is involved"),
    "told": lazy("When you told the police"),
    "told_how": lazy("How you told the police"),
    "about": lazy("Name and date of birth"),
    "contact": lazy("How to reach you"),
}
_YES_NO = {"yes": lazy("Yes"), "no": lazy("No"), "cannot_ask": lazy("I cannot ask them")}


def plain(values: Values) -> str:
    """The one value as it stands, yes or no in words."""
    (value,) = values.values()
    return {True: _("Yes"), False: _("No")}[value] if isinstance(value, bool) else str(value)


def _as(words: Callable[[str], str]) -> Callable[[Values], str]:
    return lambda values: words(plain(values))


def _of(form: type[Any], name: str) -> Callable[[Values], str]:
    return _as(lambda value: said_option(form, name, value))


def _named(names: Mapping[str, str]) -> Callable[[Values], str]:
    return _as(lambda value: str(names.get(value, value)))


def _category(slug: str) -> str:
    category = find_category(slug)
    return _(category.words) if category else slug


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


_CONTACT = {
    "email": lazy("Email"),
    "text": lazy("Text message"),
    "call": lazy("A phone call"),
    "change": lazy("Another was asked for"),
    "removal": lazy("It was removed"),
}


def _writer(side: str) -> str:
    if side == "person":
        return _("The person")
    if side == "oversight":
        return _("The people who watch over the police")
    return str(ROLE_NAMES.get(side, side))


_ENTRY, _WHO, _WAY = noted("About the entry"), noted("Who it is for"), noted("What you asked for")
_TOLD, _EVENT = noted("How the police were told"), noted("What happened later")
_FILE = noted("The file")
_LIMIT, _RECORD = noted("The time limit"), noted("The police record")
_WHAT = noted("What happened")
_FIRST = noted("What stood there before it was corrected")
_RULES: tuple[Rule, ...] = (
    Rule(_ENTRY, lazy("What kind of entry it is"), "kind", _named(KINDS)),
    Rule(_ENTRY, lazy("The time by our own clock"), "at", _as(_moment)),
    Rule(
        _ENTRY,
        lazy("Proof that it was not written before a certain time"),
        "after",
        lambda _values: _("The list as others outside had signed it just before"),
    ),
    Rule(
        _ENTRY,
        lazy("Which entry about your report it is"),
        "sequence",
        _as(lambda number: _("Number %(number)s", number=number)),
    ),
    Rule(
        _ENTRY,
        lazy("Which entry came before it"),
        "previous",
        lambda _values: _("A fingerprint of that entry. It tells nothing by itself"),
    ),
    Rule(
        _ENTRY,
        lazy("That it belongs to the same report as your other receipts"),
        "subject",
        lambda _values: _("A number that stands in all of them"),
    ),
    Rule(_WHAT, lazy("What"), r"answers\.allegations\.\d+\.what\.category", _as(_category)),
    Rule(
        _WHAT, lazy("What it was, in a few words"), r"answers\.allegations\.\d+\.what\.other", plain
    ),
    Rule(_WHAT, lazy("When"), r"answers\.allegations\.\d+\.when\.(.+)", _when),
    Rule(_WHAT, lazy("The place"), r"answers\.allegations\.\d+\.where\.place", plain),
    Rule(_WHAT, lazy("The postcode"), r"answers\.allegations\.\d+\.where\.postcode", plain),
    Rule(_WHAT, lazy("Police force there"), r"answers\.allegations\.\d+\.force\.force", _force),
    Rule(_WHO, lazy("Who it happened to"), r"answers\.who\.who_for", _of(WhoForm, "who_for")),
    Rule(_WHO, lazy("Who you are to them"), r"answers\.who\.relation", plain),
    Rule(_WHO, lazy("Whether they know"), r"answers\.who\.knows", _of(WhoForm, "knows")),
    Rule(_WHO, lazy("Whether they agree"), r"answers\.who\.agrees", _of(WhoForm, "agrees")),
    Rule(
        _WHO,
        lazy("Whether they agree now"),
        r"answers\.agrees_now",
        _named(_YES_NO),
    ),
    Rule(
        _WHO,
        lazy("Someone in the police"),
        r"answers\.insider\.insider",
        _of(InsiderForm, "insider"),
    ),
    Rule(_WAY, lazy("Your choice"), r"answers\.way\.way", _named(WAYS)),
    Rule(_WAY, lazy("Which force to pass it to"), r"answers\.pass\.force", _force),
    Rule(
        _WAY,
        lazy("That you agreed to pass it on"),
        r"answers\.pass\.agrees",
        _named(_YES_NO),
    ),
    Rule(_TOLD, lazy("When you told the police"), r"answers\.told\.(.+)", _when),
    Rule(_TOLD, lazy("How"), r"answers\.told_how\.channel", _of(ToldHowForm, "channel")),
    Rule(_TOLD, lazy("Which force you told"), r"answers\.told_how\.force", _force),
    Rule(_TOLD, lazy("Incident number"), r"answers\.told_how\.incident_number", plain),
    Rule(_TOLD, lazy("Crime reference number"), r"answers\.told_how\.crime_reference", plain),
    Rule(_TOLD, lazy("Officer"), r"answers\.told_how\.officer", plain),
    Rule(OTHER, lazy("In your own words"), r"answers\.words\.words", plain),
    Rule(OTHER, lazy("Name"), r"answers\.about\.name", plain),
    Rule(OTHER, lazy("Date of birth"), r"answers\.about\.(birth_.+)", birth_words),
    Rule(
        OTHER, lazy("How to reach you"), r"answers\.contact\.contact", _of(ContactForm, "contact")
    ),
    Rule(OTHER, lazy("Where to reach you"), r"answers\.contact\.detail", plain),
    Rule(OTHER, lazy("Safe times"), r"answers\.contact\.safe_times", plain),
    Rule(_LIMIT, lazy("When the time limit began"), r"clock\.starts_at", _as(_moment)),
    Rule(_LIMIT, lazy("What it began with"), r"clock\.(event|basis)", _basis),
    Rule(_EVENT, lazy("What was added"), r"added\.words", plain),
    Rule(_EVENT, lazy("Which answer was corrected"), r"corrected\.page", _named(_PAGES)),
    Rule(_EVENT, lazy("From when on it can be erased"), r"erases\.from", _as(_moment)),
    Rule(
        _EVENT,
        lazy("Which part of your report it is about"),
        "allegation",
        _as(lambda number: _("Part %(number)s", number=number)),
    ),
    Rule(_EVENT, lazy("Police force"), "force", _force),
    Rule(_EVENT, lazy("Crime reference that the force gave"), "crime_reference", plain),
    Rule(_EVENT, lazy("What the force wrote"), "words", plain),
    Rule(_EVENT, lazy("Who it was"), "role", _named(ROLE_NAMES)),
    Rule(_EVENT, lazy("Where they work"), "organisation", plain),
    Rule(_EVENT, lazy("The reason they gave"), "reason", plain),
    Rule(
        _EVENT,
        lazy("Which check it belongs to"),
        "alert",
        lambda _values: _("A number that stands in all entries about that check"),
    ),
    Rule(_EVENT, lazy("Why it needs a check"), r"(alert\.kind)", alert_words),
    Rule(_EVENT, lazy("What the check began with"), r"alert\.(cause|stage)", _listed),
    Rule(_EVENT, lazy("What was found"), r"facts\.(.+)", _listed),
    Rule(_EVENT, lazy("What was done"), "(action)", action_words),
    Rule(_EVENT, lazy("By what the person is reached"), r"contact\.way", _named(_CONTACT)),
    Rule(
        _EVENT,
        lazy("How that way was confirmed"),
        r"contact\.by",
        lambda _values: _("The number was typed twice"),
    ),
    Rule(_EVENT, lazy("Why the way before ended"), r"contact\.because", _named(_CONTACT)),
    Rule(_EVENT, lazy("Who wrote"), r"message\.from", _as(_writer)),
    Rule(_EVENT, lazy("To whom"), r"message\.to", _as(_writer)),
    Rule(_EVENT, lazy("Where whoever wrote works"), r"message\.organisation", plain),
    Rule(_EVENT, lazy("What the message said"), r"message\.words", plain),
    Rule(
        _EVENT,
        lazy("Which message it is"),
        "message",
        lambda _values: _("A number that no other has"),
    ),
    Rule(_EVENT, lazy("When the new return code works"), r"works\.from", _as(_moment)),
    Rule(
        _EVENT,
        lazy("How the return code was changed"),
        r"changed\.with",
        _named(_CHANGED),
    ),
    Rule(_FILE, lazy("Which file"), r"file\.number", plain),
    Rule(_FILE, lazy("What was opened of it"), r"file\.what", plain),
    Rule(_FILE, lazy("What kind of file it is"), r"file\.kind", _as(kind_words)),
    Rule(_FILE, lazy("Its size in bytes"), r"file\.size", plain),
    Rule(_FILE, lazy("Its fingerprint (SHA-256)"), r"file\.sha256", plain),
    Rule(_RECORD, lazy("Whose record it is"), r"record\.force", _force),
    Rule(_RECORD, lazy("Reference of the record"), r"record\.reference", plain),
    Rule(_RECORD, lazy("Version of the record"), r"record\.version", plain),
    Rule(_RECORD, lazy("How well it fits"), r"match\.(zone|model)", _listed),
    Rule(_RECORD, lazy("What was asked about it"), "question", plain),
    Rule(_RECORD, lazy("The answer"), "answer", _named(ANSWERS)),
    Rule(
        _RECORD,
        lazy("Which reading it was"),
        r"read\.number",
        _as(lambda number: _("Number %(number)s", number=number)),
    ),
    Rule(_RECORD, lazy("Whether two people have to agree"), r"read\.of_two", plain),
    Rule(_RECORD, lazy("Who decided"), r"decided\.role", _named(ROLE_NAMES)),
    Rule(_RECORD, lazy("Where they work"), r"decided\.organisation", plain),
    Rule(_RECORD, lazy("The reason for deciding"), r"decided\.reason", plain),
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
