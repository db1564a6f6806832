"""What there is to say about each part of a report, and what was said: read for the pages."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.alerts.models import Alert
from portal.languages.translating import _, lazy
from portal.matching.queries import Accepted, accepted_for, surely_removed
from portal.matching.statements import Said, StatementSeen, stands_by, statements_on
from portal.reference.categories import find_category
from portal.reference.offences import find_offence
from portal.reports.models import Allegation, Report
from portal.web.report.forms_said import HOW, RightForm, SaidForm, ToldMeForm
from portal.web.report.summary import Line, Section

Word = Literal["other", "words", "told", "wish", "right"]
"""What addresses call the kinds: nothing that says what it is about."""


@dataclass(frozen=True)
class Way:
    """One thing to say: the kind it makes, its form, and whether it is about a crime record."""

    kind: Said
    form: type[SaidForm]
    about_a_record: bool


WAYS: Mapping[str, Way] = {
    "other": Way("not_mine", SaidForm, about_a_record=True),
    "words": Way("not_what_i_said", SaidForm, about_a_record=True),
    "told": Way("refused", ToldMeForm, about_a_record=False),
    "wish": Way("supports", SaidForm, about_a_record=False),
    "right": Way("stands_by", RightForm, about_a_record=True),
}
LINKS: Mapping[str, str] = {
    "other": lazy("This police record is not about what I reported"),
    "words": lazy("This is not what I reported: the crime or the words are wrong"),
    "told": lazy("The police told me that they will not write it down"),
    "wish": lazy("I still want the police to look into it"),
}
SAYS: Mapping[str, str] = {
    "not_mine": lazy("This police record is not about what I reported."),
    "not_what_i_said": lazy("This is not what I reported."),
    "refused": lazy("The police told me that they will not write it down."),
    "supports": lazy("I still want the police to look into it."),
    "stands_by": lazy("What I chose at first is right."),
    "chose_wrong": lazy("I chose the wrong crime at first."),
}
_KEYS: Mapping[str, str] = {
    "when": lazy("When they told me"),
    "how": lazy("How they told me"),
    "who": lazy("Who told me"),
    "reason": lazy("The reason they gave"),
    "words": lazy("What I added"),
}


@dataclass(frozen=True)
class Record:
    """An accepted record: its reference and how the police wrote it down."""

    reference: str = field(repr=False)
    offence: str = field(repr=False)
    record_id: int


@dataclass(frozen=True)
class Part:
    """One thing that happened: what can be said about it now, by the word of its address.

    `to_confirm` holds the records whose offence is much less than the person chose, and about
    which they have not answered yet; `removed` those that were theirs until police removed them.
    """

    ordinal: int
    name: str = field(repr=False)
    records: Sequence[Record]
    offered: Sequence[str]
    to_confirm: Sequence[Record]
    removed: Sequence[Record]

    def links(self) -> list[tuple[str, str]]:
        """Words and address of each thing to say, in order."""
        return [
            (LINKS[one], f"/back/say/{one}/{self.ordinal}") for one in self.offered if one in LINKS
        ]


def parts_of(session: Session, report: Report) -> list[Part]:
    """What can be said about each part; nothing while nobody was told, or once withdrawn."""
    if report.withdrawn_at is not None or report.erased_at is not None:
        return []
    found = session.scalars(
        select(Allegation).where(Allegation.report_id == report.id).order_by(Allegation.ordinal)
    )
    return [_part(session, one) for one in found.all() if one.clock_starts_at is not None]


def find_part(parts: Sequence[Part], word: str, ordinal: int) -> Part | None:
    """The part about which this can be said now, or None."""
    return next((one for one in parts if one.ordinal == ordinal and word in one.offered), None)


def records_for(part: Part, word: str) -> list[Record]:
    """The records that it can be about."""
    if not WAYS[word].about_a_record:
        return []
    if word == "other":
        return [*part.records, *part.removed]
    return list(part.to_confirm if word == "right" else part.records)


def standing_of(statements: Sequence[StatementSeen]) -> list[tuple[int, StatementSeen, str]]:
    """What was said and not taken back: its number among all that was said, it, and its words.

    Nothing that was said goes away, so a number stays that of one statement.
    """
    return [
        (number, one, SAYS[one.kind])
        for number, one in enumerate(statements, 1)
        if one.taken_back_at is None
    ]


def find_standing(statements: Sequence[StatementSeen], number: int) -> StatementSeen | None:
    """The statement with this number if it stands, or None."""
    return next((one for at, one, _said in standing_of(statements) if at == number), None)


def said_sections(statements: Sequence[StatementSeen], *, parts: int = 1) -> list[Section]:
    """Every statement with what was added, for whoever may read it."""
    made: list[Section] = []
    for one in statements:
        title = _("Said afterwards")
        if parts > 1:
            title = _("Said afterwards about part %(part)s", part=one.ordinal)
        lines = [Line(_("What"), SAYS[one.kind])]
        if one.reference:
            lines.append(Line(_("About the record"), one.reference))
        lines += [Line(str(_KEYS[name]), _shown(name, words)) for name, words in _details(one)]
        if one.taken_back_at is not None:
            lines.append(Line(_("Taken back"), _("Yes. It was said, and taken back later.")))
        made.append(Section(title, lines))
    return made


def _details(one: StatementSeen) -> list[tuple[str, str]]:
    return [(name, one.details[name]) for name in _KEYS if one.details.get(name)]


def _shown(name: str, words: str) -> str:
    return str(HOW.get(words, words)) if name == "how" else words


def _part(session: Session, allegation: Allegation) -> Part:
    said = statements_on(session, allegation.id)
    there = {(one.kind, one.record_id) for one in said if one.taken_back_at is None}
    accepted = accepted_for(session, allegation.id)
    records = [_record(one) for one in accepted]
    removed = [_record(one) for one in surely_removed(session, allegation.id)]
    leads = _lead_causes(session, allegation)
    to_confirm = [
        _record(one)
        for one in accepted
        if any(
            cause.startswith(f"record_version:{one.record.force_id}/{one.record.reference_key}/")
            for cause in leads
        )
        and stands_by(said, one.record.id) is None
    ]
    offered = [
        word
        for word, about in (("words", records), ("other", [*records, *removed]))
        if any((WAYS[word].kind, each.record_id) not in there for each in about)
    ]
    offered += [word for word in ("told", "wish") if (WAYS[word].kind, None) not in there]
    category = find_category(allegation.category_now)
    return Part(
        allegation.ordinal,
        _(category.words) if category else _("Something that happened"),
        records,
        [*offered, *(["right"] if to_confirm else [])],
        to_confirm,
        removed,
    )


def _record(one: Accepted) -> Record:
    return Record(one.record.reference, _offence(one.version.offence_code), one.record.id)


def _lead_causes(session: Session, allegation: Allegation) -> Collection[str]:
    query = select(Alert.cause).where(
        Alert.allegation_id == allegation.id,
        Alert.kind == "downgraded",
        Alert.stage == "lead",
        Alert.state != "resolved",
    )
    return list(session.scalars(query))


def _offence(code: str) -> str:
    found = find_offence(code)
    return _(found.title) if found else _("offence code %(code)s", code=code)
