"""What scores are worth in the question graph that the product gives: answers from its facts' sentences, at a budget of tokens."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np

from tadarag.components import default_components
from tadarag.evaluation.bootstrap import interval, paired_interval
from tadarag.evaluation.measures.token_f1 import token_f1
from tadarag.graph.policy_network import PolicyNetwork
from tadarag.graph.question_graph import join_facts
from tadarag.models.encoder import heading_context
from tadarag.models.language_model import estimate_tokens
from tadarag.models.onnx_encoder import load_shipped
from tadarag.on_the_fly import N_UNITS, ReadUnits, question_readings
from tadarag.span import Span
from tadarag.store.embedded import EmbeddedStore
from tadarag.training.asked_sets import AskedSet
from tadarag.training.policy.frozen_answerer import FrozenAnswerer, JudgedQuestion, plain_texts
from tadarag.training.selector.question_sets import is_half_a
from tadarag.values import GraphFact, Hit, QuestionGraph


@dataclass(frozen=True, slots=True, kw_only=True)
class GraphsOfQuestion:
    """The hits of a question and its graphs by the name of what scored them."""

    question: JudgedQuestion
    hits: tuple[Hit, ...]
    graphs: Mapping[str, QuestionGraph]


def graphs_of(found: AskedSet, scorers: Mapping[str, PolicyNetwork | None], *, of_half_a: bool) -> Iterator[GraphsOfQuestion]:
    """The graphs of a set's questions of one half (parity of the md5 of the id), as `ask --graph` gives them. A scorer that is None is the formula."""
    components, remembered = default_components(load_shipped()), ReadUnits()
    with closing(EmbeddedStore(found.base)) as store, closing(store.snapshot()) as snapshot:
        for question, answer in found.asked:
            if is_half_a(question.id) != of_half_a:
                continue
            hits = answer.evidence.hits[:N_UNITS]
            readings = question_readings(answer.route, hits, snapshot, components, remembered, workers=2)
            yield GraphsOfQuestion(
                question=JudgedQuestion(id=question.id, question=question.text, answers=tuple(question.metadata["answers"])),
                hits=hits,
                graphs={
                    name: join_facts(question.text, answer.route, hits, readings.extractions, readings.template, policy=policy)
                    for name, policy in scorers.items()
                },
            )


def shown_texts(graph: QuestionGraph, hits: Sequence[Hit], budget: int) -> tuple[tuple[str, ...], int]:
    """What a graph shows in at most `budget` tokens, and the tokens: of each passage its headings and the best sentences of its facts.

    Facts are taken in the graph's order, and passed over where they do not fit; names, relations, sentences and headings count, each once. A poor
    graph shows the passages themselves, as an answer does then.
    """
    if graph.is_poor:
        return plain_texts([heading_context(hit.passage.heading_path) + hit.passage.text for hit in hits], budget), budget
    named: set[int] = set()
    cited: dict[int, set[Span]] = {}
    tokens = 0
    for fact in graph.facts:
        best = fact.stated_in[0]
        cost = _cost(fact, graph, named)
        if best.span not in cited.get(best.passage, ()):
            cost += estimate_tokens(_words(hits[best.passage - 1], best.span))
            cost += 0 if best.passage in cited else estimate_tokens(heading_context(hits[best.passage - 1].passage.heading_path))
        if tokens + cost <= budget:
            tokens += cost
            named |= {fact.head, fact.tail}
            cited.setdefault(best.passage, set()).add(best.span)
    return tuple(_text(hits[number - 1], sorted(spans)) for number, spans in cited.items()), tokens


def _cost(fact: GraphFact, graph: QuestionGraph, named: set[int]) -> int:
    names = sum(estimate_tokens(graph.nodes[node].name) for node in {fact.head, fact.tail} - named)
    return names + estimate_tokens(fact.shown)


def _text(hit: Hit, spans: Sequence[Span]) -> str:
    return heading_context(hit.passage.heading_path) + " ".join(_words(hit, span) for span in spans)


def _words(hit: Hit, span: Span) -> str:
    start = hit.passage.span.start
    return hit.passage.text[span.start - start : span.end - start]


def figures_in_product(asked: Sequence[GraphsOfQuestion], answerer: FrozenAnswerer, *, ours: str, budgets: Sequence[int]) -> dict[str, Any]:
    """For each budget and scorer token F1 in percent with its interval, tokens, and `ours` minus it; how many facts a graph has, and how many are poor."""
    document: dict[str, Any] = {"n_items": len(asked), "answerer": answerer.fingerprint, "budgets": {}, "graphs": {}}
    names = list(asked[0].graphs)
    for name in names:
        graphs = [one.graphs[name] for one in asked]
        document["graphs"][name] = {
            "facts": round(float(np.mean([len(graph.facts) for graph in graphs])), 2),
            "poor": round(float(np.mean([graph.is_poor for graph in graphs])), 4),
        }
    for budget in budgets:
        shown = {name: [shown_texts(one.graphs[name], one.hits, budget) for one in asked] for name in names}
        scored = {name: [_f1(one.question, texts, answerer) for one, (texts, _) in zip(asked, shown[name], strict=True)] for name in names}
        document["budgets"][str(budget)] = {
            name: {
                "f1": asdict(interval(scored[name])),
                "tokens": round(float(np.mean([tokens for _, tokens in shown[name]])), 2),
                **({"ours_minus": asdict(paired_interval(scored[ours], scored[name]))} if name != ours else {}),
            }
            for name in names
        }
    return document


def _f1(question: JudgedQuestion, texts: Sequence[str], answerer: FrozenAnswerer) -> float:
    answer = answerer.judge(question, texts).answer
    return 100 * max((token_f1(answer, one) for one in question.answers), default=0.0)
