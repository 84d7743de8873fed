"""The answerer with the shipped network: it reads the best passages together and quotes what it finds there."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from tadarag.generation.comparison import find_sides
from tadarag.generation.compose import CitationList, answer_text, not_found, not_found_text, statement
from tadarag.generation.extractive import ExtractiveAnswerer, is_overview
from tadarag.generation.question_form import QuestionForm, read_question
from tadarag.generation.yes_no import WORDS
from tadarag.models.answer_model import MAX_DOCUMENTS
from tadarag.models.encoder import heading_context
from tadarag.models.passage_reader import FoundSpan, PassageReader, TextReading
from tadarag.values import Draft, Evidence, Hit, Route, Span

MAX_TOKENS = 900
"""Of all passages that are read together, about: as many as in training."""
ANSWERED = 0.5
"""Least probability that the passages answer; below it nothing is said. Chosen on training parts."""


class TrainedAnswerer:
    """Reads with a network; overviews and lists, which are more than one span, are the quoting answerer's. A class because it holds both."""

    def __init__(self, reader: PassageReader, quoting: ExtractiveAnswerer | None = None) -> None:
        self._reader = reader
        self._quoting = quoting or ExtractiveAnswerer()

    def draft(self, question: str, route: Route, evidence: Evidence, *, on_text: Callable[[str], None] | None = None) -> Draft:
        """Draft an answer from what the network finds; `found` is False when it holds that the passages do not answer. Deterministic."""
        form = read_question(question, route)
        if is_overview(question, route) or form.wants_list:
            return self._quoting.draft(question, route, evidence, on_text=on_text)
        drafted = self._draft(question, form, evidence.hits)
        if on_text is not None:
            on_text(answer_text(drafted.statements, form.language) if drafted.found else not_found_text(form.language))
        return drafted

    def _draft(self, question: str, form: QuestionForm, hits: Sequence[Hit]) -> Draft:
        shown, documents = _fitting(hits)
        read = self._reader.read(question, [one.text for one in shown], documents=documents) if shown else None
        if read is None or read.answered < ANSWERED:
            return not_found(0.0 if read is None else read.answered)
        if form.asks == "yesno" and find_sides(question, form.language) is None:
            return _yes_no(read, form, hits)
        return _quoted(read, shown, hits)


@dataclass(frozen=True, slots=True)
class _Shown:
    """A hit as the encoder read it: its headings, then its text, which begins at character `shift`."""

    hit: Hit
    text: str
    shift: int

    @classmethod
    def of(cls, hit: Hit) -> _Shown:
        passage = hit.passage
        before = heading_context(passage.heading_path)
        return cls(hit, before + passage.text, len(before))

    def sentence(self, found: FoundSpan) -> Span:
        """The sentence of the document in which a span begins; the first one for a span in the headings."""
        passage = self.hit.passage
        place = max(0, found.start - self.shift) + passage.span.start
        return next((span for span in reversed(passage.sentences) if span.start <= place), passage.sentences[0])


def _fitting(hits: Sequence[Hit]) -> tuple[list[_Shown], list[int]]:
    """The first hits with sentences that are of few enough documents and short enough to be read together, and the document of each by number."""
    documents: dict[str, int] = {}
    shown: list[_Shown] = []
    n_tokens = 0
    for hit in hits:
        if not hit.passage.sentences:
            continue
        n_tokens += _about(hit.passage.text)
        number = documents.setdefault(str(hit.passage.source), len(documents))
        if shown and (n_tokens > MAX_TOKENS or number >= MAX_DOCUMENTS):
            break
        shown.append(_Shown.of(hit))
    return shown, [documents[str(one.hit.passage.source)] for one in shown]


def _about(text: str) -> int:
    """About how many tokens a text has: a quarter of its ASCII characters and three quarters of the others."""
    n_ascii = sum(character.isascii() for character in text)
    return (n_ascii + 3 * (len(text) - n_ascii)) // 4


def _quoted(read: TextReading, shown: Sequence[_Shown], hits: Sequence[Hit]) -> Draft:
    best = read.spans[0]
    source = shown[best.passage]
    text = " ".join(source.text[best.start : best.end].split())
    citations = CitationList()
    numbers = [citations.cite(source.hit, source.sentence(best)), *citations.cite_path(hits, source.hit)]
    return Draft(found=True, short=text, statements=(statement(text, numbers),), citations=citations.citations, confidence=read.answered)


def _yes_no(read: TextReading, form: QuestionForm, hits: Sequence[Hit]) -> Draft:
    """Yes or no, whichever is likelier, with the best matching sentences of the two best passages."""
    _, yes, no = read.kinds
    word = WORDS[form.language, yes >= no]
    citations = CitationList()
    numbers = [citations.cite(hit, _best_sentence(hit)) for hit in hits[:2] if hit.passage.sentences]
    return Draft(found=True, short=word, statements=(statement(word, numbers),), citations=citations.citations, confidence=read.answered)


def _best_sentence(hit: Hit) -> Span:
    scores = hit.sentence_scores or (0.0,)
    return hit.passage.sentences[max(range(len(scores)), key=lambda index: (scores[index], -index))]
