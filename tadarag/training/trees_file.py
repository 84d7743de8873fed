"""Trees as the product reads them: one npz file, and a manifest that says what they are, with the file's sha256."""

from __future__ import annotations

import json
from collections.abc import Mapping
from hashlib import sha256
from pathlib import Path
from typing import Any

import numpy as np

from tadarag.models.trees import Trees


def write_trees(folder: Path, trees: Trees, said: Mapping[str, Any], *, file: str, manifest: str, training: Mapping[str, Any]) -> None:
    """Write trees and manifest so that equal ones give equal bytes.

    said: what the trees are; with the file's hash it makes the fingerprint. training: how they came about, beside the fingerprint.
    """
    folder.mkdir(parents=True, exist_ok=True)
    np.savez_compressed(folder / file, **dict(sorted(trees.arrays().items())))  # type: ignore[arg-type]  # numpy's stub takes **kwds for allow_pickle
    data = (folder / file).read_bytes()
    whole = {**said, "files": {file: {"sha256": sha256(data).hexdigest(), "bytes": len(data)}}}
    fingerprint = sha256(json.dumps(whole, sort_keys=True).encode()).hexdigest()
    text = json.dumps({**whole, "fingerprint": fingerprint, "training": training}, indent=1, ensure_ascii=False)
    (folder / manifest).write_text(text + "\n", encoding="utf-8")
