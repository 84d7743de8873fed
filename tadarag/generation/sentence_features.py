"""Each sentence of the evidence beside the question: what it covers, what it leaves out, where it stands."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from math import log

import numpy as np
from numpy.typing import NDArray

from tadarag.analysis import is_cjk
from tadarag.chinese import simplify
from tadarag.generation.question_form import QuestionForm
from tadarag.generation.term_matching import LocatedTerm, TermMatcher, build_matcher, locate_terms
from tadarag.values import Evidence, Hit

SENTENCE_FEATURES = (
    "cover",
    "cover_with_heading",
    "cover_with_neighbours",
    "cover_passage",
    "cover_with_path",
    "cover_of_rest",
    "attribute",
    "attribute_near",
    "names",
    "names_in_sentence",
    "characters",
    "cosine",
    "cosine_below_best",
    "cosine_rank",
    "hit_rank",
    "hit_score",
    "length",
    "first_sentence",
    "missing_weight",
    "is_heading",
)
MAX_HITS = 8
_CLAUSE_END = re.compile(r"[,;:()\"“”.!?，；：。（）、|\n]")
COSINE_FLOOR = 0.8  # e5 gives unrelated sentences about 0.75 and answers about 0.88


@dataclass(frozen=True, slots=True, kw_only=True)
class SentenceView:
    """One sentence of a hit. features: float64[len(SENTENCE_FEATURES)]; located: its words in order; matched: the places in `located` of
    words that stand for question terms; clauses: the ends of its clauses; columns: the header cells of a table row."""

    hit: int
    index: int
    text: str
    located: tuple[LocatedTerm, ...]
    features: NDArray[np.float64]
    names_found: float
    matched: tuple[int, ...]
    clauses: tuple[int, ...]
    columns: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """The evidence read with a question in mind. subjects: of the hits, in lower case and simplified."""

    form: QuestionForm
    matcher: TermMatcher
    sentences: tuple[SentenceView, ...]
    hits: tuple[Hit, ...]
    subjects: tuple[str, ...]


def read_evidence(form: QuestionForm, evidence: Evidence, weight: Callable[[str], float], *, use_cosines: bool = True) -> Reading:
    """Locate the question's terms in the sentences of the best hits. weight: frozen weight of a term, higher for rarer ones."""
    hits = evidence.hits[:MAX_HITS]
    texts = [[hit.passage.sentence_text(index) for index in range(len(hit.passage.sentences))] for hit in hits]
    located = [[tuple(locate_terms(text)) for text in sentences] for sentences in texts]
    headings = [_heading_terms(hit) for hit in hits]
    paths = [{term.term for link in hit.path for term in locate_terms(f"{link.sentence} {link.name}")} for hit in hits]
    vocabulary = {term.term for sentences in located for sentence in sentences for term in sentence}.union(*headings, *paths)
    matcher = build_matcher(form.terms, vocabulary, weight)
    headings = [titles & matcher.matches.keys() for titles in headings]
    paths = [steps & matcher.matches.keys() for steps in paths]
    cosines = _cosines(hits, texts) if use_cosines else [[0.0] * len(sentences) for sentences in texts]
    ranks = _ranks(cosines)
    best = max((value for row in cosines for value in row), default=0.0)
    top_score = max((hit.score for hit in hits), default=0.0) or 1.0
    views = []
    for number, hit in enumerate(hits):
        present = [{term.term for term in sentence if term.term in matcher.matches} for sentence in located[number]]
        passage: set[str] = set().union(*present)
        columns = table_headers(texts[number])
        for index, text in enumerate(texts[number]):
            if columns[index] is None:
                continue
            header = {term.term for cell in columns[index] or () for term in locate_terms(cell)} & matcher.matches.keys()
            neighbours = set().union(*present[max(0, index - 1) : index + 2])
            covers = _covers(form, matcher, present[index], neighbours, passage, headings[number] | header, paths[number])
            cosine = cosines[number][index]
            features = np.array(
                [
                    *covers,
                    _shared_characters(form, text),
                    (cosine - COSINE_FLOOR) * 10 if use_cosines else 0.0,
                    max(-2.0, (cosine - best) * 20) if use_cosines else 0.0,
                    1 / (1 + ranks[number][index]) if use_cosines else 0.0,
                    1 / (1 + number),
                    hit.score / top_score if top_score > 0 else 0.0,
                    log(1 + len(located[number][index])) / 4,
                    float(index == 0),
                    max(
                        (
                            w
                            for w, missing in zip(
                                matcher.weights, _missing(matcher, neighbours | headings[number] | paths[number]), strict=True
                            )
                            if missing
                        ),
                        default=0.0,
                    )
                    / 8,
                    float(len(located[number][index]) < 6),
                ]
            )
            views.append(
                SentenceView(
                    hit=number,
                    index=index,
                    text=text,
                    located=located[number][index],
                    features=features,
                    names_found=float(features[SENTENCE_FEATURES.index("names")]),
                    matched=tuple(place for place, term in enumerate(located[number][index]) if term.term in matcher.matches),
                    clauses=tuple(match.end() for match in _CLAUSE_END.finditer(text)),
                    columns=columns[index] or (),
                )
            )
    return Reading(
        form=form, matcher=matcher, sentences=tuple(views), hits=hits, subjects=tuple(simplify(hit.passage.subject).lower() for hit in hits)
    )


