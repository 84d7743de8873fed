"""Policy A reinforced: graphs are drawn, cut at a budget of tokens, rewarded by what they are worth to the frozen answerer, and learned from."""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from tadarag.graph.policy_choice import Chosen, Costs, choose_graph, unit_chances
from tadarag.graph.policy_network import Array, PolicyNetwork, network_of, sigmoid
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
    greedy_graph,
    log_probability_slope,
    sample_graphs,
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
    must_anchor: see `reward_of`.
    """

    estimator: str = "rloo"
    scale: str = "group"
    n_graphs: int = 4
    n_epochs: int = 8
    batch: int = 32
    rate: float = 0.003
    entropy_weight: float = 0.01
    budgets: Sequence[int] = BUDGETS
    must_anchor: bool = True


@dataclass(slots=True)
class _Step:
    """What one step has seen."""

    rewards: list[Array] = field(default_factory=list)
    of_graphs: list[Array] = field(default_factory=list)
    terms: list[dict[str, float | None]] = field(default_factory=list)
    tokens: list[int] = field(default_factory=list)
    sizes: list[int] = field(default_factory=list)
    entropies: list[float] = field(default_factory=list)

    def add(self, drawn: _Drawn, rewarded: Sequence[Rewarded], rewards: Array, of_graphs: Array) -> None:
        """One item's graphs, what they were worth, and their advantages."""
        self.rewards.append(rewards)
        self.of_graphs.append(of_graphs)
        self.terms += [dict(one.terms) for one in rewarded]
        self.tokens += [cut.tokens for cut in drawn.cut]
        self.sizes += [int(cut.nodes.sum() + cut.edges.sum()) for cut in drawn.cut]
        self.entropies.append(entropy(drawn.logits))


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
    ordered = (batch for epoch in range(settings.n_epochs) for batch in batches(items, size=settings.batch, seed=seed, epoch=epoch))
    with ThreadPoolExecutor(os.cpu_count()) as pool:
        for batch in ordered:
            left = 1 - adam.n_steps / n_steps
            adam.rate = settings.rate * left
            network = network_of(arrays)
            drawn = [_draw(network, item, costs[item.id], settings, seed, adam.n_steps) for item in batch]
            rewarded = list(pool.map(lambda one: _rewarded(one, answerer, weights, settings), drawn))
            slopes, step = [], _Step()
            for one, found in zip(drawn, rewarded, strict=True):
                rewards = np.array([reward.total for reward in found])
                of_graphs, of_nodes, of_edges = _slopes(one, rewards, settings, settings.entropy_weight * left)
                slopes.append((one.item, of_nodes / len(batch), of_edges / len(batch)))
                step.add(one, found, rewards, of_graphs)
            adam.gradients = clipped(gradients_of(network, slopes))
            adam.step()
            rows.append(_row(adam.n_steps, step))
            if len(checked) < N_CHECKED:
                checked += step.terms
                if len(checked) >= N_CHECKED:
                    require_outcome_spread(checked, weights)
                    warn_of_flat_terms(checked, weights)
            if adam.n_steps % 5 == 0:
                report(f"step {adam.n_steps} of {n_steps}, reward {np.mean([row['reward'] for row in rows[-20:]]):.4f}")
    return network_of(arrays), rows


def cut_graph(
    item: PolicyItem, logits: GraphLogits, costs: Costs, *, budget: int, of: DrawnGraphs | None = None, number: int = 0
) -> Chosen:
    """The likeliest graph of at most `budget` tokens: of all candidates, or of those that are on in graph `number` of `of`."""
    chances = unit_chances(sigmoid(logits.nodes), sigmoid(logits.edges), item.ends)
    allowed = None if of is None else (of.nodes[number], of.edges[number])
    return choose_graph(chances, item.ends, (item.node_cites, item.edge_cites), item.sentences, costs, budget=budget, allowed=allowed)


def own_graph(item: PolicyItem, logits: GraphLogits, costs: Costs, *, budget: int) -> Chosen:
    """The policy's own greedy graph: what is likelier on than off, cut at `budget` tokens, so that it may well be smaller."""
    greedy = greedy_graph(logits, most_nodes=len(logits.nodes), most_edges=len(logits.edges))
    return cut_graph(item, logits, costs, budget=budget, of=greedy)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Drawn:
    """Graphs that were drawn of one item, as they are when cut at a budget."""

    item: PolicyItem
    logits: GraphLogits
    graphs: DrawnGraphs
    cut: tuple[Chosen, ...]
    budget: int


def _draw(network: PolicyNetwork, item: PolicyItem, costs: Costs, settings: ReinforcedSettings, seed: int, number: int) -> _Drawn:
    logits = logits_of(network, item)
    budget = int(named_stream(seed, "budget", number, item.id).choice(list(settings.budgets)))
    graphs = sample_graphs(logits, n_graphs=settings.n_graphs, seed=seed, name=f"sample/{number}/{item.id}")
    cut = tuple(cut_graph(item, logits, costs, budget=budget, of=graphs, number=graph) for graph in range(settings.n_graphs))
    return _Drawn(item=item, logits=logits, graphs=graphs, cut=cut, budget=budget)


def _rewarded(drawn: _Drawn, answerer: FrozenAnswerer, weights: Weights, settings: ReinforcedSettings) -> list[Rewarded]:
    return [reward_of(drawn.item, cut, drawn.budget, answerer, weights, must_anchor=settings.must_anchor) for cut in drawn.cut]


def _slopes(drawn: _Drawn, rewards: Array, settings: ReinforcedSettings, eta: float) -> tuple[Array, Array, Array]:
    """The advantages float64[p], and d loss / d logits of nodes and edges: loss = mean_k(-A_k log pi_k) - eta H.

    log pi_k is F8 over the candidates that were weighed before the budget was full: what the others drew changed nothing, and is noise.
    """
    of_graphs = advantages(rewards, estimator=settings.estimator, scale=settings.scale)
    of_nodes, of_edges = log_probability_slope(drawn.logits, drawn.graphs)
    of_nodes = of_nodes * np.stack([cut.weighed[0] for cut in drawn.cut])
    of_edges = of_edges * np.stack([cut.weighed[1] for cut in drawn.cut])
    entropy_nodes, entropy_edges = entropy_slope(drawn.logits)
    return (
        of_graphs,
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
