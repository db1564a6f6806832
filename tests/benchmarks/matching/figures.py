"""The figures of the product's own model on one generated set, and how each mark was met."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from tests.benchmarks.matching.ours import Settled
from tests.benchmarks.matching.peers import Point, Scores
from tests.benchmarks.matching.rows import RawReport, Truth
from tests.benchmarks.matching.shares import Share, percent


@dataclass(frozen=True, slots=True)
class Figures:
    """Shares of one set. `found`: recorded reports with their record among the candidates, of
    those who gave anything to find it by. `full`: name, birth date, contact and reference given.
    `confirming`: asked whether the number that they typed is of this crime; `of_this`: of those,
    for whom it is.
    """

    hidden: Share
    hidden_sexual: Share
    right: Share
    alerts_right: Share
    wrongly_alerted: Share
    to_a_person: Share
    full_to_a_person: Share
    asked: Share
    full_asked: Share
    confirming: Share
    full_confirming: Share
    of_this: Share
    automatic: Share


@dataclass(frozen=True, slots=True)
class Line:
    """A row of the table of marks."""

    what: str
    mark: str
    found: str
    met: bool

    def __str__(self) -> str:
        return f"{self.what:<58} {self.mark:<10} {self.found}{'' if self.met else '  MISSED'}"


def figures(settled: Settled, reports: Sequence[RawReport], truths: Sequence[Truth]) -> Figures:
    """The figures of a set; a person is asked in state "review", the victim in state "ask"."""
    both = [(truth, settled.states[truth.number]) for truth in truths]
    full = {one.number for one in reports if is_full(one)}
    alone = [truth for truth in truths if not truth.is_recorded]
    links = settled.links
    return Figures(
        hidden=Share.of_all([one.number in links for one in alone]),
        hidden_sexual=Share.of_all([one.number in links for one in alone if one.is_sexual]),
        right=Share.of_all(
            [row in one.records for one in truths for row in links.get(one.number, ())]
        ),
        alerts_right=Share.of_all([not one.is_recorded for one, state in both if state == "alert"]),
        wrongly_alerted=Share.of_all([state == "alert" for one, state in both if one.is_recorded]),
        to_a_person=Share.of_all([state == "review" for _, state in both]),
        full_to_a_person=Share.of_all(
            [state == "review" for one, state in both if one.number in full]
        ),
        asked=Share.of_all([state == "ask" for _, state in both]),
        full_asked=Share.of_all([state == "ask" for one, state in both if one.number in full]),
        confirming=Share.of_all([state == "confirm" for _, state in both]),
        full_confirming=Share.of_all(
            [state == "confirm" for one, state in both if one.number in full]
        ),
        of_this=Share.of_all(
            [
                settled.scored[one.number].candidates[0].record_id in one.records
                for one, state in both
                if state == "confirm"
            ]
        ),
        automatic=Share.of_all([state == "automatic" for _, state in both]),
    )


def is_full(report: RawReport) -> bool:
    """Whether name, birth date, a contact and a reference were all given."""
    contact = report.telephone or report.email
    return bool(report.name and report.birth_day and contact and report.references)


def lines(found: Figures, *, factor: float = 1.0) -> list[Line]:
    """The table of marks; with `factor` 2 each allowed error is doubled, for doubled noise."""
    return [
        at_most("Unrecorded crimes hidden", found.hidden, 0.005 * factor),
        at_least("Automatic matches right", found.right, 1 - 0.001 * factor),
        at_least("Full alerts right", found.alerts_right, 1 - 0.1 * factor),
        at_most("Recorded reports wrongly alerted", found.wrongly_alerted, 0.02 * factor),
        at_most("To a person", found.to_a_person, 0.15 * factor),
        at_most("To a person, with everything given", found.full_to_a_person, 0.06 * factor),
    ]


def beside(found: Figures) -> list[str]:
    """What has no mark and is said all the same."""
    return [
        f"Matched automatically: {found.automatic}",
        f"Victim asked, for there is too little to tell: {found.asked}",
        f"Victim asked whether the number they typed is of this crime: {found.confirming}; "
        f"with everything given: {found.full_confirming}; it is, for {found.of_this}",
        f"To a person if none of these answered: {percent(_or_else(found))}",
        f"Sexual offences hidden, in this set: {found.hidden_sexual}",
    ]


def _or_else(found: Figures) -> float:
    return found.to_a_person.value + found.confirming.value


def sexual_line(found: Figures) -> Line:
    """The mark for sexual offences: the upper end of the interval, over at least 6,000 cases."""
    share = found.hidden_sexual
    enough = share.of >= 6000
    met = enough and share.interval[1] <= 0.001
    return Line("Unrecorded sexual offences hidden, upper 95 % limit", "≤ 0.1 %", str(share), met)


def at_most(what: str, share: Share, mark: float) -> Line:
    """A line whose share must not exceed the mark."""
    return Line(what, f"≤ {100 * mark:g} %", str(share), share.value <= mark)


def at_least(what: str, share: Share, mark: float) -> Line:
    """A line whose share must reach the mark."""
    return Line(what, f"≥ {100 * mark:g} %", str(share), share.value >= mark)


def as_scores(settled: Settled) -> Scores:
    """The likeliest record of each report with its log-odds, of those that no gate holds back:
    for the curve without any person, where what is not matched is alerted.
    """
    return {
        number: [(one.log_odds, one.record_id) for one in scored.candidates if not one.gates][:1]
        for number, scored in settled.scored.items()
        if any(not one.gates for one in scored.candidates)
    }


def why_hidden(settled: Settled, truths: Sequence[Truth]) -> Counter[str]:
    """What the records were that wrongly stood for an event, and whether that had one."""
    found: Counter[str] = Counter()
    for truth in truths:
        for row in settled.links.get(truth.number, ()):
            if row not in truth.records:
                kind = truth.rivals.get(row, "stranger")
                found[f"{kind}, {'recorded' if truth.is_recorded else 'unrecorded'}"] += 1
    return found


def in_short(found: Point) -> str:
    """What a peer does at one point, in one line."""
    return (
        f"{percent(found.hidden.value)} hidden, "
        f"{percent(found.wrongly_alerted.value)} wrongly alerted"
    )
