"""Policy B on the generated world over several seeds: no graph, the taught graph, the reinforced graph, and a control without reward.

    python eval/benchmarks/causal_world.py [--recipe causal-tiny-world] [--seeds N] [--processes N] [--out FILE]

Exact match on held-out items; every step's gain is pooled over the items of all seeds, with a paired bootstrap interval of 95 %. Each process
works on a seed with one thread, so that figures do not depend on how many there are.
"""

from __future__ import annotations

import argparse
import sys
from concurrent.futures import ProcessPoolExecutor
from functools import partial
from multiprocessing import get_context
from pathlib import Path
from typing import Any

from reporting import report

from tadarag.training.causal.world_figures import compare_seeds
from tadarag.training.causal.world_run import SeedResult, run_seed
from tadarag.training.causal.world_stage import world_settings
from tadarag.training.recipes import find_recipe, read_recipe


def main() -> None:
    """Run the seeds 1 to N and report."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--recipe", default="causal-tiny-world")
    parser.add_argument("--seeds", type=int, default=5)
    parser.add_argument("--processes", type=int, default=2)
    parser.add_argument("--out", type=Path)
    chosen = parser.parse_args()
    [stage] = read_recipe(find_recipe(chosen.recipe)).stages
    parameters = {key: value for key, value in stage.parameters.items() if key not in ("threads", "with_control")}
    with ProcessPoolExecutor(chosen.processes, mp_context=get_context("spawn")) as pool:
        results = list(pool.map(partial(_run, parameters), range(1, chosen.seeds + 1)))
    report("causal_world", seed=1, figures=compare_seeds(results), out=chosen.out)


def _run(parameters: dict[str, Any], seed: int) -> SeedResult:
    import torch

    torch.set_num_threads(1)

    def say(message: str) -> None:
        print(f"seed {seed}: {message}", file=sys.stderr, flush=True)

    return run_seed(world_settings(parameters), seed=seed, with_control=True, report=say)


if __name__ == "__main__":
    main()
