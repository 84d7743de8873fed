"""The graph policy as the product reads it: policy.npz, and graph_policy.json with what it is and the sha256 of the file."""

from __future__ import annotations

import json
from collections.abc import Mapping
from hashlib import sha256
from pathlib import Path
from typing import Any

import numpy as np

from tadarag.graph.policy_candidates import EDGE_FEATURES, NODE_FEATURES
from tadarag.graph.policy_network import PolicyNetwork
from tadarag.graph.shipped_policy import MANIFEST, WEIGHTS


def write_graph_policy(folder: Path, network: PolicyNetwork, *, encoder: str, training: Mapping[str, Any]) -> None:
    """Write a policy so that equal ones give equal bytes. encoder: the fingerprint of the one whose cosines it knows."""
    folder.mkdir(parents=True, exist_ok=True)
    arrays: dict[str, Any] = network.arrays()
    np.savez(folder / WEIGHTS, **arrays)
    data = (folder / WEIGHTS).read_bytes()
    said = {
        "name": "graph policy: which candidates of a question graph are worth their tokens",
        "encoder": encoder,
        "node_features": list(NODE_FEATURES),
        "edge_features": list(EDGE_FEATURES),
        "files": {WEIGHTS: {"sha256": sha256(data).hexdigest(), "bytes": len(data)}},
    }
    fingerprint = sha256(json.dumps(said, sort_keys=True).encode()).hexdigest()
    text = json.dumps({**said, "fingerprint": fingerprint, "training": training}, indent=1, ensure_ascii=False)
    (folder / MANIFEST).write_text(text + "\n", "utf-8")
