"""Which was said last of how a person may be reached: the answer in the report, or the safe way.

Both stand on one page for whoever works on a report, and in the copy of everything. Two that say
different things would leave it to a stranger which of them to follow.
"""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from typing import Literal, NamedTuple

from portal.languages.translating import _
from portal.ledger.service import OpenedEntry
from portal.reports.corrections import KIND, PAGE
from portal.reports.safe_ways import CALL
from portal.web.filters import london
from portal.web.report.summary import Line, Section

Last = Literal["way", "ended", "answer"]
_CHOSEN = frozenset({"contact_confirmed", "contact_restored"})
_SAID_SAFE = "contact_still_safe"
_RULES = "contact_rules"
_ENDED = frozenset({"contact_removed", "contact_paused"})
_ANSWER = "/start/contact"


class Latest(NamedTuple):
    """What was said last, and when: a safe way, that there is none any more, or the answer.

    `stands`: whether there is a safe way that is used. `is_new`: False when its person only said
    again that it is safe. `is_called`: the way is a number that a person rings; nothing is sent.
    """

    what: Last
    at: datetime
    stands: bool = True
    is_new: bool = True
    is_called: bool = False


def find_latest(entries: Sequence[OpenedEntry]) -> Latest | None:
    """What a report's own entries, oldest first, say last; None while no safe way was chosen."""
    found: Latest | None = None
    is_called = False
    for one in entries:
        # Where an entry says nothing of the kind of way, it is about the one that there is.
        is_called = one.fields.get("contact.way", CALL if is_called else "") == CALL
        if one.kind in _CHOSEN:
            found = Latest("way", one.at, is_called=is_called)
        elif one.kind == _SAID_SAFE:
            found = Latest("way", one.at, is_new=False, is_called=is_called)
        elif one.kind in _ENDED:
            found = Latest("ended", one.at, stands=False)
        elif found is not None:
            found = _then(found, one)
    return found


def say_latest(latest: Latest) -> str:
    """The same in words, to stand beside the answer as it was sent and beside the safe way."""
    at = london(latest.at)
    if latest.what == "ended":
        return _(
            "After this was sent, a safe way was chosen. It ended on %(at)s, so now nobody is to "
            "contact you.",
            at=at,
        )
    return _say_way(latest, at) if latest.what == "way" else _say_answer(latest, at)


def _then(found: Latest, one: OpenedEntry) -> Latest:
    """What is the last after an entry that leaves the way as it is, in use or not."""
    if one.kind == KIND and one.fields.get(PAGE) == "contact":
        return found._replace(what="answer", at=one.at, is_new=True)
    # Other hours for a way that is paused do not bring it back.
    is_way = one.kind == _RULES and found.stands
    return found._replace(what="way", at=one.at, is_new=True) if is_way else found


def _say_way(latest: Latest, at: str) -> str:
    if latest.is_new:
        return _(
            "The safe way is the later one: it was set on %(at)s, after this was sent. Nothing "
            "else is used.",
            at=at,
        )
    return _(
        "The safe way is the later one: it was said to be safe on %(at)s, after this was sent. "
        "Nothing else is used.",
        at=at,
    )


def _say_answer(latest: Latest, at: str) -> str:
    if latest.stands and latest.is_called:
        return _(
            "The answer is the later one: it was corrected on %(at)s, after a safe way was chosen. "
            "That is a number that a person may still ring until it is removed. Nothing is sent "
            "to it.",
            at=at,
        )
    if latest.stands:
        return _(
            "The answer is the later one: it was corrected on %(at)s, after a safe way was chosen. "
            "Short messages still go to the safe way until it is removed.",
            at=at,
        )
    return _(
        "The answer is the later one: it was corrected on %(at)s, after the safe way had ended.",
        at=at,
    )


def with_latest(found: Sequence[Section], entries: Sequence[OpenedEntry]) -> list[Section]:
    """The sections of what was sent, with which is the later beside the answer itself."""
    latest = find_latest(entries)
    if latest is None:
        return list(found)
    return [replace(each, lines=_noted(each.lines, latest)) for each in found]


def _noted(lines: Sequence[Line], latest: Latest) -> list[Line]:
    made: list[Line] = []
    is_noted = False
    for line in lines:
        made.append(line)
        # The first of that page is how to reach them; the others say where and when.
        if line.href == _ANSWER and not is_noted:
            is_noted = True
            made.append(Line(_("Which is the later"), say_latest(latest)))
    return made
