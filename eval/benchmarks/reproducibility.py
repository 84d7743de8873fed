"""Whether a recipe gives the same twice: its profile is run two times, each in a fresh process and folder, and every file compared by its hash.

python eval/benchmarks/reproducibility.py RECIPE... --data-dir DIR [--profile short] [--runs DIR] [--out FILE]

Metrics are among the files. What may differ is what a run took: seconds and peak memory. Where --out is there already, the figures of other
recipes stay in it, so that recipes with other extras are added from other installations. --runs keeps the runs as DIR/RECIPE-1 and -2, for recipes
that go on from what others have made. Exit status 1 if something differs.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from reporting import report

from tadarag.cli.output import table
from tadarag.evaluation.provenance import machine
from tadarag.training.recipes import find_recipe, read_recipe, with_profile
from tadarag.training.run_check import verify_run
from tadarag.training.run_comparison import compare_runs, manifest_in
from tadarag.training.run_plan import RunOptions, plan_recipe

_CLI = "from tadarag.cli.main import run; run()"
_HEAD = ("recipe", "stages", "files", "different", "seconds", "expected", "verified", "up to date")


def main() -> None:
    """Run, compare, print a table, and report."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("recipes", nargs="+", metavar="RECIPE")
    parser.add_argument("--data-dir", type=Path)
    parser.add_argument("--profile", default="short")
    parser.add_argument("--runs", type=Path)
    parser.add_argument("--seed", type=int, default=13)
    parser.add_argument("--out", type=Path)
    chosen = parser.parse_args()
    figures = _known(chosen.out)
    with TemporaryDirectory() as temporary:
        found = dict(_compared(name, chosen, chosen.runs or Path(temporary)) for name in chosen.recipes)
    figures |= found
    report("reproducibility", seed=chosen.seed, figures=dict(sorted(figures.items())), out=chosen.out)
    print("\n".join(table([_HEAD, *(_row(name, row) for name, row in found.items())])))
    sys.exit(any(row["different"] for row in found.values()))


def _known(out: Path | None) -> dict[str, Any]:
    figures: dict[str, Any] = json.loads(out.read_text("utf-8"))["figures"] if out is not None and out.exists() else {}
    return figures


def _compared(name: str, chosen: argparse.Namespace, runs: Path) -> tuple[str, dict[str, Any]]:
    """A recipe's name, and what two runs of its profile share."""
    recipe = with_profile(read_recipe(find_recipe(name)), chosen.profile)
    folders = [runs / f"{recipe.name}-{number}" for number in (1, 2)]
    for folder in folders:
        if folder.exists():
            sys.exit(f"{folder} is there: two runs are compared that begin in fresh folders; remove it or name another place with --runs")
        subprocess.run([sys.executable, "-c", _CLI, *_arguments(name, folder, chosen)], check=True, stdout=subprocess.DEVNULL)
    manifests = [manifest_in(folder) for folder in folders]
    comparison = compare_runs(*folders)
    options = RunOptions(out=folders[0], data_folder=chosen.data_dir, seed=chosen.seed)
    return recipe.name, {
        "profile": chosen.profile,
        "stages": len(recipe.stages),
        "files": sum(len(record.files) for record in manifests[0].stages.values()),
        "different": [f"{one.stage}/{one.what}" for one in comparison.artefacts],
        "other_differences": sorted({f"{one.stage}: {one.what}" for one in comparison.differences if one.kind not in ("artefact", "cost")}),
        "minutes_expected": recipe.minutes,
        "seconds": [round(sum(record.seconds for record in manifest.stages.values()), 1) for manifest in manifests],
        "verified": not any(verify_run(folder, chosen.data_dir).mismatches for folder in folders),
        "up_to_date": not plan_recipe(recipe, options).stale,
        "sha256": {stage: record.digest for stage, record in manifests[0].stages.items()},
        "processor": machine()["processor"],
    }


def _arguments(name: str, folder: Path, chosen: argparse.Namespace) -> Iterator[str]:
    yield from ("train", "run", name, "--profile", chosen.profile, "--seed", str(chosen.seed), "--out", str(folder))
    if chosen.data_dir is not None:
        yield from ("--data-dir", str(chosen.data_dir))


def _row(name: str, found: Mapping[str, Any]) -> tuple[str, ...]:
    seconds = " and ".join(f"{one:.0f}" for one in found["seconds"])
    said = ("yes" if found[key] else "no" for key in ("verified", "up_to_date"))
    counts = (str(found["stages"]), str(found["files"]), str(len(found["different"])))
    return (name, *counts, seconds, f"{60 * found['minutes_expected']:.0f}", *said)


if __name__ == "__main__":
    main()
