"""What a fit of the answerer leaves: the weights by parameter name, and what they are and how good on dev."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np
import torch

from tadarag.training.answerer.network import AnswerNetwork, NetworkShape

WEIGHTS, ABOUT = "weights.npz", "answerer.json"


@dataclass(frozen=True, slots=True, kw_only=True)
class About:
    """What answerer.json holds. trunk: fingerprint of the encoder and the name of the output that the network reads. data: by input, by file,
    the sha256. dev: for each set its figures in percent."""

    shape: NetworkShape
    trunk: str
    norm_epsilon: float
    seed: int
    steps: int
    settings: Mapping[str, Any]
    data: Mapping[str, Mapping[str, str]]
    dev: Mapping[str, Mapping[str, float]]


def write_artefact(folder: Path, network: AnswerNetwork, about: About) -> None:
    """Write weights.npz (float32 by parameter name) and answerer.json."""
    np.savez(folder / WEIGHTS, **{name: value.detach().cpu().float().numpy() for name, value in network.state_dict().items()})
    (folder / ABOUT).write_text(json.dumps(asdict(about), indent=1, ensure_ascii=False, sort_keys=True) + "\n", "utf-8")


def read_about(folder: Path) -> About:
    """What `write_artefact` has written of the network."""
    row = json.loads((folder / ABOUT).read_text("utf-8"))
    return About(**{**row, "shape": NetworkShape(**row["shape"])})


def load_network(folder: Path) -> AnswerNetwork:
    """The network of an artefact, in evaluation mode, on the CPU."""
    about = read_about(folder)
    network = AnswerNetwork(about.shape, about.norm_epsilon)
    with np.load(folder / WEIGHTS) as weights:
        network.load_state_dict({name: torch.from_numpy(weights[name]) for name in weights.files})
    network.eval()
    return network
