"""One report against all records, and a day's supply against all open reports.

Beside the bare indexed look-up in the same run: `BENCH_RECORDS` (1,000,000), `BENCH_OPEN` (50,000),
`BENCH_SUPPLY` (18,000), `BENCH_BACKENDS` ("sqlite postgresql"). People, places and days are drawn
from a seed, common names often and rare ones seldom; one report in seven has no record.
"""

import itertools
import time
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from random import Random
from statistics import median
from typing import Any, NamedTuple, cast
from uuid import UUID, uuid4

from sqlalchemy import Table, insert, select

from portal.matching.collecting import rare_collections
from portal.matching.comparing import Comparer, compare_whole
from portal.matching.finding import pairs_with, records_for
from portal.matching.gathering import open_reports
from portal.matching.keying import PURPOSE, KeyRow, write_record_keys, write_report_keys
from portal.matching.model import load_model
from portal.matching.models import Judgement, RecordKey
from portal.matching.opening import Supplies, open_records
from portal.matching.pacing import FIRST
from portal.matching.service import propose
from portal.police.content import Content, Victim, columns, context_of, write_personal
from portal.police.models import CrimeRecord, CrimeRecordVersion, Supply
from portal.reference.forces import all_forces
from portal.reports.models import Allegation, Report, ReportKey
from portal.sealing import DataKey
from portal.site import Site
from tests.rig.benching import BACKENDS, judge, option, percentile, sites
from tests.rig.filed import when

RECORDS, OPEN = option("BENCH_RECORDS", 1_000_000), option("BENCH_OPEN", 50_000)
SUPPLY, LOOKS = option("BENCH_SUPPLY", 18_000), option("BENCH_LOOKS", 400)
ROUNDS = option("BENCH_ROUNDS", 3)
END = datetime(2026, 3, 1, tzinfo=UTC)
_AT_ONCE = 5_000
_CATEGORIES = {"burglary-home": "28E", "hurt": "8N", "threatened": "9A", "theft-vehicle": "48"}
_SYLLABLES = [a + b for a, b in itertools.product("bcdfghklmnprstvw", "aeiou")]


@dataclass(frozen=True)
class Crime:
    """One crime as it happened."""

    number: int
    force: str
    town: str
    postcode: str
    name: str
    born: date
    category: str
    at: datetime


class World:
    """Draws crimes: names with frequencies as of a country, towns of every size."""

    def __init__(self, seed: int) -> None:
        self._rng = Random(seed)
        self._forces = [one.id for one in all_forces()]
        self._forenames = self._names(2, 4_000)
        self._surnames = self._names(3, 30_000)
        self._weights = {
            len(names): list(itertools.accumulate(1 / (rank + 8) for rank in range(len(names))))
            for names in (self._forenames, self._surnames)
        }

    def _names(self, syllables: int, count: int) -> list[str]:
        every = ["".join(one) for one in itertools.product(_SYLLABLES, repeat=syllables)]
        return self._rng.sample(every, min(count, len(every)))

    def _name(self, names: Sequence[str]) -> str:
        return self._rng.choices(names, cum_weights=self._weights[len(names)])[0].capitalize()

    def crime(self, number: int) -> Crime:
        """The next crime of a year that ends at END."""
        rng = self._rng
        town = min(rng.randrange(600), rng.randrange(600))
        area = f"{'ABCDEFGHKLMNPRST'[town % 16]}{'BDEGHLNPRTW'[town // 16 % 11]}{town // 176 + 1}"
        unit = rng.randrange(4_000)
        return Crime(
            number,
            self._forces[town % len(self._forces)],
            f"Town{town}",
            f"{area} {unit % 9 + 1}{'ABDEFGHJLN'[unit // 9 % 10]}{'PQRSTUWXYZ'[unit // 90 % 10]}",
            f"{self._name(self._forenames)} {self._name(self._surnames)}",
            date(1940, 1, 1) + timedelta(days=rng.randrange(25_000)),
            rng.choice(tuple(_CATEGORIES)),
            END - timedelta(minutes=rng.randrange(365 * 24 * 60)),
        )


def add_records(site: Site, crimes: Iterable[Crime], *, keyed: bool) -> Iterator[list[int]]:
    """Write records as a taken supply does, and with `keyed` as matching leaves them."""
    data_key, wrapped = site.keyring.new_data_key()
    supply_id = uuid4()
    with site.database.transaction() as session:
        session.add(
            _supply(session.scalars(select(Supply.number)).all(), supply_id, wrapped, keyed)
        )
    tokens = site.tokens.for_purpose(PURPOSE)
    while some := list(itertools.islice(crimes, _AT_ONCE)):
        with site.database.transaction() as session:
            records = [_record(one, supply_id) for one in some]
            made = session.execute(insert(CrimeRecord).returning(CrimeRecord.id), records)
            ids = sorted(made.scalars())
            versions = [_version(*one, supply_id, data_key) for one in zip(ids, some, strict=True)]
            session.connection().execute(
                insert(cast(Table, CrimeRecordVersion.__table__)), versions
            )
            if keyed:
                opened = open_records(session, ids, Supplies(site.keyring))
                write_record_keys(session, opened, tokens=tokens)
        yield ids


