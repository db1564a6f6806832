"""The model as SQL: one text for DuckDB and for Spark, filled in from what the model itself uses.

Three steps, each a table for the next: `pairs` (candidates), `levels`, and what is left of them by
weight. The tables that they read are `reports`, `report_keys`, `records`, `record_keys`
(`bulk_rows`), and from the model `weights`, `kinds` and `offence_levels`. Only functions that both
know are used, or that `DUCKDB` names alike.
"""

from collections.abc import Collection, Iterator, Mapping, Sequence
from functools import cache
from pathlib import Path
from string import Template

from portal.matching import levels, times
from portal.matching.bulk_rows import (
    RECORD_COLUMNS,
    RECORD_RUNS,
    REPORT_COLUMNS,
    REPORT_RUNS,
)
from portal.matching.levels import Levels
from portal.matching.model import HOUSEHOLD, KINDS, Model
from portal.matching.numbers import MISSING, OWNER, WHOLE
from portal.matching.settling import least_kept

DATA = Path(__file__).parent / "data"
DUCKDB = (
    "CREATE MACRO arrays_overlap(one, other) AS list_has_any(one, other)",
    "CREATE MACRO size(one) AS len(one)",
    "CREATE MACRO array_except(one, other) AS "
    "list_filter(one, lambda each: NOT list_contains(other, each))",
)
"""What Spark has and DuckDB calls by another name."""

WEIGHT_COLUMNS = {
    **dict.fromkeys(("field", "level"), "VARCHAR"),
    **dict.fromkeys(("unrelated", "another", "household", "present"), "DOUBLE"),
}
KIND_COLUMNS = {
    "kind": "VARCHAR",
    **dict.fromkeys(("unrelated", "another", "household", "present", "least"), "DOUBLE"),
    "unites": "BOOLEAN",
}
OFFENCE_COLUMNS = {"offences": "BIGINT", "code": "VARCHAR", "level": "VARCHAR"}
_REPORT_KEYS = {
    **dict.fromkeys(("report", "token", "occurred_since", "occurred_until"), "BIGINT"),
    **dict.fromkeys(("told_since", "told_until"), "BIGINT"),
}
_RECORD_KEYS = dict.fromkeys(("record", "token", "first_day", "last_day", "recorded_day"), "BIGINT")
TABLES: Mapping[str, Mapping[str, str]] = {
    "reports": REPORT_COLUMNS,
    "records": RECORD_COLUMNS,
    "report_keys": _REPORT_KEYS,
    "record_keys": _RECORD_KEYS,
    "weights": WEIGHT_COLUMNS,
    "kinds": KIND_COLUMNS,
    "offence_levels": OFFENCE_COLUMNS,
}
# "when" is a word of SQL.
FIELDS = tuple("happened" if field == "when" else field for field in Levels._fields)
_RIVALS = ("unrelated", "another", "household", "present")


@cache
def pairs_sql() -> str:
    """Which pairs share a key within its days: report and record, each once."""
    return Template(read_sql("pairs")).substitute(distinct="DISTINCT", key="token")


@cache
def hits_sql() -> str:
    """The same where keys are texts, a pair for each key that it shares."""
    return Template(read_sql("pairs")).substitute(distinct="", key="key")


@cache
def levels_sql() -> str:
    """The level of each field, by the names in FIELDS, for every row of `pairs`."""
    return Template(read_sql("levels")).substitute(
        forename_slip=_slip("forename_slip", "forename_turned"),
        surname_slip=_slip("surname_slip", "surname_turned"),
        telephone_slip=_slip("telephone_slip", "telephone_turned"),
        email_slip=_slip("email_slip", "email_turned"),
        number_slip=_any_slip(
            "number_run",
            "r.force = '' OR r.force = c.force"
            f" OR (length({{two}}) >= {WHOLE} AND length({{one}}) = length({{two}})"
            f" AND left({{one}}, {OWNER}) = left({{two}}, {OWNER}))",
        ),
        call_slip=_any_slip("call_run"),
        together=", ".join(f"'{one.strip('/')}'" for one in times.TOGETHER),
        at_once=times.AT_ONCE.strip("/"),
        gap=_steps(
            "greatest(c.occurred_first - r.occurred_last, r.occurred_first - c.occurred_last)",
            times.GAPS_BEYOND,
            "far-apart",
        ),
        width=_steps(
            "greatest(c.occurred_last - c.occurred_first, r.occurred_last - r.occurred_first) + 1",
            times.WIDTHS,
            "same-season",
        ),
        delay=_delay(),
        group=_group(),
    )


