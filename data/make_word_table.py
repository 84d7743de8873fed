"""Count the document frequencies that `mom/data/word_table.tsv` holds.

    python data/make_word_table.py --english FOLDER… --chinese FILE… > mom/data/word_table.tsv

--english: folders with a corpus.jsonl.gz whose lines have "title" and "text"; --chinese: JSONL files (gzip) with "context" or "text".
A document is one passage; equal passages count once. Counts are facts about the passages; no text of theirs is kept.
Traditional Chinese passages are counted as written and once more in simplified characters, so that both scripts are known.
Weight = ln((N + 1) / (df + 0.5)), times 100, rounded; a term seen in fewer than the minimum of passages is left out as rare.
"""

from __future__ import annotations

import argparse
import gzip
import json
import math
from collections import Counter
from collections.abc import Iterable, Iterator
from pathlib import Path

from mom.terms import FIRST_CJK, terms
from tadarag.chinese import simplify

N_ENGLISH, N_CHINESE = 20_000, 15_000
UNKNOWN = 920  # about ln(35,000 / 3.5): what a term of three passages would have


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--english", nargs="+", type=Path, required=True)
    parser.add_argument("--chinese", nargs="+", type=Path, required=True)
    options = parser.parse_args()
    english = {line["title"] + "\n" + line["text"] for folder in options.english for line in read_lines(folder / "corpus.jsonl.gz")}
    chinese = {line.get("context") or line["text"] for path in options.chinese for line in read_lines(path)}
    written = chinese | {simplify(text) for text in chinese}
    print("# Word weights of mom: 100 * ln((N + 1) / (df + 0.5)), rounded. Made by data/make_word_table.py; do not edit.")
    print(f"# English words without plural ending: document frequencies over {len(english)} passages of {names(options.english)}.")
    print(f"# Chinese character bigrams: over {len(written)} passages of {names(path.parent for path in options.chinese)},")
    print(
        "# traditional ones counted in both scripts. The passages are Wikipedia text (CC BY-SA); the table holds counts, none of the text."
    )
    print(f"unknown\t{UNKNOWN}")
    by_weight: dict[int, list[str]] = {}
    for passages, size, is_chinese in ((english, N_ENGLISH, False), (written, N_CHINESE, True)):
        for term, weight in weigh(passages, size, is_chinese=is_chinese):
            by_weight.setdefault(weight, []).append(term)
    for weight in sorted(by_weight):
        print(f"{weight}\t{' '.join(sorted(by_weight[weight]))}")


def read_lines(path: Path) -> Iterator[dict[str, str]]:
    """The objects of a JSONL file."""
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        yield from map(json.loads, lines)


def names(folders: Iterable[Path]) -> str:
    """Folder names, each once."""
    return ", ".join(sorted({folder.name for folder in folders}))


def weigh(passages: set[str], size: int, *, is_chinese: bool) -> list[tuple[str, int]]:
    """The `size` terms with the highest document frequency, ties by term, each with its weight, capped at the unknown term's."""
    counts: Counter[str] = Counter()
    for passage in passages:
        counts.update({term for term in terms(passage) if (term[0] >= FIRST_CJK) == is_chinese and not term.isdigit()})
    kept = sorted(counts.items(), key=lambda counted: (-counted[1], counted[0]))[:size]
    n = len(passages)
    # Two collections of unlike size: put both on the English scale by shares, so that one `unknown` serves both.
    return [(term, min(UNKNOWN, round(100 * math.log((n + 1) / (df + 0.5))))) for term, df in kept]


if __name__ == "__main__":
    main()
