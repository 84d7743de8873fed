"""Trees as the product reads them: npz files, and a manifest that says what they are, with each file's sha256."""

from __future__ import annotations

import json
from collections.abc import Mapping
from hashlib import sha256
from pathlib import Path
from typing import Any

import numpy as np

from tadarag.models.trees import Trees


def write_trees(folder: Path, trees: Mapping[str, Trees], said: Mapping[str, Any], *, manifest: str, training: Mapping[str, Any]) -> None:
    """Write trees, by the name of their file, and manifest so that equal ones give equal bytes.

    said: what the trees are; with the files' hashes it makes the fingerprint. training: how they came about, beside the fingerprint.
    """
    folder.mkdir(parents=True, exist_ok=True)
    whole = {**said, "files": {name: _written(folder / name, one) for name, one in trees.items()}}
    fingerprint = sha256(json.dumps(whole, sort_keys=True).encode()).hexdigest()
    text = json.dumps({**whole, "fingerprint": fingerprint, "training": training}, indent=1, ensure_ascii=False)
    (folder / manifest).write_text(text + "\n", encoding="utf-8")


def _written(file: Path, trees: Trees) -> dict[str, Any]:
    np.savez_compressed(file, **dict(sorted(trees.arrays().items())))  # type: ignore[arg-type]  # numpy's stub takes **kwds for allow_pickle
    data = file.read_bytes()
    return {"sha256": sha256(data).hexdigest(), "bytes": len(data)}
