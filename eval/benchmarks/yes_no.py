"""Questions for yes or no about one thing, asked of three folders of plain documents, English and Chinese.

    python eval/benchmarks/yes_no.py [--out FILE]

Beside this file stand the folders and their questions, written for this: each line has y, n, or ? where the documents do not say. The conditions of
`tadarag.generation.read_verdict` were chosen on the first two, so these flatter; the third was written later, and three of its questions, about a first
class, a first day and who does the repairs, led to changes.
"""

from __future__ import annotations

import argparse
import shutil
import tempfile
from collections import Counter
from pathlib import Path

from reporting import report

from tadarag import KnowledgeBase

HERE = Path(__file__).parent / "yes_no"
SAID = {"Yes": "yes", "是": "yes", "No": "no", "否": "no"}
MEANT = {"y": "yes", "n": "no", "?": "not said"}


def main() -> None:
    """Ask all questions and report."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--out", type=Path)
    chosen = parser.parse_args()
    figures = {}
    for questions in sorted(HERE.glob("*.tsv")):
        counts: Counter[str] = Counter()
        with tempfile.TemporaryDirectory() as work:
            folder = shutil.copytree(HERE / questions.stem, Path(work) / "documents")
            with KnowledgeBase.open(folder) as base:
                base.ingest(folder)
                for line in questions.read_text("utf-8").splitlines():
                    meant, question = line.split("\t")
                    answer = base.ask(question)
                    counts[f"{MEANT[meant]}: {SAID.get(answer.short, 'other') if answer.found else 'refused'}"] += 1
        figures[questions.stem] = dict(sorted(counts.items()))
    report("yes_no", seed=0, figures=figures, out=chosen.out)


if __name__ == "__main__":
    main()
