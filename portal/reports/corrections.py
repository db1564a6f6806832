"""Correcting an answer that was sent: the right one beside the first, which stays as it was.

`reports.answers` never change. What holds now is those answers with every `corrected` entry laid
over them, in order, so the ledger is the one place that says it. A correction never starts, stops
or moves a clock, and never makes what was reported less grave (docs/own-report.md).
"""

import copy
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.errors import NotFound, Refused
from portal.languages.translating import _
from portal.ledger.service import NewEntry, OpenedEntry, append, timeline
from portal.reference.categories import find_category
from portal.reports import states
from portal.reports.closed import check_not_erasing
from portal.reports.drafts import Answers, get_data_key, get_report, open_answers
from portal.reports.filing import flatten, interval_of
from portal.reports.models import Allegation, Report
from portal.reports.still_safe import say_unsafe
from portal.sealing import Keyring

KIND = "corrected"
PAGE = "corrected.page"
"""The field that names what was corrected: "about", or "allegations.2.when"."""
OF_EACH = ("what", "when", "where", "force")
OF_ALL = ("insider", "told", "told_how", "about", "contact")
"""The pages whose answers can be corrected; own words are added to instead."""
MOST = 200
_NOT_COMPARED = frozenset({"insider"})


@dataclass(frozen=True)
class Folded:
    """The answers as they hold now, when each page that was corrected was so last, by path, and
    by number of allegation each category that was ever chosen instead, the last at the end.
    """

    answers: Answers = field(repr=False)
    corrected: Mapping[str, datetime]
    categories: Mapping[int, tuple[str, ...]]

    def last_about(self, number: int) -> datetime | None:
        """When something that is compared with records was last corrected about allegation
        `number`, counted from 1; None for never.
        """
        times = [
            at
            for path, at in self.corrected.items()
            if path not in _NOT_COMPARED and _number_of(path) in (0, number)
        ]
        return max(times, default=None)


def fold(
    answers: Mapping[str, Any], entries: Iterable[tuple[datetime, Mapping[str, Any]]]
) -> Folded:
    """Lay what was told or corrected later over the answers. `entries` are times and fields."""
    made: Answers = copy.deepcopy(dict(answers))
    corrected: dict[str, datetime] = {}
    categories: dict[int, tuple[str, ...]] = {}
    for at, fields in entries:
        if fields.get("kind") == "told_police":
            for page in ("told", "told_how"):
                made[page] = _boxes(fields, f"answers.{page}.")
        elif fields.get("kind") == KIND:
            path = str(fields.get(PAGE))
            boxes = _boxes(fields, f"answers.{path}.")
            _put(made, path, boxes)
            corrected[path] = at
            if path.endswith(".what"):
                number = _number_of(path)
                categories[number] = _said(categories.get(number, ()), boxes.get("category", ""))
    return Folded(made, corrected, categories)


def effective_answers(answers: Mapping[str, Any], entries: Sequence[OpenedEntry]) -> Answers:
    """The answers as they hold now, from a report's own entries, oldest first."""
    return fold(answers, ((one.at, one.fields) for one in entries)).answers


def path_of(page: str, number: int) -> str:
    """What names a page of allegation `number` (0: of the whole report) in an entry."""
    return f"allegations.{number}.{page}" if number else page


def page_in(answers: Mapping[str, Any], page: str, number: int) -> dict[str, Any]:
    """The answers of one page, empty when it has none."""
    if not number:
        return dict(answers.get(page) or {})
    told = answers.get("allegations") or []
    return dict(told[number - 1].get(page) or {}) if number <= len(told) else {}


def can_correct(report: Report, page: str, number: int, allegations: int) -> bool:
    """Whether this page of a report with so many allegations can be corrected at all."""
    if page in ("told", "told_how") and report.state != states.State.TOLD:
        return False
    return page in OF_EACH if 0 < number <= allegations else not number and page in OF_ALL


