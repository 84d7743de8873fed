"""How a benchmark says what it measured: the command, the seed, the counts and the kind of machine, as JSON."""

from __future__ import annotations

import json
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from tadarag.evaluation.provenance import machine


def report(name: str, *, seed: int, figures: Mapping[str, Any], out: Path | None) -> None:
    """Print the result, and write it to `out` when given. It names no path and no host."""
    arguments = [argument for argument in sys.argv[1:] if not _names_a_place(argument)]
    result = {
        "name": name,
        "command": " ".join(["python", f"eval/benchmarks/{name}.py", *arguments]),
        "seed": seed,
        "machine": machine(),
        "figures": dict(figures),
    }
    text = json.dumps(result, indent=1, ensure_ascii=False, allow_nan=False)
    print(text)
    if out is not None:
        out.parent.mkdir(parents=True, exist_ok=True)
        out.write_text(text + "\n", encoding="utf-8")


def _names_a_place(argument: str) -> bool:
    return argument == "--out" or "/" in argument
