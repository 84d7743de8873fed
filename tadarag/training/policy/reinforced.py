"""Policy A reinforced: graphs are drawn, cut at a budget of tokens, rewarded by what they are worth to the frozen answerer, and learned from."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from tadarag.graph.policy_choice import Chosen, Costs, choose_graph, unit_chances
from tadarag.graph.policy_network import Array, PolicyNetwork, network_of
from tadarag.training.policy.frozen_answerer import FrozenAnswerer
from tadarag.training.policy.gradients import LEARNED, clipped, gradients_of, logits_of
from tadarag.training.policy.items import PolicyItem
from tadarag.training.policy.reward import Rewarded, reward_of
from tadarag.training.policy.supervised import batches
from tadarag.training.reinforcement.advantages import advantages
from tadarag.training.reinforcement.bernoulli_policy import (
    DrawnGraphs,
    GraphLogits,
    entropy,
    entropy_slope,
    log_probability_slope,
    sample_graphs,
    sigmoid,
)
from tadarag.training.reinforcement.named_streams import named_stream
from tadarag.training.rewards.spread import N_CHECKED, require_outcome_spread, warn_of_flat_terms
from tadarag.training.rewards.term_log import record_terms
from tadarag.training.rewards.weighted import Weights
from tadarag.training.spikes.numpy_adam import NumpyAdam

BUDGETS = (64, 128, 256)
"""Tokens of a graph, cited sentences included, at which policies are compared; fixed before any was trained."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ReinforcedSettings:
    """estimator, scale: see `advantages`. n_graphs: drawn an item and step. n_epochs: times that all items are seen; batch: items a step.

    rate: Adam's, falling in a line to nothing. entropy_weight: eta at first, falling likewise. budgets: one is drawn for each item and step.
    """

    estimator: str = "rloo"
    scale: str = "group"
    n_graphs: int = 4
    n_epochs: int = 8
    batch: int = 32
    rate: float = 0.003
    entropy_weight: float = 0.01
    budgets: Sequence[int] = BUDGETS


@dataclass(slots=True)
class _Step:
    """What one step has seen."""

    rewards: list[Array] = field(default_factory=list)
    of_graphs: list[Array] = field(default_factory=list)
    terms: list[dict[str, float | None]] = field(default_factory=list)
    tokens: list[int] = field(default_factory=list)
    sizes: list[int] = field(default_factory=list)
    entropies: list[float] = field(default_factory=list)


