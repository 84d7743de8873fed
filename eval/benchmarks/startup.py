"""What starting costs: `import tadarag` and `tadarag --help` beside a bare Python, as seconds and as ratios.

    python eval/benchmarks/startup.py

Each is started ten times in turn with the others, so that a busy machine slows all alike; the smallest time counts.
"""

from __future__ import annotations

import subprocess
import sys
import time

ROUNDS = 10
STARTS = {
    "bare python": [sys.executable, "-c", "pass"],
    "import tadarag": [sys.executable, "-c", "import tadarag"],
    "from tadarag import KnowledgeBase": [sys.executable, "-c", "from tadarag import KnowledgeBase"],
    "tadarag --help": [sys.executable, "-c", "import sys; from tadarag.cli.main import main; sys.exit(main(['--help']))"],
}


def main() -> None:
    """Print one line for each kind of start."""
    best = dict.fromkeys(STARTS, float("inf"))
    for _ in range(ROUNDS):
        for name, command in STARTS.items():
            started = time.perf_counter()
            subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
            best[name] = min(best[name], time.perf_counter() - started)
    bare = best["bare python"]
    for name, seconds in best.items():
        print(f"{name:<36}{seconds:7.3f} s  {seconds - bare:+7.3f} s over bare  {seconds / bare:5.1f} x bare")


if __name__ == "__main__":
    main()
