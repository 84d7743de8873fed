"""The selector as the product reads it: trees.npz, and selector.json with what they are and the sha256 of the file."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from tadarag.models.trees import Trees
from tadarag.retrieval.features import FEATURES
from tadarag.retrieval.learned_selector import MANIFEST, TREES
from tadarag.training.trees_file import write_trees


def write_selector(
    folder: Path, trees: Trees, *, calibration: tuple[float, float], formula_weight: float, encoder: str, training: Mapping[str, Any]
) -> None:
    """Write a selector so that equal ones give equal bytes. encoder: the fingerprint of the one whose cosines the trees know."""
    said = {
        "name": "selector: trees over the candidates of a question",
        "encoder": encoder,
        "features": list(FEATURES),
        "formula_weight": formula_weight,
        "calibration": {"slope": calibration[0], "offset": calibration[1]},
    }
    write_trees(folder, {TREES: trees}, said, manifest=MANIFEST, training=training)
