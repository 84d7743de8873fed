"""The extractor as three ONNX graphs: names to vectors, states to spans, spans to pairs.

The network is `tadarag.training.extractor.network`; its weights come by the names of its parameters. Products that the network makes for
every pair are made for every span here where that is the same sum: head and tail projections, and those of the text between two spans.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tadarag.training.transformer_graph import FLOAT, INT64, GraphBuilder, LayerSizes, layer_tensors

FIRST_BIAS = -4.0
"""Added to every name's bias by the network."""
Weights = Mapping[str, NDArray[np.float32]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Shape:
    """As the network's own: layers over the trunk, pieces in the widest span, width of the heads, width and heads of a layer."""

    n_layers: int
    max_width: int
    inner: int
    width: int
    n_heads: int
    norm_epsilon: float


def names_graph(weights: Weights, shape: Shape) -> Any:
    """`names` float32[n, width], the vectors of names -> type_vectors, relation_vectors [n, inner], type_biases, relation_biases [n]."""
    graph = _builder(weights, shape, in_int8=False)
    outputs: dict[str, list[int | str]] = {}
    for head, prefix in (("types", "type"), ("relations", "relation")):
        first = (weights[f"{head}.project.0.weight"] * weights[f"{head}.stretch"]).astype(np.float32)
        first_bias = (weights[f"{head}.project.0.bias"] - first @ weights[f"{head}.centre"]).astype(np.float32)
        last = weights[f"{head}.project.3.weight"]
        biases = weights[f"{head}.project.3.bias"]
        active = graph.node("Gelu", [graph.affine(f"{head}.in", "names", first.T, first_bias)], f"{head}.active")
        vectors = graph.affine(f"{head}.vector", active, last[:-1].T, biases[:-1])
        bias = graph.affine(f"{head}.bias_of", active, last[-1:].T, biases[-1:] + np.float32(FIRST_BIAS))
        graph.node("Identity", [vectors], f"{prefix}_vectors")
        graph.node("Reshape", [bias, graph.constant(f"{head}.flat", np.array([-1], np.int64))], f"{prefix}_biases")
        outputs |= {f"{prefix}_vectors": ["n", shape.inner], f"{prefix}_biases": ["n"]}
    return graph.finish("names", {"names": (FLOAT, ["n", shape.width])}, outputs)


def upper_graph(weights: Weights, shape: Shape, *, in_int8: bool) -> Any:
    """States and type names of one text -> its hidden states, edges of spans and span probabilities.

    states float32[1, t, width], vectors float32[n, inner], biases float32[n] -> hidden [t, width], edges [t, 2 * inner] (of a span that
    starts here, of one that ends here), probabilities [t, max_width, n]: of the span that starts at piece t and holds 1 to max_width pieces.
    Those of spans that reach beyond the text mean nothing.
    """
    graph = _builder(weights, shape, in_int8=in_int8)
    hidden = "states"
    for index in range(shape.n_layers):
        hidden = graph.layer(f"l{index}", hidden, f"hidden_{index}")
    graph.node("Squeeze", [hidden, graph.constant("batch", np.array([0], np.int64))], "hidden")
    edge_weight = np.concatenate([weights["start.weight"], weights["end.weight"]]).T
    edges = graph.affine("edge", "hidden", edge_weight, np.concatenate([weights["start.bias"], weights["end.bias"]]))
    graph.node("Identity", [edges], "edges")
    starts, ends = _halves(graph, "edges", shape)
    spans = graph.node("Gelu", [_span_sums(graph, starts, ends, weights["extent.weight"])], "spans")
    _probabilities(graph, spans)
    n = shape.inner
    return graph.finish(
        "upper",
        {"states": (FLOAT, [1, "t", shape.width]), "vectors": (FLOAT, ["n", n]), "biases": (FLOAT, ["n"])},
        {"hidden": ["t", shape.width], "edges": ["t", 2 * n], "probabilities": ["t", shape.max_width, "n"]},
    )


def pairs_graph(weights: Weights, shape: Shape) -> Any:
    """Of one text: chosen spans and ordered pairs of them -> probabilities of relations.

    hidden, edges: of `upper_graph`. firsts, lasts int64[k]: pieces of the chosen spans. heads, tails int64[p]: indexes of spans.
    vectors float32[m, inner], biases float32[m]: of the relation names. -> probabilities float32[p, m].
    """
    graph = _builder(weights, shape, in_int8=False)
    inner = shape.inner
    head_role, tail_role = weights["head_role.weight"], weights["tail_role.weight"]
    own = _chosen_spans(graph, weights["extent.weight"], shape)
    as_head = graph.affine("as_head", own, head_role[:, :inner].T, weights["head_role.bias"] + weights["tail_role.bias"])
    tail_weight = graph.constant("tail_weight", (head_role[:, inner:] + tail_role[:, inner:]).T)
    as_tail = graph.node("MatMul", [own, tail_weight], "as_tail")
    own_head, own_tail = graph.node("Gather", [own, "heads"], "own_head"), graph.node("Gather", [own, "tails"], "own_tail")
    product = graph.node("Mul", [own_head, own_tail], "product")
    both = graph.node("MatMul", [product, graph.constant("product_weight", tail_role[:, :inner].T)], "both")
    role_sum = graph.node(
        "Add", [graph.node("Gather", [as_head, "heads"], "head_part"), graph.node("Gather", [as_tail, "tails"], "tail_part")], "role_sum"
    )
    roles = graph.node("Add", [role_sum, both], "roles")
    total = graph.node("Add", [roles, _between(graph, weights["between.weight"], weights["between.bias"], shape)], "pair_sum")
    _probabilities(graph, graph.node("Gelu", [total], "pairs"))
    indexes: dict[str, tuple[int, list[int | str]]] = {
        "firsts": (INT64, ["k"]),
        "lasts": (INT64, ["k"]),
        "heads": (INT64, ["p"]),
        "tails": (INT64, ["p"]),
    }
    floats: dict[str, tuple[int, list[int | str]]] = {
        "hidden": (FLOAT, ["t", shape.width]),
        "edges": (FLOAT, ["t", 2 * inner]),
        "vectors": (FLOAT, ["m", inner]),
        "biases": (FLOAT, ["m"]),
    }
    return graph.finish("pairs", {**floats, **indexes}, {"probabilities": ["p", "m"]})


def _builder(weights: Weights, shape: Shape, *, in_int8: bool) -> GraphBuilder:
    sizes = LayerSizes(width=shape.width, n_heads=shape.n_heads, inner=4 * shape.width, norm_epsilon=shape.norm_epsilon)
    return GraphBuilder(tensors=layer_tensors(weights, shape.n_layers), sizes=sizes, in_int8=in_int8)


def _halves(graph: GraphBuilder, edges: str, shape: Shape) -> tuple[str, str]:
    """Edges [x, 2 * inner] -> of starts and of ends, each [x, inner]."""
    axis = graph.constant(f"{edges}.axis", np.array([1], np.int64))
    bounds = [graph.constant(f"{edges}.bound_{place}", np.array([place * shape.inner], np.int64)) for place in range(3)]
    parts = [graph.node("Slice", [edges, bounds[half], bounds[half + 1], axis], f"{edges}.half_{half}") for half in range(2)]
    return parts[0], parts[1]


def _span_sums(graph: GraphBuilder, starts: str, ends: str, extent: NDArray[np.float32]) -> str:
    """[t, max_width, inner]: start of piece t + end of piece t + w (the last piece beyond it) + extent of w."""
    one, nothing = graph.constant("one", np.array(1, np.int64)), graph.constant("nothing", np.array(0, np.int64))
    n_pieces = graph.node("Squeeze", [graph.node("Shape", ["hidden"], "n_pieces_row", start=0, end=1)], "n_pieces")
    places = graph.node("Range", [nothing, n_pieces, one], "places")
    column = graph.node("Unsqueeze", [places, graph.constant("column_axis", np.array([1], np.int64))], "column")
    widths = graph.constant("widths", np.arange(len(extent), dtype=np.int64)[None])
    last = graph.node("Sub", [n_pieces, one], "last_piece")
    reach = graph.node("Min", [graph.node("Add", [column, widths], "reach_sum"), last], "reach")
    far = graph.node("Gather", [ends, reach], "far_ends", axis=0)
    near = graph.node("Unsqueeze", [starts, graph.constant("near_axis", np.array([1], np.int64))], "near_starts")
    by_width = graph.node("Add", [near, graph.constant("extent", extent)], "starts_by_width")
    return graph.node("Add", [far, by_width], "span_sums")


def _chosen_spans(graph: GraphBuilder, extent: NDArray[np.float32], shape: Shape) -> str:
    """Vectors of the chosen spans, [k, inner]."""
    starts, ends = _halves(graph, "edges", shape)
    width = graph.node("Sub", ["lasts", "firsts"], "width_of_span")
    parts = [
        graph.node("Gather", [source, index], f"span_{name}")
        for name, source, index in (
            ("start", starts, "firsts"),
            ("end", ends, "lasts"),
            ("extent", graph.constant("extent", extent), width),
        )
    ]
    return graph.node("Gelu", [graph.node("Sum", parts, "span_sum")], "own")


def _between(graph: GraphBuilder, weight: NDArray[np.float32], bias: NDArray[np.float32], shape: Shape) -> str:
    """The projected mean of the hidden states from the first to the last piece of both spans, [p, inner].

    Sums up to the ends of spans are projected, and their differences divided: a product a span and not one a pair.
    """
    none = graph.constant("no_states", np.zeros((1, shape.width), np.float32))
    running = graph.node("CumSum", ["hidden", graph.constant("running_axis", np.array(0, np.int64))], "running")
    sums = graph.node("Concat", [none, running], "sums", axis=0)
    ends = graph.node("Add", ["lasts", graph.constant("one", np.array(1, np.int64))], "ends")
    projection = graph.constant("between_weight", weight.T)
    before = graph.node("MatMul", [graph.node("Gather", [sums, "firsts"], "sums_before"), projection], "before")
    upto = graph.node("MatMul", [graph.node("Gather", [sums, ends], "sums_upto"), projection], "upto")
    left, right = _outer(graph, "left", "firsts", "LessOrEqual"), _outer(graph, "right", "ends", "GreaterOrEqual")
    total = graph.node(
        "Sub", [graph.node("Gather", [upto, right], "sum_right"), graph.node("Gather", [before, left], "sum_left")], "sum_between"
    )
    n_pieces = graph.node(
        "Sub", [graph.node("Gather", ["ends", right], "end_right"), graph.node("Gather", ["firsts", left], "first_left")], "n_between"
    )
    column = graph.node("Unsqueeze", [n_pieces, graph.constant("column_axis", np.array([1], np.int64))], "n_between_column")
    mean = graph.node("Div", [total, graph.node("Cast", [column], "length", to=FLOAT)], "mean_between")
    return graph.node("Add", [mean, graph.constant("between_bias", bias)], "between")


def _outer(graph: GraphBuilder, name: str, places: str, comparison: str) -> str:
    """For each pair the index of that of its spans which lies further out."""
    of_head, of_tail = (
        graph.node("Gather", [places, "heads"], f"{name}_of_head"),
        graph.node("Gather", [places, "tails"], f"{name}_of_tail"),
    )
    return graph.node("Where", [graph.node(comparison, [of_head, of_tail], f"{name}_is_head"), "heads", "tails"], f"{name}_index")


def _probabilities(graph: GraphBuilder, left: str) -> None:
    """The output `probabilities`: left [..., inner] times the names' vectors, plus their biases, through a sigmoid."""
    turned = graph.node("Transpose", ["vectors"], "turned", perm=[1, 0])
    product = graph.node("MatMul", [left, turned], "score_product")
    graph.node("Sigmoid", [graph.node("Add", [product, "biases"], "scores")], "probabilities")
