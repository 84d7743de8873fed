"""How weights are rounded for the products of a graph (the layers themselves are tested with the encoder's graph)."""

from __future__ import annotations

import numpy as np
import pytest

from tadarag.training.transformer_graph import quantize_columns


def test_each_column_of_a_weight_has_its_own_scale() -> None:
    values, scales = quantize_columns(np.array([[1, 100, 0], [-0.5, 50, 0]], np.float32))
    assert values.tolist() == [[127, 127, 0], [-64, 64, 0]]
    assert scales == pytest.approx([1 / 127, 100 / 127, 1])
