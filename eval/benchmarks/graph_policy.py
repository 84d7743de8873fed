"""What the graph policy is worth at equal tokens: the figures of a run of the recipe `graph-policy`, with what they were made from.

tadarag train run graph-policy --data-dir DIR --out RUN
python eval/benchmarks/graph_policy.py --run RUN [--out FILE]
"""

from __future__ import annotations

import argparse
import json
from pathlib import Path

from reporting import report

from tadarag.training.manifest import hash_files
from tadarag.training.policy.stages import FIGURES, ITEMS, LOG

_AT_THE_END = 16
"""Steps of the log, at its beginning and its end, whose means are kept."""


def main() -> None:
    """Report the figures, the hashes of items and policies, and how the reward went."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--run", type=Path, required=True)
    parser.add_argument("--seed", type=int, default=13)
    parser.add_argument("--out", type=Path)
    chosen = parser.parse_args()
    figures = json.loads((chosen.run / "figures" / FIGURES).read_text("utf-8"))
    rows = [json.loads(line) for line in (chosen.run / "reinforced" / LOG).read_text("utf-8").splitlines()]
    figures["in_product"] = json.loads((chosen.run / "in_product" / FIGURES).read_text("utf-8"))
    figures["reward"] = {"n_steps": len(rows), "first": _mean(rows[:_AT_THE_END]), "last": _mean(rows[-_AT_THE_END:])}
    figures["sha256"] = {
        f"{folder}/{name}": hash_files(chosen.run / folder, (name,))[0].sha256
        for folder, name in (("items", ITEMS), ("supervised", "policy.npz"), ("reinforced", "policy.npz"))
    }
    report("graph_policy", seed=chosen.seed, figures=figures, out=chosen.out)


def _mean(rows: list[dict[str, float]]) -> float:
    return round(sum(row["reward"] for row in rows) / len(rows), 4)


if __name__ == "__main__":
    main()
