"""Plots as SVG text: bars with intervals, and the curve of right against wrong refusals."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from html import escape

from tadarag.evaluation.bootstrap import Interval

WIDTH, ROW, TOP, LEFT, RIGHT = 680, 26, 26, 190, 150
_SIDE = 320
_MARGIN = 44


def bars(found: Mapping[str, Interval], *, title: str, strong: str = "") -> str:
    """Horizontal bars of shares from 0 to 1 with their intervals, one a name. strong: the name that is drawn in the main colour."""
    height = TOP + ROW * len(found) + 24
    span = WIDTH - LEFT - RIGHT
    parts = [_open(WIDTH, height, title), f'<text class="title" x="{LEFT}" y="14">{escape(title)}</text>']
    for tick in range(0, 101, 25):
        x = LEFT + span * tick / 100
        parts.append(f'<line class="grid" x1="{x:.1f}" y1="{TOP - 4}" x2="{x:.1f}" y2="{height - 24}"/>')
        parts.append(f'<text class="tick" x="{x:.1f}" y="{height - 8}" text-anchor="middle">{tick}</text>')
    for number, (name, one) in enumerate(found.items()):
        y = TOP + ROW * number
        middle = y + ROW / 2 - 3
        ends = [LEFT + span * min(1.0, max(0.0, value)) for value in (one.mean, one.low, one.high)]
        kind = "bar strong" if name == strong else "bar"
        parts.append(f'<text class="name" x="{LEFT - 8}" y="{middle + 4:.1f}" text-anchor="end">{escape(name)}</text>')
        parts.append(f'<rect class="{kind}" x="{LEFT}" y="{y}" width="{ends[0] - LEFT:.1f}" height="{ROW - 8}" rx="2"/>')
        parts.append(f'<line class="whisker" x1="{ends[1]:.1f}" y1="{middle:.1f}" x2="{ends[2]:.1f}" y2="{middle:.1f}"/>')
        told = f"{100 * one.mean:.1f} [{100 * one.low:.1f}, {100 * one.high:.1f}]"
        parts.append(f'<text class="value" x="{LEFT + span + 8}" y="{middle + 4:.1f}">{told}</text>')
    return "".join([*parts, "</svg>"])


def curve(points: Sequence[tuple[float, float, float]], *, title: str, across: str, up: str, at: tuple[float, float] | None = None) -> str:
    """The points (threshold, right, wrong) as a line, wrong to the right and right upwards, both from 0 to 1.

    at: where the system stands by itself, (wrong, right).
    """
    size = _SIDE + 2 * _MARGIN

    def place(wrong: float, right: float) -> tuple[float, float]:
        return _MARGIN + _SIDE * wrong, _MARGIN + _SIDE * (1 - right)

    parts = [_open(size, size, title), f'<text class="title" x="{_MARGIN}" y="20">{escape(title)}</text>']
    for tick in range(0, 101, 25):
        x, y = place(tick / 100, tick / 100)
        parts.append(f'<line class="grid" x1="{x:.1f}" y1="{_MARGIN}" x2="{x:.1f}" y2="{_MARGIN + _SIDE}"/>')
        parts.append(f'<line class="grid" x1="{_MARGIN}" y1="{y:.1f}" x2="{_MARGIN + _SIDE}" y2="{y:.1f}"/>')
        parts.append(f'<text class="tick" x="{x:.1f}" y="{_MARGIN + _SIDE + 16}" text-anchor="middle">{tick}</text>')
        parts.append(f'<text class="tick" x="{_MARGIN - 6}" y="{y + 4:.1f}" text-anchor="end">{tick}</text>')
    line = " ".join("{:.1f},{:.1f}".format(*place(wrong, right)) for _, right, wrong in points)
    parts.append(f'<polyline class="line" points="{line}"/>')
    if at is not None:
        x, y = place(*at)
        parts.append(f'<circle class="at" cx="{x:.1f}" cy="{y:.1f}" r="5"/>')
    parts.append(f'<text class="axis" x="{size / 2}" y="{size - 8}" text-anchor="middle">{escape(across)}, %</text>')
    parts.append(f'<text class="axis" transform="translate(12 {size / 2}) rotate(-90)" text-anchor="middle">{escape(up)}, %</text>')
    return "".join([*parts, "</svg>"])


def _open(width: int, height: int, title: str) -> str:
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" width="{width}" height="{height}" role="img">'
        f"<title>{escape(title)}</title>"
    )
