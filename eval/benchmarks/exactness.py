"""Random lives of a base against bases made anew: in how many are truth, vectors and answers equal?

Each history adds, edits, moves and deletes files of nine formats and names (English and Chinese), with random commit sizes and encoder
threads, vacuum, reindex, repair and reopening in between. At its end the base mirrors the folder and is compared with a fresh one in
the three digests (answers: 50 questions, ids in order and scores to 1e-6). Every fifth history is also exported and imported, every
seventh emptied and compared with a base that never held anything.

    python eval/benchmarks/exactness.py --histories 1000
    python eval/benchmarks/exactness.py --histories 200 --encoder shipped
"""

from __future__ import annotations

import argparse
import random
import time
from collections import Counter
from collections.abc import Sequence
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

from reporting import report

from tadarag.knowledge_base import Digests, KnowledgeBase
from tadarag.models.encoder import Encoder, Kind
from tadarag.plugins import load_plugin
from tadarag.testing.histories import QUESTIONS, LivingBase, fresh_base, random_history
from tadarag.values import Encoded, Span

TOPICS = ("the harbour office", "Quillen", "the ferry Dusk", "Tomas Brandt", "Veldam", "the River Ost", "奎伦湾", "晨星建设公司")
FORMS = ("Where is {}?", "Who leads {}?", "When did {} begin?", "What is known about {}?", "{}")
FIFTY = tuple([*QUESTIONS, *(form.format(topic) for topic in TOPICS for form in FORMS)][:50])


class RememberedQuestions:
    """An encoder that reads each of the fixed questions once; passages are read every time."""

    def __init__(self, encoder: Encoder) -> None:
        self._encoder = encoder
        self._questions: dict[str, Encoded] = {}
        self.fingerprint = encoder.fingerprint
        self.dimension = encoder.dimension
        self.count_tokens = encoder.count_tokens

    def read(self, text: str, sentence_spans: Sequence[Span] = (), *, kind: Kind = "passage") -> Encoded:
        """See `Encoder.read`."""
        if kind == "query":
            if text not in self._questions:
                self._questions[text] = self._encoder.read(text, kind=kind)
            return self._questions[text]
        return self._encoder.read(text, sentence_spans, kind=kind)


@cache
def encoder_named(name: str) -> Encoder:
    """One encoder for all histories: the shipped model takes a while to load."""
    return RememberedQuestions(load_plugin("tadarag.encoders", name)())


def compare(counts: Counter[str], law: str, one: Digests, other: Digests) -> None:
    """Count in which digests two bases are equal."""
    counts[f"{law}_tried"] += 1
    counts[f"{law}_truth_equal"] += one.truth == other.truth
    counts[f"{law}_vectors_equal"] += one.vectors == other.vectors
    counts[f"{law}_answers_equal"] += one.answers == other.answers


def live(number: int, seed: int, encoder_name: str, counts: Counter[str]) -> None:
    """Let one base live, and compare it with one made anew."""
    generator = random.Random(f"{seed}/{number}")
    with TemporaryDirectory() as place:
        documents = Path(place) / "documents"
        documents.mkdir()
        living = LivingBase(documents, lambda: encoder_named(encoder_name))
        history = random_history(generator, n_steps=generator.randint(6, 22), with_mail=generator.random() < 0.1)
        for step in history:
            living.take(step)
            counts[f"steps_{step.action}"] += 1
        living.mirror()
        digests = living.base.digests(FIFTY)
        with fresh_base(documents, Path(place) / "fresh", encoder_named(encoder_name)) as fresh:
            compare(counts, "rebuild", digests, fresh.digests(FIFTY))
        counts["findings"] += len(living.base.verify(deep=True))
        if number % 5 == 0:
            living.base.export(Path(place) / "export.jsonl")
            with KnowledgeBase.open(Path(place) / "imported", encoder=encoder_named(encoder_name)) as imported:
                imported.import_(Path(place) / "export.jsonl")
                compare(counts, "import", digests, imported.digests(FIFTY))
        if number % 7 == 0 and (present := living.base.list()):
            living.base.delete(*[info.source for info in present])
            with KnowledgeBase.open(Path(place) / "empty", encoder=encoder_named(encoder_name)) as empty:
                compare(counts, "emptied", living.base.digests(FIFTY), empty.digests(FIFTY))
        living.close()


def main() -> None:
    """Parse the command line, try the histories, report."""
    parser = argparse.ArgumentParser(description="Histories equal in the three digests / tried.")
    parser.add_argument("--histories", type=int, default=1000)
    parser.add_argument("--first", type=int, default=0, help="number of the first history: a long run may be done in parts")
    parser.add_argument("--seed", type=int, default=20260101)
    parser.add_argument("--encoder", default="hashing")
    parser.add_argument("--seconds", type=float, default=float("inf"), help="stop after the history at hand when this time is over")
    parser.add_argument("--out", type=Path)
    arguments = parser.parse_args()
    counts: Counter[str] = Counter()
    started = time.monotonic()
    n_done = 0
    for number in range(arguments.first, arguments.first + arguments.histories):
        if time.monotonic() - started > arguments.seconds:
            break
        live(number, arguments.seed, arguments.encoder, counts)
        n_done += 1
    figures = {"encoder": arguments.encoder, "histories": n_done, "questions": len(FIFTY), "seconds": round(time.monotonic() - started, 1)}
    report("exactness", seed=arguments.seed, figures={**figures, **dict(sorted(counts.items()))}, out=arguments.out)


if __name__ == "__main__":
    main()
