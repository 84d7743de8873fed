"""The scores of a question graph's candidates by the trained policy: the chance that each is worth its tokens."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from tadarag.graph.policy_candidates import policy_candidates
from tadarag.graph.policy_choice import unit_chances
from tadarag.graph.policy_network import PolicyNetwork, sigmoid
from tadarag.graph.question_candidates import Candidates
from tadarag.graph.question_scores import Asked, Scored
from tadarag.values import Hit


def with_learned_scores(scored: Scored, candidates: Candidates, hits: Sequence[Hit], asked: Asked, network: PolicyNetwork) -> Scored:
    """Scores with the policy's chances in the place of the formula's: of an edge with both its ends, of a node by itself.

    The policy chooses among the best candidates by formula (`policy_candidates`); all others get 0. Pure.
    """
    found = policy_candidates(candidates, scored, hits, asked)
    nodes, edges = (
        sigmoid(layer.logits(rows)) for layer, rows in ((network.node, found.node_features), (network.edge, found.edge_features))
    )
    of_edges, _ = unit_chances(nodes, edges, found.ends)
    return replace(
        scored,
        nodes=dict.fromkeys(scored.nodes, 0.0) | dict(zip(found.keys, np.round(nodes, 6).tolist(), strict=True)),
        edges=dict.fromkeys(scored.edges, 0.0) | dict(zip(found.edges, np.round(of_edges, 6).tolist(), strict=True)),
    )
