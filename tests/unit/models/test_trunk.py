"""The lower layers run alone give what the whole encoder gives, and hold no weights of their own."""

from __future__ import annotations

import shutil
from pathlib import Path

import numpy as np
import pytest

from tadarag.errors import ModelFileDamaged
from tadarag.models.onnx_encoder import SHIPPED_FOLDER, TRUNK, OnnxEncoder, load_shipped
from tadarag.models.trunk import Trunk

TEXTS = ("Marie Curie 居里夫人 was born in Warsaw.", "港口", "harbour " * 600, "", "\ud800 🙂")


@pytest.mark.parametrize("text", TEXTS)
def test_states_are_the_bytes_of_a_whole_pass(text: str) -> None:
    encoder = load_shipped()
    states, offsets = Trunk(encoder).read(text)
    encoded = encoder.read(text)
    assert np.array_equal(states, encoded.states)
    assert np.array_equal(offsets, encoded.offsets)


def test_its_file_points_into_the_encoders_own() -> None:
    assert (SHIPPED_FOLDER / "trunk.onnx").stat().st_size < 20_000


@pytest.mark.parametrize("name", ["trunk.onnx", "model.onnx"])
def test_a_damaged_file_is_named(tmp_path: Path, name: str) -> None:
    folder = tmp_path / "encoder"
    shutil.copytree(SHIPPED_FOLDER, folder)
    whole = OnnxEncoder(folder, trunk=TRUNK)
    whole.read("the tokenizer and the model are open now")
    damaged = bytearray((folder / name).read_bytes())
    damaged[len(damaged) // 2] ^= 1
    (folder / name).unlink()  # the open session keeps the bytes that it has mapped
    (folder / name).write_bytes(damaged)
    with pytest.raises(ModelFileDamaged, match=name):
        Trunk(whole).read("text")
