"""What a fit leaves: the weights by parameter name, and what they are and how good on dev."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np
import torch

from tadarag.training.extractor.network import Extractor, Shape
from tadarag.training.extractor.thresholds import Thresholds

WEIGHTS, ABOUT = "weights.npz", "extractor.json"


@dataclass(frozen=True, slots=True, kw_only=True)
class About:
    """What extractor.json holds.

    trunk: fingerprint of the encoder and the name of the output that the network reads. settings: of the fit. data: for each set the
    sha256 of each of its files. dev: for each set its figures in percent under the thresholds.
    """

    shape: Shape
    trunk: str
    norm_epsilon: float
    thresholds: Thresholds
    seed: int
    steps: int
    settings: Mapping[str, Any]
    data: Mapping[str, Mapping[str, str]]
    dev: Mapping[str, Any]


def write_artefact(folder: Path, network: Extractor, about: About) -> None:
    """Write weights.npz (float32 by parameter name) and extractor.json."""
    weights = {name: value.detach().cpu().float().numpy() for name, value in network.state_dict().items()}
    np.savez(folder / WEIGHTS, **weights)
    row = {**asdict(about), "sets": sorted(about.data)}
    (folder / ABOUT).write_text(json.dumps(row, indent=1, ensure_ascii=False, sort_keys=True) + "\n", "utf-8")


def read_about(folder: Path) -> About:
    """What `write_artefact` has written of the network."""
    row = json.loads((folder / ABOUT).read_text("utf-8"))
    del row["sets"]
    return About(**{**row, "shape": Shape(**row["shape"]), "thresholds": Thresholds(**row["thresholds"])})


def load_network(folder: Path) -> Extractor:
    """The network of an artefact, in evaluation mode, on the CPU."""
    about = read_about(folder)
    network = Extractor(about.shape, about.norm_epsilon)
    with np.load(folder / WEIGHTS) as weights:
        network.load_state_dict({name: torch.from_numpy(weights[name]) for name in weights.files})
    network.eval()
    return network
