"""The picture: crimes hidden against reports wrongly alerted, with every method on it, as SVG."""

from collections.abc import Sequence
from html import escape
from math import log10
from typing import NamedTuple

_WIDTH, _HEIGHT = 760, 520
_LEFT, _RIGHT, _TOP, _BOTTOM = 76, 190, 28, 62
_X = (0.003, 0.8)
_Y = (0.0002, 0.6)
_TICKS = (0.0005, 0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5)


class Trace(NamedTuple):
    """A method: its points (wrongly alerted, hidden), shares of 1, and how it is drawn.

    `marked`: the point at which it would be run. `dash`: so that lines differ without colour.
    """

    name: str
    points: Sequence[tuple[float, float]]
    marked: tuple[float, float]
    colour: str
    dash: str = ""
    sign: str = "circle"


def draw(traces: Sequence[Trace], *, mark: tuple[float, float], caption: str) -> str:
    """The whole SVG. `mark`: wrongly alerted and hidden at most, drawn as a shaded corner."""
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {_WIDTH} {_HEIGHT}" role="img" '
        'aria-labelledby="title desc" font-family="Arial, Helvetica, sans-serif" font-size="14">',
        '<title id="title">Crimes hidden against reports wrongly alerted</title>',
        f'<desc id="desc">{escape(caption)}</desc>',
        f'<rect width="{_WIDTH}" height="{_HEIGHT}" fill="#fff"/>',
        _corner(mark),
        *_axes(),
        *(_trace(one) for one in traces),
        *_names(traces),
        "</svg>",
    ]
    return "\n".join(parts) + "\n"


def _corner(mark: tuple[float, float]) -> str:
    left, right, top, bottom = _x(_X[0]), _x(mark[0]), _y(mark[1]), _y(_Y[0])
    return (
        f'<rect x="{left:.1f}" y="{top:.1f}" width="{right - left:.1f}" '
        f'height="{bottom - top:.1f}" fill="#d9ead3"/>'
        f'<text x="{left + 6:.1f}" y="{bottom - 8:.1f}" fill="#225522">our mark</text>'
    )


def _axes() -> list[str]:
    parts = []
    floor = _HEIGHT - _BOTTOM
    for tick in _TICKS:
        words = f"{100 * tick:g} %"
        if _X[0] <= tick <= _X[1]:
            x = _x(tick)
            parts.append(
                f'<path d="M{x:.1f} {_TOP}V{floor}" stroke="#ddd"/>'
                f'<text x="{x:.1f}" y="{floor + 20}" text-anchor="middle">{words}</text>'
            )
        if _Y[0] <= tick <= _Y[1]:
            y = _y(tick)
            parts.append(
                f'<path d="M{_LEFT} {y:.1f}H{_WIDTH - _RIGHT}" stroke="#ddd"/>'
                f'<text x="{_LEFT - 8}" y="{y + 5:.1f}" text-anchor="end">{words}</text>'
            )
    middle = (_LEFT + _WIDTH - _RIGHT) / 2
    parts.append(
        f'<text x="{middle}" y="{_HEIGHT - 16}" text-anchor="middle">'
        "Recorded reports wrongly alerted</text>"
        f'<text x="18" y="{_HEIGHT / 2}" text-anchor="middle" '
        f'transform="rotate(-90 18 {_HEIGHT / 2})">Unrecorded crimes hidden</text>'
    )
    return parts


def _trace(one: Trace) -> str:
    path = "L".join(f"{_x(x):.1f} {_y(y):.1f}" for x, y in one.points)
    dash = f' stroke-dasharray="{one.dash}"' if one.dash else ""
    line = (
        f'<path d="M{path}" fill="none" stroke="{one.colour}" stroke-width="2.5"{dash}/>'
        if len(one.points) > 1
        else ""
    )
    return line + _sign(one, _x(one.marked[0]), _y(one.marked[1]))


def _sign(one: Trace, x: float, y: float) -> str:
    if one.sign == "square":
        return f'<rect x="{x - 6:.1f}" y="{y - 6:.1f}" width="12" height="12" fill="{one.colour}"/>'
    if one.sign == "diamond":
        return f'<path d="M{x:.1f} {y - 8:.1f}l8 8-8 8-8-8z" fill="{one.colour}"/>'
    return f'<circle cx="{x:.1f}" cy="{y:.1f}" r="6" fill="{one.colour}"/>'


def _names(traces: Sequence[Trace]) -> list[str]:
    """The names in the margin, each beside its sign, in the order of what they hide."""
    parts = []
    floor = _HEIGHT - _BOTTOM
    parts.append(
        f'<text x="{_WIDTH - _RIGHT + 16}" y="{floor + 4}" font-size="12" fill="#555">'
        "0, or too few to draw</text>"
    )
    x = _WIDTH - _RIGHT + 24
    for place, one in enumerate(sorted(traces, key=lambda trace: -trace.marked[1])):
        y = _TOP + 24 + place * 34
        parts.append(_sign(one, x, y - 5))
        parts.append(f'<text x="{x + 16}" y="{y}">{escape(one.name)}</text>')
    return parts


def _x(share: float) -> float:
    return _place(share, _X, _LEFT, _WIDTH - _RIGHT)


def _y(share: float) -> float:
    return _place(share, _Y, _HEIGHT - _BOTTOM, _TOP)


def _place(share: float, ends: tuple[float, float], start: float, end: float) -> float:
    """On a logarithmic scale; what lies beyond an end is drawn on it, zero too."""
    low, high = ends
    inside = min(max(share, low), high)
    return start + (log10(inside) - log10(low)) / (log10(high) - log10(low)) * (end - start)
