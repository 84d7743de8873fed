"""Questions with the candidates of their graphs: what policy A learns from, made by the product's own retrieval and extraction."""

from __future__ import annotations

import gzip
import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tadarag.evaluation.beir import Question
from tadarag.graph.policy_candidates import Cited, PolicyCandidates, policy_candidates
from tadarag.graph.policy_choice import Costs
from tadarag.graph.question_candidates import Candidates
from tadarag.graph.question_scores import read_asked, score
from tadarag.models.encoder import heading_context
from tadarag.models.language_model import estimate_tokens
from tadarag.span import Span
from tadarag.templates.template import Template
from tadarag.training.policy.gold import gold_sentences
from tadarag.training.rewards.emitted import EmittedEdge, EmittedGraph, EmittedNode
from tadarag.training.rewards.question_graphs import JoinedSource, join_source, moved, places_of
from tadarag.values import Hit, Route


@dataclass(frozen=True, slots=True, kw_only=True)
class PolicyItem:
    """One question over its passages.

    nodes, edges: all candidates as an emitted graph, with places in `source`. The arrays are those of `PolicyCandidates`. headings: of the
    hit of each sentence, as shown before its sentences; passages: the hits' texts with their headings, best first. gold: bool[s], whether a
    sentence is evidence; evidence: the places of all gold sentences in `source`, cited by a candidate or not.
    """

    id: str
    dataset: str
    question: str
    answers: tuple[str, ...]
    task: str
    is_train: bool
    source: JoinedSource
    nodes: tuple[EmittedNode, ...]
    edges: tuple[EmittedEdge, ...]
    ends: NDArray[np.int64]
    node_features: NDArray[np.float64]
    edge_features: NDArray[np.float64]
    node_cites: NDArray[np.int64]
    edge_cites: NDArray[np.int64]
    sentences: tuple[Cited, ...]
    headings: tuple[str, ...]
    passages: tuple[str, ...]
    gold: NDArray[np.bool_]
    evidence: tuple[Span, ...]

    @property
    def graph(self) -> EmittedGraph:
        """All candidates as one graph."""
        return EmittedGraph(nodes=self.nodes, edges=self.edges)

    def costs(self) -> Costs:
        """Tokens of what a graph of this item shows."""
        return Costs(
            nodes=np.array([estimate_tokens(node.name) for node in self.nodes], np.int64),
            edges=np.array([estimate_tokens(edge.relation) for edge in self.edges], np.int64),
            sentences=np.array([estimate_tokens(one.text) for one in self.sentences], np.int64),
            headings=np.array([estimate_tokens(heading) for heading in self.headings], np.int64),
        )


def make_item(
    question: Question,
    dataset: str,
    route: Route,
    hits: Sequence[Hit],
    candidates: Candidates,
    template: Template,
    gold: frozenset[str],
    *,
    is_train: bool,
) -> PolicyItem:
    """An item of a question that was asked. gold: source paths of its gold passages."""
    asked = read_asked(question.text, route, template)
    found = policy_candidates(candidates, score(candidates, hits, asked), hits, asked)
    source = join_source(hits)
    is_gold = gold_sentences(question, hits, gold)
    return PolicyItem(
        id=question.id,
        dataset=dataset,
        question=question.text,
        answers=tuple(question.metadata["answers"]),
        task=route.task,
        is_train=is_train,
        source=source,
        nodes=tuple(_nodes(found, candidates, hits, source)),
        edges=tuple(_edges(found, hits, source)),
        ends=found.ends,
        node_features=found.node_features,
        edge_features=found.edge_features,
        node_cites=found.node_cites,
        edge_cites=found.edge_cites,
        sentences=found.sentences,
        headings=tuple(heading_context(hits[one.hit].passage.heading_path) for one in found.sentences),
        passages=tuple(heading_context(hit.passage.heading_path) + hit.passage.text for hit in hits),
        gold=np.array([(one.hit, one.span) in is_gold for one in found.sentences], bool),
        evidence=tuple(moved(span, hits[hit], source.parts[hit]) for hit, span in sorted(is_gold)),
    )


def _nodes(found: PolicyCandidates, candidates: Candidates, hits: Sequence[Hit], source: JoinedSource) -> Iterator[EmittedNode]:
    for key in found.keys:
        node = candidates.nodes[key]
        spans = places_of(sorted(node.spans), hits, source)
        yield EmittedNode(name=node.name, type=node.label or key[1], spans=spans)


def _edges(found: PolicyCandidates, hits: Sequence[Hit], source: JoinedSource) -> Iterator[EmittedEdge]:
    for edge, (head, tail), cite in zip(found.edges, found.ends.tolist(), found.edge_cites.tolist(), strict=True):
        cited = found.sentences[cite]
        place = moved(cited.span, hits[cited.hit], source.parts[cited.hit])
        yield EmittedEdge(
            head=head, relation=edge.relation, tail=tail, evidence=cited.text, span=place, confidence=max(edge.probability, 1e-6)
        )


def write_items(items: Iterable[PolicyItem], file: Path) -> None:
    """One JSON line an item, gzipped; equal items give equal bytes."""
    with file.open("wb") as raw, gzip.GzipFile(filename="", fileobj=raw, mode="wb", mtime=0) as packed:
        for item in items:
            packed.write(json.dumps(_plain(asdict(item)), ensure_ascii=False).encode() + b"\n")


def read_items(file: Path) -> list[PolicyItem]:
    """What `write_items` wrote."""
    with gzip.open(file, "rt", encoding="utf-8") as lines:
        return [_item(json.loads(line)) for line in lines]


def _plain(value: Any) -> Any:
    if isinstance(value, np.ndarray):
        return value.tolist()
    if isinstance(value, dict):
        return {key: _plain(one) for key, one in value.items()}
    return [_plain(one) for one in value] if isinstance(value, (list, tuple)) else value


def _item(row: dict[str, Any]) -> PolicyItem:
    n, m = len(row["nodes"]), len(row["edges"])
    return PolicyItem(
        id=row["id"],
        dataset=row["dataset"],
        question=row["question"],
        task=row["task"],
        is_train=row["is_train"],
        answers=tuple(row["answers"]),
        headings=tuple(row["headings"]),
        passages=tuple(row["passages"]),
        source=JoinedSource(row["source"]["text"], tuple(_span(one) for one in row["source"]["parts"])),
        nodes=tuple(EmittedNode(**{**one, "spans": tuple(_span(span) for span in one["spans"])}) for one in row["nodes"]),
        edges=tuple(EmittedEdge(**{**one, "span": _span(one["span"])}) for one in row["edges"]),
        ends=np.array(row["ends"], np.int64).reshape(m, 2),
        node_features=np.array(row["node_features"], np.float64).reshape(n, -1),
        edge_features=np.array(row["edge_features"], np.float64).reshape(m, -1),
        node_cites=np.array(row["node_cites"], np.int64),
        edge_cites=np.array(row["edge_cites"], np.int64),
        sentences=tuple(Cited(hit=one["hit"], span=_span(one["span"]), text=one["text"]) for one in row["sentences"]),
        gold=np.array(row["gold"], bool),
        evidence=tuple(_span(one) for one in row["evidence"]),
    )


def _span(value: Any) -> Span:
    return Span(*value) if isinstance(value, (list, tuple)) else Span(value["start"], value["end"])
