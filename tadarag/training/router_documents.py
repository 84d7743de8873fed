"""Says how development documents are routed, those of sets that training knows and those of others.

python -m tadarag.training.router_documents --data DIR
"""

from __future__ import annotations

import argparse
import json
from collections import defaultdict
from collections.abc import Iterable, Sequence
from math import fsum
from pathlib import Path
from typing import Any

from tadarag.evaluation.router_run import calibration_error, f1_by_label
from tadarag.routing.domains import route_document
from tadarag.training.router_sources import DOCUMENT_LICENCES, Labelled, documents
from tadarag.values import Document

N_EACH = 100
"""Documents of a set that are judged, the first ones."""


def main(arguments: Sequence[str] | None = None) -> None:
    """Write the figures to standard output as JSON."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--data", type=Path, required=True, help="folder with extraction_* and corpora")
    options = parser.parse_args(arguments)
    print(json.dumps(judge_documents(documents(options.data, "dev")), indent=1))  # noqa: T201 (a script's result)


def judge_documents(rows: Iterable[Labelled]) -> dict[str, Any]:
    """How the first 100 documents of each set are routed by the shipped head, figures in [0, 1].

    right: the share of documents; mean_of_sets: the mean of the sets' shares, also of those that training knows and of the others;
    macro_f1 over domains; ece: calibration error; by_set: each set's share.
    """
    judged: dict[str, list[tuple[str, str, float]]] = defaultdict(list)
    for row in rows:
        if len(judged[row.source]) < N_EACH:
            judged[row.source].append((row.label, *route_document(Document(text=row.text))))
    every = [one for of_set in judged.values() for one in of_set]
    shares = {name: _share(of_set) for name, of_set in sorted(judged.items())}
    f1 = f1_by_label([gold for gold, _, _ in every], [found for _, found, _ in every])
    return {
        "n": len(every),
        "right": round(_share(every), 4),
        "mean_of_sets": _mean(shares.values()),
        "mean_of_sets_known": _mean(share for name, share in shares.items() if name in DOCUMENT_LICENCES),
        "mean_of_sets_unknown": _mean(share for name, share in shares.items() if name not in DOCUMENT_LICENCES),
        "macro_f1": _mean(f1.values()),
        "f1": {label: round(value, 4) for label, value in f1.items()},
        "ece": round(calibration_error([(confidence, gold == found) for gold, found, confidence in every]), 4),
        "by_set": {name: round(share, 4) for name, share in shares.items()},
    }


def _share(judged: Sequence[tuple[str, str, float]]) -> float:
    return sum(gold == found for gold, found, _ in judged) / len(judged)


def _mean(values: Iterable[float]) -> float | None:
    """None of nothing: a figure that cannot be told is not 0."""
    found = list(values)
    return round(fsum(found) / len(found), 4) if found else None


if __name__ == "__main__":
    main()
