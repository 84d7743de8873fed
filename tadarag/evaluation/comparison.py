"""Turns retrieval runs into numbers: means with intervals, differences by question, and pools of several data sets."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from tadarag.evaluation.described import minus, with_intervals
from tadarag.evaluation.measures import RETRIEVAL_MEASURES
from tadarag.evaluation.records import RetrievalRecord
from tadarag.evaluation.retrieval_run import RetrievalRun

OURS = "tadarag"
PRIMARY_MEASURE = "recall@5"


def describe_run(run: RetrievalRun) -> dict[str, Any]:
    """The JSON form of a run over one data set: every measure as a fraction with its interval, costs, differences and types."""
    return {
        "corpus": run.dataset,
        "n_queries": run.n_queries,
        "n_queries_without_gold": run.n_unjudged,
        "n_passages": run.n_passages,
        "titles": run.titles,
        "data_sha256": run.digest,
        "index_reused": run.index_reused,
        "systems": {
            name: {**with_intervals(RETRIEVAL_MEASURES, system.records), **system.costs, "by_type": _by_type(system.records)}
            for name, system in run.systems.items()
        },
        "tadarag_minus": differences({name: system.records for name, system in run.systems.items()}),
    }


def describe_pool(runs: Sequence[RetrievalRun]) -> dict[str, Any]:
    """The questions of several data sets taken together, each counting once."""
    names = [name for name in runs[0].systems if all(name in run.systems for run in runs)]
    records = {name: tuple(record for run in runs for record in run.systems[name].records) for name in names}
    described: dict[str, Any] = {
        "sets": [run.dataset for run in runs],
        "n_queries": sum(run.n_queries for run in runs),
        "systems": {name: with_intervals(RETRIEVAL_MEASURES, records[name]) for name in names},
        "tadarag_minus": differences(records),
    }
    rivals = [name for name in ("bm25", "dense", "rrf") if name in names]
    if rivals:
        described["best_of_bm25_dense_rrf"] = max(rivals, key=lambda name: described["systems"][name][PRIMARY_MEASURE])
    return described


def differences(records: Mapping[str, Sequence[RetrievalRecord]]) -> dict[str, dict[str, Any]]:
    """For each other system and measure the mean of ours minus theirs over the same questions, with its interval."""
    return minus(OURS, RETRIEVAL_MEASURES, records)


def _by_type(records: Sequence[RetrievalRecord]) -> dict[str, dict[str, float]]:
    types = sorted({record.type for record in records if record.type})
    described = {}
    for kind in types:
        chosen = [record for record in records if record.type == kind]
        means = {measure: sum(map(compute, chosen)) / len(chosen) for measure, compute in RETRIEVAL_MEASURES.items()}
        described[kind] = {"n_queries": float(len(chosen)), **means}
    return described
