"""A writing process is killed at random points: how many bases cannot be read afterwards, how many acknowledged documents are lost?

Each trial forks a process that keeps changing a base (ingest in small commits, sync, delete, vacuum, repair, now and then reindex) and
acknowledges every document whose ingest has returned. It is killed either at a random moment or at a random step of the store. Then the
base must open, pass `verify --deep`, answer, and hold every acknowledged document with the acknowledged content. Every 25th trial the
base is brought up to date and compared with one made anew in the three digests. POSIX only.

    python eval/benchmarks/crashes.py --kills 1000
"""

from __future__ import annotations

import argparse
import os
import random
import shutil
import signal
import time
from collections import Counter
from pathlib import Path
from tempfile import TemporaryDirectory

from reporting import report

from tadarag.errors import TadaragError
from tadarag.knowledge_base import KnowledgeBase
from tadarag.testing.hashing_encoder import HashingEncoder
from tadarag.testing.histories import N_BODIES, NAMES, QUESTIONS, Step, change_folder, fresh_base

LONGEST_SECONDS = 0.8
"""Random moments are drawn from the first 0.8 s of a writer's work: opening, a dozen changes, and care."""


def work(folder: Path, generator: random.Random, acknowledge: int, kill_at_step: int | None) -> None:
    """What the process to be killed does, without end."""
    n_steps = 0

    def observe(step: str) -> None:
        nonlocal n_steps
        if n_steps == kill_at_step:
            os.kill(os.getpid(), signal.SIGKILL)
        n_steps += 1

    base = KnowledgeBase.open(folder, encoder=HashingEncoder(), workers=1, observe=observe)
    for number in range(100):
        name = f"kept/{generator.randrange(40)}-{number}.txt"
        change_folder(folder, Step(action="write", name=name, number=generator.randrange(N_BODIES)))
        for _ in range(generator.randrange(4)):
            change_folder(folder, Step(action="write", name=generator.choice(NAMES), number=generator.randrange(N_BODIES)))
        if generator.random() < 0.3:
            change_folder(folder, Step(action="delete", name=generator.choice(NAMES)))
        base.ingest(folder, sync=generator.random() < 0.5, yes=True, commit_passages=generator.randint(1, 6))
        os.write(acknowledge, f"{name}\n".encode())
        care = generator.random()
        if care < 0.25:
            base.vacuum()
        elif care < 0.35:
            base.repair()
        elif care < 0.4:
            base.reindex(HashingEncoder())


def kill_once(folder: Path, generator: random.Random, counts: Counter[str]) -> list[str]:
    """Let a process work on the base and kill it; returns what it had acknowledged."""
    reading, writing = os.pipe()
    at_step = generator.randrange(120) if generator.random() < 0.5 else None
    wait = generator.uniform(0.0, LONGEST_SECONDS)
    child = os.fork()
    if child == 0:
        os.close(reading)
        try:
            work(folder, generator, writing, at_step)
        finally:
            os._exit(3)
    os.close(writing)
    if at_step is None:
        time.sleep(wait)
        os.kill(child, signal.SIGKILL)
    with os.fdopen(reading, encoding="utf-8") as stream:
        acknowledged = stream.read().split("\n")[:-1]
    _, status = os.waitpid(child, 0)
    if not os.WIFSIGNALED(status):
        counts["writers_failed"] += 1
    counts["kills_at_a_step" if at_step is not None else "kills_at_a_moment"] += 1
    return acknowledged


def check(folder: Path, acknowledged: list[str], counts: Counter[str]) -> None:
    """Open what the killed process left, and count what is wrong with it."""
    counts["acknowledged_documents"] += len(acknowledged)
    try:
        with KnowledgeBase.open(folder, encoder=HashingEncoder(), workers=1) as base:
            for question in QUESTIONS[:3]:
                base.search(question)
            counts["bases_with_findings"] += bool(base.verify(deep=True))
            stored = {info.source.path: base.document(info.source).text for info in base.list()}
            counts["acknowledged_lost"] += sum(stored.get(name) != (folder / name).read_text("utf-8") for name in acknowledged)
    except TadaragError:
        counts["unreadable_bases"] += 1


def main() -> None:
    """Parse the command line, kill, report."""
    parser = argparse.ArgumentParser(description="Kill points survived / tried.")
    parser.add_argument("--kills", type=int, default=1000)
    parser.add_argument("--first", type=int, default=0, help="number of the first trial: a long run may be done in parts")
    parser.add_argument("--seed", type=int, default=20260101)
    parser.add_argument("--seconds", type=float, default=float("inf"), help="stop after the trial at hand when this time is over")
    parser.add_argument("--out", type=Path)
    arguments = parser.parse_args()
    counts: Counter[str] = Counter(unreadable_bases=0, acknowledged_lost=0, bases_with_findings=0, writers_failed=0)
    started = time.monotonic()
    n_done = 0
    with TemporaryDirectory() as place:
        folder = Path(place) / "documents"
        folder.mkdir()
        for number in range(arguments.first, arguments.first + arguments.kills):
            if time.monotonic() - started > arguments.seconds:
                break
            check(folder, kill_once(folder, random.Random(f"{arguments.seed}/{number}"), counts), counts)
            n_done += 1
            if number % 25 == 24:
                compare_with_fresh(folder, Path(place) / f"fresh-{number}", counts)
                folder = Path(place) / f"documents-{number}"
                folder.mkdir()
    figures = {"kills": n_done, "seconds": round(time.monotonic() - started, 1), **dict(sorted(counts.items()))}
    report("crashes", seed=arguments.seed, figures=figures, out=arguments.out)


def compare_with_fresh(folder: Path, place: Path, counts: Counter[str]) -> None:
    """Resume: bring the base up to its folder, and compare it with one made anew."""
    with KnowledgeBase.open(folder, encoder=HashingEncoder(), workers=1) as base:
        base.ingest(folder, sync=True, yes=True)
        with fresh_base(folder, place, HashingEncoder()) as fresh:
            counts["resumed_tried"] += 1
            counts["resumed_equal"] += base.digests(QUESTIONS) == fresh.digests(QUESTIONS)
    shutil.rmtree(folder)
    shutil.rmtree(place)


if __name__ == "__main__":
    main()
