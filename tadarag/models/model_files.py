"""The files of a shipped model: a manifest with the sha256 of each, and how they are checked and opened."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Set
from pathlib import Path
from typing import TYPE_CHECKING, Any

from tadarag.errors import ModelFileDamaged

if TYPE_CHECKING:
    from onnxruntime import InferenceSession

_REMEDY = "reinstall tadarag: pip install --force-reinstall tadarag"


def read_manifest(file: Path, *, required: Set[str]) -> dict[str, Any]:
    """The JSON object in `file`. Raises ModelFileDamaged when it is missing, none, or lacks a required key."""
    try:
        manifest = json.loads(file.read_bytes())
    except FileNotFoundError:
        raise ModelFileDamaged(f"the model file {file} is missing", _REMEDY) from None
    except ValueError as error:
        raise ModelFileDamaged(f"the model file {file} is damaged: {error}", _REMEDY) from error
    if not isinstance(manifest, dict):
        raise ModelFileDamaged(f"the model file {file} is damaged: it is not a JSON object", _REMEDY)
    missing = required - manifest.keys()
    if missing:
        raise ModelFileDamaged(f"the model file {file} lacks {', '.join(sorted(missing))}", _REMEDY)
    return manifest


def checked_file(folder: Path, manifest: Mapping[str, Any], name: str) -> Path:
    """The path of a file whose sha256 is the manifest's (30 ms for 52 MB, so at every start). Raises ModelFileDamaged naming both hashes."""
    file, expected = folder / name, manifest["files"][name]["sha256"]
    try:
        with file.open("rb") as stream:
            found = hashlib.file_digest(stream, "sha256").hexdigest()
    except FileNotFoundError:
        raise ModelFileDamaged(f"the model file {file} is missing", _REMEDY) from None
    if found != expected:
        raise ModelFileDamaged(f"the model file {file} is damaged: its sha256 is {found}, not {expected}", _REMEDY)
    return file


def open_session(file: Path) -> InferenceSession:
    """A session that runs on the calling thread alone, so that N threads are N single-threaded runs."""
    from onnxruntime import GraphOptimizationLevel, InferenceSession, SessionOptions

    options = SessionOptions()
    options.intra_op_num_threads = 1  # the calling thread does all the work of its run
    options.inter_op_num_threads = 1
    options.graph_optimization_level = GraphOptimizationLevel.ORT_DISABLE_ALL  # the file holds the fused graph already
    return InferenceSession(file, options, providers=["CPUExecutionProvider"])
