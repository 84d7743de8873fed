"""The whole of policy B on the generated world, for one seed: a tiny model from scratch, stage 1, stage 2, and what held-out answers say."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from copy import deepcopy
from dataclasses import dataclass, field, replace
from pathlib import Path
from statistics import fmean
from typing import Any

import torch

from tadarag.training.causal.answering import Answered, answer_items, answers_behind
from tadarag.training.causal.encoding import EncodedItem, encode_items
from tadarag.training.causal.frozen_reader import parameters_hash
from tadarag.training.causal.gate import Gate
from tadarag.training.causal.graph_rewards import scoring_of
from tadarag.training.causal.item_rollouts import Asked, SelectionSettings, roll_out, select_items
from tadarag.training.causal.markers import Markers, add_markers
from tadarag.training.causal.prefix import pad_left, read_prefix
from tadarag.training.causal.reading import ReadingSettings, learn_to_read
from tadarag.training.causal.sampling import Drawing
from tadarag.training.causal.stage_two_fit import StageTwoRun, fit_stage_two, make_policy
from tadarag.training.causal.stage_two_settings import StageTwoSettings
from tadarag.training.causal.supervised import SupervisedSettings, fit_supervised
from tadarag.training.causal.taught_state import keep_taught, load_taught
from tadarag.training.causal.tiny_model import tiny_model, word_tokenizer
from tadarag.training.causal.world import WorldShape, make_items, make_restated_texts, world_pieces
from tadarag.training.rewards.weighted import read_weights
from tadarag.training.selection.choosing import Selection
from tadarag.training.selection.rollouts import Rollouts

MAX_ANSWER = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class WorldSettings:
    """A run on the world. n_train, n_test: items of stage 1 and held out. n_reinforced: items of its own that stage 2 draws from.

    reward_weights: of terms of F10, in the place of its own. selection: which of its items stage 2 learns from; None for all.
    """

    shape: WorldShape
    reading: ReadingSettings
    supervised: SupervisedSettings
    stage_two: StageTwoSettings
    width: int = 64
    n_layers: int = 2
    n_heads: int = 4
    n_train: int = 8000
    n_reinforced: int = 2000
    n_test: int = 400
    reward_weights: Mapping[str, float] = field(default_factory=dict)
    selection: SelectionSettings | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Started:
    """A tiny model after stage 1, with the items that it will be measured and reinforced on."""

    model: Any
    tokenizer: Any
    markers: Markers
    reinforced: list[EncodedItem]
    held_out: list[EncodedItem]
    reading_rows: list[dict[str, float]]
    supervised_rows: list[dict[str, float]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Measured:
    """Held-out figures of one way to answer: whether each answer was exactly right, and the tokens of each graph."""

    is_right: tuple[bool, ...]
    graph_tokens: tuple[int, ...] = ()

    @property
    def exact_match(self) -> float:
        """Share of exactly right answers."""
        return fmean(map(float, self.is_right))


Report = Callable[[str], None]


def start_world(settings: WorldSettings, *, seed: int, report: Report, taught: Path | None = None) -> Started:
    """Make the items and the model; it learns to read, then the teacher's graphs and the answers with and without them.

    taught: a file with what stage 1 has left; written where there is none. Raises TrainingError for one that other settings have made.
    """
    tokenizer = word_tokenizer(world_pieces(settings.shape.language))
    model = tiny_model(tokenizer, width=settings.width, n_layers=settings.n_layers, n_heads=settings.n_heads, seed=seed).eval()
    markers = add_markers(model, tokenizer)

    def items(split: str, n: int) -> list[EncodedItem]:
        return encode_items(tokenizer, make_items(settings.shape, n=n, seed=seed, split=split))

    made_of = repr(
        (seed, settings.shape, settings.reading, settings.supervised, settings.width, settings.n_layers, settings.n_heads, settings.n_train)
    )
    if taught is not None and taught.is_file():
        read, rows = load_taught(model, taught, made_of=made_of)
    else:
        n_texts = settings.reading.steps * settings.reading.batch_size
        texts = make_restated_texts(settings.shape, n=n_texts, seed=seed, graph_share=settings.reading.graph_share)
        read = learn_to_read(model, tokenizer, texts, settings.reading, report=report)
        rows = fit_supervised(model, items("taught", settings.n_train), markers, settings.supervised, seed=seed, report=report)
        if taught is not None:
            keep_taught(model, (read, rows), taught, made_of=made_of)
    return Started(
        model=model,
        tokenizer=tokenizer,
        markers=markers,
        reinforced=items("reinforced", settings.n_reinforced),
        held_out=items("held out", settings.n_test),
        reading_rows=read,
        supervised_rows=rows,
    )


def measure(started: Started, settings: WorldSettings, *, way: str, gate: Gate | None = None) -> Measured:
    """Answer the held-out items greedily, one way."""
    return _measured(_answered(started, settings, way, gate), started)


def measure_graphs(started: Started, settings: WorldSettings, reader: Any) -> tuple[Measured, Measured]:
    """The held-out answers of the model behind its own graphs, and those that another model gives behind the same graphs."""
    answered = _answered(started, settings, "graph", None)
    pad, read = started.model.config.pad_token_id, []
    with torch.no_grad():
        prefix = read_prefix(reader, pad_left([one.prompt for one in started.held_out], pad, reader.device))
        graphs = [one.graph for one in answered if one.graph is not None]
        read = answers_behind(reader, prefix, graphs, started.markers, max_answer=MAX_ANSWER)
    handed = [replace(one, ids=ids) for one, ids in zip(answered, read, strict=True)]
    return _measured(answered, started), _measured(handed, started)


def choose_items(
    started: Started, settings: WorldSettings, selection: SelectionSettings, *, seed: int
) -> tuple[list[EncodedItem], Selection]:
    """The items that a selection has stage 2 learn from, by rollouts of the model as it stands."""
    rollouts = roll_out_world(started, settings, selection, seed=seed)
    return select_items(started.reinforced, rollouts, selection, seed=seed, group=settings.stage_two.n_graphs)


def roll_out_world(started: Started, settings: WorldSettings, selection: SelectionSettings, *, seed: int) -> list[Rollouts]:
    """The rollouts of all items of stage 2, graphs drawn as in training."""
    drawing = Drawing(temperature=settings.stage_two.temperature, max_tokens=settings.stage_two.max_graph_tokens)
    asked = Asked(model=started.model, tokenizer=started.tokenizer, markers=started.markers, drawing=drawing, max_answer=MAX_ANSWER)
    return roll_out(asked, started.reinforced, selection, seed=seed)


def reinforce_world(
    started: Started, settings: WorldSettings, *, seed: int, report: Report, items: Sequence[EncodedItem] | None = None
) -> tuple[StageTwoRun, Gate]:
    """Stage 2 in place, on these items of the world's own for it, or on all."""
    policy = make_policy(started.model, started.tokenizer, started.markers, settings.stage_two, seed=seed)
    scoring = scoring_of(read_weights(settings.reward_weights))
    chosen = started.reinforced if items is None else items
    run = fit_stage_two(policy, chosen, settings.stage_two, scoring, seed=seed, report=report)
    return run, policy.gate


