"""Evaluation reports as a person reads them: percentages with intervals in aligned tables."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from tadarag.cli.output import table

if TYPE_CHECKING:
    from tadarag.evaluation.results import Comparison

_RETRIEVAL_COLUMNS = ("recall@2", "recall@5", "recall@10", "recall@20", "all_gold@5", "mrr@10")
_COST_COLUMNS = ("query_ms_p50", "query_ms_p95", "index_seconds")


def report_lines(report: Mapping[str, Any]) -> list[str]:
    """The lines of a report on retrieval or answers."""
    if "sets" in report and "pools" in report:
        parts = [*report["sets"].values(), *({"corpus": name, **pool} for name, pool in report["pools"].items())]
        return [line for part in parts for line in [*_retrieval_lines(part), ""]][:-1]
    return _answer_lines(report) if "measures" in report else _retrieval_lines(report)


def comparison_lines(comparisons: Sequence[Comparison]) -> list[str]:
    """A row for each figure that is not the same, then the counts."""
    moved = [comparison for comparison in comparisons if comparison.verdict != "same"]
    rows = [("figure", "published", "measured", "verdict")]
    rows += [(row.name, f"{row.published:.4f}", f"{row.measured:.4f}", row.verdict) for row in moved]
    counts = {verdict: sum(row.verdict == verdict for row in comparisons) for verdict in ("same", "close", "different")}
    return [*(table(rows) if moved else []), ", ".join(f"{count} {verdict}" for verdict, count in counts.items())]


def _retrieval_lines(report: Mapping[str, Any]) -> list[str]:
    about = f"{report['corpus']}: {report['n_queries']} questions"
    if "n_passages" in report:
        about += f", {report['n_passages']} passages" + ("" if report["titles"] else ", without titles")
    if report.get("n_queries_without_gold"):
        about += f" ({report['n_queries_without_gold']} questions without gold passages left out)"
    has_costs = any(_COST_COLUMNS[0] in values for values in report["systems"].values())
    header = ("system", *_RETRIEVAL_COLUMNS, *(("p50 ms", "p95 ms", "index s") if has_costs else ()))
    rows = [header]
    for name, values in report["systems"].items():
        costs = tuple(_number(values.get(column)) for column in _COST_COLUMNS) if has_costs else ()
        rows.append((name, *(percent(values, column) for column in _RETRIEVAL_COLUMNS), *costs))
    lines = [about, *table(rows)]
    if report["tadarag_minus"]:
        rows = [("tadarag minus", "recall@5", "all_gold@5", "mrr@10")]
        for name, values in report["tadarag_minus"].items():
            rows.append((name, *(percent(values, column, signed=True) for column in ("recall@5", "all_gold@5", "mrr@10"))))
        lines += table(rows)
    if "best_of_bm25_dense_rrf" in report:
        lines.append(f"best of BM25, dense and RRF by recall@5: {report['best_of_bm25_dense_rrf']}")
    return lines + _ingest_lines(report)


def _ingest_lines(report: Mapping[str, Any]) -> list[str]:
    ours = report["systems"].get("tadarag", {})
    if "passages_per_second" not in ours:
        return []
    resident, anonymous = ours["peak_memory_mib"], ours["peak_anonymous_memory_mib"]
    memory = f"peak memory {_number(resident)} MiB" + ("" if anonymous is None else f", {anonymous:.1f} without mapped files")
    return [
        f"ingest {ours['passages_per_second']:.1f} passages/s, {ours['ingest_to_encoder']:.2f} of the bare encoder's "
        f"{ours['encoder_passages_per_second']:.1f}; {memory}; load of the machine {_number(ours['load_average'])}"
    ]


def _answer_lines(report: Mapping[str, Any]) -> list[str]:
    parts = {**report["by_type"], **report["by_language"]}
    kinds = {"all": report["measures"], **parts}
    names = [name for name in report["measures"] if f"{name}_interval" in report["measures"]]
    rows = [("measure", *(f"{kind} ({values['n_queries']})" for kind, values in kinds.items()))]
    for name in names:
        all_types = percent(report["measures"], name)
        rows.append((name, all_types, *(percent(values, name, bare=True) for values in parts.values())))
    about = f"{report['corpus']}: {report['n_queries']} questions, {report['n_documents']} documents, pipeline {report['pipeline']}"
    return [about, *table(rows), f"a question: p50 {report['query_ms_p50']:.1f} ms, p95 {report['query_ms_p95']:.1f} ms"]


def percent(values: Mapping[str, Any], name: str, *, signed: bool = False, bare: bool = False) -> str:
    """A figure in percent with its interval, unless `bare`; "-" when there is none."""
    if name not in values:
        return "-"
    sign = "+" if signed else ""
    shown = f"{100 * values[name]:{sign}.1f}"
    if bare or f"{name}_interval" not in values:
        return shown
    low, high = values[f"{name}_interval"]
    return f"{shown} [{100 * low:{sign}.1f}, {100 * high:{sign}.1f}]"


def _number(value: float | None) -> str:
    return "-" if value is None else f"{value:.1f}"
