"""The answerer with the shipped network: it reads the best passages, weighs the answers that could be given, and quotes the likeliest."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from tadarag.analysis import terms
from tadarag.generation.answer_candidates import AnswerCandidate, answer_candidates, candidate_features
from tadarag.generation.answer_choice import AnswerChoice
from tadarag.generation.compose import CitationList, answer_text, not_found, not_found_text, statement
from tadarag.generation.described import own_sentences
from tadarag.generation.extractive import ExtractiveAnswerer, is_overview
from tadarag.generation.question_form import QuestionForm, read_question
from tadarag.generation.read_hits import N_TOGETHER, Reader, ReadHit, read_hits, read_together, title_terms
from tadarag.values import Draft, Evidence, Hit, Passage, Route, Span

_MEMBERS = re.compile("[,、]")
MAX_UNIT_TERMS = 2
"""Terms behind a number that can be its unit."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Weighed:
    """The answers that could be given to a question: what was read, and the features float64[n, k] of each candidate."""

    read: tuple[ReadHit, ...]
    quoted: Draft
    candidates: tuple[AnswerCandidate, ...]
    features: NDArray[np.float64]


class TrainedAnswerer:
    """Finds the answer that is one span, one of two sides, yes or no; overviews, lists and values that changed are the quoting answerer's.

    A class because it holds the network, the choice and the quoting answerer, whose answer is one of those that are weighed. Passages are
    read one by one: read together, those that do not answer draw the network away from the one that does.
    """

    def __init__(self, reader: Reader, choice: AnswerChoice, quoting: ExtractiveAnswerer | None = None) -> None:
        self._reader = reader
        self._choice = choice
        self._quoting = quoting or ExtractiveAnswerer()

    def draft(self, question: str, route: Route, evidence: Evidence, *, on_text: Callable[[str], None] | None = None) -> Draft:
        """Draft the likeliest answer; `found` is False when none is likely enough. Deterministic."""
        form = read_question(question, route)
        quoted = self._quoting.draft(question, route, evidence)
        drafted = quoted if only_quoted(form, route, quoted) else self._draft(form, route, evidence, quoted)
        if on_text is not None:
            on_text(answer_text(drafted.statements, form.language) if drafted.found else not_found_text(form.language))
        return drafted

    def _draft(self, form: QuestionForm, route: Route, evidence: Evidence, quoted: Draft) -> Draft:
        weighed = weigh(self._reader, form, route, evidence, quoted)
        if not weighed.candidates:
            return not_found(0.0)
        shares = self._choice.shares(weighed.features)
        best = int(shares.argmax())  # the first of equal ones
        confidence = self._choice.confidence(shares, weighed.features)
        if confidence < self._choice.threshold:
            return not_found(confidence)
        return replace(_quoted(weighed, weighed.candidates[best], form, evidence.hits), confidence=confidence)


def only_quoted(form: QuestionForm, route: Route, quoted: Draft) -> bool:
    """Whether what the rules quote is the answer, whatever else could be given: an overview, what stands under a heading; where a list is wanted,
    several members; where a value may have changed, more than one value of it. Words like "names" or "current" alone make no list or change."""
    if is_overview(form.text, route) or (quoted.found and not quoted.short):
        return True
    has_members = form.wants_list and quoted.found and len(_MEMBERS.split(quoted.short)) > 1
    return has_members or (form.wants_latest and len(quoted.statements) > 1)


def weigh(reader: Reader, form: QuestionForm, route: Route, evidence: Evidence, quoted: Draft) -> Weighed:
    """Read the evidence and name every answer that could be given, what the rules quote among them. Pure: the training of the choice calls it too."""
    read = read_hits(reader, form.text, evidence.hits)
    is_compared = route.task == "comparison" or form.asks == "yesno"
    together = read_together(reader, form.text, read) if is_compared else None
    candidates = answer_candidates(form, read, together, quoted, evidence.hits)
    return Weighed(read=read, quoted=quoted, candidates=candidates, features=candidate_features(candidates, form, route, read, quoted))


def _quoted(weighed: Weighed, chosen: AnswerCandidate, form: QuestionForm, hits: Sequence[Hit]) -> Draft:
    """The chosen answer with its citations; in the quoting answerer's words where it says the same, or the same number with its unit,
    and nothing else has decided it."""
    if weighed.quoted.found and not chosen.said and _says_as_much(weighed.quoted.short, chosen.text):
        return weighed.quoted
    citations = CitationList()
    if chosen.place is not None:
        number, span = chosen.place
        one = weighed.read[number]
        numbers = [citations.cite(one.hit, one.shown(span)), *citations.cite_path(form.text, hits, one.hit)]
    else:
        said = dict(chosen.said)
        deciding = [(hits[number], _deciding_sentence(hits[number].passage, said.get(number, ""))) for number in chosen.told_by]
        numbers = list(dict.fromkeys(citations.cite(hit, span) for hit, span in (*deciding, *_telling(form, weighed.read))))
    return Draft(found=True, short=chosen.text, statements=(statement(chosen.text, numbers),), citations=citations.citations)


def _deciding_sentence(passage: Passage, said: str) -> Span:
    """The sentence `said`; else what is said first of a thing."""
    own = own_sentences(passage)
    return passage.sentences[next((index for index in own if said and passage.sentence_text(index) == said), own[0])]


def _says_as_much(longer: str, text: str) -> bool:
    own, said = terms(text), terms(longer)
    is_number = text[-1:].isdigit()
    return own == said or (is_number and longer.startswith(text) and own == said[: len(own)] and len(said) - len(own) <= MAX_UNIT_TERMS)


def _telling(form: QuestionForm, read: Sequence[ReadHit]) -> Iterator[tuple[Hit, Span]]:
    """The best sentence of each passage that was read together and whose title the question names, of the first one where it names none."""
    asked = set(terms(form.text))
    named = [one for one in read[:N_TOGETHER] if title_terms(one.hit) and title_terms(one.hit) <= asked] or list(read[:1])
    for one in named:
        passage = one.hit.passage
        best = max(own_sentences(passage), key=lambda index: len(asked & set(terms(passage.sentence_text(index)))))
        yield one.hit, passage.sentences[best]
