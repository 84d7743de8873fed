"""Cuts the encoder's graph at its trunk: a file of a few kB whose weights are ranges of the whole model's file."""

from __future__ import annotations

from typing import Any

_SMALLEST = 1024
"""Bytes of a tensor that is worth pointing at; smaller ones are copied."""


def cut_graph(model: bytes, output: str, *, location: str) -> bytes:
    """The part of a serialised model that computes `output`, as a model of its own.

    location: the name under which `model` lies beside the new file; weights are ONNX external data in it (ranges of its bytes), so that no
    weight is stored twice and the file must not change. Raises ValueError when a weight's bytes cannot be told from others'.
    """
    import onnx
    from onnx.utils import Extractor

    whole = onnx.load_from_string(model)
    cut = Extractor(whole).extract_model([one.name for one in whole.graph.input], [output])
    for tensor in cut.graph.initializer:
        if len(tensor.raw_data) >= _SMALLEST:
            _point(tensor, model, location)
    data: bytes = cut.SerializeToString(deterministic=True)
    return data


def _point(tensor: Any, model: bytes, location: str) -> None:
    from onnx import TensorProto

    offset = model.find(tensor.raw_data)
    if offset < 0 or model.find(tensor.raw_data, offset + 1) >= 0:
        raise ValueError(f"the bytes of {tensor.name} stand in the model's file not once but {'never' if offset < 0 else 'often'}")
    entries = {"location": location, "offset": str(offset), "length": str(len(tensor.raw_data))}
    tensor.ClearField("raw_data")
    tensor.data_location = TensorProto.EXTERNAL
    for key, value in entries.items():
        entry = tensor.external_data.add()
        entry.key, entry.value = key, value
