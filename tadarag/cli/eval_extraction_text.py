"""How well entities and relations were found, and what they are worth to retrieval, as a person reads it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from tadarag.cli.output import table

_MEASURES = ("recall@2", "recall@5", "all_gold@5")
_ROWS = (
    ("entities", "entities"),
    ("relations", "relations"),
    ("relations_boundaries", "relations, types of their ends aside"),
    ("relations_gold_entities", "relations between gold entities"),
)


def extraction_lines(report: Mapping[str, Any]) -> Iterator[str]:
    """Precision, recall and F1 of entities, of each type, and of relations."""
    yield f"{report['dataset']}: {report['n_texts']} texts in {report['seconds']:.1f} s, extractor {report['extractor']}"
    rows: list[tuple[str, ...]] = [("%", "precision", "recall", "F1", "interval", "gold")]
    for key, name in _ROWS:
        if report.get(key):
            rows.append(_row(name, report[key]))
    rows += [_row(f"  {label}", figures) for label, figures in report["by_type"].items()]
    yield from table(rows)
    yield f"names that stand in the text: {100 * report['grounding']:.1f} %"


def graph_lines(report: Mapping[str, Any]) -> Iterator[str]:
    """Recall and rank of the gold passages with the links of each extractor, and by how much ours differs."""
    yield f"{report['graph_of']}: {report['n_queries']} questions, {report['n_passages']} passages"
    rows = [("links of", *(f"{measure}, %" for measure in _MEASURES))]
    for name, values in report["systems"].items():
        rows.append((name, *(_with_interval(values, measure) for measure in _MEASURES)))
    yield from table(rows)
    rows = [(f"{report['ours']} minus", *_MEASURES)]
    for name, values in report["minus"].items():
        rows.append((name, *(_with_interval(values, measure, sign="+") for measure in _MEASURES)))
    yield from table(rows)


def _with_interval(values: Mapping[str, Any], measure: str, sign: str = "") -> str:
    low, high = values[f"{measure}_interval"]
    return f"{100 * values[measure]:{sign}.1f} [{100 * low:{sign}.1f}, {100 * high:{sign}.1f}]"


def _row(name: str, figures: Mapping[str, Any]) -> tuple[str, ...]:
    edges = figures.get("f1_interval")
    interval = f"[{100 * edges[0]:.1f}, {100 * edges[1]:.1f}]" if edges else ""
    return (name, *(f"{100 * figures[key]:.1f}" for key in ("precision", "recall", "f1")), interval, str(figures["n_gold"]))
