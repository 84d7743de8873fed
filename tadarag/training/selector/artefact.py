"""The selector as the product reads it: trees.npz, and selector.json with what they are and the sha256 of the file."""

from __future__ import annotations

import json
from collections.abc import Mapping
from hashlib import sha256
from pathlib import Path
from typing import Any

import numpy as np

from tadarag.models.trees import Trees
from tadarag.retrieval.features import FEATURES
from tadarag.retrieval.learned_selector import MANIFEST, TREES


def write_selector(
    folder: Path, trees: Trees, *, calibration: tuple[float, float], formula_weight: float, encoder: str, training: Mapping[str, Any]
) -> None:
    """Write a selector so that equal ones give equal bytes. encoder: the fingerprint of the one whose cosines the trees know."""
    np.savez_compressed(folder / TREES, **dict(sorted(trees.arrays().items())))  # type: ignore[arg-type]  # numpy's stub takes **kwds for allow_pickle
    data = (folder / TREES).read_bytes()
    said = {
        "name": "selector: trees over the candidates of a question",
        "encoder": encoder,
        "features": list(FEATURES),
        "formula_weight": formula_weight,
        "calibration": {"slope": calibration[0], "offset": calibration[1]},
        "files": {TREES: {"sha256": sha256(data).hexdigest(), "bytes": len(data)}},
    }
    fingerprint = sha256(json.dumps(said, sort_keys=True).encode()).hexdigest()
    text = json.dumps({**said, "fingerprint": fingerprint, "training": training}, indent=1, ensure_ascii=False)
    (folder / MANIFEST).write_text(text + "\n", encoding="utf-8")
