"""A run's log as a picture: losses, the margin to the stability limit, and the decay exponent, one above the other (SVG text)."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from html import escape

from tadarag.training.spikes.coupling import DECAYING
from tadarag.training.spikes.events import SpikeLog
from tadarag.training.spikes.limits import ALARM, WARNING

Points = Sequence[tuple[float, float]]
_WIDTH, _PANEL, _LEFT, _RIGHT, _TOP, _GAP = 760, 130, 70, 20, 34, 34
_COLOURS = {"warning": "#c98500", "alarm": "#c0392b", "spike": "#c0392b", "decay": "#7d5ba6"}
_STYLE = (
    "<style>text{font:11px sans-serif;fill:#444}.title{font-weight:bold}.grid{stroke:#ddd}.limit{stroke-dasharray:4 3}"
    ".line{fill:none;stroke:#2b6cb0;stroke-width:1.2}</style>"
)


def spike_plot(log: SpikeLog, losses: Points, *, title: str) -> str:
    """An SVG. losses: (step, loss) of every step, those that are not finite left out by the caller or here; may be empty."""
    n_steps = max(1, int(log.settings["n_steps"]))
    margins = [(float(row.step), row.margin) for row in log.rows if row.margin is not None]
    kappas = [(float(row.step), row.kappa) for row in log.rows if row.kappa is not None]
    panels: list[tuple[str, Points, Sequence[tuple[float, str]]]] = [
        ("loss", losses, ()),
        ("margin to the limit (K7)", margins, ((WARNING, _COLOURS["warning"]), (ALARM, _COLOURS["alarm"]))),
        ("decay exponent (K2)", kappas, ((DECAYING, _COLOURS["decay"]),)),
    ]
    height = _TOP + len(panels) * (_PANEL + _GAP)
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {_WIDTH} {height}" width="{_WIDTH}" height="{height}" role="img">',
        f'<title>{escape(title)}</title>{_STYLE}<text class="title" x="{_LEFT}" y="18">{escape(title)}</text>',
    ]
    for place, (name, points, limits) in enumerate(panels):
        parts += _panel(name, points, limits, top=_TOP + 14 + place * (_PANEL + _GAP), n_steps=n_steps)
    for event in log.events:
        x = _across(event.step, n_steps)
        parts.append(
            f'<line x1="{x:.1f}" y1="{_TOP + 14}" x2="{x:.1f}" y2="{_TOP + 14 + _PANEL}" stroke="{_COLOURS[event.kind]}" opacity="0.6">'
            f"<title>{escape(f'step {event.step}: {event.kind} {event.tensor}')}</title></line>"
        )
    return "".join([*parts, "</svg>\n"])


def loss_plot(losses: Points, *, title: str) -> str:
    """The losses alone, as an SVG."""
    height = _TOP + _PANEL + _GAP
    return "".join(
        [
            f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {_WIDTH} {height}" width="{_WIDTH}" height="{height}" role="img">',
            f"<title>{escape(title)}</title>{_STYLE}",
            *_panel(title, losses, (), top=_TOP, n_steps=max(1, int(max((step for step, _ in losses), default=1)))),
            "</svg>\n",
        ]
    )


def _panel(name: str, points: Points, limits: Sequence[tuple[float, str]], *, top: float, n_steps: int) -> Iterator[str]:
    shown = [(step, value) for step, value in points if math.isfinite(value)]
    values = sorted([value for _, value in shown] + [value for value, _ in limits])
    low, high = (values[0], values[-1]) if values else (0.0, 1.0)
    span = (high - low) or 1.0

    def up(value: float) -> float:
        return top + _PANEL * (1 - (value - low) / span)

    yield f'<text x="{_LEFT}" y="{top - 5}">{escape(name)}</text>'
    for value in (low, (low + high) / 2, high):
        yield f'<line class="grid" x1="{_LEFT}" y1="{up(value):.1f}" x2="{_WIDTH - _RIGHT}" y2="{up(value):.1f}"/>'
        yield f'<text x="{_LEFT - 6}" y="{up(value) + 4:.1f}" text-anchor="end">{value:.3g}</text>'
    for value, colour in limits:
        y = up(value)
        yield f'<line class="limit" x1="{_LEFT}" y1="{y:.1f}" x2="{_WIDTH - _RIGHT}" y2="{y:.1f}" stroke="{colour}"/>'
    line = " ".join(f"{_across(step, n_steps):.1f},{up(value):.1f}" for step, value in shown)
    yield f'<polyline class="line" points="{line}"/>' if shown else f'<text x="{_LEFT + 10}" y="{top + 20}">nothing recorded</text>'
    yield f'<text x="{_WIDTH - _RIGHT}" y="{top + _PANEL + 14}" text-anchor="end">step {n_steps}</text>'


def _across(step: float, n_steps: int) -> float:
    return _LEFT + (_WIDTH - _LEFT - _RIGHT) * step / n_steps
