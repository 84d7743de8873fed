"""Fits trees that put the passages which answer a question first (LambdaMART on LightGBM), and takes them over as plain arrays."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tadarag.models.trees import Trees, exact

FIXED = {"objective": "lambdarank", "label_gain": [0, 1], "bagging_freq": 1, "verbose": -1, "num_threads": 1, "use_missing": False}
DETERMINISTIC = {"deterministic": True, "force_row_wise": True}


@dataclass(frozen=True, slots=True, kw_only=True)
class Groups:
    """Questions to learn from: rows float64[N, k] of all their candidates, bool[N] which answer, and how many rows each question has."""

    rows: NDArray[np.float64]
    answers: NDArray[np.bool_]
    sizes: Sequence[int]
    weights: NDArray[np.float64]


def fit_trees(groups: Groups, settings: Mapping[str, Any], *, n_trees: int, seed: int) -> Trees:
    """Trees that rank; the same bytes for the same groups, settings and seed.

    settings: LightGBM's, beside those fixed here. Source: LambdaMART, Burges, MSR-TR-2010-82.
    """
    import lightgbm

    dataset = lightgbm.Dataset(groups.rows, groups.answers.astype(np.int32), group=list(groups.sizes), weight=groups.weights)
    parameters = {**FIXED, **DETERMINISTIC, **settings, "seed": seed}
    booster = lightgbm.train(parameters, dataset, n_trees)
    return from_dump(booster.dump_model()["tree_info"])


def from_dump(dumped: Sequence[Mapping[str, Any]]) -> Trees:
    """Trees as arrays, from what LightGBM dumps of each. Raises ValueError for a node that does not compare with a threshold."""
    nodes, leaves = [], []
    for tree in dumped:
        of_nodes: list[tuple[int, float, int]] = []
        of_leaves: list[float] = []
        _walk(tree["tree_structure"], of_nodes, of_leaves)
        nodes.append(of_nodes)
        leaves.append(of_leaves)
    n_nodes, n_leaves = max(1, *map(len, nodes)), max(map(len, leaves))
    columns = np.zeros((len(nodes), n_nodes), np.int16)
    thresholds = np.full((len(nodes), n_nodes), np.inf)
    masks = np.zeros((len(nodes), n_nodes), np.uint16)
    values = np.zeros((len(nodes), n_leaves))
    for number, (of_nodes, of_leaves) in enumerate(zip(nodes, leaves, strict=True)):
        for node, (column, threshold, mask) in enumerate(of_nodes):
            columns[number, node], thresholds[number, node], masks[number, node] = column, threshold, mask
        values[number, : len(of_leaves)] = of_leaves
    return Trees(columns=columns, thresholds=thresholds, masks=masks, leaves=exact(values))


def joined(parts: Sequence[Trees]) -> Trees:
    """One ensemble whose scores are the mean of those of its parts."""
    n_nodes, n_leaves = max(part.columns.shape[1] for part in parts), max(part.leaves.shape[1] for part in parts)

    def stacked(name: str, width: int, fill: float) -> NDArray[Any]:
        arrays = [part.arrays()[name] for part in parts]
        return np.concatenate([np.pad(one, ((0, 0), (0, width - one.shape[1])), constant_values=fill) for one in arrays])

    return Trees(
        columns=stacked("columns", n_nodes, 0),
        thresholds=stacked("thresholds", n_nodes, np.inf),
        masks=stacked("masks", n_nodes, 0),
        leaves=exact(stacked("leaves", n_leaves, 0.0) / len(parts)),
    )


def _walk(node: Mapping[str, Any], nodes: list[tuple[int, float, int]], leaves: list[float]) -> None:
    """Append a subtree's nodes, each with the mask of what is left without its left part, and its leaves from left to right."""
    if "leaf_value" in node:
        leaves.append(float(node["leaf_value"]))
        return
    if node["decision_type"] != "<=":
        raise ValueError(f"a node decides by {node['decision_type']!r}; trees compare with a threshold")
    first = len(leaves)
    _walk(node["left_child"], nodes, leaves)
    gone = sum(1 << leaf for leaf in range(first, len(leaves)))
    nodes.append((int(node["split_feature"]), float(node["threshold"]), ((1 << 16) - 1) & ~gone))
    _walk(node["right_child"], nodes, leaves)
