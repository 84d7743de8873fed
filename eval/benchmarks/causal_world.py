"""Policy B on the generated world over several seeds: no graph, the taught graph, the reinforced graph, and this read by the model as taught.

    python eval/benchmarks/causal_world.py --folder DIR [--recipe NAME] [--first SEED] [--seeds N] [--only SEED] [--with-control] [--out FILE]

Exact match on held-out items; every step's gain is pooled over the items of all seeds, with a paired bootstrap interval of 95 %. Seeds run one
after the other with one thread, and each leaves its record (and its model after stage 1, which `selection.py` goes on from) in the folder, so
that a benchmark that was stopped goes on. With --only one seed is run, and nothing is reported.
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

import torch
from reporting import report

from tadarag.training.causal.world_figures import compare_seeds
from tadarag.training.causal.world_records import SeedRecord, read_record, record_of, write_record
from tadarag.training.causal.world_run import WorldSettings, run_seed
from tadarag.training.causal.world_stage import world_settings
from tadarag.training.recipes import find_recipe, read_recipe


def main() -> None:
    """Run N seeds from the first on, or those that are not in the folder yet, and report."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--recipe", default="causal-tiny-world")
    parser.add_argument("--folder", type=Path, required=True)
    parser.add_argument("--first", type=int, default=1)
    parser.add_argument("--seeds", type=int, default=5)
    parser.add_argument("--only", type=int)
    parser.add_argument("--with-control", action="store_true")
    parser.add_argument("--out", type=Path)
    chosen = parser.parse_args()
    torch.set_num_threads(1)
    settings = settings_of(chosen.recipe)
    seeds = range(chosen.first, chosen.first + chosen.seeds) if chosen.only is None else [chosen.only]
    records = [_record(settings, seed, chosen.folder, with_control=chosen.with_control) for seed in seeds]
    if chosen.only is None:
        report("causal_world", seed=chosen.first, figures=compare_seeds(records), out=chosen.out)


def settings_of(recipe: str) -> WorldSettings:
    """The settings that the one stage of a recipe states."""
    [stage] = read_recipe(find_recipe(recipe)).stages
    return world_settings({key: value for key, value in stage.parameters.items() if key not in ("threads", "with_control")})


def _record(settings: WorldSettings, seed: int, folder: Path, *, with_control: bool) -> SeedRecord:
    file, made_of = folder / f"world-{seed}.json", repr((settings, with_control))
    if file.is_file():
        return read_record(file, made_of=made_of)

    def say(message: str) -> None:
        print(f"seed {seed}: {message}", file=sys.stderr, flush=True)

    record = record_of(run_seed(settings, seed=seed, with_control=with_control, report=say, taught=folder / f"taught-{seed}.pt"))
    write_record(record, file, made_of=made_of)
    return record


if __name__ == "__main__":
    main()
