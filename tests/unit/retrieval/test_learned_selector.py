"""The selector's files are checked, and S steadies the trees."""

import json
import shutil

import numpy as np
import pytest

from tadarag.errors import ModelFileDamaged
from tadarag.models.onnx_encoder import shipped_fingerprint
from tadarag.retrieval.learned_selector import MANIFEST, SHIPPED_FOLDER, TREES, LearnedSelector, blend, load_selector


@pytest.fixture
def folder(tmp_path):
    return shutil.copytree(SHIPPED_FOLDER, tmp_path / "selector")


def test_a_flipped_byte_is_named(folder):
    file = folder / TREES
    data = bytearray(file.read_bytes())
    data[len(data) // 2] ^= 1
    file.write_bytes(data)
    with pytest.raises(ModelFileDamaged, match="sha256"):
        LearnedSelector(folder)


def test_trees_for_other_features_are_refused(folder):
    manifest = json.loads((folder / MANIFEST).read_text("utf-8"))
    manifest["features"] = manifest["features"][::-1]
    (folder / MANIFEST).write_text(json.dumps(manifest), "utf-8")
    with pytest.raises(ModelFileDamaged, match="other features"):
        LearnedSelector(folder)


def test_the_shipped_trees_know_the_shipped_encoder_and_are_small():
    assert load_selector().encoder == shipped_fingerprint()
    assert sum(file.stat().st_size for file in SHIPPED_FOLDER.iterdir()) < 2_000_000


def test_the_selector_is_read_once():
    assert load_selector() is load_selector()


def test_where_the_trees_are_undecided_the_formula_decides():
    formula = np.array([2.0, 1.0, 4.0])
    assert np.argsort(-blend(np.zeros(3), formula, formula_weight=1.0)).tolist() == [2, 0, 1]
    assert blend(np.array([1.0, 2.0, 0.0]), formula, formula_weight=0.0).tolist() == [1.0, 2.0, 0.0]
