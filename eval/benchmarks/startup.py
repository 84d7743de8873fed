"""What starting costs: `import tadarag`, `tadarag --help` and a first answer beside a bare Python, as seconds and as ratios.

    python eval/benchmarks/startup.py

Each is started several times in turn with the others, so that a busy machine slows all alike; the smallest time counts.
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
import time
from pathlib import Path

from tadarag import KnowledgeBase
from tadarag.content import content_folder

ROUNDS = 7
COMMAND = [sys.executable, "-c", "import sys; from tadarag.cli.main import main; sys.exit(main(sys.argv[1:]))"]


def main() -> None:
    """Print one line for each kind of start."""
    with tempfile.TemporaryDirectory() as place:
        with KnowledgeBase.open(place) as base:
            base.ingest(content_folder("data/samples") / "documents")
        starts = {
            "bare python": [sys.executable, "-c", "pass"],
            "import tadarag": [sys.executable, "-c", "import tadarag"],
            "from tadarag import KnowledgeBase": [sys.executable, "-c", "from tadarag import KnowledgeBase"],
            "tadarag --help": [*COMMAND, "--help"],
            "tadarag search, existing base": [*COMMAND, "search", "--base", place, "bow thruster"],
            "tadarag ask, existing base": [
                *COMMAND,
                "ask",
                "--base",
                place,
                "When does the University of Tarnwick's patent on ostrevir expire?",
            ],
        }
        report(measured(starts, place=Path(place)))


def measured(starts: dict[str, list[str]], *, place: Path) -> dict[str, float]:
    """The smallest time of each command, in seconds."""
    best = dict.fromkeys(starts, float("inf"))
    for _ in range(ROUNDS):
        for name, command in starts.items():
            started = time.perf_counter()
            subprocess.run(command, check=True, cwd=place, stdout=subprocess.DEVNULL)
            best[name] = min(best[name], time.perf_counter() - started)
    return best


def report(best: dict[str, float]) -> None:
    """One line a start: seconds, seconds over a bare Python, times a bare Python."""
    bare = best["bare python"]
    for name, seconds in best.items():
        print(f"{name:<36}{seconds:7.3f} s  {seconds - bare:+7.3f} s over bare  {seconds / bare:5.1f} x bare")


if __name__ == "__main__":
    main()
