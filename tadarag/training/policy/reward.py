"""F10 of a chosen graph: what it is worth to the frozen answerer beside plain text of as many tokens, and what it costs."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from tadarag.graph.policy_choice import Chosen
from tadarag.models.language_model import estimate_tokens
from tadarag.span import Span
from tadarag.templates.template import Template
from tadarag.training.policy.frozen_answerer import FrozenAnswerer, Judged, cited_texts, plain_texts
from tadarag.training.policy.items import PolicyItem
from tadarag.training.rewards.answer_gain import clipped_gain
from tadarag.training.rewards.budget import overrun
from tadarag.training.rewards.cost import share_of_source
from tadarag.training.rewards.emitted import EmittedGraph
from tadarag.training.rewards.gates import Scoring, score_graph
from tadarag.training.rewards.sample import RewardItem
from tadarag.training.rewards.weighted import Weights, weighted_sum

_NO_TEMPLATE = Template(name="", version=0, description="", cues=(), entity_types=(), relations=())


@dataclass(frozen=True, slots=True, kw_only=True)
class Rewarded:
    """The reward of a graph, every term, and what the answerer made of it."""

    total: float
    terms: Mapping[str, float | None]
    judged: Judged


def reward_of(
    item: PolicyItem, chosen: Chosen, budget: int, answerer: FrozenAnswerer, weights: Weights, *, must_anchor: bool = True
) -> Rewarded:
    """The reward of `chosen` for an item at a budget of tokens.

    L_base is the answerer's loss over the passages cut at that budget, L_graph that over the cited sentences. T counts what the graph shows:
    names, relations, cited sentences and their headings. The other terms are those of `rewards`. must_anchor: whether a gain counts only where
    a path joins what the question names to the answer, as F10 has it. That is there against graphs that whisper the answer; what is read here
    are sentences of the source alone.
    """
    base = answerer.judge(item, plain_texts(item.passages, budget)).loss
    judged = answerer.judge(item, cited_texts(item, chosen.cited))
    of_item = _reward_item(item)
    scored = score_graph(
        chosen_graph(item, chosen),
        replace(of_item, budget=budget),
        Scoring(weights=weights, template_of=lambda domain: _NO_TEMPLATE, gain_of=lambda graph, own: base - judged.loss),
    )
    terms = dict(scored.terms)
    if not scored.failed:
        terms |= {
            "cost": share_of_source(chosen.tokens, estimate_tokens(item.source.text)),
            "budget": overrun(chosen.tokens, budget),
        }
        if not must_anchor and terms.get("answer_gain") is not None:
            terms["answer_gain"] = clipped_gain(base - judged.loss, is_anchored=True)
    return Rewarded(total=weighted_sum(terms, weights), terms=terms, judged=judged)


def chosen_graph(item: PolicyItem, chosen: Chosen) -> EmittedGraph:
    """The chosen candidates as an emitted graph. A node that cites its sentence alone has that as its first place."""
    kept = [index for index, on in enumerate(chosen.nodes) if on]
    place = {index: number for number, index in enumerate(kept)}
    joined = {int(end) for index, on in enumerate(chosen.edges) if on for end in item.ends[index]}
    nodes = []
    for index in kept:
        node = item.nodes[index]
        if index not in joined:
            cited = item.sentences[int(item.node_cites[index])]
            part = item.source.parts[cited.hit]
            start = item.source.text.find(cited.text, part.start)
            node = replace(node, spans=(Span(start, start + len(cited.text)), *node.spans)) if start >= 0 else node
        nodes.append(node)
    edges = tuple(
        replace(edge, head=place[edge.head], tail=place[edge.tail]) for edge, on in zip(item.edges, chosen.edges, strict=True) if on
    )
    return EmittedGraph(nodes=tuple(nodes), edges=edges)


def _reward_item(item: PolicyItem) -> RewardItem:
    return RewardItem(
        question=item.question,
        source=item.source.text,
        answers=item.answers,
        task=item.task,
        evidence=item.evidence,
        parts=item.source.parts,
    )
