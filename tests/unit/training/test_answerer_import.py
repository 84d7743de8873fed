"""The weights that come back out of an answerer's files compute what went in."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

pytest.importorskip("onnx", reason="only needed where models are made")
pytest.importorskip("torch", reason="only needed where models are made")

import torch

from tadarag.models.answer_model import MANIFEST, SHIPPED_ANSWERER
from tadarag.models.model_files import read_manifest
from tadarag.models.onnx_encoder import load_shipped
from tadarag.training.answerer.artefact import About, load_network, read_about, write_artefact
from tadarag.training.answerer.network import AnswerNetwork, NetworkShape
from tadarag.training.answerer_export import export_answerer
from tadarag.training.answerer_import import import_answerer

SHAPE = NetworkShape(trunk_layer=4, n_layers=2)


def said(network: AnswerNetwork) -> list[np.ndarray]:
    torch.manual_seed(8)
    states, roles = torch.randn(1, 9, SHAPE.width), torch.tensor([[0, 0, 0, 1, 1, 2, 2, 2, 3]])
    with torch.no_grad():
        return [found.numpy() for found in network(states, roles, torch.ones(1, 9, dtype=torch.bool))]


@pytest.mark.parametrize(("in_int8", "off"), [(False, 1e-4), (True, 0.1)])
def test_a_network_that_was_exported_and_taken_back_says_the_same(tmp_path: Path, in_int8: bool, off: float) -> None:
    torch.manual_seed(5)
    network = AnswerNetwork(SHAPE).eval()
    about = About(shape=SHAPE, trunk=load_shipped().trunk, norm_epsilon=1e-12, seed=5, steps=1, settings={}, data={"one": {}}, dev={})
    (tmp_path / "fit").mkdir()
    write_artefact(tmp_path / "fit", network, about)
    export_answerer(tmp_path / "fit", tmp_path / "files", in_int8=in_int8)
    import_answerer(tmp_path / "back", tmp_path / "files")
    assert read_about(tmp_path / "back") == about
    for found, expected in zip(said(load_network(tmp_path / "back")), said(network), strict=True):
        assert np.abs(found - expected).max() < off


def test_the_shipped_network_taken_back_and_exported_again_is_the_same_file(tmp_path: Path) -> None:
    import_answerer(tmp_path / "back")
    export_answerer(tmp_path / "back", tmp_path / "files")
    shipped, again = (read_manifest(folder / MANIFEST, required=frozenset({"files"})) for folder in (SHIPPED_ANSWERER, tmp_path / "files"))
    assert again["files"]["answerer.onnx"] == shipped["files"]["answerer.onnx"]
