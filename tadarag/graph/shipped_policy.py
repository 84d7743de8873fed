"""The graph policy that comes with tadarag: two small networks in one file, checked against their manifest."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import numpy as np

from tadarag import models
from tadarag.errors import ModelFileDamaged
from tadarag.graph.policy_candidates import EDGE_FEATURES, NODE_FEATURES
from tadarag.graph.policy_network import PolicyNetwork, network_of
from tadarag.models.model_files import checked_file, read_manifest

SHIPPED_FOLDER = Path(models.__file__).parent / "files" / "graph_policy"
MANIFEST, WEIGHTS = "graph_policy.json", "policy.npz"
_REQUIRED = frozenset({"fingerprint", "encoder", "node_features", "edge_features", "files"})


@cache
def load_graph_policy(folder: Path = SHIPPED_FOLDER) -> PolicyNetwork:
    """The policy in a folder, by default that which comes with tadarag, read once.

    Raises ModelFileDamaged for a file whose sha256 is not the manifest's, and for networks that were made for other features.
    """
    manifest = read_manifest(folder / MANIFEST, required=_REQUIRED)
    if (tuple(manifest["node_features"]), tuple(manifest["edge_features"])) != (NODE_FEATURES, EDGE_FEATURES):
        raise ModelFileDamaged(
            f"the graph policy in {folder} was made for other features than this version computes",
            "train it again: tadarag train run graph-policy",
        )
    with np.load(checked_file(folder, manifest, WEIGHTS)) as arrays:
        return network_of(dict(arrays))
