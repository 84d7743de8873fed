"""The whole of policy B on the generated world, for one seed: a tiny model from scratch, stage 1, stage 2, and what held-out answers say."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from statistics import fmean
from typing import Any

from tadarag.training.causal.answering import Answered, answer_items
from tadarag.training.causal.encoding import EncodedItem, encode_items
from tadarag.training.causal.frozen_reader import parameters_hash
from tadarag.training.causal.gate import Gate
from tadarag.training.causal.graph_rewards import scoring_of
from tadarag.training.causal.markers import Markers, add_markers
from tadarag.training.causal.reading import ReadingSettings, learn_to_read
from tadarag.training.causal.stage_two_fit import StageTwoRun, fit_stage_two, make_policy
from tadarag.training.causal.stage_two_settings import StageTwoSettings
from tadarag.training.causal.supervised import SupervisedSettings, fit_supervised
from tadarag.training.causal.tiny_model import tiny_model, word_tokenizer
from tadarag.training.causal.world import WorldShape, make_items, make_restated_texts, world_pieces

MAX_ANSWER = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class WorldSettings:
    """A run on the world. n_train, n_test: items of stage 1 and held out; stage 2 draws from n_train items of its own."""

    shape: WorldShape
    reading: ReadingSettings
    supervised: SupervisedSettings
    stage_two: StageTwoSettings
    width: int = 64
    n_layers: int = 2
    n_heads: int = 4
    n_train: int = 8000
    n_test: int = 400


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
    graph_tokens: tuple[int, ...]

    @property
    def exact_match(self) -> float:
        """Share of exactly right answers."""
        return fmean(map(float, self.is_right))


Report = Callable[[str], None]


def start_world(settings: WorldSettings, *, seed: int, report: Report) -> Started:
    """Make the items and the model; it learns to read, then the teacher's graphs and the answers with and without them."""
    tokenizer = word_tokenizer(world_pieces(settings.shape.language))
    model = tiny_model(tokenizer, width=settings.width, n_layers=settings.n_layers, n_heads=settings.n_heads, seed=seed).eval()
    markers = add_markers(model, tokenizer)

    n_texts = settings.reading.steps * settings.reading.batch_size
    texts = make_restated_texts(settings.shape, n=n_texts, seed=seed)
    read = learn_to_read(model, tokenizer, texts, settings.reading, report=report)

    def items(split: str, n: int) -> list[EncodedItem]:
        return encode_items(tokenizer, make_items(settings.shape, n=n, seed=seed, split=split))

    rows = fit_supervised(model, items("taught", settings.n_train), markers, settings.supervised, seed=seed, report=report)
    return Started(
        model=model,
        tokenizer=tokenizer,
        markers=markers,
        reinforced=items("reinforced", settings.n_train),
        held_out=items("held out", settings.n_test),
        reading_rows=read,
        supervised_rows=rows,
    )


def measure(started: Started, settings: WorldSettings, *, way: str, gate: Gate | None = None) -> Measured:
    """Answer the held-out items greedily, one way."""
    answered = answer_items(
        started.model,
        started.held_out,
        started.markers,
        way=way,
        max_graph=settings.stage_two.max_graph_tokens,
        max_answer=MAX_ANSWER,
        gate=gate,
    )
    return Measured(
        is_right=tuple(_rights(answered, started.held_out)), graph_tokens=tuple(len(one.graph.ids) for one in answered if one.graph)
    )


def reinforce_world(started: Started, settings: WorldSettings, *, seed: int, report: Report) -> tuple[StageTwoRun, Gate]:
    """Stage 2 in place."""
    policy = make_policy(started.model, started.tokenizer, started.markers, settings.stage_two, seed=seed)
    run = fit_stage_two(policy, started.reinforced, settings.stage_two, scoring_of(), seed=seed, report=report)
    return run, policy.gate


@dataclass(frozen=True, slots=True, kw_only=True)
class SeedResult:
    """One seed: measures by name (alone, graph: after stage 1; reinforced, mixed: after stage 2; control: after stage 2 with beta 0)."""

    seed: int
    measures: dict[str, Measured]
    reading_rows: list[dict[str, float]]
    supervised_rows: list[dict[str, float]]
    run: StageTwoRun
    weights_sha256: str


def run_seed(settings: WorldSettings, *, seed: int, with_control: bool, report: Report = lambda message: None) -> SeedResult:
    """All of one seed. with_control: stage 2 once more from the same start with beta 0: the same answers are learned, nothing is reinforced."""
    started = start_world(settings, seed=seed, report=report)
    measures = {way: measure(started, settings, way=way) for way in ("alone", "graph")}
    report(", ".join(f"{name} {one.exact_match:.3f}" for name, one in measures.items()))
    after_stage_one = {name: value.clone() for name, value in started.model.state_dict().items()}
    run, gate = reinforce_world(started, settings, seed=seed, report=report)
    measures["reinforced"] = measure(started, settings, way="graph")
    measures["mixed"] = measure(started, settings, way="mixed", gate=gate)
    measures["alone_after"] = measure(started, settings, way="alone")
    sha256 = parameters_hash(started.model)
    if with_control:
        started.model.load_state_dict(after_stage_one)
        unrewarded = replace(settings, stage_two=replace(settings.stage_two, beta=0.0))
        reinforce_world(started, unrewarded, seed=seed, report=report)
        measures["control"] = measure(started, settings, way="graph")
    report(", ".join(f"{name} {one.exact_match:.3f}" for name, one in measures.items()))
    return SeedResult(
        seed=seed,
        measures=measures,
        reading_rows=started.reading_rows,
        supervised_rows=started.supervised_rows,
        run=run,
        weights_sha256=sha256,
    )


def _rights(answered: Sequence[Answered], items: Sequence[EncodedItem]) -> list[bool]:
    return [one.ids == item.answer[:-1] for one, item in zip(answered, items, strict=True)]