@cache
def totals_sql() -> str:
    """What every row of `levels` weighs in bits; only those that are odd, or worth keeping."""
    joins = (
        f"JOIN weights AS w_{field} ON w_{field}.field = '{field}' AND w_{field}.level = l.{field}"
        for field in FIELDS
    )
    sums = (
        " + ".join((f"k.{rival}", *(f"w_{field}.{rival}" for field in FIELDS))) + f" AS {rival}"
        for rival in _RIVALS
    )
    return Template(read_sql("totals")).substitute(
        joins="\n  ".join(joins), sums=",\n    ".join(sums), fields=", ".join(FIELDS)
    )


def weight_rows(model: Model) -> list[tuple[str | float, ...]]:
    """The table `weights` of a model, in bits."""
    return [
        (name, level, *bits)
        for name, field in zip(FIELDS, Levels._fields, strict=True)
        for level, bits in model.weights[field].items()
    ]


def kind_rows(model: Model) -> list[tuple[str | float, ...]]:
    """The table `kinds` of a model: priors and the least that a pair has to weigh, in bits; and
    whether a record may name another of the household.
    """
    return [
        (
            *(kind, *model.priors[kind], least_kept(model, kind=kind)),
            kind == HOUSEHOLD and model.unites_households,
        )
        for kind in KINDS
    ]


def offence_rows(
    sets: Sequence[frozenset[str]], codes: Collection[str], model: Model
) -> Iterator[tuple[int, str, str]]:
    """The table `offence_levels` for numbered sets of reported codes and some recorded ones."""
    for number, reported in enumerate(sets):
        for code in codes:
            level = levels.offence_level(reported, code, model.common_offences)
            if level != MISSING:
                yield number, code, level


def read_sql(name: str) -> str:
    """The text of one of the files `data/bulk_*.sql`."""
    return (DATA / f"bulk_{name}.sql").read_text(encoding="utf-8")


def _slip(column: str, turned: str, other: str = "") -> str:
    """One slip apart, where both are long enough: Levenshtein, or two neighbours turned."""
    one, two = f"r.{column}", f"c.{other or column}"
    return (
        f"({one} <> '' AND {two} <> '' AND abs(length({one}) - length({two})) <= 1"
        f" AND (levenshtein({one}, {two}) <= 1 OR array_contains(r.{turned}, {two})))"
    )


def _any_slip(column: str, only: str = "true") -> str:
    """Any number of the report's beside any of the record's for which `only` holds."""
    return " OR ".join(
        f"(({only.format(one=f'r.run_{one}', two=f'c.{column}_{other}')})"
        f" AND {_slip(f'run_{one}', f'run_{one}_turned', f'{column}_{other}')})"
        for one in REPORT_RUNS
        for other in RECORD_RUNS
    )


def _steps(value: str, steps: Sequence[tuple[int, str]], beyond: str) -> str:
    cases = (f"WHEN {value} <= {most} THEN '{name}'" for most, name in steps)
    return f"CASE {' '.join(cases)} ELSE '{beyond}' END"


def _delay() -> str:
    day = "coalesce(c.received, c.recorded)"
    days = (
        f"(CASE WHEN {day} > r.told_last THEN {day} - r.told_last"
        f" ELSE least({day} - r.told_first, 0) END)"
    )
    several = (
        f"r.told_last - r.told_first >= {times.SEVERAL}"
        f" AND {day} BETWEEN r.told_first AND r.told_last"
    )
    return f"CASE WHEN {several} THEN 'within' ELSE {_steps(days, times.DELAYS, 'later')} END"


def _group() -> str:
    cases = (f"WHEN '{when}' THEN '{group}'" for when, group in times.GROUPS.items())
    return f"CASE happened {' '.join(cases)} ELSE 'far' END"
