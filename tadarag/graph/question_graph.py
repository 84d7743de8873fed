"""The question graph: what the selected passages state about a question, small enough to read."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from itertools import pairwise
from typing import TYPE_CHECKING

from tadarag.graph.cannot_link import CannotLink
from tadarag.graph.learned_scores import with_learned_scores
from tadarag.graph.policy_network import PolicyNetwork
from tadarag.graph.question_candidates import TOGETHER, Candidates, EdgeCandidate, Key, find_candidates
from tadarag.graph.question_pruning import Kept, prune
from tadarag.graph.question_scores import Scored, read_asked, score
from tadarag.templates.template import TaskType, Template, shown_name
from tadarag.values import Extraction, GraphFact, GraphNode, Hit, QuestionGraph, Route, SourceName

if TYPE_CHECKING:
    import networkx

BEFORE = "before"
_FACT = TaskType(name="fact", cue="", must_hold="", nodes=12, edges=12, tokens=192)
"""The budget where a template names none."""


def join_facts(
    question: str,
    route: Route,
    hits: Sequence[Hit],
    extractions: Mapping[SourceName, Extraction],
    template: Template,
    *,
    links: Collection[CannotLink] = (),
    policy: PolicyNetwork | None = None,
) -> QuestionGraph:
    """Join what the passages of the hits state into one graph, score it against the question, and prune it to the budget of its task.

    hits: best first; their numbers, from 1, are those by which facts are cited. extractions: of the documents, entities resolved; a hit
    whose document is not among them is left out. links: decisions that part names. policy: scores candidates in the formula's place. A pure
    function: the order in which anything was extracted plays no part, and ties go by name.
    """
    candidates = find_candidates([hit.passage for hit in hits], extractions, template, links)
    asked = read_asked(question, route, template)
    scored = score(candidates, hits, asked)
    if policy is not None:
        scored = with_learned_scores(scored, candidates, hits, asked, policy)
    task = template.task(route.task) or template.task("fact") or _FACT
    kept = prune(candidates.edges, scored, task, {key: node.spans for key, node in candidates.nodes.items()})
    keys = sorted(kept.nodes, key=lambda key: (-scored.nodes[key], key))
    places = {key: index for index, key in enumerate(keys)}
    facts = [_fact(edge, places, scored, template, route.language) for edge in scored.best(kept.edges)]
    if task.name == "temporal":
        facts.extend(_in_order(candidates, kept, places, template, route.language, limit=task.edges - len(facts)))
    return QuestionGraph(
        nodes=tuple(_node(candidates, scored, key) for key in keys),
        facts=tuple(facts),
        task=task.name,
        template=template.name,
        max_tokens=task.tokens,
        n_nodes=len(candidates.nodes),
        n_facts=sum(edge.kind != TOGETHER for edge in candidates.edges),
    )


def as_networkx(graph: QuestionGraph) -> networkx.MultiDiGraph:
    """The graph for networkx; its attributes are task, template, is_poor, n_nodes and n_facts (found before pruning) and n_unread.

    Nodes are keys (folded name or normal value, kind) with name, kind, label, normal, score, is_asked and `spans`, the (source, span) pairs of
    the mentions. Edges lead from head to tail with predicate, shown, kind, probability, score, `source`, `content`, `span` and `passage` of
    the best sentence that states the fact, and `stated_in` with all of them.
    """
    import networkx

    made = networkx.MultiDiGraph(
        task=graph.task,
        template=graph.template,
        is_poor=graph.is_poor,
        n_nodes=graph.n_nodes,
        n_facts=graph.n_facts,
        n_unread=graph.n_unread,
    )
    for node in graph.nodes:
        made.add_node(
            node.key,
            name=node.name,
            kind=node.kind,
            label=node.label,
            normal=node.normal,
            score=node.score,
            is_asked=node.is_asked,
            spans=node.spans,
        )
    for fact in graph.facts:
        best = fact.stated_in[0]
        made.add_edge(
            graph.nodes[fact.head].key,
            graph.nodes[fact.tail].key,
            predicate=fact.relation,
            shown=fact.shown,
            kind=fact.kind,
            probability=fact.probability,
            score=fact.score,
            source=best.source,
            content=best.content,
            span=best.span,
            passage=best.passage,
            stated_in=fact.stated_in,
        )
    return made


def _node(candidates: Candidates, scored: Scored, key: Key) -> GraphNode:
    found = candidates.nodes[key]
    return GraphNode(
        key=key,
        name=found.name,
        kind=key[1],
        spans=tuple(sorted(found.spans)),
        label=found.label,
        normal=found.normal,
        score=scored.nodes[key],
        is_asked=key in scored.asked,
    )


def _fact(edge: EdgeCandidate, places: Mapping[Key, int], scored: Scored, template: Template, language: str) -> GraphFact:
    return GraphFact(
        head=places[edge.head],
        relation=edge.relation,
        tail=places[edge.tail],
        stated_in=scored.best_sentences(edge),
        shown=_shown(edge.relation, template, language),
        kind=edge.kind,
        probability=edge.probability,
        score=scored.edges[edge],
    )


def _shown(relation: str, template: Template, language: str) -> str:
    known = template.relation(relation)
    return shown_name(known, language) if known else relation.replace("_", " ")


def _in_order(
    candidates: Candidates, kept: Kept, places: Mapping[Key, int], template: Template, language: str, *, limit: int
) -> Iterator[GraphFact]:
    """What follows from the dates that are kept: each is before the next. Dates of which one holds the other (2024, 2024-05) have no order."""
    stated = {key: edge.stated_in[0] for edge in reversed(kept.edges) for key in (edge.head, edge.tail)}
    dated = sorted((candidates.nodes[key].normal, key) for key in kept.nodes if key[1] == "time" and key in stated)
    dated = [(normal, key) for normal, key in dated if normal[:4].isdecimal()]
    known = {(edge.head, edge.tail) for edge in kept.edges if edge.relation == BEFORE}
    orders = [
        (one, other) for (first, one), (second, other) in pairwise(dated) if not second.startswith(first) and (one, other) not in known
    ]
    for one, other in orders[:limit]:
        yield GraphFact(
            head=places[one],
            relation=BEFORE,
            tail=places[other],
            stated_in=tuple(dict.fromkeys((stated[one], stated[other]))),
            shown=_shown(BEFORE, template, language),
            kind="order",
        )
