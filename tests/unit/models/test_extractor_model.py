"""The extractor's files: checked before use, and read one text at a time."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from tadarag.errors import ModelFileDamaged
from tadarag.extraction.small import is_shipped
from tadarag.models.extractor_model import MANIFEST, SHIPPED_EXTRACTOR, ExtractorModel
from tadarag.models.onnx_encoder import load_shipped

pytestmark = pytest.mark.skipif(not is_shipped(), reason="this installation holds no extractor")

FILES = ("names.onnx", "upper.onnx", "pairs.onnx")


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    folder = tmp_path / "extractor"
    shutil.copytree(SHIPPED_EXTRACTOR, folder)
    return folder


@pytest.mark.parametrize("name", FILES)
def test_a_flipped_bit_is_named_by_file(copy: Path, name: str) -> None:
    damaged = bytearray((copy / name).read_bytes())
    damaged[len(damaged) // 2] ^= 1
    (copy / name).write_bytes(damaged)
    with pytest.raises(ModelFileDamaged, match=f"{name} is damaged"):
        ExtractorModel(copy).project(np.zeros((1, 384), np.float32))
    with pytest.raises(ModelFileDamaged, match=name):
        ExtractorModel(copy).verify()


@pytest.mark.parametrize("name", [*FILES, MANIFEST])
def test_a_missing_file_is_named(copy: Path, name: str) -> None:
    (copy / name).unlink()
    with pytest.raises(ModelFileDamaged, match=f"{name} is missing"):
        ExtractorModel(copy).verify()


@pytest.mark.parametrize("content", ["", "[", "{}", "[1]"])
def test_a_manifest_that_is_not_one_is_named(copy: Path, content: str) -> None:
    (copy / MANIFEST).write_text(content)
    with pytest.raises(ModelFileDamaged, match=r"extractor\.json"):
        ExtractorModel(copy)


def test_the_shipped_files_are_those_of_the_manifest() -> None:
    ExtractorModel().verify()


def test_the_shipped_files_read_the_shipped_encoders_trunk_and_stay_small() -> None:
    assert ExtractorModel().trunk == load_shipped().trunk
    assert sum(file.stat().st_size for file in SHIPPED_EXTRACTOR.iterdir()) <= 22_000_000


def test_a_name_beside_others_does_not_change() -> None:
    model, random = ExtractorModel(), np.random.default_rng(3)
    names, states = random.standard_normal((3, 384), np.float32), random.standard_normal((9, 384), np.float32)
    alone, _ = model.project(names[:1])
    among, _ = model.project(names)
    assert np.allclose(model.spans(states, alone).probabilities[..., 0], model.spans(states, among).probabilities[..., 0], atol=1e-6)


def test_probabilities_lie_between_none_and_all() -> None:
    model, random = ExtractorModel(), np.random.default_rng(3)
    types, relations = model.project(random.standard_normal((4, 384), np.float32))
    scored = model.spans(random.standard_normal((7, 384), np.float32), types)
    assert scored.probabilities.shape == (7, model.max_width, 4)
    pairs = model.pairs(scored, np.array([[0, 1], [2, 2], [4, 6]]), np.array([[0, 1], [2, 0]]), relations)
    assert pairs.shape == (2, 4)
    for values in (scored.probabilities, pairs):
        assert ((values >= 0) & (values <= 1)).all()


def test_naming_the_extractor_opens_no_heavy_library() -> None:
    code = "import sys; from tadarag.extraction.small import load_shipped_extractor; load_shipped_extractor().fingerprint; "
    code += "assert not {'onnxruntime', 'tokenizers', 'torch'} & set(sys.modules)"
    subprocess.run([sys.executable, "-c", code], check=True)
