"""A graph is cut without copying its weights."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

pytest.importorskip("onnx", reason="only needed where models are made")

from onnx import helper, numpy_helper
from onnxruntime import InferenceSession

from tadarag.models.onnx_encoder import SHIPPED_FOLDER, TRUNK
from tadarag.training.trunk_cut import cut_graph


def two_products(first: np.ndarray, second: np.ndarray) -> bytes:
    graph = helper.make_graph(
        [helper.make_node("MatMul", ["x", "first"], ["middle"]), helper.make_node("MatMul", ["middle", "second"], ["y"])],
        "two",
        inputs=[helper.make_tensor_value_info("x", 1, [1, 32])],
        outputs=[helper.make_tensor_value_info(name, 1, [1, 32]) for name in ("middle", "y")],
        initializer=[numpy_helper.from_array(value, name) for name, value in (("first", first), ("second", second))],
    )
    data: bytes = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 21)], ir_version=10).SerializeToString()
    return data


def test_the_cut_computes_its_output_from_the_whole_models_bytes(tmp_path: Path) -> None:
    first, second = np.random.default_rng(2).standard_normal((2, 32, 32)).astype(np.float32)
    model = two_products(first, second)
    cut = cut_graph(model, "middle", location="model.onnx")
    assert len(cut) < 1000
    (tmp_path / "model.onnx").write_bytes(model)
    (tmp_path / "cut.onnx").write_bytes(cut)
    session = InferenceSession(tmp_path / "cut.onnx", providers=["CPUExecutionProvider"])
    x = np.ones((1, 32), np.float32)
    assert session.run(None, {"x": x})[0] == pytest.approx(x @ first, abs=1e-5)


def test_weights_whose_bytes_stand_there_twice_are_refused() -> None:
    weight = np.random.default_rng(2).standard_normal((32, 32)).astype(np.float32)
    with pytest.raises(ValueError, match="first"):
        cut_graph(two_products(weight, weight), "middle", location="model.onnx")


def test_the_shipped_trunk_is_the_cut_of_the_shipped_encoder() -> None:
    whole = (SHIPPED_FOLDER / "model.onnx").read_bytes()
    assert cut_graph(whole, TRUNK, location="model.onnx") == (SHIPPED_FOLDER / "trunk.onnx").read_bytes()
