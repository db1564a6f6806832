"""Writes what a run found into docs: the picture, and its tables between two marks of the page."""

from pathlib import Path

from tests.benchmarks.matching.curve import Trace, draw
from tests.benchmarks.matching.peers import Point, best, least_hidden
from tests.benchmarks.matching.sets import Run
from tests.benchmarks.matching.shares import percent

_BEGIN, _END = "<!-- measured: begin -->", "<!-- measured: end -->"
_LOOKS = {
    "Exact reference": ("#5c2d91", "2 4", "diamond"),
    "Ladder of 8 rules": ("#b35900", "8 4", "square"),
    "recordlinkage ECM": ("#00703c", "10 3 2 3", "diamond"),
    "Splink": ("#b3001b", "6 3", "square"),
}
_MOST_ALERTED = 0.10
CAPTION = (
    "Both axes are logarithmic; what lies beyond them is drawn on the edge. Each line is a method "
    "as its threshold moves from loose to strict; its sign is where it would be run, by the "
    "greatest F1. Ours is run with a person between."
)


def write(run: Run, docs: Path) -> None:
    """Write the picture, and the tables into docs/matching.md."""
    (docs / "matching-curve.svg").write_text(picture(run), encoding="utf-8")
    page = docs / "matching.md"
    text = page.read_text("utf-8")
    head, _, rest = text.partition(_BEGIN)
    _, _, tail = rest.partition(_END)
    page.write_text(f"{head}{_BEGIN}\n{tables(run)}\n{_END}{tail}", encoding="utf-8")


def picture(run: Run) -> str:
    """The curve with every method on it."""
    traces = []
    for name, peer in run.peers.items():
        points = peer.points
        colour, dash, sign = _LOOKS[name]
        traces.append(Trace(name, _places(points), _place(best(points)), colour, dash, sign))
    if run.ours and run.figures:
        with_person = run.figures.wrongly_alerted.value, run.figures.hidden.value
        traces.append(
            Trace("Ours, nobody between", _places(run.ours), _place(best(run.ours)), "#666")
        )
        traces.append(Trace("Ours, as it is run", [], with_person, "#003078"))
    return draw(traces, mark=(0.02, 0.005), caption=CAPTION)


def tables(run: Run) -> str:
    """The marks and the peers as two tables in Markdown."""
    rows = [
        f"Seed {run.plan.seed}, {run.plan.reports:,} reports and {run.plan.records:,} records, "
        f"model {run.model.version}. Intervals are Wilson's, 95 %.",
        "",
        "| what | mark | found | met |",
        "|---|---|---|---|",
        *(
            f"| {line.what} | {line.mark} | {line.found} | {'yes' if line.met else '**no**'} |"
            for line in run.lines
        ),
        "",
        *(f"- {note}" for note in run.notes),
        "",
        "| method, same rows | hidden | recorded reports wrongly alerted | matches right | F1 |",
        "|---|---|---|---|---|",
    ]
    for name, (points, sure, _) in run.peers.items():
        if name in ("Splink", "recordlinkage ECM"):
            rows.append(_row(f"{name}, p ≥ .99", sure))
        rows.append(_row(f"{name}, best F1", best(points)))
        strict = least_hidden(points, _MOST_ALERTED)
        if strict is not None and strict != best(points):
            rows.append(_row(f"{name}, hiding least at ≤ 10 % wrongly alerted", strict))
    if run.ours:
        rows.append(_row("Ours, nobody between, best F1", best(run.ours)))
    if run.figures:
        found = run.figures
        rows.append(
            f"| **Ours, as it is run** | {percent(found.hidden.value)} | "
            f"{percent(found.wrongly_alerted.value)} | {percent(found.right.value)} | "
            f"{percent(found.to_a_person.value)} to a person |"
        )
    taken = {**run.seconds, **{name: peer.seconds for name, peer in run.peers.items()}}
    rows += ["", *(f"- {what}: {seconds:.1f} s" for what, seconds in taken.items())]
    return "\n".join(rows)


def _row(name: str, found: Point) -> str:
    return (
        f"| {name} | {percent(found.hidden.value)} | {percent(found.wrongly_alerted.value)} | "
        f"{percent(found.right.value)} | {found.f1:.3f} |"
    )


def _places(points: list[Point]) -> list[tuple[float, float]]:
    return [_place(one) for one in points]


def _place(one: Point) -> tuple[float, float]:
    return one.wrongly_alerted.value, one.hidden.value
