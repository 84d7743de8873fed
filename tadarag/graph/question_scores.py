"""How much the names and facts of the selected passages bear on a question."""

from __future__ import annotations

import re
from collections import deque
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from tadarag.analysis import STOP_WORDS, capitalised_names, is_cjk, name_tokens, terms
from tadarag.chinese import simplify
from tadarag.graph.question_candidates import TOGETHER, Candidates, EdgeCandidate, Key, NodeCandidate
from tadarag.templates.template import Template
from tadarag.values import FactSource, Hit, Route, SourceName, Span

_ANSWERS = {
    "person": frozenset({"person"}),
    "organization": frozenset({"organization"}),
    "place": frozenset({"location"}),
    "date": frozenset({"time"}),
    "number": frozenset({"number", "money", "percent", "quantity"}),
}
"""Kinds of things that answer a question of an answer type; other types are answered by things of any kind."""
_SENTENCE, _NAMES, _RELATION, _ANSWER = 0.45, 0.25, 0.2, 0.1  # shares of a fact's score; not tuned
_SURENESS = {"template": 1.0, "open": 0.9, TOGETHER: 0.6}
_POSSESSIVE = re.compile(r"['’]s?(?!\w)")
_DECAY = 0.8  # a step away from what is asked
_FAR = 4  # steps that count for what no path joins to it
_COMMON = 0.4  # what a name matches at most by its words alone
_PART = 0.5  # a name of which the question gives a part matches at least so much


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What a question gives to score by: search terms, folded tokens, its own names, relations it asks for, kinds that answer it."""

    text: str
    terms: frozenset[str]
    tokens: tuple[str, ...]
    names: tuple[tuple[str, ...], ...]
    relations: frozenset[str]
    answers: frozenset[str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Scored:
    """Scores in [0, 1] of candidates and sentences; `asked` are the nodes that the question names, the best first, `answers` kinds of answers."""

    nodes: Mapping[Key, float]
    edges: Mapping[EdgeCandidate, float]
    asked: tuple[Key, ...]
    answers: frozenset[str]
    sentences: Mapping[tuple[SourceName, Span], float]

    def best_sentences(self, edge: EdgeCandidate) -> tuple[FactSource, ...]:
        """The sentences that state a fact, the best first, ties by passage."""
        return tuple(sorted(edge.stated_in, key=lambda one: (-self.sentences.get((one.source, one.span), 0.0), one)))

    def best(self, edges: Iterable[EdgeCandidate]) -> list[EdgeCandidate]:
        """The edges, best first, ties by ends and relation."""
        return sorted(edges, key=lambda edge: (-self.edges[edge], edge.order))

    def is_answer(self, key: Key) -> bool:
        """Whether a thing of this kind may be the answer, and is not what is asked about."""
        return key not in self.asked and (not self.answers or key[1] in self.answers)


def read_asked(question: str, route: Route, template: Template) -> Asked:
    """The question as scores need it; a relation is asked for by a cue of its facet or by one of its names."""
    text = simplify(question).lower()
    words = _POSSESSIVE.sub(" ", question)
    facets = {name for facet in template.question_facets if _holds_any(text, facet.cues) for name in facet.relations}
    named = {relation.name for relation in template.relations if _holds_any(text, relation.names)}
    return Asked(
        text=text,
        terms=frozenset(terms(question)),
        tokens=_tokens(words),
        names=tuple(tuple(name.text.split()) for name in capitalised_names(words)),
        relations=frozenset(facets | named),
        answers=_ANSWERS.get(route.answer, frozenset()),
    )


def score(candidates: Candidates, hits: Sequence[Hit], asked: Asked) -> Scored:
    """Score edges by their best sentence, the match of their ends, their relation and the answer's kind, and nodes by match, edges and distance.

    A sentence counts with the hit's score for it, or with the share of the question's terms that it holds where there is none.
    """
    sentences = _sentence_scores(hits, asked)
    matches = _matches(candidates.nodes, asked)
    named = tuple(sorted((key for key in matches if matches[key] >= _PART), key=lambda key: (-matches[key], key)))
    edges = {edge: round(_edge_score(edge, sentences, matches, asked), 6) for edge in candidates.edges}
    distances = _distances(candidates.edges, named)
    nodes = dict(matches)
    for edge, value in edges.items():
        for key in (edge.head, edge.tail):
            nodes[key] = max(nodes[key], value * _DECAY ** distances.get(key, _FAR))
    return Scored(
        nodes={key: round(value, 6) for key, value in nodes.items()}, edges=edges, asked=named, answers=asked.answers, sentences=sentences
    )


def _matches(nodes: Mapping[Key, NodeCandidate], asked: Asked) -> dict[Key, float]:
    """How far the question names each thing; what is only part of a longer name that the question holds ("30" of "Otter 30") is not named."""
    matches = {key: name_match(node, asked) for key, node in nodes.items()}
    whole = {key: _tokens(nodes[key].name) for key, match in matches.items() if match == 1.0}
    for key, tokens in whole.items():
        if any(len(tokens) < len(other) and _holds(other, tokens) for other in whole.values()):
            matches[key] = _COMMON
    return matches


def name_match(node: NodeCandidate, asked: Asked) -> float:
    """How far the question names a thing: 1 for its whole name, 0.5 to 1 for a part that stands for it, below that by common terms.

    A part stands for the whole when it is a name of the question that begins it, or ends that of a person; in Chinese, where a person has
    one name, its first half or more.
    """
    tokens = _tokens(node.name)
    if not tokens or all(token in STOP_WORDS for token in tokens):
        return 0.0
    if _holds(asked.tokens, tokens):
        return 1.0
    shares = [len(name) / len(tokens) for name in asked.names if _stands_for(name, tokens, is_person=node.key[1] == "person")]
    if all(is_cjk(token[0]) for token in tokens) and node.key[1] not in ("person", "time"):
        length = next((length for length in range(len(tokens) - 1, 1, -1) if _holds(asked.tokens, tokens[:length])), 0)
        shares += [length / len(tokens)] if 2 * length >= len(tokens) and length else []
    if shares:
        return _PART + (1 - _PART) * max(shares)
    own = frozenset(terms(node.name))
    return _COMMON * len(own & asked.terms) / len(own) if own else 0.0


def _tokens(text: str) -> tuple[str, ...]:
    return tuple(token.text for token in name_tokens(text))


def _stands_for(name: tuple[str, ...], tokens: tuple[str, ...], *, is_person: bool) -> bool:
    is_known = len(name) < len(tokens) and not all(token in STOP_WORDS for token in name)
    return is_known and (tokens[: len(name)] == name or (is_person and tokens[-len(name) :] == name))


def _holds(tokens: Sequence[str], part: Sequence[str]) -> bool:
    width = len(part)
    return any(tuple(tokens[start : start + width]) == tuple(part) for start in range(len(tokens) - width + 1))


def _holds_any(text: str, words: Iterable[tuple[str, tuple[str, ...]]]) -> bool:
    """Whether the lower-case text holds one of the words, as a whole word or, in Chinese, anywhere; one character tells nothing."""
    for _, forms in words:
        for form in forms:
            is_chinese = any(map(is_cjk, form))
            if is_chinese and len(form) > 1 and simplify(form) in text:
                return True
            if not is_chinese and re.search(rf"\b{re.escape(form.lower())}\b", text):
                return True
    return False


def _sentence_scores(hits: Sequence[Hit], asked: Asked) -> dict[tuple[SourceName, Span], float]:
    found: dict[tuple[SourceName, Span], float] = {}
    for hit in hits:
        for index, span in enumerate(hit.passage.sentences):
            given = hit.sentence_scores[index] if hit.sentence_scores else _overlap(asked, hit.passage.sentence_text(index))
            place = (hit.passage.source, span)
            found[place] = max(found.get(place, 0.0), min(max(given, 0.0), 1.0))
    return found


def _overlap(asked: Asked, text: str) -> float:
    return len(asked.terms.intersection(terms(text))) / len(asked.terms) if asked.terms else 0.0


def _edge_score(
    edge: EdgeCandidate, sentences: Mapping[tuple[SourceName, Span], float], matches: Mapping[Key, float], asked: Asked
) -> float:
    sentence = max(sentences.get((one.source, one.span), 0.0) for one in edge.stated_in)
    answers = any(key[1] in asked.answers and matches[key] < _PART for key in (edge.head, edge.tail))
    value = _SENTENCE * sentence + _NAMES * max(matches[edge.head], matches[edge.tail])
    value += _RELATION * _relation_match(edge, asked) + _ANSWER * answers
    return value * _SURENESS[edge.kind] * (0.5 + 0.5 * edge.probability)


def _relation_match(edge: EdgeCandidate, asked: Asked) -> float:
    if edge.kind == "template":
        return float(edge.relation in asked.relations)
    own = frozenset(terms(edge.relation.replace("_", " "))) if edge.kind == "open" else frozenset()
    return len(own & asked.terms) / len(own) if own else 0.0


def _distances(edges: Iterable[EdgeCandidate], starts: Iterable[Key]) -> dict[Key, int]:
    """Steps from the nearest start, of what is joined to one."""
    beside: dict[Key, list[Key]] = {}
    for edge in edges:
        beside.setdefault(edge.head, []).append(edge.tail)
        beside.setdefault(edge.tail, []).append(edge.head)
    distances = dict.fromkeys(starts, 0)
    waiting = deque(distances)
    while waiting:
        key = waiting.popleft()
        for other in beside.get(key, ()):
            if other not in distances:
                distances[other] = distances[key] + 1
                waiting.append(other)
    return distances
