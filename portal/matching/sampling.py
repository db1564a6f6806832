"""Reports and a stream of crime records, made into what the fit needs. All in memory.

Records may be many: of those that share a key with no report nothing is kept but a few, drawn at
random, to stand for unrelated people.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from random import Random
from typing import Any

from portal.matching.banding import name_bands
from portal.matching.blocking import Key, is_within, record_keys, report_keys
from portal.matching.fitting import Case, Sample
from portal.matching.levels import compare
from portal.matching.model import Model
from portal.matching.sides import RecordSide, ReportSide
from portal.matching.weighing import events_of, kind_of

_DRAWN = 20_000
_COMMON = 0.02

Candidates = list[dict[int, RecordSide]]


def find_candidates(
    reports: Sequence[ReportSide], records: Iterable[tuple[int, RecordSide]], model: Model
) -> Candidates:
    """For each report the records, by their number, that share a key with it within its window."""
    wanted: dict[Key, list[int]] = defaultdict(list)
    for number, report in enumerate(reports):
        for key in report_keys(report):
            wanted[key].append(number)
    found: Candidates = [{} for _ in reports]
    for row, record in records:
        for key in record_keys(record):
            for number in wanted.get(key, ()):
                if row not in found[number] and is_within(reports[number], record, key.rule, model):
                    found[number][row] = record
    return found


def draw_records(
    records: Iterable[tuple[int, RecordSide]], *, seed: int, drawn: int = _DRAWN
) -> tuple[list[RecordSide], int]:
    """Records drawn at random, each as likely as any other, and how many there are in all."""
    random = Random(seed)  # noqa: S311
    kept: list[RecordSide] = []
    count = 0
    for _, record in records:
        count += 1
        if len(kept) < drawn:
            kept.append(record)
        elif (place := random.randrange(count)) < drawn:
            kept[place] = record
    return kept, count


def frequencies_of(records: Iterable[RecordSide]) -> dict[str, Any]:
    """What a model's data hold of how common things are: "names" in clear, by bands; and
    "common_offences", the codes of at least two in a hundred records.
    """
    records = list(records)
    victims = [victim for record in records for victim in record.victims]
    first = (one.forenames[0] for one in victims if one.forenames)
    codes = Counter(one.offence_code for one in records if one.offence_code)
    common = (code for code, count in codes.items() if count >= _COMMON * codes.total())
    return {
        "names": {
            "forenames": name_bands(name for name in first if isinstance(name, str)),
            "surnames": name_bands(one.surname for one in victims if isinstance(one.surname, str)),
        },
        "common_offences": " ".join(sorted(common)),
    }


def make_sample(
    reports: Sequence[ReportSide],
    candidates: Sequence[Mapping[int, RecordSide]],
    drawn: Sequence[RecordSide],
    model: Model,
    *,
    register: int,
    seed: int,
    pairs: int = 150_000,
) -> Sample:
    """The sample for `fitting.fit`: each report's candidates, and `pairs` pairs by chance.

    `model` gives the bands of names only. `register`: how many records there are in all.
    """
    random = Random(seed)  # noqa: S311
    chance = [
        compare(random.choice(reports), random.choice(drawn), model)
        for _ in range(pairs if drawn else 0)
    ]
    cases = [_case(report, found, model) for report, found in zip(reports, candidates, strict=True)]
    return Sample(cases, chance, register)


def _case(report: ReportSide, found: Mapping[int, RecordSide], model: Model) -> Case:
    # A crime that one force passed on to another is one event too, told in the same minutes.
    pairs = [
        (replace(found[row], force_id=""), compare(report, found[row], model))
        for row in sorted(found)
    ]
    return Case(kind_of(report), tuple(levels for _, levels in pairs), tuple(events_of(pairs)))
