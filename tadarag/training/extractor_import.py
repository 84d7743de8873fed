"""The weights of a shipped extractor back out of its ONNX graphs, so that anyone can train it further.

What the graphs fold together comes back in a form that computes the same: names are read around nothing, their stretch in the first matrix; what
a pair's tail adds as head and as tail stands with the head's matrix. Layers come back from int8, so a weight is off by half a
step of its column at most. Needs `onnx`.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tadarag.models.extractor_model import SHIPPED_EXTRACTOR
from tadarag.training.extractor_graph import FIRST_BIAS
from tadarag.training.graph_weights import N_HEADS, NORM_EPSILON, Tensors, layer_weights, matrix_of, read_tensors


def import_extractor(out: Path, folder: Path = SHIPPED_EXTRACTOR) -> None:
    """Write weights.npz and extractor.json, as a fit leaves them, from the files of an extractor in `folder`.

    Raises OSError for files that are not there and KeyError for graphs that `extractor_export` did not make.
    """
    manifest = json.loads((folder / "extractor.json").read_text("utf-8"))
    upper, pairs, names = (read_tensors(folder / f"{name}.onnx") for name in ("upper", "pairs", "names"))
    weights = {
        **layer_weights(upper, manifest["shape"]["n_layers"]),
        **_spans(upper),
        **_pairs(pairs),
        **_names(names, "types", manifest["shape"]["width"]),
        **_names(names, "relations", manifest["shape"]["width"]),
    }
    out.mkdir(parents=True, exist_ok=True)
    arrays: dict[str, Any] = {name: np.ascontiguousarray(value, np.float32) for name, value in weights.items()}
    np.savez(out / "weights.npz", **arrays)
    trunk = str(manifest["trunk"])
    record = {
        "shape": {**manifest["shape"], "n_heads": N_HEADS, "trunk_layer": int(trunk.rpartition("_")[2])},
        "trunk": trunk,
        "norm_epsilon": NORM_EPSILON,
        "thresholds": manifest["thresholds"],
        "sets": manifest["training"]["sets"],
        **{name: manifest["training"][name] for name in ("seed", "steps", "settings", "data", "dev")},
    }
    (out / "extractor.json").write_text(json.dumps(record, indent=1, ensure_ascii=False, sort_keys=True) + "\n", "utf-8")


def _spans(upper: Tensors) -> dict[str, NDArray[np.float32]]:
    weights, biases = np.split(matrix_of(upper, "edge"), 2), np.split(upper["edge.bias"], 2)
    return {
        "start.weight": weights[0],
        "end.weight": weights[1],
        "start.bias": biases[0],
        "end.bias": biases[1],
        "extent.weight": upper["extent"],
    }


def _pairs(pairs: Tensors) -> dict[str, NDArray[np.float32]]:
    as_head, as_tail, product = matrix_of(pairs, "as_head"), pairs["tail_weight"].T, pairs["product_weight"].T
    return {
        "head_role.weight": np.concatenate([as_head, as_tail], axis=1),
        "head_role.bias": pairs["as_head.bias"],
        "tail_role.weight": np.concatenate([product, np.zeros_like(as_tail)], axis=1),
        "tail_role.bias": np.zeros_like(pairs["as_head.bias"]),
        "between.weight": pairs["between_weight"].T,
        "between.bias": pairs["between_bias"],
    }


def _names(names: Tensors, head: str, width: int) -> dict[str, NDArray[np.float32]]:
    return {
        f"{head}.centre": np.zeros(width, np.float32),
        f"{head}.stretch": np.ones(1, np.float32),
        f"{head}.project.0.weight": matrix_of(names, f"{head}.in"),
        f"{head}.project.0.bias": names[f"{head}.in.bias"],
        f"{head}.project.3.weight": np.concatenate([matrix_of(names, f"{head}.vector"), matrix_of(names, f"{head}.bias_of")]),
        f"{head}.project.3.bias": np.concatenate([names[f"{head}.vector.bias"], names[f"{head}.bias_of.bias"] - np.float32(FIRST_BIAS)]),
    }
