"""The candidates of a question graph as a policy sees them: the best nodes and edges, features of each, and the sentence that each would cite."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from tadarag.analysis import terms
from tadarag.graph.question_candidates import Candidates, EdgeCandidate, Key
from tadarag.graph.question_scores import Asked, Scored, name_match
from tadarag.values import Hit, SourceName, Span

MAX_NODES, MAX_EDGES = 64, 128
"""Candidates that a policy chooses from, the best by score (tadarag.md section 5)."""
_TITLED = 0.6  # least share of a title's terms that a name must hold to be what the passage is about
_LONG = 40.0  # tokens of a sentence that count as 1
_SENTENCE_FEATURES = (
    "sentence",
    "cosine",
    "question_in_sentence",
    "length",
    "place",
    "rank",
    "hit",
    "title_in_question",
    "names_title",
    "led_to",
    "asked_names",
    "answers_here",
)
NODE_FEATURES = ("score", "match", "is_asked", "is_answer", "is_title", "n_passages", "n_edges", *_SENTENCE_FEATURES)
EDGE_FEATURES = (
    "score",
    "most_match",
    "least_match",
    "is_answer",
    "is_title",
    "probability",
    "is_template",
    "is_open",
    "n_stated",
    *_SENTENCE_FEATURES,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Cited:
    """A sentence that a node or an edge would cite: the index of its hit, from 0, its span in the document, and its text."""

    hit: int
    span: Span
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PolicyCandidates:
    """What a policy chooses from.

    keys: the nodes; edges join two of them: ends int64[m, 2]. node_features: float64[n, len(NODE_FEATURES)], edge_features: float64[m,
    len(EDGE_FEATURES)]. sentences: those that are cited, in the order of the hits; node_cites int64[n] and edge_cites int64[m]: indexes of them.
    """

    keys: tuple[Key, ...]
    edges: tuple[EdgeCandidate, ...]
    ends: NDArray[np.int64]
    node_features: NDArray[np.float64]
    edge_features: NDArray[np.float64]
    sentences: tuple[Cited, ...]
    node_cites: NDArray[np.int64]
    edge_cites: NDArray[np.int64]


def policy_candidates(candidates: Candidates, scored: Scored, hits: Sequence[Hit], asked: Asked) -> PolicyCandidates:
    """The best candidates with their features, each rounded to 1e-6. Pure; ties go by key. A thing that no sentence of a hit names is left out."""
    sentences = _Sentences(candidates, scored, hits, asked)
    able = [key for key in candidates.nodes if sentences.naming(key)]
    keys = tuple(sorted(able, key=lambda key: (-scored.nodes[key], key))[:MAX_NODES])
    places = {key: index for index, key in enumerate(keys)}
    edges = tuple(edge for edge in scored.best(candidates.edges) if edge.head in places and edge.tail in places)[:MAX_EDGES]
    cites_of_nodes = [sentences.naming(key)[0] for key in keys]
    cites_of_edges = [_best_statement(edge, scored) for edge in edges]
    used = sorted({*cites_of_nodes, *cites_of_edges})
    number = {place: index for index, place in enumerate(used)}
    degrees = _degrees(edges)
    matches = {key: name_match(candidates.nodes[key], asked) for key in keys}
    titles = {key: float(sentences.is_title(candidates.nodes[key].name)) for key in keys}
    node_rows = [
        [
            scored.nodes[key],
            matches[key],
            float(key in scored.asked),
            float(scored.is_answer(key)),
            titles[key],
            len({source for source, _ in candidates.nodes[key].spans}) / 4,
            degrees.get(key, 0) / 8,
            *sentences.features(cite),
        ]
        for key, cite in zip(keys, cites_of_nodes, strict=True)
    ]
    edge_rows = [
        [
            scored.edges[edge],
            max(matches[edge.head], matches[edge.tail]),
            min(matches[edge.head], matches[edge.tail]),
            float(scored.is_answer(edge.head) or scored.is_answer(edge.tail)),
            max(titles[edge.head], titles[edge.tail]),
            edge.probability,
            float(edge.kind == "template"),
            float(edge.kind == "open"),
            len(edge.stated_in) / 4,
            *sentences.features(cite),
        ]
        for edge, cite in zip(edges, cites_of_edges, strict=True)
    ]
    return PolicyCandidates(
        keys=keys,
        edges=edges,
        ends=np.array([(places[edge.head], places[edge.tail]) for edge in edges], np.int64).reshape(len(edges), 2),
        node_features=_table(node_rows, len(NODE_FEATURES)),
        edge_features=_table(edge_rows, len(EDGE_FEATURES)),
        sentences=tuple(Cited(hit=hit, span=Span(*span), text=sentences.text(hit, Span(*span))) for hit, span in used),
        node_cites=np.array([number[cite] for cite in cites_of_nodes], np.int64),
        edge_cites=np.array([number[cite] for cite in cites_of_edges], np.int64),
    )


_Place = tuple[int, tuple[int, int]]
"""The index of a hit, and the span of one of its sentences."""


def _best_statement(edge: EdgeCandidate, scored: Scored) -> _Place:
    best = scored.best_sentences(edge)[0]
    return best.passage - 1, (best.span.start, best.span.end)


def _degrees(edges: Sequence[EdgeCandidate]) -> dict[Key, int]:
    found: dict[Key, int] = {}
    for edge in edges:
        for key in (edge.head, edge.tail):
            found[key] = found.get(key, 0) + 1
    return found


def _table(rows: Sequence[Sequence[float]], width: int) -> NDArray[np.float64]:
    return np.round(np.array(rows, np.float64).reshape(len(rows), width), 6)


class _Sentences:
    """The sentences of the hits with what each says. A class because features of many candidates ask for the same sentence."""

    def __init__(self, candidates: Candidates, scored: Scored, hits: Sequence[Hit], asked: Asked) -> None:
        self._scored, self._hits, self._asked = scored, hits, asked
        self._titles = [frozenset(terms(" ".join(hit.passage.heading_path) or hit.passage.subject)) for hit in hits]
        self._places: dict[Key, list[_Place]] = {}
        self._named: dict[_Place, set[Key]] = {}
        by_source: dict[SourceName, list[int]] = {}
        for number, hit in enumerate(hits):
            by_source.setdefault(hit.passage.source, []).append(number)
        for key, node in candidates.nodes.items():
            for source, span in node.spans:
                for number in by_source.get(source, ()):
                    for sentence in hits[number].passage.sentences:
                        if sentence.start <= span.start and span.end <= sentence.end:
                            self._named.setdefault((number, (sentence.start, sentence.end)), set()).add(key)
        for place, named in self._named.items():
            for key in named:
                self._places.setdefault(key, []).append(place)
        self._features: dict[_Place, tuple[float, ...]] = {}

    def naming(self, key: Key) -> list[_Place]:
        """The sentences that name a thing, the best first."""
        return sorted(self._places.get(key, ()), key=lambda place: (-self._score(place), place))

    def is_title(self, name: str) -> bool:
        """Whether a name is what a hit is about."""
        own = frozenset(terms(name))
        return any(own and own <= title and len(own) >= _TITLED * len(title) for title in self._titles)

    def text(self, hit: int, span: Span) -> str:
        """The words of a sentence."""
        passage = self._hits[hit].passage
        return passage.text[span.start - passage.span.start : span.end - passage.span.start]

    def features(self, place: _Place) -> tuple[float, ...]:
        """By _SENTENCE_FEATURES: what a sentence has to do with the question and the other hits."""
        if place not in self._features:
            self._features[place] = self._read(place)
        return self._features[place]

    def _read(self, place: _Place) -> tuple[float, ...]:
        number, (start, end) = place
        hit = self._hits[number]
        index = next((at for at, span in enumerate(hit.passage.sentences) if span.start == start), 0)
        words = frozenset(terms(self.text(number, Span(start, end))))
        asked, title = self._asked.terms, self._titles[number]
        named = self._named.get(place, set())
        others = [other for at, other in enumerate(self._titles) if at != number and other]
        return (
            self._score(place),
            hit.sentence_cosines[index] if hit.sentence_cosines else 0.0,
            len(words & asked) / max(1, len(asked)),
            min(2.0, len(words) / _LONG),
            index / max(1, len(hit.passage.sentences)),
            1 / (1 + number),
            hit.score / max(1e-9, max(one.score for one in self._hits)),
            len(title & asked) / len(title) if title else 0.0,
            float(any(len(words & other) >= _TITLED * len(other) and not other <= asked for other in others)),
            float(self._is_led_to(number)),
            len([key for key in named if key in self._scored.asked]) / 2,
            len([key for key in named if self._scored.is_answer(key)]) / 4,
        )

    def _is_led_to(self, number: int) -> bool:
        """Whether a sentence of another hit names what this one is about, which the question does not."""
        title = self._titles[number]
        if not title or title <= self._asked.terms:
            return False
        others = (frozenset(terms(hit.passage.text)) for at, hit in enumerate(self._hits) if at != number)
        return any(len(words & title) >= _TITLED * len(title) for words in others)

    def _score(self, place: _Place) -> float:
        number, (start, end) = place
        return self._scored.sentences.get((self._hits[number].passage.source, Span(start, end)), 0.0)
