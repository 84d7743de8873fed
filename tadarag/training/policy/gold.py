"""Which sentences of a question's gold passages are evidence."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from tadarag.analysis import terms
from tadarag.evaluation.beir import Question
from tadarag.span import Span
from tadarag.values import Hit


def gold_sentences(question: Question, hits: Sequence[Hit], gold: frozenset[str]) -> frozenset[tuple[int, Span]]:
    """The evidence among the hits: index of the hit and span of the sentence.

    In a gold passage that is what holds an answer of the question, of one of its steps, or the tail of one of its evidence triples
    (metadata `answers`, `decomposition`, `evidence`); where none does, its first sentence.
    """
    wanted = [set(terms(text)) for text in _told(question)]
    found: set[tuple[int, Span]] = set()
    for number, hit in enumerate(hits):
        passage = hit.passage
        if passage.source.path not in gold or not passage.sentences:
            continue
        words = [set(terms(passage.sentence_text(index))) for index in range(len(passage.sentences))]
        holding = [index for index, own in enumerate(words) if any(part and part <= own for part in wanted)]
        found.update((number, passage.sentences[index]) for index in holding or [0])
    return frozenset(found)


def _told(question: Question) -> Iterator[str]:
    yield from (answer for answer in question.metadata["answers"] if answer.lower() not in ("yes", "no"))
    yield from (step["answer"] for step in question.metadata.get("decomposition", ()))
    yield from (triple[-1] for triple in question.metadata.get("evidence", ()))
