"""Makes the shipped answerer from trained weights: one ONNX graph, layers in int8, and a manifest.

    python -m tadarag.training.answerer_export --weights FOLDER --out tadarag/models/files/answerer

FOLDER holds weights.npz (arrays by the names of the network's parameters) and answerer.json (shape, what it was trained on). Needs `onnx`
beside the core install, no torch; the same weights give the same bytes. MODEL_CARD.md is written by hand beside the files.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import logging
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tadarag.models.onnx_encoder import TRUNK, shipped_fingerprint
from tadarag.training.transformer_graph import FLOAT, INT64, GraphBuilder, LayerSizes, layer_tensors

GRAPH = "answerer.onnx"
_log = logging.getLogger(__name__)
Weights = Mapping[str, NDArray[np.float32]]


def main(arguments: Sequence[str] | None = None) -> None:
    """Write answerer.onnx and answerer.json to --out."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--weights", type=Path, required=True, help="folder with weights.npz and answerer.json of a training run")
    parser.add_argument("--out", type=Path, required=True, help="folder for the answerer's files")
    options = parser.parse_args(arguments)
    logging.basicConfig(level=logging.INFO, format="%(message)s")
    manifest = export_answerer(options.weights, options.out)
    _log.info("%s %.1f MB, fingerprint %s", GRAPH, manifest["files"][GRAPH]["bytes"] / 1e6, manifest["fingerprint"])


def export_answerer(source: Path, out: Path, *, in_int8: bool = True) -> dict[str, Any]:
    """Write the answerer's files to `out` and return the manifest.

    in_int8: products of the layers in int8; otherwise float32, the reference that fidelity is measured against. Raises OSError, KeyError
    for a parameter that is missing, and ValueError for weights that read other states than the shipped encoder's.
    """
    record = json.loads((source / "answerer.json").read_text("utf-8"))
    trunk = f"{shipped_fingerprint()}/{TRUNK}"
    if record["trunk"] != trunk:
        raise ValueError(f"the weights read the states {record['trunk']}, the shipped encoder gives {trunk}")
    with np.load(source / "weights.npz") as archive:
        weights = {name: archive[name].astype(np.float32) for name in archive.files}
    shape = record["shape"]
    sizes = LayerSizes(width=shape["width"], n_heads=shape["n_heads"], inner=4 * shape["width"], norm_epsilon=float(record["norm_epsilon"]))
    content = answer_graph(weights, sizes, n_layers=shape["n_layers"], in_int8=in_int8).SerializeToString(deterministic=True)
    out.mkdir(parents=True, exist_ok=True)
    (out / GRAPH).write_bytes(content)
    manifest = {
        "name": "answerer on the trunk of the shipped encoder" + (", int8" if in_int8 else ""),
        "fingerprint": hashlib.sha256(content + trunk.encode()).hexdigest(),
        "trunk": trunk,
        "files": {GRAPH: {"sha256": hashlib.sha256(content).hexdigest(), "bytes": len(content)}},
        "shape": {**shape, "n_roles": len(weights["roles.weight"])},
        "training": {name: record[name] for name in ("data", "dev", "seed", "steps", "settings")},
        "licence": "Apache-2.0",
    }
    (out / "answerer.json").write_text(json.dumps(manifest, indent=2, ensure_ascii=False) + "\n", "utf-8")
    return manifest


def answer_graph(weights: Weights, sizes: LayerSizes, *, n_layers: int, in_int8: bool) -> Any:
    """The network of `tadarag.training.answerer.network` for one reading.

    states float32[1, t, width], roles int64[1, t] -> ends float32[1 + t, 2], verdicts float32[n_verdicts]: logits.
    """
    graph = GraphBuilder(tensors=layer_tensors(weights, n_layers), sizes=sizes, in_int8=in_int8)
    role_vectors = graph.node("Gather", [graph.constant("role_table", weights["roles.weight"]), "roles"], "role_vectors", axis=0)
    told = graph.node("Add", ["states", role_vectors], "told_states")
    hidden = graph.node("Concat", [graph.constant("mark", weights["mark"].reshape(1, 1, -1)), told], "marked", axis=1)
    for index in range(n_layers):
        hidden = graph.layer(f"l{index}", hidden, f"hidden_{index}")
    rows = graph.node("Squeeze", [hidden, graph.constant("batch", np.array([0], np.int64))], "rows")
    ends = _linear(graph, "end", rows, weights["ends.weight"], weights["ends.bias"])
    graph.node("Identity", [ends], "ends")
    row = graph.node("Gather", [rows, graph.constant("first", np.array([0], np.int64))], "mark_row", axis=0)
    inner = graph.node("Tanh", [_linear(graph, "verdict_in", row, weights["verdict.0.weight"], weights["verdict.0.bias"])], "verdict_inner")
    logits = _linear(graph, "verdict_out", inner, weights["verdict.3.weight"], weights["verdict.3.bias"])
    graph.node("Squeeze", [logits, graph.constant("verdict_axis", np.array([0], np.int64))], "verdicts")
    n_verdicts = len(weights["verdict.3.bias"])
    return graph.finish(
        "answerer",
        {"states": (FLOAT, [1, "t", sizes.width]), "roles": (INT64, [1, "t"])},
        {"ends": ["places", 2], "verdicts": [n_verdicts]},
    )


def _linear(graph: GraphBuilder, name: str, hidden: str, weight: NDArray[np.float32], bias: NDArray[np.float32]) -> str:
    """A product in float32 whatever the layers are in: heads are small, and their values are compared."""
    product = graph.node("MatMul", [hidden, graph.constant(f"{name}.weight", weight.T)], f"{name}.product")
    return graph.node("Add", [product, graph.constant(f"{name}.bias", bias)], f"{name}.sum")


if __name__ == "__main__":
    main()
