"""The model card: what a model was made from, what it weighs, how well it does, and what it must
not be used for. Written from the model and from measured figures, never by hand.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from portal.matching.fairness import Cell
from portal.matching.measuring import Figures, Share
from portal.matching.model import CLASSES, KINDS, LEVELS, Model

_NOT_FOR = (
    "To decide that police broke the law. A report without a record is a reason to check.",
    "To refuse, doubt or close a report, or to judge the person who made it.",
    "To find out who somebody is, or to link people across data sets for any other purpose.",
    "To count crime, or to compare forces, without the audit of automatic matches beside it.",
    "With records of another country or another format before it was fitted and measured on them.",
    "After the drift warning came, until it was fitted and measured again.",
)
_CLASSES = {
    "M": "the record of this event",
    "U": "an unrelated person",
    "S": "the same victim, another event",
    "H": "a housemate, another event",
    "C": "somebody else at this event",
}


@dataclass(frozen=True, slots=True)
class Measured:
    """One set of reports on which the model was tried: what it was, in words, and the figures."""

    name: str
    figures: Figures


def model_card(
    model: Model,
    measured: Sequence[Measured],
    fairness: Iterable[Cell] = (),
    *,
    fairness_of: str = "",
) -> str:
    """The card as Markdown. `model.about` says what the data were and when it was made, and
    `fairness_of` on what the errors by group were counted.
    """
    parts = [
        f"# Model card: {model.version}\n\nWritten by the fit, not by hand.\n",
        _about(model),
        "## What it must not be used for\n\n" + "".join(f"- {one}\n" for one in _NOT_FOR),
        *(_figures(one) for one in measured),
        fairness_part(fairness, of=fairness_of),
        _limits(model),
        _weights(model),
    ]
    return "\n".join(part for part in parts if part)


def _about(model: Model) -> str:
    said = "".join(f"| {name} | {value} |\n" for name, value in sorted(model.about.items()))
    return (
        "The model says how likely it is that a police crime record is the record of what a victim "
        "reported.\nFor each field it weighs five explanations of a pair:\n\n"
        + "".join(f"- {one}: {words}\n" for one, words in _CLASSES.items())
        + f"\n| | |\n|---|---|\n{said}"
    )


def _figures(measured: Measured) -> str:
    figures = measured.figures
    rows: list[tuple[str, Share]] = [
        ("unrecorded crimes hidden by an automatic match", figures.hidden),
        ("the same, sexual offences", figures.hidden_sexual),
        ("automatic matches that are right", figures.right),
        ("reports matched automatically", figures.automatic),
        ("alerts that are right", figures.alerts),
        ("recorded reports wrongly alerted", figures.missed),
        ("reports that go to a person", figures.to_a_person),
        ("the same, with name, birth date, contact and reference", figures.to_a_person_full),
    ]
    table = "".join(f"| {name} | {share} |\n" for name, share in rows)
    bands = "".join(
        f"| {row.low:g} to {row.high:g} | {row.stated:.4f} | {row.seen.value:.4f} "
        f"| {row.seen.of:,} |\n"
        for row in figures.calibration
    )
    return (
        f"## Measured: {measured.name}\n\n{figures.reports:,} reports.\n\n"
        f"| what | share |\n|---|---|\n{table}\n"
        f"Calibration, by log-odds in bits:\n\n"
        f"| log-odds | chance stated | share right | candidates |\n|---|---|---|---|\n{bands}"
    )


def fairness_part(cells: Iterable[Cell], *, of: str = "") -> str:
    """The table of errors by group as Markdown, counted on what `of` says; empty where there are
    none.
    """
    rows = "".join(
        f"| {one.dimension} | {one.group} | {_cell(one.hidden)} | {_cell(one.missed)} "
        f"| {_cell(one.to_a_person)} |\n"
        for one in cells
    )
    if not rows:
        return ""
    said = f"Of {of}. " if of else ""
    return (
        f"## Errors by group\n\n{said}A cell that is too small is not published.\n\n"
        "| by | group | unrecorded, hidden | recorded, wrongly alerted | to a person |\n"
        f"|---|---|---|---|---|\n{rows}"
    )


def _cell(share: Share | None) -> str:
    return "too few" if share is None else str(share)


def _limits(model: Model) -> str:
    rows = "".join(
        f"| {name} | "
        + " | ".join(f"{getattr(model.limits[kind], name):g}" for kind in KINDS)
        + " |\n"
        for name in (
            *("automatic", "likely", "alert", "personal"),
            *("least_unrelated", "least_another", "least_housemate"),
        )
    )
    expected = "".join(
        f"| prior against {one}, bits | "
        + " | ".join(f"{model.priors[kind][number]:.2f}" for kind in KINDS)
        + " |\n"
        for number, one in enumerate(CLASSES[1:])
    )
    head = "".join(f" {kind} |" for kind in KINDS)
    rule = "---|" * (len(KINDS) + 1)
    return f"## Limits and priors, in bits\n\n| |{head}\n|{rule}\n{rows}{expected}"


def _weights(model: Model) -> str:
    rows = "".join(
        f"| {field} | {level} | {model.shares[field][level][0]:.4f} | "
        + " | ".join(f"{bits:+.1f}" for bits in model.weights[field][level])
        + " |\n"
        for field, levels in LEVELS.items()
        for level in levels
    )
    return (
        "## Weights\n\nShare of the level among true records, and bits against each rival.\n\n"
        f"| field | level | M | U | S | H | C |\n|---|---|---|---|---|---|---|\n{rows}"
    )