def correct(
    session: Session,
    report_id: UUID,
    page: str,
    number: int,
    values: Mapping[str, Any],
    *,
    keyring: Keyring,
    now: datetime,
) -> Report:
    """Put the right answers of one page on record, beside what was sent.

    `values` replace all that the page held; `number` is the allegation, from 1, or 0. The report
    is matched again. "Do not contact me" also pauses the safe way, at once. Raises NotFound for no
    such page, and Refused for a draft, while it is withdrawn or is to be erased, and when it says
    the same already.
    """
    report = get_report(session, report_id, lock=True)
    _check(report)
    data_key = get_data_key(session, report_id, keyring=keyring)
    entries = timeline(session, report_id, data_key.open)
    folded = fold(open_answers(report, data_key), ((one.at, one.fields) for one in entries))
    answers = folded.answers
    if not can_correct(report, page, number, len(answers.get("allegations") or [])):
        raise NotFound(_("There is no such answer to correct."))
    if page == "what" and find_category(str(values.get("category"))) is None:
        raise Refused(_("Nothing was changed. Choose what happened."))
    path = path_of(page, number)
    new, old = flatten(dict(values), "answers." + path), page_in(answers, page, number)
    before = flatten(old, "before." + path)
    if flatten(dict(values), path) == flatten(old, path):
        raise Refused(_("Nothing was changed, because this is what stands here already."))
    if sum(one.kind == KIND for one in entries) >= MOST:
        raise Refused(
            _(
                "Nothing was changed. This was corrected very often. Write what is right in your "
                "own words instead: add it to what you sent."
            )
        )
    _put(answers, path, {name: value for name, value in values.items() if value != ""})
    _apply(session, report, answers, page, number, said=folded.categories, now=now)
    fields = {PAGE: path, **before, **new, **({"allegation": number} if number else {})}
    append(session, [NewEntry(KIND, report_id, fields, data_key.seal)], now=now)
    if page == "contact" and values.get("contact") == "none":
        # Whoever says "do not contact me" means every way, also one that was chosen since.
        say_unsafe(session, report_id, keyring=keyring, now=now)
    return report


def force_now(answers: Mapping[str, Any], number: int, state: str) -> str | None:
    """The force of an allegation from the answers as they hold now; None when nobody knows.

    Of a report that was passed on it is the force that got it, which nothing can correct.
    """
    told = answers.get("told_how") if state == states.State.TOLD else None
    for page in (told, page_in(answers, "force", number)):
        named = (page or {}).get("force")
        if named not in (None, "", "unsure"):
            return str(named)
    return None


def _check(report: Report) -> None:
    if not states.is_final(report.state):
        raise Refused(_("This was not sent yet. Open it and change the answer there."))
    check_not_erasing(report)
    if report.withdrawn_at is not None:
        raise Refused(
            _("Nothing was changed, because you withdrew this. Take it up again first, then go on.")
        )


def _apply(
    session: Session,
    report: Report,
    answers: Answers,
    page: str,
    number: int,
    *,
    said: Mapping[int, tuple[str, ...]],
    now: datetime,
) -> None:
    """Bring the rows up to date that matching and oversight read. No column of a clock is one."""
    if page in _NOT_COMPARED:
        return
    if page == "told":
        # Times are read as they were when they were typed.
        report.changed_at = now
    allegations = session.scalars(
        select(Allegation)
        .where(Allegation.report_id == report.id)
        .order_by(Allegation.ordinal)
        .with_for_update()
        .execution_options(populate_existing=True)
    ).all()
    for each in allegations:
        if each.ordinal not in (number, each.ordinal if not number else 0):
            continue
        if page == "what":
            _choose(each, said.get(each.ordinal, ()), answers)
        _apply_to(each, page, answers, report.state, now)


def _apply_to(
    allegation: Allegation, page: str, answers: Answers, state: str, now: datetime
) -> None:
    given = page_in(answers, page, allegation.ordinal if page in OF_EACH else 0)
    if page == "when":
        when = interval_of(given, now=now)
        allegation.occurred_from = when.earliest if when else None
        allegation.occurred_to = when.latest if when else None
    elif page in ("force", "told_how") and state != states.State.PASSED:
        allegation.force_id = force_now(answers, allegation.ordinal, state)
    allegation.corrected_at = now
    if allegation.clock_starts_at is not None:
        allegation.to_match = allegation.to_sweep = True


def _choose(allegation: Allegation, before: tuple[str, ...], answers: Answers) -> None:
    # What was ever said goes on counting: with an open page one could else say something graver,
    # and something lesser twice. The entries say what that was, and the row follows.
    chosen = str(page_in(answers, "what", allegation.ordinal)["category"])
    allegation.corrected_categories = " ".join(_said(before, chosen))


def _said(before: tuple[str, ...], chosen: str) -> tuple[str, ...]:
    """What was ever said, each once, with the last at the end."""
    return (*(one for one in before if one != chosen), *([chosen] if chosen else []))


def _boxes(fields: Mapping[str, Any], prefix: str) -> dict[str, Any]:
    return {
        name.removeprefix(prefix): str(value)
        for name, value in fields.items()
        if name.startswith(prefix)
    }


def _number_of(path: str) -> int:
    parts = path.split(".")
    return int(parts[1]) if len(parts) == 3 and parts[1].isdigit() else 0


def _put(answers: Answers, path: str, values: Mapping[str, Any]) -> None:
    number = _number_of(path)
    told = answers.get("allegations") or []
    if not number:
        answers[path] = dict(values)
    elif number <= len(told):
        told[number - 1][path.rpartition(".")[2]] = dict(values)