@dataclass(frozen=True, slots=True, kw_only=True)
class SeedResult:
    """One seed. measures by name: alone, graph (after stage 1); reinforced, mixed, alone_after (after stage 2); handed (the reinforced graphs read
    by the model of stage 1, so that graphs alone differ); control (behind the graphs after stage 2 with beta 0)."""

    seed: int
    measures: dict[str, Measured]
    reading_rows: list[dict[str, float]]
    supervised_rows: list[dict[str, float]]
    run: StageTwoRun
    weights_sha256: str
    selection: Selection | None = None


def run_seed(
    settings: WorldSettings, *, seed: int, with_control: bool = False, report: Report = lambda message: None, taught: Path | None = None
) -> SeedResult:
    """All of one seed. with_control: stage 2 once more from the same start with beta 0: the same answers are learned, nothing is reinforced."""
    started = start_world(settings, seed=seed, report=report, taught=taught)
    measures = {way: measure(started, settings, way=way) for way in ("alone", "graph")}
    report(", ".join(f"{name} {one.exact_match:.3f}" for name, one in measures.items()))
    before = deepcopy(started.model)
    items, selection = choose_items(started, settings, settings.selection, seed=seed) if settings.selection else (None, None)
    run, gate = reinforce_world(started, settings, seed=seed, report=report, items=items)
    measures["reinforced"], measures["handed"] = measure_graphs(started, settings, before)
    measures["mixed"] = measure(started, settings, way="mixed", gate=gate)
    measures["alone_after"] = measure(started, settings, way="alone")
    sha256 = parameters_hash(started.model)
    if with_control:
        unrewarded = replace(settings, stage_two=replace(settings.stage_two, beta=0.0))
        control = replace(started, model=before)
        reinforce_world(control, unrewarded, seed=seed, report=report, items=items)
        measures["control"] = measure(control, settings, way="graph")
    report(", ".join(f"{name} {one.exact_match:.3f}" for name, one in measures.items()))
    return SeedResult(
        seed=seed,
        measures=measures,
        reading_rows=started.reading_rows,
        supervised_rows=started.supervised_rows,
        run=run,
        weights_sha256=sha256,
        selection=selection,
    )


def _answered(started: Started, settings: WorldSettings, way: str, gate: Gate | None) -> list[Answered]:
    return answer_items(
        started.model,
        started.held_out,
        started.markers,
        way=way,
        max_graph=settings.stage_two.max_graph_tokens,
        max_answer=MAX_ANSWER,
        gate=gate,
    )


def _measured(answered: Sequence[Answered], started: Started) -> Measured:
    return Measured(
        is_right=tuple(one.ids == item.answer[:-1] for one, item in zip(answered, started.held_out, strict=True)),
        graph_tokens=tuple(len(one.graph.ids) for one in answered if one.graph),
    )
