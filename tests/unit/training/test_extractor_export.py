"""The exported graphs compute the network that was trained."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

pytest.importorskip("onnx", reason="only needed where models are made")
pytest.importorskip("torch", reason="only needed where models are made")

import torch

from tadarag.models.extractor_model import ExtractorModel
from tadarag.models.onnx_encoder import load_shipped
from tadarag.training.extractor.network import Extractor, Shape
from tadarag.training.extractor_export import export_extractor

SHAPE = Shape(trunk_layer=4, n_layers=2, max_width=5, inner=64, width=96, n_heads=4)
N_TOKENS, N_NAMES = 11, 6
CHOSEN = np.array([[0, 1], [3, 3], [8, 10]])
ORDERED = np.array([[0, 1], [1, 0], [2, 0], [1, 2]])


@pytest.fixture(scope="module")
def network() -> Extractor:
    torch.manual_seed(4)
    network = Extractor(SHAPE)
    for head in (network.types, network.relations):
        head.read_around(torch.full((SHAPE.width,), 0.2), 8.0)
    return network.eval()


def exported(network: Extractor, folder: Path, *, in_int8: bool, trunk: str = "") -> ExtractorModel:
    source = folder / "weights"
    source.mkdir()
    np.savez(source / "weights.npz", **{name: value.numpy() for name, value in network.state_dict().items()})
    shape = {name: getattr(SHAPE, name) for name in ("trunk_layer", "n_layers", "max_width", "inner", "width", "n_heads")}
    record = {"shape": shape, "trunk": trunk or load_shipped().trunk, "norm_epsilon": 1e-12, "thresholds": {"span": 0.4, "pair": 0.3}}
    (source / "extractor.json").write_text(json.dumps({**record, "sets": ["one"]}))
    export_extractor(source, folder / "out", in_int8=in_int8)
    return ExtractorModel(folder / "out")


def inputs() -> tuple[np.ndarray, np.ndarray]:
    random = np.random.default_rng(6)
    return random.standard_normal((N_TOKENS, SHAPE.width)).astype(np.float32), random.standard_normal((N_NAMES, SHAPE.width)).astype(
        np.float32
    )


def in_torch(network: Extractor) -> tuple[np.ndarray, np.ndarray]:
    """Span and pair probabilities of the network itself."""
    states, names = (torch.from_numpy(values) for values in inputs())
    with torch.no_grad():
        hidden = network.upper(states[None], torch.ones(1, N_TOKENS, dtype=torch.bool))
        spans = network.spans(hidden)
        heads, tails = torch.from_numpy(ORDERED).T
        pairs = network.pair_scores(hidden[0], spans[0], [(first, last) for first, last in CHOSEN.tolist()], heads, tails, names)
        return torch.sigmoid(network.type_scores(spans, names))[0].numpy(), torch.sigmoid(pairs).numpy()


def in_onnx(model: ExtractorModel) -> tuple[np.ndarray, np.ndarray]:
    states, names = inputs()
    types, relations = model.project(names)
    scored = model.spans(states, types)
    return scored.probabilities, model.pairs(scored, CHOSEN, ORDERED, relations)


def test_spans_and_pairs_have_the_probabilities_of_the_network(network: Extractor, tmp_path: Path) -> None:
    for found, expected in zip(in_onnx(exported(network, tmp_path, in_int8=False)), in_torch(network), strict=True):
        assert found == pytest.approx(expected, abs=1e-5)


def test_int8_layers_stay_near_the_network(network: Extractor, tmp_path: Path) -> None:
    for found, expected in zip(in_onnx(exported(network, tmp_path, in_int8=True)), in_torch(network), strict=True):
        assert np.abs(found - expected).mean() < 0.01


def test_the_manifest_holds_thresholds_trunk_and_what_it_was_trained_on(network: Extractor, tmp_path: Path) -> None:
    model = exported(network, tmp_path, in_int8=True)
    assert (model.span_threshold, model.pair_threshold, model.max_width) == (0.4, 0.3, 5)
    assert model.trunk == load_shipped().trunk
    assert json.loads((tmp_path / "out" / "extractor.json").read_text())["training"] == {"sets": ["one"]}
    model.verify()


def test_the_same_weights_give_the_same_files(network: Extractor, tmp_path: Path) -> None:
    for name in ("first", "second"):
        (tmp_path / name).mkdir()
    fingerprints = {exported(network, tmp_path / name, in_int8=True).fingerprint for name in ("first", "second")}
    assert len(fingerprints) == 1


def test_weights_of_another_trunk_are_refused(network: Extractor, tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="hidden_6"):
        exported(network, tmp_path, in_int8=True, trunk="another/hidden_6")


def test_a_threshold_that_is_given_takes_the_place_of_the_runs_own(network: Extractor, tmp_path: Path) -> None:
    exported(network, tmp_path, in_int8=True)
    export_extractor(tmp_path / "weights", tmp_path / "other", span_threshold=0.7)
    own, other = (ExtractorModel(tmp_path / name) for name in ("out", "other"))
    assert (own.span_threshold, other.span_threshold) == (0.4, 0.7)
    assert own.fingerprint != other.fingerprint
