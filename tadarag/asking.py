"""A question's way through a base: route, passages, what they state, draft, check."""

from __future__ import annotations

import time
from collections.abc import Callable, Collection, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from tadarag.errors import UsageError
from tadarag.generation.answering import make_answerer
from tadarag.generation.citations import check_citations
from tadarag.graph.cannot_link import cannot_links
from tadarag.graph.shipped_policy import load_graph_policy
from tadarag.models.onnx_encoder import shipped_fingerprint
from tadarag.on_the_fly import question_graph
from tadarag.open_base import OpenBase
from tadarag.opening import check_encoder
from tadarag.pipeline import DEFAULT_GRAPH_SCORES, DEFAULT_SELECTOR, GraphScores, SelectorName, load_pipeline
from tadarag.places_in_documents import with_pages_of_quotes
from tadarag.retrieval.layers import scope_of
from tadarag.retrieval.learned_selector import load_selector
from tadarag.retrieval.retrieve import System, retrieve
from tadarag.retrieval.selector import FormulaSelector, Selector
from tadarag.retrieval.switches import check_layers
from tadarag.routing.questions import route_question
from tadarag.store.protocol import Snapshot
from tadarag.values import Answer, AnswerEvent, Filters, Hit, QuestionGraph, Route, SourceName, Usage

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray


def search(base: OpenBase, query: str, *, limit: int, filters: Filters, system: System | None, layers: Collection[str]) -> tuple[Hit, ...]:
    """The passages that bear on a query, best first. system: None for the one that answers are found by."""
    switched_on = check_layers(layers, system=system or "fused")
    route, vector = route_question(query, base.components.templates), _read(base, query)
    with base.snapshot() as snapshot:
        evidence = retrieve(
            query,
            vector,
            snapshot,
            limit=limit,
            filters=filters,
            system=system or _system(DEFAULT_SELECTOR, base.components.encoder.fingerprint),
            task=route.task,
            scope=scope_of(query, route),
            layers=switched_on,
        )
        return evidence.hits


def ask(
    base: OpenBase,
    question: str,
    *,
    pipeline: str,
    filters: Filters,
    with_graph: bool,
    layers: Collection[str],
    on_event: Callable[[AnswerEvent], None] | None,
) -> Answer:
    """The answer that the documents bear out."""
    switched_on = check_layers(layers)
    recipe = load_pipeline(pipeline, user_folders=[base.folder])
    encoder, templates = base.components.encoder, base.components.templates
    answerer = make_answerer(
        recipe.answerer,
        base.language_model,
        max_context_tokens=recipe.max_context_tokens,
        use_cosines=encoder.fingerprint == shipped_fingerprint(),
        reader=base.passage_reader,
    )
    system, selector = _ordering(recipe.selector, base)
    clock = _Clock()
    cues = route_question(question, templates)
    vector = _read(base, question)
    route = route_question(question, templates, vector=vector, encoder=encoder.fingerprint)
    clock.lap("read")
    with base.snapshot() as snapshot:
        task = cues.task if recipe.early_exit else ""  # what links are skipped for was tuned by cues (decisions/008)
        scope = scope_of(question, cues)
        evidence = retrieve(
            question,
            vector,
            snapshot,
            limit=recipe.limit,
            filters=filters,
            system=system,
            task=task,
            scope=scope,
            layers=switched_on,
            selector=selector,
        )
        clock.lap("retrieve")
        if with_graph or recipe.facts:
            evidence = replace(evidence, graph=_question_graph(base, question, route, evidence.hits, snapshot, scores=recipe.graph_scores))
            clock.lap("graph")
        draft = answerer.draft(question, route, evidence, on_text=_text_events(on_event))
        clock.lap("answer")
        answer = check_citations(question, route, draft, evidence, _stored_text(snapshot), on_event=on_event)
        answer = with_pages_of_quotes(answer, snapshot.document)
        clock.lap("check")
    usage = answer.usage if evidence.choice is None else _both(answer.usage, evidence.choice.usage)
    answer = replace(answer, usage=replace(usage, seconds=clock.laps()))
    if on_event:
        on_event(AnswerEvent(kind="done", text=answer.text, answer=answer))
    return answer