def fit_reinforced(
    start: PolicyNetwork,
    items: Sequence[PolicyItem],
    answerer: FrozenAnswerer,
    weights: Weights,
    settings: ReinforcedSettings,
    *,
    seed: int,
    report: Callable[[str], None] = lambda message: None,
) -> tuple[PolicyNetwork, list[dict[str, Any]]]:
    """The policy after all epochs, and a row of figures for each step.

    A pure function of its arguments. Raises TrainingError before the second step when the outcome terms of the first samples have one value.
    """
    arrays = {name: value.copy() for name, value in start.arrays().items()}
    adam = NumpyAdam({name: value for name, value in arrays.items() if name.partition(".")[2] in LEARNED}, rate=settings.rate)
    costs = {item.id: item.costs() for item in items}
    n_steps = settings.n_epochs * -(-len(items) // settings.batch)
    rows: list[dict[str, Any]] = []
    checked: list[dict[str, float | None]] = []
    for epoch in range(settings.n_epochs):
        for batch in batches(items, size=settings.batch, seed=seed, epoch=epoch):
            left = 1 - adam.n_steps / n_steps
            adam.rate = settings.rate * left
            network, step, slopes = network_of(arrays), _Step(), []
            for item in batch:
                of_nodes, of_edges = _learn_from(
                    network, item, costs[item.id], answerer, weights, settings, left, (seed, adam.n_steps), step
                )
                slopes.append((item, of_nodes / len(batch), of_edges / len(batch)))
            adam.gradients = clipped(gradients_of(network, slopes))
            adam.step()
            rows.append(_row(adam.n_steps, step))
            if checked is not None and len(checked) < N_CHECKED:
                checked += step.terms
                if len(checked) >= N_CHECKED:
                    require_outcome_spread(checked, weights)
                    warn_of_flat_terms(checked, weights)
            if adam.n_steps % 5 == 0:
                report(f"step {adam.n_steps} of {n_steps}, reward {np.mean([row['reward'] for row in rows[-20:]]):.4f}")
    return network_of(arrays), rows


def cut_graph(
    item: PolicyItem, logits: GraphLogits, costs: Costs, *, budget: int, drawn: DrawnGraphs | None = None, number: int = 0
) -> Chosen:
    """The likeliest graph of at most `budget` tokens, of all candidates or of those that are on in a drawn graph."""
    chances = unit_chances(sigmoid(logits.nodes), sigmoid(logits.edges), item.ends)
    allowed = None if drawn is None else (drawn.nodes[number], drawn.edges[number])
    return choose_graph(chances, item.ends, (item.node_cites, item.edge_cites), item.sentences, costs, budget=budget, allowed=allowed)


def _learn_from(
    network: PolicyNetwork,
    item: PolicyItem,
    costs: Costs,
    answerer: FrozenAnswerer,
    weights: Weights,
    settings: ReinforcedSettings,
    left: float,
    place: tuple[int, int],
    step: _Step,
) -> tuple[Array, Array]:
    """d loss / d logits of one item: mean_k(-A_k log pi_k) - eta H over its drawn graphs."""
    seed, number = place
    logits = logits_of(network, item)
    budget = int(named_stream(seed, "budget", number, item.id).choice(list(settings.budgets)))
    drawn = sample_graphs(logits, n_graphs=settings.n_graphs, seed=seed, name=f"sample/{number}/{item.id}")
    rewarded: list[Rewarded] = []
    for graph in range(settings.n_graphs):
        chosen = cut_graph(item, logits, costs, budget=budget, drawn=drawn, number=graph)
        rewarded.append(reward_of(item, chosen, budget, answerer, weights))
        step.tokens.append(chosen.tokens)
        step.sizes.append(int(chosen.nodes.sum() + chosen.edges.sum()))
    rewards = np.array([one.total for one in rewarded])
    of_graphs = advantages(rewards, estimator=settings.estimator, scale=settings.scale)
    eta = settings.entropy_weight * left
    of_nodes, of_edges = log_probability_slope(logits, drawn)
    entropy_nodes, entropy_edges = entropy_slope(logits)
    step.rewards.append(rewards)
    step.of_graphs.append(of_graphs)
    step.terms += [dict(one.terms) for one in rewarded]
    step.entropies.append(entropy(logits))
    return (
        -(of_graphs @ of_nodes) / settings.n_graphs - eta * entropy_nodes,
        -(of_graphs @ of_edges) / settings.n_graphs - eta * entropy_edges,
    )


def _row(number: int, step: _Step) -> dict[str, Any]:
    """The figures of one step (training.md section 4; tadarag.md, acceptance 12)."""
    rewards = np.stack(step.rewards)
    terms = record_terms(step.terms)
    return {
        "step": number,
        "reward": round(float(rewards.mean()), 6),
        "reward_std": round(float(rewards.std()), 6),
        "zero_advantage_share": round(float(np.mean([not one.any() for one in step.of_graphs])), 6),
        "advantage_spread": round(float(np.mean([np.ptp(one) for one in step.of_graphs])), 6),
        "graph_tokens": round(float(np.mean(step.tokens)), 3),
        "graph_size": round(float(np.mean(step.sizes)), 3),
        "entropy": round(float(np.mean(step.entropies)), 6),
        "terms": {name: None if one.mean is None else round(one.mean, 6) for name, one in terms.items()},
        "null_shares": {name: round(one.null_share, 6) for name, one in terms.items() if one.null_share},
    }
