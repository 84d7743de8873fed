"""What policies are worth at equal tokens: answer F1 of the frozen answerer over the cited sentences, with paired intervals."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from tadarag.evaluation.measures.token_f1 import token_f1
from tadarag.graph.policy_network import PolicyNetwork
from tadarag.training.policy.frozen_answerer import FrozenAnswerer, cited_texts, plain_texts
from tadarag.training.policy.gradients import logits_of
from tadarag.training.policy.items import PolicyItem
from tadarag.training.policy.reinforced import cut_graph, own_graph
from tadarag.training.reinforcement.bernoulli_policy import GraphLogits

PLAIN = "passages"
"""No graph: the passages as they are, best first, cut at the budget."""
SCORES = "scores"
"""The product's own scores of nodes and edges, untrained."""


def answers_of(
    items: Sequence[PolicyItem], policy: PolicyNetwork | str, answerer: FrozenAnswerer, *, budgets: Sequence[int], stops: bool = False
) -> dict[str, Any]:
    """Token F1 (0 to 1), loss, tokens and cited share of the gold evidence of each item, under a policy, `PLAIN` or `SCORES`.

    budgets: the tokens that each item's graph may have. stops: take the policy's own greedy graph, which may be smaller; otherwise a graph is
    filled up. Returns float64[items] by name.
    """
    found: dict[str, list[float]] = {"f1": [], "loss": [], "tokens": [], "evidence": []}
    for item, budget in zip(items, budgets, strict=True):
        cited: tuple[int, ...] = ()
        if policy == PLAIN:
            texts, tokens = plain_texts(item.passages, budget), float(budget)
        else:
            logits = _logits_of_scores(item) if isinstance(policy, str) else logits_of(policy, item)
            chosen = (own_graph if stops else cut_graph)(item, logits, item.costs(), budget=budget)
            texts, cited, tokens = cited_texts(item, chosen.cited), chosen.cited, float(chosen.tokens)
        judged = answerer.judge(item, texts)
        found["f1"].append(max((token_f1(judged.answer, answer) for answer in item.answers), default=0.0))
        found["loss"].append(judged.loss)
        found["tokens"].append(tokens)
        found["evidence"].append(float(item.gold[list(cited)].sum()) / max(1, len(item.evidence)))
    return {name: np.array(values) for name, values in found.items()}


def _logits_of_scores(item: PolicyItem) -> GraphLogits:
    """The score is the first feature of nodes and edges; its logit."""
    nodes, edges = (np.clip(features[:, 0], 1e-6, 1 - 1e-6) for features in (item.node_features, item.edge_features))
    return GraphLogits(np.log(nodes / (1 - nodes)), np.log(edges / (1 - edges)), item.ends)
