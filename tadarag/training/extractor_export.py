"""Makes the shipped extractor from trained weights: three ONNX graphs, layers in int8, and a manifest.

    python -m tadarag.training.extractor_export --weights FOLDER --out tadarag/models/files/extractor

FOLDER holds weights.npz (arrays by the names of the network's parameters) and extractor.json (shape, thresholds, what it was trained on).
Needs `onnx` beside the core install, no torch; the same weights give the same bytes. MODEL_CARD.md is written by hand beside the files.
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

from tadarag.models.onnx_encoder import TRUNK, shipped_fingerprint
from tadarag.training.extractor_graph import Shape, Weights, names_graph, pairs_graph, upper_graph

_log = logging.getLogger(__name__)


def main(arguments: Sequence[str] | None = None) -> None:
    """Write names.onnx, upper.onnx, pairs.onnx and extractor.json to --out."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--weights", type=Path, required=True, help="folder with weights.npz and extractor.json of a training run")
    parser.add_argument("--out", type=Path, required=True, help="folder for the extractor's files")
    parser.add_argument("--span-threshold", type=float, help="least probability of a name, in place of the run's own")
    parser.add_argument("--pair-threshold", type=float, help="least probability of a fact, in place of the run's own")
    parser.add_argument(
        "--float32", action="store_true", help="layers in float32, four times as large: what int8 costs is then not measured"
    )
    options = parser.parse_args(arguments)
    logging.basicConfig(level=logging.INFO, format="%(message)s")
    manifest = export_extractor(
        options.weights,
        options.out,
        in_int8=not options.float32,
        span_threshold=options.span_threshold,
        pair_threshold=options.pair_threshold,
    )
    sizes = ", ".join(f"{name} {entry['bytes'] / 1e6:.1f} MB" for name, entry in manifest["files"].items())
    _log.info("%s, fingerprint %s", sizes, manifest["fingerprint"])


def export_extractor(
    source: Path, out: Path, *, in_int8: bool = True, span_threshold: float | None = None, pair_threshold: float | None = None
) -> dict[str, Any]:
    """Write the extractor's files to `out` and return the manifest.

    in_int8: products of the layers in int8; otherwise float32, the reference that fidelity is measured against. span_threshold, pair_threshold:
    in place of those that the run chose on its own sets; templates that it never saw want higher ones.
    Raises OSError, KeyError for a parameter that is missing, and ValueError for weights that read other states than the shipped encoder's.
    """
    record = json.loads((source / "extractor.json").read_text("utf-8"))
    for name, value in (("span", span_threshold), ("pair", pair_threshold)):
        if value is not None:
            record["thresholds"][name] = value
    with np.load(source / "weights.npz") as archive:
        weights = {name: archive[name].astype(np.float32) for name in archive.files}
    shape = shape_of(record)
    graphs = graphs_of(weights, shape, in_int8=in_int8)
    out.mkdir(parents=True, exist_ok=True)
    for name, content in graphs.items():
        (out / name).write_bytes(content)
    manifest = _manifest(record, graphs, shape, in_int8=in_int8)
    (out / "extractor.json").write_text(json.dumps(manifest, indent=2, ensure_ascii=False) + "\n", "utf-8")
    return manifest


def graphs_of(weights: Weights, shape: Shape, *, in_int8: bool) -> dict[str, bytes]:
    """The three graphs, serialised, by their file names."""
    graphs = {
        "names.onnx": names_graph(weights, shape),
        "pairs.onnx": pairs_graph(weights, shape),
        "upper.onnx": upper_graph(weights, shape, in_int8=in_int8),
    }
    return {name: graph.SerializeToString(deterministic=True) for name, graph in graphs.items()}


def shape_of(record: Mapping[str, Any]) -> Shape:
    """The shape that a training run states."""
    stated = record["shape"]
    sizes = {name: int(stated[name]) for name in ("n_layers", "max_width", "inner", "width", "n_heads")}
    return Shape(**sizes, norm_epsilon=float(record["norm_epsilon"]))


def _manifest(record: Mapping[str, Any], graphs: Mapping[str, bytes], shape: Shape, *, in_int8: bool) -> dict[str, Any]:
    if record["trunk"] != f"{shipped_fingerprint()}/{TRUNK}":
        raise ValueError(f"the weights read the states {record['trunk']}, the shipped encoder gives {shipped_fingerprint()}/{TRUNK}")
    trunk = record["trunk"]
    thresholds = {name: float(record["thresholds"][name]) for name in ("span", "pair")}
    digest = hashlib.sha256(b"".join(graphs[name] for name in sorted(graphs)))
    digest.update(json.dumps({"thresholds": thresholds, "trunk": trunk}, sort_keys=True).encode())
    return {
        "name": f"extractor on the trunk of the shipped encoder, {'int8' if in_int8 else 'float32'}",
        "fingerprint": digest.hexdigest(),
        "trunk": trunk,
        "files": {name: {"sha256": hashlib.sha256(graphs[name]).hexdigest(), "bytes": len(graphs[name])} for name in sorted(graphs)},
        "shape": {"width": shape.width, "inner": shape.inner, "max_width": shape.max_width, "n_layers": shape.n_layers},
        "thresholds": thresholds,
        "training": {name: value for name, value in record.items() if name in ("sets", "data", "dev", "seed", "steps", "settings")},
        "licence": "Apache-2.0",
    }


if __name__ == "__main__":
    main()