def _system(selector: SelectorName, encoder: str) -> System:
    """The system that orders by a selector; trees know the cosines of the shipped encoder only, and with another formula S takes their place."""
    return "learned" if selector == "learned" and encoder == shipped_fingerprint() else "fused"


def _ordering(name: SelectorName, base: OpenBase) -> tuple[System, Selector | None]:
    """The system, and the selector where it is not the system's own. Raises UsageError for `llm` without a language model."""
    encoder = base.components.encoder.fingerprint
    if name != "llm":
        return _system(name, encoder), None
    if base.language_model is None:
        raise UsageError(
            "this pipeline lets a language model choose passages, and none is set",
            "set model.url and model.name, or write in the pipeline: retrieval: {selector: learned}",
        )
    from tadarag.retrieval.llm_selector import LLMSelector

    before: Selector = load_selector() if _system("learned", encoder) == "learned" else FormulaSelector()
    return "learned", LLMSelector(model=base.language_model, before=before)


def _both(one: Usage, other: Usage) -> Usage:
    """What two calls cost together; a cost that is not known makes the whole unknown."""
    if not one.model:
        return other
    costs = (one.cost, other.cost)
    return replace(
        one,
        prompt_tokens=one.prompt_tokens + other.prompt_tokens,
        completion_tokens=one.completion_tokens + other.completion_tokens,
        tokens_are_estimates=one.tokens_are_estimates or other.tokens_are_estimates,
        cost=None if None in costs else sum(cost for cost in costs if cost is not None),
    )


def graph_of(base: OpenBase, answer: Answer) -> QuestionGraph:
    """What the passages behind an answer state; made now where the answer has none, without passages whose documents have gone since."""
    if answer.graph is not None:
        return answer.graph
    with base.snapshot() as snapshot:
        return _question_graph(base, answer.question, answer.route, answer.evidence.hits, snapshot)


class _Clock:
    """Seconds by stage."""

    def __init__(self) -> None:
        self._laps: list[tuple[str, float]] = []
        self._last = time.perf_counter()

    def lap(self, stage: str) -> None:
        now = time.perf_counter()
        self._laps.append((stage, now - self._last))
        self._last = now

    def laps(self) -> tuple[tuple[str, float], ...]:
        return tuple(self._laps)


def _read(base: OpenBase, question: str) -> NDArray[np.float32]:
    check_encoder(base.store, base.components.encoder)
    return base.components.encoder.read(question, kind="query").vector


def _question_graph(
    base: OpenBase,
    question: str,
    route: Route,
    hits: Sequence[Hit],
    snapshot: Snapshot,
    *,
    scores: GraphScores = DEFAULT_GRAPH_SCORES,
) -> QuestionGraph:
    """The graph by the formula's scores, or the policy's where the encoder is the shipped one, whose cosines it knows."""
    links = cannot_links(base.store.decisions())
    is_learned = scores == "learned" and base.components.encoder.fingerprint == shipped_fingerprint()
    return question_graph(
        question,
        route,
        hits,
        snapshot,
        base.components,
        base.read_units,
        workers=base.workers,
        links=links,
        policy=load_graph_policy() if is_learned else None,
    )


def _text_events(on_event: Callable[[AnswerEvent], None] | None) -> Callable[[str], None] | None:
    return None if on_event is None else lambda text: on_event(AnswerEvent(kind="text", text=text))


def _stored_text(snapshot: Snapshot) -> Callable[[SourceName], tuple[str, str] | None]:
    """Reads a source's content hash and text as they are stored: what a citation is checked against."""

    def read(source: SourceName) -> tuple[str, str] | None:
        content, document = snapshot.content(source), snapshot.document(source)
        return None if content is None or document is None else (content, document.text)

    return read
