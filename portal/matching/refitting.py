"""A new model from the reports and crime records of a running site, without labels.

Everything is read in one state of the database and stands in memory only. Records pass by twice:
first a few are drawn to stand for unrelated people, then the candidates of the reports are kept.
Every fifth report is left out of the fit, and the model is tried on those: on each that shares an
exact reference with a record and has evidence about the person, once with its number taken away,
and once with its record taken away, as if it had never been recorded. So hidden crimes can be
counted where nobody knows the truth of any other report.
"""

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from random import Random
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.errors import Refused
from portal.matching.fitting import Sample, count_anchors, fit
from portal.matching.gathering import open_reports
from portal.matching.levels import compare
from portal.matching.lots import record_spans, records_within
from portal.matching.measuring import Figures, Outcome, measure
from portal.matching.model import Model, read_model
from portal.matching.opening import Supplies, open_records
from portal.matching.posterior import weigh
from portal.matching.sampling import draw_records, find_candidates, frequencies_of, make_sample
from portal.matching.sides import RecordSide, ReportSide
from portal.matching.weighing import kind_of, score
from portal.reports.models import Allegation
from portal.sealing import Keyring

FEWEST_ANCHORS = 300
"""With fewer reports of which the record is known a fit would learn chance."""
_HELD_OUT = 5
_PERSONAL = 6.0
_AT_ONCE = 1_000

Advance = Callable[[int], None]
Tried = tuple[ReportSide, Mapping[int, RecordSide]]


@dataclass(frozen=True)
class Fitted:
    """A model with its text as a file holds it, and what came of trying it on the reports that
    were left out of the fit.
    """

    model: Model
    text: str
    anchors: int
    figures: Figures


def fit_here(
    session: Session,
    start: Mapping[str, Any],
    *,
    supplies: Supplies,
    version: str,
    made: str,
    seed: int,
    most_reports: int,
    fewest_anchors: int = FEWEST_ANCHORS,
    advance: Advance = lambda _: None,
) -> Fitted:
    """Fit a model of this version from the model data `start`. The same rows, start and seed give
    the same model. Raises Refused when too few reports have a record that is known for sure.
    """
    reports = draw_reports(session, supplies.keyring, seed, most_reports, advance)
    drawn, register = draw_records(read_records(session, supplies, advance), seed=seed)
    start = {**start, **frequencies_of(drawn)}
    named = read_model({**start, "version": version}, version)
    found = find_candidates(reports, read_records(session, supplies, advance), named)
    pairs = list(zip(reports, found, strict=True))
    used = [one for number, one in enumerate(pairs) if number % _HELD_OUT]
    sample = _sample(used, drawn, named, register=register, seed=seed)
    anchors = count_anchors(sample, named)
    if anchors < fewest_anchors:
        raise Refused(
            f"Only {anchors:,} reports share an exact crime reference with a record of the same "
            f"person. A fit needs {fewest_anchors:,}, or it would learn chance. Nothing was "
            "written. Keep the model that is in use, and try again when there are more."
        )
    data = _fitted(sample, start, version)
    data["about"] = _about(made, seed, len(used), register, anchors, str(start["version"]))
    text = json.dumps(data, ensure_ascii=False, indent=1) + "\n"
    model = read_model(json.loads(text), version)
    held_out = [one for number, one in enumerate(pairs) if number % _HELD_OUT == 0]
    return Fitted(model, text, anchors, measure(try_on(held_out, model)))


def try_on(pairs: Sequence[Tried], model: Model) -> Iterator[Outcome]:
    """Two outcomes of each report of which the record is known: without its numbers, and without
    its record.
    """
    for report, candidates in pairs:
        yield from try_one(report, candidates, model)


