"""python -m tadarag.training.multihop_questions --data-dir DIR --out FILE CORPUS=FILE[,FILE] ...: questions of corpora, without a recipe."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Sequence
from pathlib import Path

from tadarag.training.multihop_questions.passages import read_passages
from tadarag.training.multihop_questions.records import SHAPES, Limits, question_records
from tadarag.training.multihop_questions.stages import counted, without_repeats, write_records


def main(arguments: Sequence[str] | None = None) -> None:
    """Writes the questions that the command line asks for, and prints how many there are of each shape."""
    parser = argparse.ArgumentParser(prog="python -m tadarag.training.multihop_questions", description=__doc__)
    parser.add_argument("--data-dir", type=Path, required=True)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--seed", type=int, default=13)
    parser.add_argument("--limit", type=int, default=500, help="most questions of one shape and corpus")
    parser.add_argument("corpora", nargs="+", metavar="CORPUS=FILE[,FILE]")
    options = parser.parse_args(arguments)
    limits = Limits(by_shape=dict.fromkeys(SHAPES, options.limit))
    records = []
    for named in options.corpora:
        corpus, _, files = named.partition("=")
        passages = read_passages(options.data_dir, files.split(","))
        records += question_records(corpus, passages, limits=limits, seed=options.seed)
    records = without_repeats(records)
    write_records(options.out, records)
    sys.stdout.write(json.dumps(counted(records), ensure_ascii=False, indent=1) + "\n")


if __name__ == "__main__":
    main()
