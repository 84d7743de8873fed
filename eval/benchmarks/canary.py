"""Bytes and keys of deleted documents that are left in a base after `delete` and `vacuum`: there should be none.

Each round writes documents of several formats that hold an invented word in text, title, heading, names, file name and folder name,
among documents that do not; lives with them for a while (edits, syncs, reindex, backup, a killed writer); then deletes them by name, by
sync or by replacement, and looks for the word in every file of the base: raw bytes, compressed values, keys of the indexes, file names.

    python eval/benchmarks/canary.py --rounds 100
"""

from __future__ import annotations

import argparse
import os
import random
import time
from collections import Counter
from pathlib import Path
from tempfile import TemporaryDirectory

from reporting import report

from tadarag.knowledge_base import KnowledgeBase
from tadarag.testing.canary import traces
from tadarag.testing.hashing_encoder import HashingEncoder
from tadarag.testing.histories import NAMES, Step, body, change_folder, run_killed

LETTERS = "bdfgklmnprstvz"
RARE = "龘靐齉鄨爨麤鱻驫骉羴猋飍"


def invented(generator: random.Random) -> tuple[str, str]:
    """A Latin and a Chinese word that no other document holds."""
    latin = "Zyx" + "".join(generator.choice(LETTERS) + generator.choice("aeiou") for _ in range(4))
    return latin, "".join(generator.sample(RARE, 4))


def write_canaries(folder: Path, latin: str, chinese: str) -> list[str]:
    """Documents with the words; returns their names."""
    contents = {
        f"{latin}-notes/{latin}.md": f"# {latin} Brixholm\n\nAnna met {latin} Brixholm. Later {latin} left.\n\n## {latin}\n\n{chinese}公司来了。\n",
        "people.csv": f"id,title,text\n{latin},{latin} Brixholm,{latin} was here\n2,Other,Nothing\n",
        "lines.jsonl": f'{{"id": "{latin}", "text": "{chinese} and {latin}"}}\n',
        f"{latin}.txt": f"{latin} {latin} {chinese}\n",
        f"{latin}.pdf": "%PDF-1.4 broken",
    }
    for name, content in contents.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(content, encoding="utf-8")
    return list(contents)


def work_and_die(folder: Path, kill_at: int) -> None:
    """A writer that is killed in the middle of a reindex or a vacuum."""

    def work(observe: object) -> None:
        assert callable(observe)
        with KnowledgeBase.open(folder, encoder=HashingEncoder(), workers=1, observe=observe) as base:
            base.reindex(HashingEncoder(), progress=lambda progress: observe(progress.stage))
            base.vacuum()

    run_killed(work, kill_at=kill_at)


def one_round(number: int, seed: int, counts: Counter[str]) -> None:
    """One life and death of the words."""
    generator = random.Random(f"{seed}/{number}")
    latin, chinese = invented(generator)
    with TemporaryDirectory() as place:
        folder = Path(place) / "documents"
        for name in NAMES[:6]:
            change_folder(folder, Step(action="write", name=name, number=generator.randrange(20)))
        names = write_canaries(folder, latin, chinese)
        with KnowledgeBase.open(folder, encoder=HashingEncoder(), workers=1) as base:
            base.ingest(folder, commit_passages=generator.randint(1, 8))
            counts["traces_before"] += len(traces(base.path, [latin, chinese], phrases=[f"{latin} Brixholm"]))
        if generator.random() < 0.5:
            work_and_die(folder, generator.randrange(25))
        with KnowledgeBase.open(folder, encoder=HashingEncoder(), workers=1) as base:
            way = generator.choice(["delete", "sync", "replace"])
            if way == "delete":
                base.delete(*names)
            else:
                for name in names:
                    os.unlink(folder / name)
                if way == "replace":
                    (folder / "people.csv").write_bytes(body("people.csv", number % 20))
                base.ingest(folder, sync=True, yes=True)
            base.vacuum()
            left = traces(base.path, [latin, chinese], phrases=[f"{latin} Brixholm"])
            counts[f"rounds_by_{way}"] += 1
            counts["rounds_with_traces_left"] += bool(left)
            counts["traces_left"] += len(left)
            counts["findings"] += len(base.verify(deep=True))


def main() -> None:
    """Parse the command line, live and die, report."""
    parser = argparse.ArgumentParser(description="What is left of deleted documents.")
    parser.add_argument("--rounds", type=int, default=100)
    parser.add_argument("--seed", type=int, default=20260101)
    parser.add_argument("--out", type=Path)
    arguments = parser.parse_args()
    counts: Counter[str] = Counter(traces_left=0, rounds_with_traces_left=0, findings=0)
    started = time.monotonic()
    for number in range(arguments.rounds):
        one_round(number, arguments.seed, counts)
    figures = {"rounds": arguments.rounds, "seconds": round(time.monotonic() - started, 1), **dict(sorted(counts.items()))}
    report("canary", seed=arguments.seed, figures=figures, out=arguments.out)


if __name__ == "__main__":
    main()
