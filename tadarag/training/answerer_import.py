"""The weights of a shipped answerer back out of its ONNX graph, so that anyone can train it further. Needs `onnx`."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np

from tadarag.models.answer_model import SHIPPED_ANSWERER
from tadarag.training.graph_weights import NORM_EPSILON, layer_weights, matrix_of, read_tensors

_HEADS = {"ends": "end", "verdict.0": "verdict_in", "verdict.3": "verdict_out"}


def import_answerer(out: Path, folder: Path = SHIPPED_ANSWERER) -> None:
    """Write weights.npz and answerer.json, as a fit leaves them, from the files of an answerer in `folder`.

    Raises OSError for files that are not there and KeyError for graphs that `answerer_export` did not make.
    """
    manifest = json.loads((folder / "answerer.json").read_text("utf-8"))
    tensors = read_tensors(folder / "answerer.onnx")
    weights = {
        **layer_weights(tensors, manifest["shape"]["n_layers"]),
        "mark": tensors["mark"].reshape(-1),
        "roles.weight": tensors["role_table"],
    }
    for name, of_graph in _HEADS.items():
        weights[f"{name}.weight"], weights[f"{name}.bias"] = matrix_of(tensors, of_graph), tensors[f"{of_graph}.bias"]
    out.mkdir(parents=True, exist_ok=True)
    arrays: dict[str, Any] = {name: np.ascontiguousarray(value, np.float32) for name, value in weights.items()}
    np.savez(out / "weights.npz", **arrays)
    record = {
        "shape": {name: manifest["shape"][name] for name in ("trunk_layer", "n_layers", "width", "n_heads")},
        "trunk": manifest["trunk"],
        "norm_epsilon": NORM_EPSILON,
        **{name: manifest["training"][name] for name in ("seed", "steps", "settings", "data", "dev")},
    }
    (out / "answerer.json").write_text(json.dumps(record, indent=1, ensure_ascii=False, sort_keys=True) + "\n", "utf-8")
