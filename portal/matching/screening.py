"""Which pairs a full run has to look at: SQL that leaves out what cannot be worth keeping.

Of a hundred candidates five are worth keeping. To tell all levels of a pair costs as much in SQL as
here; to tell what they may be costs a tenth. So each field of a pair gets a class of levels that is
sure to hold its own: one level where equality tells it, several where it takes a closer look ("one
slip apart, or sounds alike, or different"). With the best of each class a pair weighs at least what
it does weigh, and those that do not reach the limit even so are left out. What is left is compared
and weighed by the very functions of the other way, so that nothing hangs on this but time: a class
may be too wide, and must not be too narrow.
"""

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from functools import cache
from string import Template

from portal.matching import times
from portal.matching.blocking import LONGEST_EVENT
from portal.matching.bulk_rows import REPORT_RUNS, is_odd, only, same_levels
from portal.matching.bulk_sql import read_sql
from portal.matching.levels import TO_SPARE, offence_level
from portal.matching.model import HOUSEHOLD, LEVELS, Model
from portal.matching.numbers import MISSING, are_of_calls, bare_numbers, tails_of
from portal.matching.settling import least_kept
from portal.matching.sides import ReportSide
from portal.matching.weighing import kind_of

_ANY_LENGTH = 1000
Row = tuple[object, ...]
_NUMBERS = ("same", "run", "slip", "tail", "incident", "near-incident", "different")
_LESS = ("same", "downgrade", "rare-downgrade")


def _of_numbers(*levels: str) -> tuple[str, ...]:
    return tuple(f"{told}/{level}" for told in ("together", "apart", "unknown") for level in levels)


def _alone(field: str) -> dict[str, tuple[str, ...]]:
    return {level: (level,) for level in (*LEVELS[field], MISSING)}


def _of_offences() -> dict[str, tuple[str, ...]]:
    found: dict[str, tuple[str, ...]] = {MISSING: (MISSING,)}
    for level in LEVELS["offence"]:
        name = level.rpartition("/")[2]
        found[name] = (*found.get(name, ()), level)
    return found


CLASSES: Mapping[str, Mapping[str, tuple[str, ...]]] = {
    "forename": _alone("forename")
    | {
        "initial": ("initial", "middle"),
        "sounds": ("sounds", "middle", "different"),
        "middle": ("middle", "different"),
    },
    "surname": _alone("surname")
    | {"part": ("part", "sounds", "different"), "sounds": ("sounds", "different")},
    "birth_date": _alone("birth_date") | {"slip": ("slip", "different")},
    "telephone": _alone("telephone") | {"slip": ("slip", "different")},
    "email": _alone("email") | {"slip": ("slip", "different")},
    "reference": {
        MISSING: (MISSING,),
        "shared": (*_of_numbers(*_NUMBERS), MISSING),
        "figures": (*_of_numbers(*_NUMBERS), MISSING),
        "open": (*_of_numbers("slip", "tail", "near-incident", "different"), MISSING),
        "slip": (*_of_numbers("slip", "near-incident", "different"), MISSING),
        "part": (*_of_numbers("different"), MISSING),
        "different": _of_numbers("different"),
    },
    "place": _alone("place"),
    "when": _alone("when"),
    "offence": _of_offences(),
    "force": _alone("force"),
}
"""By field and name, the levels that a pair of this class may have. `delay` has tables of its own,
by the level of `when`.
"""
_RUNS = ("c.number_run", "c.number_bare_run", "c.call_run", "c.call_bare_run")
_BASES = ("handed", "received", "recorded")
_DELAYS = (*(name for _, name in times.DELAYS), "later", "within", "impossible")
SOUGHT_COLUMNS: Mapping[str, str] = {
    "report": "int64",
    "is_odd": "bool",
    **dict.fromkeys(("spare", "present"), "float64"),
    **dict.fromkeys(("forename", "forename_first", "forename_sound", "groups"), "object"),
    **dict.fromkeys(("is_initial", "has_more"), "bool"),
    **dict.fromkeys(("surname", "surname_sound"), "object"),
    "is_double": "bool",
    **dict.fromkeys(("forename_same", "surname_same", "birth_same"), "int64"),
    **dict.fromkeys(("birth_date", "birth_year", "birth_crossed"), "object"),
    **dict.fromkeys(("telephone", "email", "unit", "sector", "district", "town"), "object"),
    "force": "object",
    **dict.fromkeys(("occurred_first", "occurred_last", "told_first", "told_last"), "int64"),
    **dict.fromkeys(("offences", "longest_typed"), "int64"),
    **dict.fromkeys(("is_handed_over", "has_numbers", "is_of_calls"), "bool"),
    **{f"run_{place}": "object" for place in REPORT_RUNS},
    **{f"tail_{place}": "object" for place in REPORT_RUNS},
}
"""A report as it is looked for: 0 or "" for what is not known, classes by number. `spare`: bits
that it has over the least that is kept; `present`: what speaks for a housemate at this event, where
one of a home stands for all, and NaN elsewhere.
"""
_BLANK = {"int64": 0, "bool": False, "float64": 0.0, "object": ""}


