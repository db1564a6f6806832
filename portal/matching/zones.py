"""From log-odds to what happens: gates and zones of a pair, and the state of a whole report.

A gate holds back an automatic match whatever the log-odds say, and sends it to a person. It never
makes one. Limits are data of the model, in bits.

One gate leads elsewhere: of a record that the force removed, and that is surely the report's, there
is nothing for a person to decide. It stops no clock, and raises `cancelled` at once (`judging`).
"""

from collections.abc import Collection, Iterable
from typing import Literal

from portal.matching.levels import Levels, is_told_or_less
from portal.matching.model import Limits
from portal.matching.numbers import MISSING
from portal.matching.posterior import Weights
from portal.matching.sides import RecordSide, ReportSide
from portal.matching.times import is_before_it
from portal.reference.offences import is_rape, is_sexual

Zone = Literal["automatic", "likely", "possible", "none"]
Gate = Literal[
    "no-crime", "removed", "early", "personal", "forename", "unrelated", "another", "housemate"
]
State = Literal["automatic", "confirm", "review", "ask", "alert"]
Typed = Literal["event", "near", "call", ""]
CALL: Typed = "call"

_DAYS_SHARED = frozenset({"same-day", "same-week"})

GATE_WORDS: dict[Gate, str] = {
    "no-crime": "It is the note of an incident (N100), not a crime record.",
    "removed": "The police removed this crime record.",
    "early": (
        "By the times that both sides give, police had this crime record before it happened. So it "
        "is another crime, or one of the times is wrong. The chances that are stated leave that "
        "out."
    ),
    "personal": "Too little is known about the person on both sides.",
    "forename": "First name or date of birth is another, and nothing shows that it is them.",
    "unrelated": "To be matched by itself it takes more to say that this is the same person.",
    "another": (
        "To be matched by itself it takes more to say that this is not another crime against the "
        "same person."
    ),
    "housemate": (
        "To be matched by itself it takes more to say that this is not somebody of the same "
        "household or event."
    ),
}


def closed_gates(
    report: ReportSide,
    record: RecordSide,
    levels: Levels,
    weights: Weights,
    limits: Limits,
    *,
    of_home: bool = False,
) -> tuple[Gate, ...]:
    """Every gate that holds the pair back from an automatic match; empty when all are open.

    "early": what police had before it happened is of another crime, or a time is wrong.
    "personal": an automatic match needs `limits.personal` bits about the person or the exact crime
    reference; an incident number never does, for everybody at the event has it. "forename": a
    crime against the person is somebody else's when the first name is; twins share a birth date
    and a telephone, so that only their own e-mail address, or the reference too, says otherwise.
    `of_home`: the record may bear the name of another of their home.
    """
    gates: tuple[tuple[Gate, bool], ...] = (
        ("no-crime", record.is_incident),
        ("removed", record.is_removed),
        ("early", is_before_it(report, record)),
        ("personal", weights.personal < limits.personal and not _is_same_reference(levels)),
        ("forename", report.is_against_person and not of_home and _is_another_name(levels)),
        ("unrelated", weights.unrelated < limits.least_unrelated),
        ("another", weights.another < limits.least_another),
        ("housemate", weights.housemate < limits.least_housemate),
    )
    return tuple(name for name, closed in gates if closed)


def _is_same_reference(levels: Levels) -> bool:
    # Two forces can use one number.
    return levels.reference.endswith(("/same", "/run")) and levels.force != "different"


def _is_another_name(levels: Levels) -> bool:
    reached = levels.email == "same" or (
        levels.telephone == "same" and levels.reference.endswith("/same")
    )
    if levels.forename == "missing":
        return levels.birth_date == "different" and not reached
    return levels.forename == "different" and not reached


def zone_of(
    log_odds: float, gates: tuple[Gate, ...], limits: Limits, *, alone: float | None = None
) -> Zone:
    """The zone of a pair: "automatic" is sure, and stops the clock unless the force removed the
    record; "likely" and "possible" go to a person.

    `alone`: its log-odds if there were no other record. Of several that fit alike each is unlikely
    and yet one may be it, so that an alert looks at each alone.
    """
    if (log_odds if alone is None else alone) < limits.alert:
        return "none"
    if log_odds >= limits.automatic and not set(gates) - {"removed"}:
        return "automatic"
    return "likely" if log_odds >= limits.likely else "possible"


def only_they_know(zone: str, gates: Collection[str] | None, levels: Levels) -> bool:
    """Whether nobody but the person can settle a pair: it is likely, they typed a number of it, the
    record is surely theirs, and the one doubt is whether the number is of this crime or of another
    against them. Whether police removed the record changes none of it.
    """
    doubts = set(gates or ()) - {"removed"}
    return zone == "likely" and doubts <= {"another"} and number_typed(levels) != ""


def number_typed(levels: Levels) -> Typed:
    """Which number of the record the person typed, and so what they can be asked (`questions`):
    "event" for its very crime reference; "near" for a slip in it, or its last figures alone; "call"
    for that of the call that it came of (or a reference like one in the other box), where both
    happened or were told at once, and police wrote down what was told or may have made less of it:
    one call can be about several crimes, and then another offence is another crime. "" where they
    typed none.
    """
    if _is_same_reference(levels):
        return "event"
    if levels.force == "different":
        return ""
    if levels.reference.endswith(("/slip", "/tail")):
        return "near"
    is_call = levels.reference.endswith("/incident")
    is_at_once = levels.reference.startswith("together/") or levels.when in _DAYS_SHARED
    is_told = levels.offence == MISSING or is_told_or_less(levels)
    return CALL if is_call and is_at_once and is_told else ""


def means_one_record(report: ReportSide, force_id: str, others: Iterable[Levels]) -> bool:
    """Whether what a person says of the number of their call can be of one record alone, of this
    force: it is the one number that they typed, of that force, and no other candidate came of it.
    """
    is_one = bool(report.references) != bool(report.incident_numbers)
    is_theirs = report.force_id in ("", force_id)
    return is_one and is_theirs and not came_of_call(others)


def came_of_call(some: Iterable[Levels]) -> bool:
    """Whether the record of any of these pairs came of a call whose number was typed."""
    return any(each.reference.endswith("/incident") for each in some)


def is_told_alike(reported: Collection[str], recorded: str, levels: Levels) -> bool:
    """Whether police wrote down what the person told us, so far as their yes may settle it, from
    the codes that the report can stand for and the record's. Of no sexual offence, none was
    recorded. Of one, that same one was, and a rape where it may be one: what police wrote down as
    something else two people read.
    """
    if not any(map(is_sexual, reported)):
        return not is_sexual(recorded)
    may_be_less = any(map(is_rape, reported)) and not is_rape(recorded)
    return levels.offence.endswith("/same") and not may_be_less


def can_tell(report: ReportSide) -> bool:
    """Whether the report holds anything to find its record by: a name, a number or a contact."""
    victim = report.victim
    return bool(
        victim.is_named
        or victim.telephones
        or victim.emails
        or report.references
        or report.incident_numbers
    )


def state_of(zones: list[Zone], report: ReportSide, *, first: bool = False) -> State:
    """What a report waits for: nothing ("automatic"), the victim's yes or no ("confirm", with
    `first`: of the likeliest record only they can know), a person ("review"), more from the victim
    ("ask": not enough to tell), or oversight, for no record was found ("alert").
    """
    if "automatic" in zones:
        return "automatic"
    if not can_tell(report):
        return "ask"
    if first:
        return "confirm"
    return "review" if set(zones) - {"none"} else "alert"
