"""Asking the person before anybody else reads, where nobody but they can know.

They typed the number of this record (or one with a slip in it, or its last figures, or that of the
call that it came of), it is surely theirs, and the one doubt is whether the number is that of
another crime against them (`zones.only_they_know`). A reviewer could but ask them. So they are
asked at once, and the case waits for their answer, as long as an alert waits for a person; without
one it goes to a reviewer like any other. No alert waits longer for it.

A "yes" makes the match: it is the one answer that does, for the number was theirs before anybody
asked. It takes the return code, lately typed, as everything does that somebody who holds their
phone could do to them; and they can say at any time that the record is not theirs. A "no" to the
very number refuses the record. To one that is not quite theirs, or to a call that may have been
about more, it leaves it to a person, as "I don't know" does.

Of a record that police removed a yes stops no clock: that they removed it is told at once.

Where they told us of a sexual offence, only a record of that same one is asked about, and of what
may be rape only a record of rape (`zones.is_told_alike`). Two people read the others.
"""

import logging
from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import Session

from portal.errors import OnRecordError
from portal.ledger.service import NewEntry
from portal.matching.asking_about_calls import can_ask
from portal.matching.calls import is_open_about, still_settles
from portal.matching.gathering import stub_of
from portal.matching.levels import Levels
from portal.matching.models import Match, Question
from portal.matching.questions import entry_about
from portal.matching.settling import unpack
from portal.matching.weighing import Candidate
from portal.matching.zones import CALL, is_told_alike, number_typed, only_they_know
from portal.police.models import CrimeRecord, CrimeRecordVersion
from portal.reports.closed import is_open
from portal.reports.drafts import get_data_key
from portal.reports.models import Allegation, Report
from portal.sealing import Keyring

_LOG = logging.getLogger(__name__)
_AT_ONCE = 500
ANSWER_TIME = timedelta(hours=48)

Pair = tuple[Allegation, Match]


def ask_first(
    session: Session,
    waiting: Iterable[Pair],
    *,
    keyring: Keyring,
    now: datetime,
) -> list[NewEntry]:
    """Ask about the likeliest of each allegation's proposed matches, where only the person knows;
    the entries to append. Of a record about which the person was asked before, nothing is asked,
    nor of anybody who corrected an answer: nobody makes a match by typing what fits; nor of a
    record that police removed, while another may be it.
    """
    likeliest: dict[UUID, Pair] = {}
    for allegation, match in sorted(waiting, key=_standing_and_likely):
        likeliest.setdefault(allegation.id, (allegation, match))
    asking = [pair for pair in likeliest.values() if _only_they_know(*pair)]
    if not asking:
        return []
    asking = _free_to_ask(session, asking)
    about_calls = [pair for pair in asking if _kind_of(pair[1]) == CALL]
    free = can_ask(session, about_calls, keyring=keyring)
    entries: list[NewEntry] = []
    for allegation, match in asking:
        if _kind_of(match) != CALL or match.id in free:
            entries += _ask(session, allegation, match, keyring, now)
    return entries


def _standing_and_likely(pair: Pair) -> tuple[bool, float]:
    _, match = pair
    return "removed" in (match.gates or ()), -(match.log_odds or 0.0)


def _kind_of(match: Match) -> str:
    return number_typed(unpack(match.levels or ""))


def _only_they_know(allegation: Allegation, match: Match) -> bool:
    if allegation.corrected_at is not None or match.levels is None:
        return False
    return only_they_know(match.zone, match.gates, unpack(match.levels))


def _free_to_ask(session: Session, asking: Sequence[Pair]) -> list[Pair]:
    """Those of an open report that were not asked, whose record is of what they told, and which
    nothing else that they told could have, in this report or another: which of two it is of, a
    yes to each leaves open.
    """
    open_ones = _open_among(session, [one.report_id for one, _ in asking])
    known = _known(session, [one.id for one, _ in asking])
    wanted = _wanting(session, [match.record_id for _, match in asking])
    return [
        (allegation, match)
        for allegation, match in asking
        if allegation.report_id in open_ones
        and (allegation.id, match.record_id) not in known
        and wanted.get((match.claim, match.record_id), 0) == 1
        and _is_told_alike(allegation, _offence_of(session, match), unpack(match.levels or ""))
    ]