def _supply(numbers: Sequence[int], supply_id: UUID, wrapped: bytes, matched: bool) -> Supply:
    return Supply(
        id=supply_id,
        number=max(numbers, default=0) + 1,
        force_id="kent",
        received_at=END,
        covers_from=END - timedelta(days=365),
        covers_to=END,
        is_full=False,
        declared_rows=0,
        taken_rows=0,
        refused_rows=0,
        digest=supply_id.bytes * 2,
        wrapped_key=wrapped,
        taken_at=END,
        matched_at=END if matched else None,
        swept_at=END,
    )


def _reference(one: Crime) -> str:
    return f"54{26}{one.number:07}"


def _record(one: Crime, supply_id: UUID) -> dict[str, Any]:
    return {
        "force_id": one.force,
        "reference": _reference(one),
        "reference_key": _reference(one),
        "first_supply_id": supply_id,
        "last_supply_id": supply_id,
    }


def _version(record_id: int, one: Crime, supply_id: UUID, data_key: DataKey) -> dict[str, Any]:
    content = Content(
        recorded_at=one.at + timedelta(hours=20),
        recorded_day_only=False,
        reported_at=one.at + timedelta(hours=3),
        reported_day_only=False,
        occurred_from=one.at,
        occurred_to=one.at + timedelta(hours=1),
        offence_code=_CATEGORIES[one.category],
        is_incident=False,
        incident_code=None,
        outcome_type=None,
        outcome_at=None,
        removal_code=None,
        place=one.town,
        postcode=one.postcode,
        victims=frozenset({Victim(one.name, one.born)}),
        incident_numbers=frozenset({f"inc{one.number:08}"}),
    )
    sealed = data_key.seal(write_personal(content).encode(), context_of(one.force, _reference(one)))
    return {
        "record_id": record_id,
        "number": 1,
        "supply_id": supply_id,
        "content": supply_id.bytes,
        "sealed": sealed,
        **columns(content),
    }


def add_reports(site: Site, crimes: Sequence[Crime], rng: Random) -> list[UUID]:
    """Write open reports as filing leaves them; their allegations."""
    made: list[UUID] = []
    for start in range(0, len(crimes), _AT_ONCE):
        rows: dict[type, list[dict[str, Any]]] = {Report: [], ReportKey: [], Allegation: []}
        for one in crimes[start : start + _AT_ONCE]:
            report_id, allegation_id = uuid4(), uuid4()
            data_key, wrapped = site.keyring.new_data_key()
            rows[Report].append(_report(report_id, one, data_key, rng))
            rows[ReportKey].append({"report_id": report_id, "wrapped": wrapped})
            rows[Allegation].append(
                {
                    "id": allegation_id,
                    "report_id": report_id,
                    "ordinal": 1,
                    "category": one.category,
                    "force_id": one.force,
                    "occurred_from": one.at,
                    "occurred_to": one.at,
                    "clock_starts_at": one.at + timedelta(hours=3),
                    "clock_event": "told_police",
                }
            )
            made.append(allegation_id)
        with site.database.transaction() as session:
            for table, values in rows.items():
                session.execute(insert(table), values)
    return made


def _report(report_id: UUID, one: Crime, data_key: DataKey, rng: Random) -> dict[str, Any]:
    about = {
        "name": one.name if rng.random() < 0.83 else "",
        "birth_day": "",
        "birth_month": "",
        "birth_year": "",
    }
    if rng.random() < 0.54:
        year, month, day = one.born.isoformat().split("-")
        about |= {"birth_year": year, "birth_month": month, "birth_day": day}
    answers = {
        "allegations": [{"where": {"place": one.town, "postcode": one.postcode}}],
        "about": about,
        "told": when(one.at + timedelta(hours=3)),
        "told_how": {"crime_reference": _reference(one) if rng.random() < 0.5 else ""},
        "way": {"way": "told"},
    }
    return {
        "id": report_id,
        "state": "told",
        "code_hash": report_id.bytes * 2,
        "answers": data_key.seal_json(answers, f"report-answers:{report_id}"),
        "created_at": one.at,
        "changed_at": END,
        "filed_at": END,
    }


def key_reports(site: Site, allegations: Sequence[UUID]) -> None:
    """Leave reports as their first comparison does, without the comparison."""
    model, tokens = load_model(), site.tokens.for_purpose(PURPOSE)
    for start in range(0, len(allegations), 500):
        with site.database.transaction() as session:
            some = session.scalars(
                select(Allegation).where(Allegation.id.in_(allegations[start : start + 500]))
            ).all()
            sides = open_reports(session, some, keyring=site.keyring)
            write_report_keys(session, cast(Any, sides), model, tokens=tokens, shared_keys={})
            for one in some:
                session.add(
                    Judgement(
                        allegation_id=one.id,
                        state="alert",
                        can_tell=True,
                        found=0,
                        no_record=1.0,
                        model_version=model.version,
                        to_settle=False,
                    )
                )