def sought_row(number: int, side: ReportSide, offences: int, model: Model) -> Row:
    """A report as a row of `sought`. `offences` numbers its set of offence codes."""
    kind = kind_of(side)
    tails = sorted(tails_of(side.references))
    row: dict[str, object] = {name: _BLANK[kind] for name, kind in SOUGHT_COLUMNS.items()}
    if is_odd(side, (side.victim,), side.place) or len(tails) > len(REPORT_RUNS):
        return tuple((row | {"report": number, "is_odd": True}).values())
    victim, place = side.victim, side.place
    forename = str(victim.forenames[0]) if victim.forenames else ""
    same = same_levels(victim, model)
    typed = [str(one) for one in bare_numbers(side)]
    is_of_home = kind == HOUSEHOLD and model.unites_households
    row |= {
        "report": number,
        "spare": model.priors[kind][0] - least_kept(model, kind=kind),
        "present": model.priors[kind][3] if is_of_home else float("nan"),
        "forename": forename,
        "forename_first": forename[:1],
        "forename_sound": only(victim.forename_sounds),
        "groups": " ".join(sorted(map(str, victim.forename_groups))),
        "is_initial": len(forename) == 1,
        "has_more": len(victim.forenames) > 1,
        "surname": str(victim.surname),
        "surname_sound": only(victim.surname_sounds),
        "is_double": bool(victim.surname_parts),
        "forename_same": number_of("forename", str(same["forename_same"])),
        "surname_same": number_of("surname", str(same["surname_same"])),
        "birth_same": number_of("birth_date", str(same["birth_same"])),
        "birth_date": str(victim.birth_date),
        "birth_year": str(victim.birth_year),
        "birth_crossed": same["birth_crossed"],
        "telephone": only(victim.telephones),
        "email": only(victim.emails),
        **{name: str(getattr(place, name)) for name in ("unit", "sector", "district", "town")},
        "force": side.force_id,
        "offences": offences,
        "longest_typed": max([_ANY_LENGTH if "/" in one else len(one) for one in typed] or [0]),
        "is_handed_over": side.is_handed_over,
        "has_numbers": side.has_numbers,
        "is_of_calls": are_of_calls(side),
    }
    row["occurred_first"], row["occurred_last"] = side.occurred or (0, 0)
    row["told_first"], row["told_last"] = side.told or (0, 0)
    for name, values in (("run", side.reference_runs | side.incident_runs), ("tail", tails)):
        row |= {
            f"{name}_{place}": str(one) for place, one in zip(REPORT_RUNS, values, strict=False)
        }
    return tuple(row.values())


def offence_rows(
    sets: Mapping[frozenset[str], int], codes: Collection[str], model: Model
) -> Iterator[tuple[int, str, int, bool]]:
    """For numbered sets of reported codes and some recorded ones: the class of their level, and
    whether police wrote down what was told, or a lesser offence.
    """
    for reported, number in sets.items():
        for code in codes:
            level = offence_level(reported, code, model.common_offences)
            if level != MISSING:
                yield number, code, number_of("offence", level), level in _LESS


def number_of(field: str, name: str) -> int:
    """The number of a class, from 1."""
    return [*CLASSES[field]].index(name) + 1


@cache
def keys_sql() -> str:
    """The keys of `lot` and of its `number_keys`."""
    return Template(read_sql("keys")).substitute(longest_event=LONGEST_EVENT)


@cache
def lot_sql() -> str:
    """The table `lot` from the columns of `columns.LOT_COLUMNS` in `given`."""
    return read_sql("lot")


