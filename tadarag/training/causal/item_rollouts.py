"""How hard each item is for a policy that writes graphs, by asking it several times; and the items that a selection chooses by that."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any

import torch
from torch import Tensor

from tadarag.errors import TrainingError
from tadarag.nearest import nearest
from tadarag.training.causal.answering import answers_behind
from tadarag.training.causal.encoding import EncodedItem, encode_items
from tadarag.training.causal.markers import Markers
from tadarag.training.causal.prefix import Prefix, pad_left, read_prefix
from tadarag.training.causal.sampling import Drawing, draw_graphs
from tadarag.training.reinforcement.named_streams import named_seed
from tadarag.training.selection.choosing import STRATEGIES, Selection, Wanted, choose
from tadarag.training.selection.rollouts import Rollouts


@dataclass(frozen=True, slots=True, kw_only=True)
class SelectionSettings:
    """Which items stage 2 learns from. strategy: a name of `STRATEGIES`. share: of the items that are asked, so many are chosen at most.

    n_samples: graphs an item, each with its greedy answer. n_blind: tries to answer without the text.
    """

    strategy: str = "medium"
    share: float = 0.25
    n_samples: int = 8
    n_blind: int = 4

    def __post_init__(self) -> None:
        if self.strategy not in STRATEGIES:
            raise TrainingError(f"there is no selection {self.strategy!r}", nearest(self.strategy, STRATEGIES))
        if not 0 < self.share <= 1 or self.n_samples < 1 or self.n_blind < 0:
            raise TrainingError(
                "share must be above 0 and at most 1, n_samples 1 at least, n_blind not below 0", "correct the recipe's parameters"
            )


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """A model that writes graphs, what it needs to be asked, and how its graphs are drawn. max_answer: tokens."""

    model: Any
    tokenizer: Any
    markers: Markers
    drawing: Drawing
    max_answer: int


def roll_out(asked: Asked, items: Sequence[EncodedItem], settings: SelectionSettings, *, seed: int, batch_size: int = 16) -> list[Rollouts]:
    """The rollouts of every item, named by its place, "0" for the first. A sample is right when its answer is the gold one, token for token."""
    found = []
    with torch.no_grad():
        for start in range(0, len(items), batch_size):
            batch = items[start : start + batch_size]
            generator = torch.Generator().manual_seed(named_seed(seed, "rollouts", start) % 2**63)
            answers = _behind_drawn_graphs(asked, batch, settings.n_samples, generator)
            blind = _without_text(asked, batch, settings.n_blind, generator)
            found += [_rollouts(asked.tokenizer, start + place, one, answers[place], blind[place]) for place, one in enumerate(batch)]
    return found


def select_items(
    items: Sequence[EncodedItem], rollouts: Sequence[Rollouts], settings: SelectionSettings, *, seed: int, group: int
) -> tuple[list[EncodedItem], Selection]:
    """The chosen items, the best first, and the selection. group: graphs of an item in training. Raises TrainingError when none qualifies."""
    selection = choose(rollouts, settings.strategy, Wanted(size=max(1, round(settings.share * len(rollouts))), seed=seed, group=group))
    if not selection.items:
        reasons = ", ".join(f"{count} {reason}" for reason, count in selection.discarded)
        raise TrainingError(f"no item qualifies: {reasons}", "ask more items, teach the model for longer, or choose another strategy")
    return [items[int(name)] for name in selection.items], selection


def _behind_drawn_graphs(asked: Asked, batch: Sequence[EncodedItem], n: int, generator: torch.Generator) -> list[list[tuple[int, ...]]]:
    prefix = _read(asked, batch).repeated(n)
    graphs = draw_graphs(asked.model, prefix, asked.markers, asked.drawing, eos=asked.tokenizer.eos_token_id, generator=generator)
    return _grouped(answers_behind(asked.model, prefix, graphs, asked.markers, max_answer=asked.max_answer), n)


def _without_text(asked: Asked, batch: Sequence[EncodedItem], n: int, generator: torch.Generator) -> list[list[tuple[int, ...]]]:
    """n answers an item that are drawn when the question stands alone."""
    if not n:
        return [[] for _ in batch]
    bare = encode_items(asked.tokenizer, [replace(one.item, source="") for one in batch])
    prefix = _read(asked, bare).repeated(n)
    return _grouped(answers_behind(asked.model, prefix, None, asked.markers, max_answer=asked.max_answer, choose=_drawn_by(generator)), n)


def _drawn_by(generator: torch.Generator) -> Callable[[Tensor], Tensor]:
    def drawn(logits: Tensor) -> Tensor:
        return torch.multinomial(torch.softmax(logits.float(), -1).cpu(), 1, generator=generator)[:, 0]

    return drawn


def _read(asked: Asked, batch: Sequence[EncodedItem]) -> Prefix:
    return read_prefix(asked.model, pad_left([one.prompt for one in batch], asked.model.config.pad_token_id, asked.model.device))


def _grouped(answers: Sequence[tuple[int, ...]], n: int) -> list[list[tuple[int, ...]]]:
    return [list(answers[start : start + n]) for start in range(0, len(answers), n)]


def _rollouts(
    tokenizer: Any, place: int, item: EncodedItem, answers: Sequence[tuple[int, ...]], blind: Sequence[tuple[int, ...]]
) -> Rollouts:
    gold = item.answer[:-1]
    return Rollouts(
        item=str(place),
        answers=tuple(tokenizer.decode(one).strip().casefold() for one in answers),
        is_right=tuple(one == gold for one in answers),
        domain=item.item.domain,
        kind=item.item.task,
        n_right_without_context=sum(one == gold for one in blind),
    )
