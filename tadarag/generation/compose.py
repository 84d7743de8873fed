"""Puts spans and their sentences together into a draft with numbered citations."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from tadarag.analysis import terms
from tadarag.generation.described import own_sentences
from tadarag.generation.sentence_features import Reading, SentenceView
from tadarag.values import Citation, Draft, Hit, Span, Statement

NOT_FOUND = {"en": "Not found in the documents.", "zh": "文档中没有找到答案。"}


class CitationList:
    """Numbers the sentences that an answer cites, in order of first use; the same sentence keeps its number."""

    def __init__(self) -> None:
        self._numbers: dict[tuple[str, Span], int] = {}
        self._citations: list[Citation] = []

    def cite(self, hit: Hit, span: Span) -> int:
        """The number of the citation of `span` (in the document of the hit's passage)."""
        key = (f"{hit.passage.source}\0{hit.passage.content}", span)
        if key not in self._numbers:
            passage = hit.passage
            self._numbers[key] = len(self._citations) + 1
            self._citations.append(
                Citation(
                    number=self._numbers[key],
                    source=passage.source,
                    content=passage.content,
                    span=span,
                    quote=passage.text[span.start - passage.span.start : span.end - passage.span.start],
                    page=passage.page,
                    heading_path=passage.heading_path,
                    date=passage.date,
                )
            )
        return self._numbers[key]

    def cite_sentence(self, reading: Reading, view: SentenceView) -> int:
        """The number of the citation of a sentence of the evidence."""
        hit = reading.hits[view.hit]
        return self.cite(hit, hit.passage.sentences[view.index])

    def cite_path(self, question: str, hits: Sequence[Hit], reached: Hit) -> list[int]:
        """Numbers for the sentences through which retrieval reached a hit, as far as their passages are among `hits`, and they or the
        headings above them hold a word of the question: others show nothing, nor does a heading."""
        numbers = []
        asked = set(terms(question))
        for link in reached.path:
            for hit in hits:
                if hit.passage.source == link.seed and hit.passage.chunk == link.seed_chunk:
                    told = (index for index in own_sentences(hit.passage) if hit.passage.sentence_text(index) == link.sentence)
                    told = (index for index in told if asked & set(terms(" ".join((*hit.passage.heading_path, link.sentence)))))
                    numbers += [self.cite(hit, hit.passage.sentences[index]) for index in told]
        return numbers

    @property
    def citations(self) -> tuple[Citation, ...]:
        """All citations so far, by number."""
        return tuple(self._citations)


def not_found_text(language: str) -> str:
    """What is said when the documents do not answer, in the question's language."""
    return NOT_FOUND["zh" if language == "zh" else "en"]


def not_found(confidence: float) -> Draft:
    """The draft that states nothing. confidence: how well the evidence supported the best span."""
    return Draft(found=False, confidence=confidence)


def statement(text: str, numbers: Iterable[int]) -> Statement:
    """A statement with distinct citation numbers in order."""
    return Statement(text=text, citations=tuple(dict.fromkeys(numbers)), supported=True)


def answer_text(statements: Sequence[Statement], language: str) -> str:
    """The statements with their inline citations, "[1][2]" after each."""
    joint = "" if language == "zh" else " "
    pieces = [
        f"{part.text}{joint}{''.join(f'[{number}]' for number in part.citations)}" if part.citations else part.text for part in statements
    ]
    return "\n".join(pieces)
