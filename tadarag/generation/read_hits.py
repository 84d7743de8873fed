"""What the answerer's network makes of retrieved passages: each alone, each after the sentence that leads to it, and several together."""

from __future__ import annotations

import os
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Protocol

from tadarag.analysis import terms
from tadarag.generation.described import own_sentences
from tadarag.models.encoder import heading_context
from tadarag.models.passage_reader import FoundSpan, TextReading
from tadarag.values import Hit, Span

N_READ = 6
"""Passages that are read, best first."""
N_TOGETHER = 4
"""Passages that are read together where sides are set against each other."""
N_SPANS = 2
"""Answers wanted of a passage that is read alone."""
LEADS_TO = 0.6
"""Least share of the terms of a passage's title that a sentence must hold to lead to it."""


class Reader(Protocol):
    """What reads passages with a question in mind, as `PassageReader` does; several threads may ask it at once."""

    def read(self, question: str, passages: Sequence[str], *, lead: str = "", n_spans: int = 1) -> TextReading | None:
        """See `PassageReader.read`."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Lead:
    """A sentence of another passage that names what a passage is about. hit: the number of that other passage."""

    hit: int
    sentence: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadHit:
    """A hit as it was read: `text` is its headings and its own text, which begins at `shift`. led: after `lead`, None without one."""

    hit: Hit
    text: str
    shift: int
    alone: TextReading
    lead: Lead | None = None
    led: TextReading | None = None

    def words(self, found: FoundSpan) -> str:
        """The words of a span."""
        return " ".join(self.text[found.start : found.end].split())

    def sentence(self, found: FoundSpan) -> Span:
        """The sentence of the document in which a span begins; the first one for a span in the headings."""
        return self.hit.passage.sentences[self._number(found)]

    def shown(self, found: FoundSpan) -> Span:
        """The sentence to cite for a span: for one in a heading, the first that is none."""
        number, own = self._number(found), own_sentences(self.hit.passage)
        return self.hit.passage.sentences[number if number in own else own[0]]

    def _number(self, found: FoundSpan) -> int:
        passage = self.hit.passage
        place = max(0, found.start - self.shift) + passage.span.start
        return next((number for number in reversed(range(len(passage.sentences))) if passage.sentences[number].start <= place), 0)

    def crosses_sentences(self, found: FoundSpan) -> bool:
        """Whether a span runs from the headings into the text, or from one sentence into the next: such words answer nothing."""
        if found.end <= self.shift:
            return False
        return found.start < self.shift or found.end - self.shift + self.hit.passage.span.start > self.sentence(found).end


def read_hits(reader: Reader, question: str, hits: Sequence[Hit]) -> tuple[ReadHit, ...]:
    """Read the first hits one by one, and those to which a sentence of another one leads once more after it; hits without words are left out.

    Reading each after its lead is how a question of two steps is put to the passage of its second step. Readings do not touch each other, so
    they are done on as many threads as there are processors.
    """
    able = [hit for hit in hits if hit.passage.sentences][:N_READ]
    shown = [(before := heading_context(hit.passage.heading_path), before + hit.passage.text) for hit in able]
    leads = [find_lead(question, number, able) for number in range(len(able))]
    with ThreadPoolExecutor(os.cpu_count()) as pool:
        alone = [pool.submit(reader.read, question, [text], n_spans=N_SPANS) for _, text in shown]
        led = [
            pool.submit(reader.read, question, [text], lead=lead.sentence) if lead else None
            for (_, text), lead in zip(shown, leads, strict=True)
        ]
    found = []
    for hit, (before, text), lead, first, second in zip(able, shown, leads, alone, led, strict=True):
        read, after = first.result(), second.result() if second is not None else None
        if read is not None and read.spans:
            own = lead if after is not None else None
            found.append(ReadHit(hit=hit, text=text, shift=len(before), alone=read, lead=own, led=after))
    return tuple(found)


def read_together(reader: Reader, question: str, read: Sequence[ReadHit]) -> TextReading | None:
    """The first passages read at once, for a question that none of them answers by itself."""
    texts = [one.text for one in read[:N_TOGETHER]]
    return reader.read(question, texts, n_spans=N_SPANS) if texts else None


def find_lead(question: str, number: int, hits: Sequence[Hit]) -> Lead | None:
    """The sentence of another hit that names hit `number`'s title and has most in common with the question; None when none names it, or
    when the question names the title itself."""
    asked = set(terms(question))
    title = title_terms(hits[number])
    if not title or title <= asked:
        return None
    best: tuple[float, int, int] | None = None
    for other, hit in enumerate(hits):
        if other == number or hit.passage.content == hits[number].passage.content:
            continue
        for index in range(len(hit.passage.sentences)):
            words = set(terms(hit.passage.sentence_text(index)))
            share = len(words & title) / len(title)
            if share >= LEADS_TO:
                scored = (share + 0.1 * len(words & asked), -other, -index)
                best = scored if best is None else max(best, scored)
    return Lead(hit=-best[1], sentence=hits[-best[1]].passage.sentence_text(-best[2])) if best is not None else None


def title_terms(hit: Hit) -> set[str]:
    """The terms of what a passage is about: its headings, or its subject where it has none."""
    return set(terms(" ".join(hit.passage.heading_path) or hit.passage.subject))
