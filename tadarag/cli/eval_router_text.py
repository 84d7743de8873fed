"""How questions were routed, as a person reads it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from tadarag.cli.output import table


def router_lines(report: Mapping[str, Any]) -> Iterator[str]:
    """Macro-F1 and calibration error of domain and task, F1 of each label, and the share of each source that was routed rightly."""
    for what in ("domain", "task"):
        if what in report:
            figures = report[what]
            low, high = figures["macro_f1_interval"]
            yield (
                f"{what}: macro-F1 {100 * figures['macro_f1']:.1f} [{100 * low:.1f}, {100 * high:.1f}],"
                f" calibration error {figures['ece']:.3f}, {figures['n']} questions"
            )
            yield from table([(f"  {label}", f"{100 * value:.1f}") for label, value in figures["f1"].items()])
    rows = [("source", "routed rightly, %", "questions")]
    for source, shares in report["by_source"].items():
        rows += [(f"{source} ({what})", f"{100 * share['accuracy']:.1f}", str(share["n"])) for what, share in shares.items()]
    yield from table(rows)
