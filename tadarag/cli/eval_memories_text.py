"""Reports on segmentation and chunking as a person reads them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from tadarag.cli.eval_text import percent
from tadarag.cli.output import counted, table

_TITLES = {
    "pk": "Pk",
    "windowdiff": "WindowDiff",
    "recall": "recall",
    "precision": "precision",
    "iou": "IoU",
    "precision_omega": "precision Ω",
    "answer_recall": "answer touched",
    "whole_answer_recall": "answer whole",
}


def memory_lines(report: Mapping[str, Any]) -> list[str]:
    """What was measured on, a table of the systems, and a table of mom's differences from each baseline; all in percent."""
    measures = [name for name in _TITLES if any(name in values for values in report["systems"].values())]
    sizes = [name for name in ("segments_per_document", "n_chunks", "tokens_per_chunk") if name in next(iter(report["systems"].values()))]
    rows = [("system", *(_TITLES[name] for name in measures), *(name.replace("_", " ").removeprefix("n ") for name in sizes))]
    for system, values in report["systems"].items():
        rows.append((system, *(percent(values, name) for name in measures), *(_size(values[name]) for name in sizes)))
    lines = [_about(report), *table(rows)]
    if report["mom_minus"]:
        rows = [("mom minus", *(_TITLES[name] for name in measures))]
        rows += [(system, *(percent(values, name, signed=True) for name in measures)) for system, values in report["mom_minus"].items()]
        lines += table(rows)
    if "at_least_as_good" in report and "mom" in report["systems"]:
        lines.append(f"reach both the recall and the IoU of mom: {', '.join(report['at_least_as_good']) or 'none'}")
    return lines + _published_lines(report)


def _about(report: Mapping[str, Any]) -> str:
    if "n_documents" in report:
        return (
            f"{report['corpus']}: {counted(report['n_documents'], 'document')}, {counted(report['n_sentences'], 'sentence')}, "
            f"{report['segments_per_document']:.1f} segments a document; lower is better"
        )
    left_out = report["n_queries_left_out"]
    return (
        f"{report['corpus']}: {counted(report['n_queries'], 'question')} on {counted(report['n_texts'], 'text')}, "
        f"{counted(report['top'], 'chunk')} retrieved"
        + (f" ({counted(left_out, 'question')} without a place left out)" if left_out else "")
    )


def _published_lines(report: Mapping[str, Any]) -> list[str]:
    if "published" not in report:
        return []
    published = report["published"]
    columns = [name for name in published["rows"][0] if name != "chunker"]
    rows = [("published", *(_TITLES[name] for name in columns))]
    rows += [(row["chunker"], *(percent(row, name) for name in columns)) for row in published["rows"]]
    return [*table(rows), f"published by {published['source']}: {published['note']}"]


def _size(value: float) -> str:
    return f"{value:.1f}" if isinstance(value, float) else str(value)