def table_headers(texts: list[str]) -> list[tuple[str, ...] | None]:
    """For each sentence the header cells of its table, () outside tables, None for a header row itself: it answers nothing."""
    found: list[tuple[str, ...] | None] = []
    header: tuple[str, ...] = ()
    for index, text in enumerate(texts):
        bars = text.count("|")
        following = texts[index + 1].count("|") if index + 1 < len(texts) else 0
        if bars == 0:
            header = ()
            found.append(())
        elif not header and following == bars:
            header = tuple(cell.strip() for cell in text.split("|"))
            found.append(None)
        else:
            found.append(header)
    return found


def _covers(
    form: QuestionForm, matcher: TermMatcher, sentence: set[str], neighbours: set[str], passage: set[str], heading: set[str], path: set[str]
) -> list[float]:
    rest = frozenset(index for index, term in enumerate(form.terms) if term not in form.name_terms)
    names = frozenset(range(len(form.terms))) - rest
    attribute = frozenset(index for index, term in enumerate(form.terms) if term in form.attribute)
    return [
        matcher.cover(sentence),
        matcher.cover(sentence | heading),
        matcher.cover(neighbours | heading),
        matcher.cover(passage | heading),
        matcher.cover(sentence | heading | path),
        matcher.cover(sentence, only=rest),
        matcher.cover(sentence | heading, only=attribute),
        matcher.cover(neighbours | heading, only=attribute),
        matcher.cover(passage | heading | path, only=names),
        matcher.cover(sentence | heading, only=names),
    ]


def _heading_terms(hit: Hit) -> set[str]:
    return {term.term for title in (*hit.passage.heading_path, hit.passage.subject) for term in locate_terms(title)}


def _missing(matcher: TermMatcher, present: set[str]) -> list[bool]:
    found = {index for term in present for index, _ in matcher.matches.get(term, ())}
    return [index not in found for index in range(len(matcher.terms))]


def _cosines(hits: tuple[Hit, ...], texts: list[list[str]]) -> list[list[float]]:
    return [
        list(hit.sentence_cosines) if len(hit.sentence_cosines) == len(row) else [0.0] * len(row)
        for hit, row in zip(hits, texts, strict=True)
    ]


def _ranks(cosines: list[list[float]]) -> list[list[int]]:
    order = sorted(((-value, number, index) for number, row in enumerate(cosines) for index, value in enumerate(row)))
    ranks = [[0] * len(row) for row in cosines]
    for rank, (_, number, index) in enumerate(order):
        ranks[number][index] = rank
    return ranks


def _shared_characters(form: QuestionForm, text: str) -> float:
    """Share of the question's distinct Chinese characters that the sentence holds; 0 for other languages."""
    characters = {character for term in form.terms for character in term if is_cjk(character)}
    return len(characters & set(simplify(text))) / len(characters) if characters else 0.0
