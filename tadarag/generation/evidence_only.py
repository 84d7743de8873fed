"""The answerer that composes nothing: the best sentences of the evidence, each with its citation."""

from __future__ import annotations

from collections.abc import Callable

from tadarag.generation.compose import CitationList, answer_text, not_found, statement
from tadarag.generation.question_form import read_question
from tadarag.values import Draft, Evidence, Hit, Route

MAX_PASSAGES = 5
PER_PASSAGE = 2


class EvidenceAnswerer:
    """Shows up to two sentences of each of the best five passages, best passage first, sentences in the order of the document."""

    def draft(self, question: str, route: Route, evidence: Evidence, *, on_text: Callable[[str], None] | None = None) -> Draft:
        """Every sentence is its own statement; not found only when there is no passage."""
        citations = CitationList()
        statements = []
        for hit in evidence.hits[:MAX_PASSAGES]:
            for index in best_of(hit):
                text = " ".join(hit.passage.sentence_text(index).split())
                statements.append(statement(text, [citations.cite(hit, hit.passage.sentences[index])]))
        if not statements:
            return not_found(0.0)
        if on_text is not None:
            on_text(answer_text(statements, read_question(question, route).language))
        return Draft(
            found=True, statements=tuple(statements), citations=citations.citations, confidence=max(0.0, min(1.0, evidence.hits[0].score))
        )


def best_of(hit: Hit) -> list[int]:
    """Indexes of the two sentences that match the question best, in order; the first two when their matches are not known."""
    indexes = [index for index in range(len(hit.passage.sentences)) if hit.passage.sentence_text(index).strip()]
    scores = hit.sentence_scores or hit.sentence_cosines
    if len(scores) == len(hit.passage.sentences):
        indexes.sort(key=lambda index: (-scores[index], index))
    return sorted(indexes[:PER_PASSAGE])
