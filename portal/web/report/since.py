"""What its person added and corrected after sending, from the ledger's own entries.

The first words stay: each line of a correction says what stood there and what is right.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from portal.languages.translating import _, lazy
from portal.ledger.service import OpenedEntry
from portal.reports import additions, corrections
from portal.web.filters import london
from portal.web.report.forms_person import InsiderForm
from portal.web.report.summary import (
    NOT_GIVEN,
    Line,
    Section,
    about_lines,
    allegation,
    said_option,
    told_lines,
)

NAMES: Mapping[str, str] = {
    "what": "what",
    "when": "when",
    "where": "where",
    "force": "area",
    "told": "told",
    "told_how": "told-how",
    "about": "about",
    "contact": "contact",
    "insider": "others",
}
"""By page, the end of the address at which it is asked."""
_LATER = lazy("In your own words, added later")


@dataclass(frozen=True, kw_only=True)
class Since(Section):
    """What was added or corrected: its words, when, and the entry's number among the report's."""

    at: datetime
    number: int
    path: str = ""


def since(
    entries: Sequence[OpenedEntry],
    *,
    now: datetime,
    parts: int = 2,
    hidden: frozenset[str] = frozenset(),
) -> list[Since]:
    """Everything that was added or corrected after it was sent, oldest first.

    Of a report with several `parts` each says which it is about. `hidden` are pages of which a
    reader must not know that they were corrected.
    """
    found: list[Since] = []
    for entry in entries:
        if entry.kind == additions.KIND:
            found.append(_added(entry, parts))
        elif entry.kind == corrections.KIND and _page(entry) not in hidden:
            found.append(_corrected(entry, now, parts))
    return found


def page_lines(path: str, boxes: Mapping[str, Any], *, now: datetime) -> list[Line]:
    """The answers of one page in words, by the path that an entry gives it.

    Each line leads to where it was asked, by the names in `NAMES`.
    """
    page = path.rpartition(".")[2]
    if page in corrections.OF_EACH:
        lines = allegation({page: boxes}, 1, now=now)
    elif page in ("told", "told_how"):
        lines = told_lines(
            boxes if page == "told" else None, boxes if page == "told_how" else {}, now=now
        )
    elif page == "insider":
        said = said_option(InsiderForm, "insider", str(boxes.get("insider", "")))
        lines = [Line(_("Someone in the police"), said, "/start/others")]
    else:
        lines = about_lines({page: boxes})
    return [line for line in lines if line.href.rpartition("/")[2] == NAMES[page]]


def _added(entry: OpenedEntry, parts: int) -> Since:
    part = entry.fields.get("allegation") if parts > 1 else None
    at = london(entry.at)
    title = (
        _("What you added on %(at)s, about part %(part)s", at=at, part=part)
        if part
        else _("What you added on %(at)s", at=at)
    )
    words = str(entry.fields.get(additions.WORDS, ""))
    return Since(title, [Line(str(_LATER), words)], at=entry.at, number=entry.sequence)


def _corrected(entry: OpenedEntry, now: datetime, parts: int) -> Since:
    path = str(entry.fields.get(corrections.PAGE))
    before, after = (
        {line.key: line.value for line in page_lines(path, _boxes(entry, start, path), now=now)}
        for start in ("before", "answers")
    )
    at = london(entry.at)
    lines = [
        Line(
            key,
            _(
                "First: %(before)s\nCorrected on %(at)s to: %(after)s",
                before=before.get(key, str(NOT_GIVEN)),
                at=at,
                after=after.get(key, str(NOT_GIVEN)),
            ),
        )
        for key in dict.fromkeys([*before, *after])
        if before.get(key) != after.get(key)
    ]
    number = entry.fields.get("allegation") if parts > 1 else None
    title = (
        _("What you corrected on %(at)s, about part %(part)s", at=at, part=number)
        if number
        else _("What you corrected on %(at)s", at=at)
    )
    return Since(title, lines, at=entry.at, number=entry.sequence, path=path)


def _boxes(entry: OpenedEntry, start: str, path: str) -> dict[str, str]:
    prefix = f"{start}.{path}."
    return {
        name.removeprefix(prefix): str(value)
        for name, value in entry.fields.items()
        if name.startswith(prefix)
    }


def _page(entry: OpenedEntry) -> str:
    return str(entry.fields.get(corrections.PAGE)).rpartition(".")[2]
