"""What growing costs: ingest, replacing one document, and asking, over a seeded synthetic corpus with the hashing encoder.

For each size n: CPU seconds of a whole ingest and the ratio t(2n)/t(n); the wall time of replacing one document of 12 passages beside its
own first ingest into an empty base; query p50 and p95 without a model call; the highest anonymous memory (mapped files left out).

    python eval/benchmarks/scaling.py --sizes 12500 25000 50000 100000
"""

from __future__ import annotations

import argparse
import random
import time
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory

from reporting import report

from tadarag.evaluation.costs import MemoryPeak, latency, load_average
from tadarag.knowledge_base import KnowledgeBase
from tadarag.testing.hashing_encoder import HashingEncoder
from tadarag.values import Document, Heading, SourceName, Span

DIMENSION = 384  # as the shipped encoder's
N_REPLACEMENTS = 15
N_QUERIES = 60
CONSONANTS, VOWELS = "bdfgklmnprstvz", "aeiou"


class Corpus:
    """Documents of one passage each, four sentences of Zipf-distributed words with names that other documents bear as titles."""

    def __init__(self, seed: int, n_documents: int) -> None:
        generator = random.Random(seed)
        self._seed = seed
        self._words = [
            "".join(generator.choice(CONSONANTS) + generator.choice(VOWELS) for _ in range(generator.randint(2, 4))) for _ in range(40_000)
        ]
        self._names = [f"{generator.choice(self._words).title()} {generator.choice(self._words).title()}" for _ in range(n_documents)]
        self._n_documents = n_documents

    def title(self, number: int) -> str:
        """The title of a document, which is the name that others know it by."""
        return self._names[number % len(self._names)]

    def sentence(self, generator: random.Random) -> str:
        """A sentence of about fourteen words, one of its names the title of some document."""
        words = [self._words[min(len(self._words) - 1, int(generator.paretovariate(0.7)))] for _ in range(generator.randint(8, 16))]
        words.insert(generator.randrange(len(words)), self.title(generator.randrange(self._n_documents)))
        return f"{' '.join(words).capitalize()}.".replace("  ", " ")

    def document(self, number: int, *, version: int = 0, n_passages: int = 1) -> tuple[SourceName, Document]:
        """Document `number` with `n_passages` sections."""
        generator = random.Random(f"{self._seed}/{number}/{version}")
        text, headings = "", []
        for section in range(n_passages):
            title = self.title(number + section)
            headings.append(Heading(span=Span(len(text), len(text) + len(title)), level=1, title=title))
            text += f"{title}\n\n{' '.join(self.sentence(generator) for _ in range(4))}\n\n"
        return SourceName("corpus", f"{number:07}.txt"), Document(
            text=text, title=self.title(number), language="en", headings=tuple(headings)
        )

    def documents(self) -> Iterator[tuple[SourceName, Document]]:
        """All documents, one passage each."""
        return (self.document(number) for number in range(self._n_documents))


def replacing(base: KnowledgeBase, corpus: Corpus, first: int) -> tuple[float, float]:
    """Median wall and CPU seconds of replacing one document of twelve passages by another version, changes caught up."""
    base.ingest_documents([corpus.document(first, n_passages=12)])
    base.search(corpus.title(0))
    walls, cpus = [], []
    for version in range(1, N_REPLACEMENTS + 1):
        wall, cpu = time.perf_counter(), time.process_time()
        base.ingest_documents([corpus.document(first, version=version, n_passages=12)])
        walls.append(time.perf_counter() - wall)
        cpus.append(time.process_time() - cpu)
    return median(walls), median(cpus)


def own_ingest(corpus: Corpus) -> tuple[float, float]:
    """Median wall and CPU seconds of ingesting such a document into an empty base."""
    walls, cpus = [], []
    for version in range(N_REPLACEMENTS):
        with TemporaryDirectory() as place, KnowledgeBase.open(place, encoder=HashingEncoder(DIMENSION)) as base:
            wall, cpu = time.perf_counter(), time.process_time()
            base.ingest_documents([corpus.document(0, version=version, n_passages=12)])
            walls.append(time.perf_counter() - wall)
            cpus.append(time.process_time() - cpu)
    return median(walls), median(cpus)


def asking(base: KnowledgeBase, corpus: Corpus, seed: int) -> dict[str, float]:
    """Latency of searches by the whole formula, early exit as it comes, after two to warm up."""
    generator = random.Random(seed)
    questions = [f"What does {corpus.title(generator.randrange(1000))} say of {corpus.sentence(generator)}" for _ in range(N_QUERIES + 2)]
    seconds = []
    for question in questions:
        started = time.perf_counter()
        base.search(question)
        seconds.append(time.perf_counter() - started)
    return latency(seconds[2:])


def measure(size: int, seed: int) -> dict[str, float | None]:
    """All figures of one size."""
    corpus = Corpus(seed, size)
    with TemporaryDirectory() as place, KnowledgeBase.open(place, encoder=HashingEncoder(DIMENSION)) as base:
        with MemoryPeak() as memory:
            cpu, wall = time.process_time(), time.perf_counter()
            base.ingest_documents(corpus.documents())
            cpu, wall = time.process_time() - cpu, time.perf_counter() - wall
            queries = asking(base, corpus, seed)
        wall_replace, cpu_replace = replacing(base, corpus, size // 2)
        n_bytes = base.status().n_bytes
        n_passages = base.status().n_passages
    wall_own, cpu_own = own_ingest(corpus)
    return {
        "n_passages": n_passages,
        "ingest_cpu_seconds": round(cpu, 2),
        "ingest_wall_seconds": round(wall, 2),
        **{name: round(value, 2) for name, value in queries.items()},
        "replace_ms": round(wall_replace * 1000, 1),
        "replace_cpu_ms": round(cpu_replace * 1000, 1),
        "own_ingest_ms": round(wall_own * 1000, 1),
        "own_ingest_cpu_ms": round(cpu_own * 1000, 1),
        "replace_to_own": round(wall_replace / wall_own, 2),
        "replace_to_own_cpu": round(cpu_replace / cpu_own, 2),
        "peak_anonymous_mib": None if memory.anonymous is None else round(memory.anonymous, 1),
        "base_mb": round(n_bytes / 1e6, 1),
    }


def main() -> None:
    """Parse the command line, measure each size, report."""
    parser = argparse.ArgumentParser(description="How costs grow with the number of passages.")
    parser.add_argument("--sizes", type=int, nargs="+", default=[12_500, 25_000, 50_000, 100_000])
    parser.add_argument("--seed", type=int, default=20260101)
    parser.add_argument("--out", type=Path)
    arguments = parser.parse_args()
    sizes = {str(size): measure(size, arguments.seed) for size in sorted(arguments.sizes)}
    ratios = {}
    for small, large in pairwise(sorted(arguments.sizes)):
        first, second = sizes[str(small)]["ingest_cpu_seconds"], sizes[str(large)]["ingest_cpu_seconds"]
        if large == 2 * small and first and second:
            ratios[f"{large}/{small}"] = round(second / first, 3)
    report("scaling", seed=arguments.seed, figures={"sizes": sizes, "cpu_ratio": ratios, "load": load_average()}, out=arguments.out)


if __name__ == "__main__":
    main()