class Look(NamedTuple):
    """One report: its candidates, and milliseconds by the wall and of processor."""

    found: int
    bare: float
    bare_spent: float
    whole: float
    spent: float


def measure_reports(site: Site, backend: str, allegations: Sequence[UUID]) -> None:
    """Each report by itself: finding, opening, comparing and keeping, beside finding alone.

    `BENCH_ROUNDS` (3) times, with all others between, and nothing is kept: of a machine that does
    much else beside, the middle one of a report's figures is told apart from every figure.
    """
    model = load_model()
    comparer = Comparer(model, Supplies(site.keyring), site.tokens.for_purpose(PURPOSE), site.now())
    rounds = [[_look(site, one, comparer) for one in allegations] for _ in range(ROUNDS)]
    every = [one for looks in rounds for one in looks]
    middle = [Look(*map(median, zip(*looks, strict=True))) for looks in zip(*rounds, strict=True)]
    print(f"{backend}: candidates a report: {_spread([float(one.found) for one in middle])}")
    for words, looks in (("", every), (f", the middle of {ROUNDS}", middle)):
        print(f"{backend}: bare look-up{words}, ms: {_spread([one.bare for one in looks])}")
        wall, spent = [one.whole for one in looks], [one.spent for one in looks]
        print(f"{backend}: whole{words}, ms: {_spread(wall)}; of processor alone: {_spread(spent)}")
        beyond = percentile(wall, 0.99) - percentile([one.bare for one in looks], 0.99)
        title = f"{backend}: one report{words}, ms"
        print(judge(f"{title} beyond the look-up, p99", beyond, 10, at_most=True))
        beyond = percentile(spent, 0.99) - percentile([one.bare_spent for one in looks], 0.99)
        print(f"{title} of processor beyond the look-up, p99: {beyond:.2f}")


def _look(site: Site, allegation_id: UUID, comparer: Comparer) -> Look:
    with site.database.transaction() as session:
        start, used = time.perf_counter(), time.process_time()
        found = len(records_for(session, allegation_id, at_most=comparer.most_found))
        bare, bare_spent = time.perf_counter() - start, time.process_time() - used
        allegation = session.get_one(Allegation, allegation_id)
        start, used = time.perf_counter(), time.process_time()
        side = open_reports(session, [allegation], keyring=site.keyring)[allegation_id]
        compare_whole(session, [(allegation, cast(Any, side))], comparer)
        whole, spent = time.perf_counter() - start, time.process_time() - used
        session.rollback()
    return Look(found, *(1000 * one for one in (bare, bare_spent, whole, spent)))


def _spread(values: Sequence[float]) -> str:
    return f"median {percentile(values, 0.5):.2f}, p99 {percentile(values, 0.99):.2f}"


def measure_supply(site: Site, backend: str, crimes: Iterator[Crime]) -> None:
    """A day's supply against all open reports, beside finding its pairs alone."""
    ids = list(itertools.chain.from_iterable(add_records(site, crimes, keyed=False)))
    start, used = time.perf_counter(), time.process_time()
    pairs = propose(site.database, keyring=site.keyring, tokens=site.tokens, now=site.now())
    took, used = time.perf_counter() - start, time.process_time() - used
    bare = 0.0
    with site.database.reading() as session:
        for first in range(0, len(ids), FIRST):
            some = ids[first : first + FIRST]
            query = select(RecordKey.__table__).where(RecordKey.record_id.in_(some))
            keys = [cast(KeyRow, tuple(row)) for row in session.execute(query)]
            start = time.perf_counter()
            pairs_with(session, keys, at_most=10**6)
            bare += time.perf_counter() - start
    print(f"{backend}: {len(ids):,} records, {pairs:,} pairs; finding them alone {bare:.2f} s")
    print(f"{backend}: of processor alone {used:.2f} s")
    print(judge(f"{backend}: a day's supply, s", took, 2, at_most=True))


def main() -> None:
    """Every kind of database that was asked for."""
    with sites() as make:
        for backend in BACKENDS:
            site, world, rng = make(backend, "candidates"), World(11), Random(12)
            start = time.perf_counter()
            crimes = [world.crime(number) for number in range(RECORDS)]
            for _ in add_records(site, iter(crimes), keyed=True):
                pass
            took = time.perf_counter() - start
            print(f"{backend}: {RECORDS:,} records written and keyed in {took:.0f} s", flush=True)
            told = rng.sample(crimes, min(OPEN * 6 // 7, RECORDS))
            told += [world.crime(RECORDS + number) for number in range(OPEN - len(told))]
            allegations = add_reports(site, told, rng)
            key_reports(site, allegations)
            print(f"{backend}: {len(allegations):,} open reports keyed", flush=True)
            del crimes, told
            # As the job does; and what was made here is no burden of its own.
            with rare_collections():
                measure_reports(site, backend, rng.sample(allegations, min(LOOKS, OPEN)))
            start_at = RECORDS + OPEN
            news = (world.crime(start_at + number) for number in range(SUPPLY))
            measure_supply(site, backend, news)


if __name__ == "__main__":
    main()
