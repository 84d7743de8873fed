"""The weights that come back out of an extractor's files compute what went in."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

pytest.importorskip("onnx", reason="only needed where models are made")
pytest.importorskip("torch", reason="only needed where models are made")

import torch

from tadarag.models.onnx_encoder import load_shipped
from tadarag.training.extractor.artefact import About, load_network, read_about, write_artefact
from tadarag.training.extractor.network import Extractor, Shape
from tadarag.training.extractor.thresholds import Thresholds
from tadarag.training.extractor_export import export_extractor
from tadarag.training.extractor_import import import_extractor

SHAPE = Shape(trunk_layer=4, n_layers=2, max_width=5, inner=64, width=384, n_heads=12)


def scores(network: Extractor) -> tuple[np.ndarray, np.ndarray]:
    torch.manual_seed(8)
    states, names = torch.randn(1, 9, SHAPE.width), torch.randn(4, SHAPE.width) / 10
    with torch.no_grad():
        hidden = network.upper(states, torch.ones(1, 9, dtype=torch.bool))
        spans = network.spans(hidden)
        pairs = network.pair_scores(hidden[0], spans[0], [(0, 1), (4, 4), (6, 8)], torch.tensor([0, 2]), torch.tensor([1, 0]), names)
        return network.type_scores(spans, names).numpy(), pairs.numpy()


@pytest.mark.parametrize(("in_int8", "off"), [(False, 1e-3), (True, 0.5)])
def test_a_network_that_was_exported_and_taken_back_gives_the_same_scores(tmp_path: Path, in_int8: bool, off: float) -> None:
    torch.manual_seed(5)
    network = Extractor(SHAPE).eval()
    for head in (network.types, network.relations):
        head.read_around(torch.full((SHAPE.width,), 0.2), 8.0)
    about = About(
        shape=SHAPE,
        trunk=load_shipped().trunk,
        norm_epsilon=1e-12,
        thresholds=Thresholds(span=0.4, pair=0.3),
        seed=5,
        steps=1,
        settings={},
        data={"one": {}},
        dev={},
    )
    (tmp_path / "fit").mkdir()
    write_artefact(tmp_path / "fit", network, about)
    export_extractor(tmp_path / "fit", tmp_path / "files", in_int8=in_int8)
    import_extractor(tmp_path / "back", tmp_path / "files")
    back = load_network(tmp_path / "back")
    assert read_about(tmp_path / "back") == about
    for found, expected in zip(scores(back), scores(network), strict=True):
        assert np.abs(found - expected).max() < off


def test_the_shipped_extractor_comes_back_as_a_network_of_its_shape(tmp_path: Path) -> None:
    import_extractor(tmp_path)
    network, about = load_network(tmp_path), read_about(tmp_path)
    assert about.trunk == load_shipped().trunk
    assert network.shape.n_layers == about.shape.n_layers == 6
