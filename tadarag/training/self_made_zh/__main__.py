"""python -m tadarag.training.self_made_zh --out FOLDER: writes train.jsonl.gz, dev.jsonl.gz and types.json as the extraction sets have them."""

from __future__ import annotations

import argparse
import gzip
import json
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from tadarag.training.self_made_zh.records import MadeText, made_texts, record

DEV_SHARE = 20
"""One text in so many is kept for dev."""


def main(arguments: Sequence[str] | None = None) -> None:
    """Writes the set that the command line asks for."""
    parser = argparse.ArgumentParser(prog="python -m tadarag.training.self_made_zh", description=__doc__)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--seed", type=int, default=7)
    parser.add_argument("--n", type=int, default=6000, help="texts in train and dev together")
    options = parser.parse_args(arguments)
    write_set(options.out, n=options.n, seed=options.seed)


def write_set(folder: Path, *, n: int, seed: int) -> None:
    """Makes `folder` and writes the set's three files; the same bytes for the same n and seed."""
    texts = list(made_texts(n, seed=seed))
    records = [record(made, f"made-zh-{seed}-{at}") for at, made in enumerate(texts)]
    folder.mkdir(parents=True, exist_ok=True)
    _write(folder / "dev.jsonl.gz", records[::DEV_SHARE])
    _write(folder / "train.jsonl.gz", [one for at, one in enumerate(records) if at % DEV_SHARE])
    types = json.dumps(counted_types(texts), ensure_ascii=False, indent=1)
    (folder / "types.json").write_text(types + "\n", encoding="utf-8")


def counted_types(texts: Sequence[MadeText]) -> dict[str, Any]:
    """The content of types.json: how often each entity type and relation type occurs, the latter with the types at its ends."""
    relations: dict[str, dict[str, Counter[str]]] = {}
    counts: Counter[str] = Counter()
    for made in texts:
        for head, relation, tail in made.relations:
            counts[relation] += 1
            ends = relations.setdefault(relation, {"head_types": Counter(), "tail_types": Counter()})
            ends["head_types"][made.names[head].type] += 1
            ends["tail_types"][made.names[tail].type] += 1
    return {
        "set": "self_made_zh",
        "lang": "zh",
        "domain": "mixed",
        "doc_level": False,
        "entity_types": dict(Counter(one.type for made in texts for one in made.names).most_common()),
        "relation_types": {relation: {"count": count, **relations[relation]} for relation, count in counts.most_common()},
    }


def _write(file: Path, records: Sequence[dict[str, object]]) -> None:
    lines = "".join(json.dumps(one, ensure_ascii=False) + "\n" for one in records)
    file.write_bytes(gzip.compress(lines.encode("utf-8"), mtime=0))


if __name__ == "__main__":
    main()
