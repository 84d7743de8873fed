"""The weights of layers back out of an ONNX graph that `transformer_graph` has made, under the names that torch knows them by. Needs `onnx`."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

Tensors = Mapping[str, NDArray[Any]]
N_HEADS, NORM_EPSILON = 12, 1e-12
"""Of every layer of the encoder that the networks sit on; graphs do not state them."""
_PARTS = {"qkv": "qkv", "ao": "out", "fi": "up", "fo": "down"}
_NORMS = {"aln": "attention_norm", "oln": "output_norm"}


def read_tensors(file: Path) -> Tensors:
    """Every tensor that a graph holds, by name."""
    import onnx
    from onnx import numpy_helper

    return {tensor.name: numpy_helper.to_array(tensor) for tensor in onnx.load(file).graph.initializer}


def matrix_of(tensors: Tensors, name: str) -> NDArray[np.float32]:
    """A product's weight as torch has it, [out, in], from float32 or int8: from this it is off by half a step of its column at most."""
    weight = tensors[f"{name}.weight"].astype(np.float32)
    scales = tensors.get(f"{name}.scales")
    columns: NDArray[np.float32] = (weight if scales is None else weight * scales).T
    return columns


def layer_weights(tensors: Tensors, n_layers: int) -> dict[str, NDArray[np.float32]]:
    """The parameters of the layers, named as in `tadarag.training.upper_layers`."""
    found = {}
    for index in range(n_layers):
        for part, name in _PARTS.items():
            found[f"layers.{index}.{name}.weight"] = matrix_of(tensors, f"l{index}.{part}")
            found[f"layers.{index}.{name}.bias"] = tensors[f"l{index}.{part}.bias"]
        for part, name in _NORMS.items():
            found[f"layers.{index}.{name}.weight"] = tensors[f"l{index}.{part}.weight"]
            found[f"layers.{index}.{name}.bias"] = tensors[f"l{index}.{part}.bias"]
    return found
