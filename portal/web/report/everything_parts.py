"""The sections of a copy that come from the report itself: each in words, and as plain data."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy.orm import Session

from portal.alerts.models import Clock
from portal.clock import timestamp
from portal.languages.translating import _
from portal.ledger.disclosure import shown_names
from portal.ledger.service import OpenedEntry, timeline
from portal.reports.corrections import effective_answers
from portal.reports.drafts import open_answers
from portal.reports.looks import looks_at
from portal.reports.models import Report
from portal.reports.service import allegations_of
from portal.reports.visits import openings_of
from portal.sealing import DataKey
from portal.web.access import site
from portal.web.filters import london
from portal.web.report import flow
from portal.web.report.history import events, is_unbroken, looker
from portal.web.report.latest_way import with_latest
from portal.web.report.since import since
from portal.web.report.standing import standings
from portal.web.report.summary import Line, Section, later, sections


@dataclass(frozen=True)
class Part:
    """One section of a copy: `title` and `sections` in words, `data` for machines under `name`,
    and further `files`, each a path inside the copy and its bytes.
    """

    name: str
    title: str
    sections: Sequence[Section] = field(repr=False)
    data: object = field(repr=False)
    files: Sequence[tuple[str, bytes]] = field(default=(), repr=False)


def what_was_sent(session: Session, report: Report, data_key: DataKey) -> Part:
    """The answers as they were sent, and as they hold now."""
    now = site().now()
    answers = open_answers(report, data_key)
    entries = timeline(session, report.id, data_key.open)
    data = {
        "state": report.state,
        "filed_at": _time(report.filed_at),
        "withdrawn_at": _time(report.withdrawn_at),
        "supporter_stopped_at": _time(report.supporter_stopped_at),
        "answers": answers,
        "answers_now": effective_answers(answers, entries),
    }
    found = [*with_latest(sections(answers, now=now), entries), *later(entries, now=now)]
    return Part("sent", _("What you sent"), found, data)


def what_was_added(session: Session, report: Report, data_key: DataKey) -> Part:
    """What was added and corrected later."""
    entries = timeline(session, report.id, data_key.open)
    found = since(entries, now=site().now())
    data = [_entry(each) for each in entries if each.kind in ("added", "corrected")]
    return Part("added_and_corrected", _("What you added and corrected"), found, data)


def what_happened(session: Session, report: Report, data_key: DataKey) -> Part:
    """Every entry in the log about it, in words, with the number of its receipt."""
    entries = timeline(session, report.id, data_key.open)
    parts = flow.count_allegations(open_answers(report, data_key))
    lines = [
        Line(london(one.at), _("%(words)s (entry %(entry)s)", words=one.words, entry=one.entry))
        for one in events(entries, parts=parts)
    ]
    unbroken = is_unbroken(entries)
    said = (
        _("There is no gap between these lines.")
        if unbroken
        else _("There is a gap between these lines, or one of them was changed.")
    )
    data = {"unbroken": unbroken, "entries": [_entry(each) for each in entries]}
    found = [Section(_("Every line about it in the log"), [*lines, Line(_("Gaps"), said)])]
    return Part("timeline", _("What happened since"), found, data)


def limits(session: Session, report: Report, _data_key: DataKey) -> Part:
    """The recording limit of each thing that happened, with its arithmetic, and the records."""
    allegations = allegations_of(session, report.id)
    found: list[Section] = []
    for each in standings(session, allegations, now=site().now()):
        steps = each.limit.steps if each.limit else [_("Nobody was told, so no time limit runs.")]
        lines = [Line(str(number), step) for number, step in enumerate(steps, 1)]
        if each.limit:
            lines.append(Line(_("The rule"), f"{each.limit.rule}: {each.limit.source}"))
        lines += [
            Line(_("Police record"), f"{one.reference}: {one.offence}, {one.recorded_on}")
            for one in each.records
        ]
        found.append(
            Section(_("Part %(number)s: %(name)s", number=each.ordinal, name=each.name), lines)
        )
    clocks = [(one.ordinal, session.get(Clock, one.id)) for one in allegations]
    data = [
        {
            "allegation": ordinal,
            "rule": clock.rule_id,
            "rule_version": clock.rule_version,
            "started_at": _time(clock.started_at),
            "start_event": clock.start_event,
            "limit_at": _time(clock.limit_at),
            "arithmetic": clock.arithmetic,
        }
        for ordinal, clock in clocks
        if clock is not None
    ]
    return Part("limits", _("The time limit of the police"), found, data)


def looks_and_openings(session: Session, report: Report, _data_key: DataKey) -> Part:
    """Who opened it and why, and each time that the return code was used."""
    looks = looks_at(session, report.id, keyring=site().keyring)
    openings = openings_of(session, report)
    found = [
        Section(
            _("Who opened it"),
            [
                Line(london(one.at), f"{looker(one.role, one.organisation)}: {one.reason}")
                for one in looks
            ],
        ),
        Section(
            _("Opened with the return code"),
            [Line(str(number), london(at)) for number, at in enumerate(openings, 1)],
        ),
    ]
    data = {
        "looks": [
            {
                "at": _time(one.at),
                "role": one.role,
                "organisation": one.organisation,
                "reason": one.reason,
            }
            for one in looks
        ],
        "openings": [_time(at) for at in openings],
    }
    return Part("looks", _("Who opened it"), found, data)


def _entry(entry: OpenedEntry) -> Mapping[str, object]:
    """What its person may show of an entry, as its receipt opens it."""
    names = shown_names(entry.kind, entry.fields)
    return {
        "entry": entry.index,
        "number": entry.sequence,
        "fields": {name: entry.fields[name] for name in names},
    }


def _time(instant: datetime | None) -> str | None:
    return timestamp(instant) if instant else None
