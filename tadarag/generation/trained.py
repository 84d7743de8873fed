"""The answerer with the shipped network: it reads the best passages one by one and quotes the surest answer."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from tadarag.generation.compose import CitationList, answer_text, not_found, not_found_text, statement
from tadarag.generation.extractive import ExtractiveAnswerer, is_overview
from tadarag.generation.question_form import QuestionForm, read_question
from tadarag.models.encoder import heading_context
from tadarag.models.passage_reader import FoundSpan, PassageReader, TextReading
from tadarag.values import Draft, Evidence, Hit, Route, Span

N_READ = 6
"""Passages that are read, best first."""
ANSWERED, SURE = 0.15, 0.5
"""Least probability that the passage with the surest answer does answer: below the first nothing is said, below the second only where the
quoting answerer would say something too. Chosen on half A of the development questions and on the samples."""


class TrainedAnswerer:
    """Finds the answer that is one span of one passage; all else is the quoting answerer's. A class because it holds both.

    Passages are read one by one: read together, those that do not answer draw the network away from the one that does (measured on half A of
    the development questions: zh_cmrc 74 F1 against 35, musique 28 against 18, hotpotqa 37 against 31, 2wiki 34 against 27).
    """

    def __init__(self, reader: PassageReader, quoting: ExtractiveAnswerer | None = None) -> None:
        self._reader = reader
        self._quoting = quoting or ExtractiveAnswerer()

    def draft(self, question: str, route: Route, evidence: Evidence, *, on_text: Callable[[str], None] | None = None) -> Draft:
        """Draft an answer from the span that the network is surest of; `found` is False when it holds that none answers. Deterministic."""
        form = read_question(question, route)
        if is_overview(question, route) or _is_made_of_several(form, route):
            return self._quoting.draft(question, route, evidence, on_text=on_text)
        drafted = self._draft(question, route, evidence)
        if on_text is not None:
            on_text(answer_text(drafted.statements, form.language) if drafted.found else not_found_text(form.language))
        return drafted

    def _draft(self, question: str, route: Route, evidence: Evidence) -> Draft:
        found: list[tuple[_Shown, TextReading]] = []
        for hit in [hit for hit in evidence.hits if hit.passage.sentences][:N_READ]:
            shown = _Shown.of(hit)
            read = self._reader.read(question, [shown.text])
            if read is not None and read.spans:
                found.append((shown, read))
        if not found:
            return not_found(0.0)
        shown, read = max(found, key=lambda pair: pair[1].spans[0].margin)  # the first of equal ones
        if read.answered < ANSWERED or (read.answered < SURE and not self._quoting.draft(question, route, evidence).found):
            return not_found(read.answered)
        return _quoted(shown, read, evidence.hits)


@dataclass(frozen=True, slots=True)
class _Shown:
    """A hit as the encoder read it: its headings, then its text, which begins at character `shift`."""

    hit: Hit
    text: str
    shift: int

    @classmethod
    def of(cls, hit: Hit) -> _Shown:
        before = heading_context(hit.passage.heading_path)
        return cls(hit, before + hit.passage.text, len(before))

    def sentence(self, found: FoundSpan) -> Span:
        """The sentence of the document in which a span begins; the first one for a span in the headings."""
        passage = self.hit.passage
        place = max(0, found.start - self.shift) + passage.span.start
        return next((span for span in reversed(passage.sentences) if span.start <= place), passage.sentences[0])


def _is_made_of_several(form: QuestionForm, route: Route) -> bool:
    """Whether an answer is no single span: lists, sides set against each other, yes or no, values that differ by date."""
    return form.wants_list or form.wants_latest or route.task == "comparison" or form.asks == "yesno"


def _quoted(shown: _Shown, read: TextReading, hits: Sequence[Hit]) -> Draft:
    best = read.spans[0]
    text = " ".join(shown.text[best.start : best.end].split())
    citations = CitationList()
    numbers = [citations.cite(shown.hit, shown.sentence(best)), *citations.cite_path(hits, shown.hit)]
    return Draft(found=True, short=text, statements=(statement(text, numbers),), citations=citations.citations, confidence=read.answered)
