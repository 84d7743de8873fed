"""What drawn graphs are rewarded with: the gain of the answer's likelihood alone, or the whole of F10, with every term kept for the log."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from tadarag.components import template_of
from tadarag.templates.template import Template
from tadarag.training.causal.graph_items import GraphItem, reward_columns
from tadarag.training.rewards.emitted import EmittedGraph
from tadarag.training.rewards.gates import GainOf, Scored, Scoring, score_completion
from tadarag.training.rewards.sample import RewardItem
from tadarag.training.rewards.trl_functions import items_of_columns
from tadarag.training.rewards.weighted import Weights, read_weights


def shipped_template(domain: str) -> Template:
    """The shipped template of a domain."""
    return template_of(domain, None)


def scoring_of(weights: Weights | None = None, *, max_tokens: int = 2048) -> Scoring:
    """The scoring of graphs under these weights (those of F10 if none), by the shipped templates."""
    return Scoring(weights=weights or read_weights(), template_of=shipped_template, max_tokens=max_tokens)


def reward_items(items: Sequence[GraphItem], scoring: Scoring) -> list[RewardItem]:
    """The items as reward terms read them."""
    return items_of_columns(reward_columns(items), len(items), scoring.template_of)


def score_graphs(
    texts: Sequence[str], items: Sequence[RewardItem], gains: Sequence[float], scoring: Scoring, *, reward: str
) -> list[Scored]:
    """Score what was drawn, closing marker included, each for its item.

    gains: L_base - L_graph in nats a token. With the reward `gain` the total is that, and a graph without an end or with nothing that could be
    read gains nothing; with `f10` it is the weighted sum of the terms.
    """
    found = []
    for text, item, gain in zip(texts, items, gains, strict=True):
        scored = score_completion(text, item, replace(scoring, gain_of=_always(gain)))
        if reward == "gain":
            scored = replace(scored, total=min(gain, 0.0) if scored.failed in ("G0", "G1") else gain)
        found.append(scored)
    return found


def _always(gain: float) -> GainOf:
    def stated(graph: EmittedGraph, item: RewardItem) -> float:
        return gain

    return stated
