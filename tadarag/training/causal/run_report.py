"""What a run of stage 2 says of itself: a row a step, and the figures over them (tadarag.md section 9, item 12)."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from pathlib import Path
from statistics import fmean, pstdev
from typing import Any

from tadarag.training.causal.stage_two import StepOutcome
from tadarag.training.rewards.term_log import record_terms

LOG, REPORT = "log.jsonl", "report.json"
_N_SHOWN = 4
_OVER = 20
"""Steps at either end of a run over which figures are compared."""


def step_row(step: int, rate: float, gradient: float, outcome: StepOutcome, *, with_texts: bool) -> dict[str, Any]:
    """The log's row of one step. with_texts: four graphs as they were written."""
    lengths = [len(graph.ids) for graph in outcome.graphs]
    p = outcome.rewards.shape[1]
    groups = [outcome.texts[start : start + p] for start in range(0, len(outcome.texts), p)]
    anchored = [one.terms["anchored"] or 0.0 for one in outcome.scored]
    row = {
        "step": step,
        "rate": rate,
        "loss": float(outcome.loss.detach()),
        "losses": outcome.losses,
        "gradient": gradient,
        "reward": {"mean": float(outcome.rewards.mean()), "std": float(outcome.rewards.std(correction=0))},
        "terms": {name: asdict(record) for name, record in record_terms([one.terms for one in outcome.scored]).items()},
        "advantage_spread": float(outcome.advantages.std(correction=0)),
        "zero_groups": float((outcome.advantages.abs().amax(-1) < 1e-12).double().mean()),
        "graph_tokens": fmean(lengths),
        "closed": fmean(float(graph.is_closed) for graph in outcome.graphs),
        "anchored": fmean(anchored),
        "gate": float(outcome.gates.mean()),
        "unique": fmean(len(set(group)) for group in groups),
    }
    return {**row, "texts": outcome.texts[:_N_SHOWN]} if with_texts else row


def run_report(rows: Sequence[Mapping[str, Any]], *, reader_sha256: str) -> dict[str, Any]:
    """Figures over a run: the mean of its first and last 20 steps and of all, for what the acceptance list asks for."""
    names = ("graph_tokens", "anchored", "advantage_spread", "zero_groups", "gate", "closed", "unique")
    found: dict[str, Any] = {name: _three(rows, lambda row, name=name: row[name]) for name in names}
    found["reward"] = _three(rows, lambda row: row["reward"]["mean"])
    for name in rows[0]["losses"]:
        found[f"loss_{name}"] = _three(rows, lambda row, name=name: row["losses"][name])
    found["reward_noise"] = pstdev(row["reward"]["mean"] for row in rows)
    return {"steps": len(rows), "reader_sha256": reader_sha256, "figures": found}


def write_rows(rows: Sequence[Mapping[str, Any]], file: Path) -> None:
    """One JSON object a line."""
    file.write_text("".join(json.dumps(row, ensure_ascii=False, allow_nan=False) + "\n" for row in rows), "utf-8")


def write_json(value: Mapping[str, Any], file: Path) -> None:
    """One JSON object, sorted by key."""
    file.write_text(json.dumps(value, ensure_ascii=False, allow_nan=False, indent=1, sort_keys=True) + "\n", "utf-8")


def _three(rows: Sequence[Mapping[str, Any]], of: Any) -> dict[str, float]:
    values = [of(row) for row in rows]
    return {"first": fmean(values[:_OVER]), "last": fmean(values[-_OVER:]), "all": fmean(values)}