def _is_told_alike(allegation: Allegation, offence_code: str, levels: Levels) -> bool:
    reported = stub_of(*allegation.categories, can_tell=True).offence_codes
    return is_told_alike(reported, offence_code, levels)


def _offence_of(session: Session, match: Match) -> str:
    return session.get_one(CrimeRecordVersion, match.version_id).offence_code


def _wanting(session: Session, record_ids: Collection[int]) -> dict[tuple[bytes | None, int], int]:
    """How many things that one person told a record is, or may be, the record of."""
    rows = session.execute(
        select(Match.claim, Match.record_id, func.count())
        .where(Match.record_id.in_(list(record_ids)), Match.state.in_(("accepted", "proposed")))
        .group_by(Match.claim, Match.record_id)
    )
    return {(claim, record_id): many for claim, record_id, many in rows}


def _ask(
    session: Session, allegation: Allegation, match: Match, keyring: Keyring, now: datetime
) -> list[NewEntry]:
    try:
        data_key = get_data_key(session, allegation.report_id, keyring=keyring)
    except OnRecordError as error:
        _LOG.error("person not asked", exc_info=error, extra={"facts": {"match": str(match.id)}})
        return []
    made = Question(
        allegation_id=allegation.id,
        record_id=match.record_id,
        asks="victim",
        kind=_kind_of(match),
        asked_by=None,
        asked_at=now,
    )
    session.add(made)
    record = session.get_one(CrimeRecord, match.record_id)
    said = {"decided.role": "", "decided.organisation": ""}
    return [entry_about(made, allegation, record, "victim_asked", said, data_key.seal)]


def yes_settles(
    allegation: Allegation,
    kind: str,
    pair: Candidate,
    matches: Mapping[int, Match],
    version: CrimeRecordVersion,
) -> bool:
    """Whether the yes of a person who was asked first, in the words of `kind`, makes a pair, as it
    stands now among all of the `matches` by record, the match.
    """
    if not _is_told_alike(allegation, version.offence_code, pair.levels):
        return False
    if kind == CALL and not still_settles(allegation, pair.levels, pair.record_id, matches):
        return False
    return pair.zone == "automatic" or only_they_know(pair.zone, pair.gates, pair.levels)


def awaited(session: Session, allegation_ids: Collection[UUID], *, now: datetime) -> set[UUID]:
    """Those of these allegations whose person was asked first and still has time to answer."""
    in_time = (Question.answer.is_(None), Question.asked_at > now - ANSWER_TIME)
    asked = _asked_first(session, allegation_ids, *in_time)
    return {
        one
        for (one, record_id), kind in asked.items()
        if kind != CALL or is_open_about(session, one, record_id)
    }


def confirmed(session: Session, allegation_ids: Collection[UUID]) -> dict[tuple[UUID, int], str]:
    """The pairs of allegation and record of which the person, asked first, said yes, and in which
    words (a question's `kind`).
    """
    return _asked_first(session, allegation_ids, Question.answer == "yes")


def _asked_first(
    session: Session, allegation_ids: Collection[UUID], *conditions: ColumnElement[bool]
) -> dict[tuple[UUID, int], str]:
    wanted = sorted(allegation_ids)
    found: dict[tuple[UUID, int], str] = {}
    for start in range(0, len(wanted), _AT_ONCE):
        query = select(Question.allegation_id, Question.record_id, Question.kind).where(
            Question.allegation_id.in_(wanted[start : start + _AT_ONCE]),
            Question.asks == "victim",
            Question.asked_by.is_(None),
            *conditions,
        )
        found |= {(one, record_id): kind for one, record_id, kind in session.execute(query)}
    return found


def _known(session: Session, allegation_ids: Collection[UUID]) -> set[tuple[UUID, int]]:
    query = select(Question.allegation_id, Question.record_id).where(
        Question.allegation_id.in_(list(allegation_ids)), Question.asks == "victim"
    )
    return {(one, record_id) for one, record_id in session.execute(query)}


def _open_among(session: Session, report_ids: Collection[UUID]) -> set[UUID]:
    query = select(Report.id).where(Report.id.in_(list(report_ids)), is_open())
    return set(session.scalars(query))