def screen_sql(model: Model, *, with_classes: bool = False) -> str:
    """Of `pairs` those that may be worth keeping, in order: report, record, and by how many bits
    they may be at the most. `with_classes`: the class of each field stands between.
    """
    # A level of `delay` has three numbers and no class.
    fields = [*(one for one in CLASSES if one != "when"), "happened", "basis", "delay"]
    numbers = _bounds("most", 0, max, model)["reference_most"]
    return Template(read_sql("screen")).substitute(
        {
            f"{field}_{name.replace('-', '_')}": number
            for field, classes in CLASSES.items()
            for number, name in enumerate(classes, 1)
        },
        **_bounds("most", 0, max, model),
        **_bounds("least", 3, min, model),
        also="".join(f"{one}, " for one in fields if one != "reference") if with_classes else "",
        bound=f"most + {numbers}",
        can_be_kept=f"most + {numbers} >= {-TO_SPARE}",
        **{
            f"{field}_near": _near(f"r.{field}", f"c.{field}")
            for field in ("forename", "surname", "birth_date", "telephone", "email")
        },
        run_same=_any("run", lambda ours: f"{ours} IN ({', '.join(_RUNS)})"),
        number_near=_any("run", lambda ours: " OR ".join(_near(ours, run) for run in _RUNS)),
        tail_near=_any("tail", lambda ours: f"contains(c.number_figures, {ours})"),
        gap=_steps(
            "greatest(c.first_day - r.occurred_last, r.occurred_first - c.last_day)",
            [(most, number_of("when", name)) for most, name in times.GAPS_BEYOND],
            number_of("when", "far-apart"),
        ),
        width=_steps(
            "greatest(c.last_day - c.first_day, r.occurred_last - r.occurred_first) + 1",
            [(most, number_of("when", name)) for most, name in times.WIDTHS],
            number_of("when", "same-season"),
        ),
        delay=_steps(
            "(CASE WHEN c.day > r.told_last THEN c.day - r.told_last"
            " ELSE least(c.day - r.told_first, 0) END)",
            [(most, _delay(name)) for most, name in times.DELAYS],
            _delay("later"),
        ),
        no_delay=0,
        within=_delay("within"),
        impossible=_delay("impossible"),
        several=times.SEVERAL,
        **{basis: number for number, basis in enumerate(_BASES)},
    )


def _bounds(
    word: str, against: int, furthest: Callable[[list[float]], float], model: Model
) -> dict[str, str]:
    """SQL for what each field says in the class that a pair has: the furthest of its levels."""
    found: dict[str, str] = {}
    for field, classes in CLASSES.items():
        weights = model.weights[field]
        bits = [furthest([weights[one][against] for one in levels]) for levels in classes.values()]
        column = "happened" if field == "when" else field
        found[f"{field}_{word}"] = f"({bits})[{column}]"
    weights = model.weights["delay"]
    delays = [
        weights[f"{times.GROUPS.get(when, 'far')}/{basis}/{delay}" if delay else MISSING][against]
        for when in CLASSES["when"]
        for basis in _BASES
        for delay in ("", *_DELAYS)
    ]
    many = len(_DELAYS) + 1
    found[f"delay_{word}"] = (
        f"({delays})[((happened - 1) * {len(_BASES)} + basis) * {many} + delay + 1]"
    )
    surnames = model.weights["surname"]
    turned = [model.weights["forename"]["swapped"][against] + surnames["swapped"][against]]
    turned += [bits[against] for level, bits in surnames.items() if level.startswith("same")]
    found[f"turned_{word}"] = str(furthest(turned))
    return found


def _any(name: str, fits: Callable[[str], str]) -> str:
    """Whether what a report has in any of its places fits."""
    ours = [f"r.{name}_{place}" for place in REPORT_RUNS]
    return "({})".format(" OR ".join(f"({one} <> '' AND ({fits(one)}))" for one in ours))


def _near(one: str, two: str) -> str:
    """Whether two texts may be one slip apart: two neighbours turned count as two here."""
    return f"(abs(length({one}) - length({two})) <= 1 AND levenshtein({one}, {two}) <= 2)"


def _steps(value: str, steps: Sequence[tuple[int, int]], beyond: int) -> str:
    cases = (f"WHEN {value} <= {most} THEN {number}" for most, number in steps)
    return f"CASE {' '.join(cases)} ELSE {beyond} END"


def _delay(name: str) -> int:
    return _DELAYS.index(name) + 1
