"""What 200 labelled records of a domain that was never trained on give an extractor: the figures of a run, with what they were made from.

tadarag train run extractor-held-out-start --data-dir DIR --out DIR/extractor-held-out-start
tadarag train run extractor-held-out-domains --data-dir DIR --out RUN
python eval/benchmarks/adaptation.py --run RUN [RUN] [--out FILE]

Or a domain at a time, with --profile law and --profile biology, each into a folder of its own; then both are named.
"""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path
from typing import Any

from reporting import report

from tadarag.training.adapting.stages import FIGURES
from tadarag.training.manifest import StageRecord
from tadarag.training.run_check import verify_run
from tadarag.training.run_comparison import manifest_in


def main() -> None:
    """Report the figures (F1 in [0, 1]), the seconds and threads of each training, and the hashes of data and weights."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--run", type=Path, required=True, nargs="+")
    parser.add_argument("--out", type=Path)
    chosen = parser.parse_args()
    figures: dict[str, Any] = {"trained": {}, "data_sha256": {}}
    for run in chosen.run:
        mismatches = verify_run(run).mismatches
        if mismatches:
            sys.exit(f"{run} is not as its manifest says: {mismatches[0].path} {mismatches[0].happened}")
        manifest = manifest_in(run)
        figures |= json.loads((run / "figures" / FIGURES).read_text("utf-8"))
        figures["data_sha256"] |= {name: record.digest for name, record in manifest.data.items()}
        figures["trained"] |= {name: _trained(record) for name, record in manifest.stages.items() if "steps" in record.parameters}
    report("adaptation", seed=manifest.stages["figures"].seed, figures=figures, out=chosen.out)


def _trained(record: StageRecord) -> dict[str, Any]:
    return {
        "seconds": record.seconds,
        "steps": record.parameters["steps"],
        "threads": record.parameters["threads"],
        "sha256": record.digest,
    }


if __name__ == "__main__":
    main()
