"""Selection on the generated world over several seeds: stage 2 on a quarter of the items, chosen as medium, random, hardest or easiest.

    python eval/benchmarks/selection.py --folder DIR [--recipe NAME] [--seeds N] [--only SEED] [--strategies NAME ...] [--items N] [--steps N] [--out FILE]

Every strategy starts from the same model after stage 1 and takes the same number of steps; medium is compared with the others by exact match
on held-out items, paired over the items of all seeds. What items were chosen, what was discarded and why, and the doubt of their labels are
reported. The folder is that of `causal_world.py`: models after stage 1 are taken from there, and every seed leaves its record.
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

import torch
from causal_world import settings_of
from reporting import report

from tadarag.training.causal.world_records import SeedRecord, read_record, write_record
from tadarag.training.causal.world_run import WorldSettings
from tadarag.training.causal.world_selection import Compared, compare_selections, compare_strategies


def main() -> None:
    """Run the seeds 1 to N, or those that are not in the folder yet, and report."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--recipe", default="causal-tiny-world")
    parser.add_argument("--folder", type=Path, required=True)
    parser.add_argument("--seeds", type=int, default=5)
    parser.add_argument("--only", type=int)
    parser.add_argument("--strategies", nargs="+", default=list(Compared().strategies))
    parser.add_argument("--items", type=int, default=Compared().n_items)
    parser.add_argument("--steps", type=int, default=Compared().steps)
    parser.add_argument("--out", type=Path)
    chosen = parser.parse_args()
    torch.set_num_threads(1)
    settings = settings_of(chosen.recipe)
    compared = Compared(strategies=tuple(chosen.strategies), n_items=chosen.items, steps=chosen.steps)
    seeds = range(1, chosen.seeds + 1) if chosen.only is None else [chosen.only]
    records = [_record(settings, compared, seed, chosen.folder) for seed in seeds]
    if chosen.only is None:
        report("selection", seed=1, figures=compare_strategies(records), out=chosen.out)


def _record(settings: WorldSettings, compared: Compared, seed: int, folder: Path) -> SeedRecord:
    file, made_of = folder / f"selection-{seed}.json", repr((settings, compared))
    if file.is_file():
        return read_record(file, made_of=made_of)

    def say(message: str) -> None:
        print(f"seed {seed}: {message}", file=sys.stderr, flush=True)

    record = compare_selections(settings, compared, seed=seed, report=say, taught=folder / f"taught-{seed}.pt")
    write_record(record, file, made_of=made_of)
    return record


if __name__ == "__main__":
    main()