def try_one(
    report: ReportSide, candidates: Mapping[int, RecordSide], model: Model
) -> Iterator[Outcome]:
    """The outcomes of one report: two, or none where nothing tells which record is its own."""
    truth = _known_record(report, candidates, model)
    if truth is not None:
        nothing: frozenset[Any] = frozenset()
        blind = replace(
            report,
            references=nothing,
            incident_numbers=nothing,
            reference_runs=nothing,
            incident_runs=nothing,
        )
        yield _outcome(blind, candidates, truth, model)
        same = (candidates[truth].force_id, candidates[truth].moments)
        # A second record that police wrote of the same incident is not another event.
        others = {
            row: one
            for row, one in candidates.items()
            if row != truth and not (one.moments and (one.force_id, one.moments) == same)
        }
        yield _outcome(blind, others, None, model)


def _sample(
    pairs: Sequence[Tried], drawn: Sequence[RecordSide], model: Model, *, register: int, seed: int
) -> Sample:
    if not pairs:
        return Sample((), (), register)
    reports, found = [one for one, _ in pairs], [them for _, them in pairs]
    return make_sample(reports, found, drawn, model, register=register, seed=seed)


def _outcome(
    report: ReportSide, candidates: Mapping[int, RecordSide], truth: int | None, model: Model
) -> Outcome:
    scored = score(report, candidates, model)
    limit = model.limits[kind_of(report)].alert
    return Outcome(
        is_recorded=truth is not None,
        is_sexual=report.is_sexual,
        state=scored.state,
        links=tuple(one.record_id == truth for one in scored.candidates if one.zone == "automatic"),
        weighed=tuple(
            (one.log_odds, one.record_id == truth)
            for one in scored.candidates
            if one.log_odds >= limit
        ),
    )


def _known_record(
    report: ReportSide, candidates: Mapping[int, RecordSide], model: Model
) -> int | None:
    found = [
        row
        for row, one in candidates.items()
        if not report.references.isdisjoint(one.references)
        and not (one.is_incident or one.is_removed)
        and weigh(compare(report, one, model), model).personal >= _PERSONAL
    ]
    return found[0] if len(found) == 1 else None


def _fitted(sample: Sample, start: Mapping[str, Any], version: str) -> dict[str, Any]:
    try:
        return fit(sample, start, version=version)
    except ValueError as error:
        raise Refused(f"Nothing was written: {error}.") from error


def _about(
    made: str, seed: int, reports: int, register: int, anchors: int, start: str
) -> dict[str, Any]:
    return {
        "made": made,
        "data": f"reports and crime records of this site: {reports:,} reports against "
        f"{register:,} records, seed {seed}",
        "labels": f"none were used: anchored on {anchors:,} reports that share an exact reference "
        "and personal evidence with one record",
        "started from": start,
        "records expected of an unrelated person": "the register that it was fitted on; a larger "
        "one needs a new fit",
    }


def draw_reports(
    session: Session, keyring: Keyring, seed: int, most: int, advance: Advance
) -> list[ReportSide]:
    """Reports in the order of their ids, at most so many, drawn by chance."""
    query = select(Allegation.id).where(Allegation.clock_starts_at.is_not(None))
    ids: list[UUID] = sorted(session.scalars(query))
    if len(ids) > most:
        ids = sorted(Random(seed).sample(ids, most))  # noqa: S311
    made: list[ReportSide] = []
    for at in range(0, len(ids), _AT_ONCE):
        some = ids[at : at + _AT_ONCE]
        wanted = select(Allegation).where(Allegation.id.in_(some)).order_by(Allegation.id)
        opened = open_reports(session, session.scalars(wanted).all(), keyring=keyring)
        made += [side for one in some if isinstance(side := opened[one], ReportSide)]
        session.expunge_all()
        advance(len(some))
    return made


def read_records(
    session: Session, supplies: Supplies, advance: Advance
) -> Iterator[tuple[int, RecordSide]]:
    """Every crime record that is told in clear, by its number, a lot at a time."""
    for span in record_spans(session):
        some = records_within(session, span)
        for row, one in open_records(session, some, supplies).items():
            # Tokens of a force have no spelling: their levels say nothing about slips.
            if one.shared is None:
                yield row, one.side
        session.expunge_all()
        advance(len(some))
