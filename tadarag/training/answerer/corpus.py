"""Items with their trunk states, as rows of what is kept on disk."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from tadarag.errors import TrainingError
from tadarag.training.answerer.items import Item
from tadarag.training.answerer.network import FIRST_PASSAGE, LEAD, QUESTION
from tadarag.training.pieces import piece_spans
from tadarag.training.trunk_states import Trunk, compute_states, kept_states

MAX_PIECES = 320
"""Of one text: what is behind is not read."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Placed:
    """Where an item's pieces stand: (role, first row, row after the last) of each text; gold: (first, last) piece of each answer, counted
    over all its texts; passages: (first, after last) piece of each passage."""

    texts: tuple[tuple[int, int, int], ...]
    passages: tuple[tuple[int, int], ...]
    gold: tuple[tuple[int, int], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ItemSet:
    """Items of one set; item i has starts[i + 1] - starts[i] pieces, whose states are rows of `states` float16[rows, width]."""

    name: str
    items: tuple[Item, ...]
    placed: tuple[Placed, ...]
    states: NDArray[np.float16]
    starts: NDArray[np.int64]

    def states_of(self, index: int) -> tuple[NDArray[np.float16], NDArray[np.int64]]:
        """float16[pieces, width] of an item, and the role of each piece int64[pieces]."""
        texts = self.placed[index].texts
        states = np.concatenate([self.states[first:last] for _, first, last in texts])
        return states, np.repeat([role for role, _, _ in texts], [last - first for _, first, last in texts]).astype(np.int64)


def load_items(name: str, items: Sequence[Item], trunk: Trunk, cache: Path) -> ItemSet:
    """Items with their states, which `keep_states` has kept in `cache`. Raises TrainingError when it has not."""
    texts = texts_of(items)
    try:
        states, starts = kept_states(texts, trunk, cache)
    except FileNotFoundError as error:
        raise TrainingError(f"there are no states of {name}", "run the stage that computes them, with the same data and seed") from error
    row_of = {text: (int(starts[number]), int(min(starts[number + 1], starts[number] + MAX_PIECES))) for number, text in enumerate(texts)}
    placed = tuple(_placed(item, row_of, trunk) for item in items)
    lengths = [sum(last - first for _, first, last in one.texts) for one in placed]
    return ItemSet(
        name=name, items=tuple(items), placed=placed, states=states, starts=np.concatenate([[0], np.cumsum(lengths)]).astype(np.int64)
    )


def keep_states(items: Sequence[Item], trunk: Trunk, cache: Path, *, report: object = None) -> None:
    """Keep the states of all texts of the items in `cache`."""
    compute_states(texts_of(items), trunk, cache, report=report if callable(report) else lambda message: None)


def texts_of(items: Sequence[Item]) -> list[str]:
    """Every text of the items once, in order of first use."""
    texts: dict[str, None] = {}
    for item in items:
        for text in (item.question, item.lead, *(passage.text for passage in item.passages)):
            if text:
                texts[text] = None
    return list(texts)


def _placed(item: Item, row_of: dict[str, tuple[int, int]], trunk: Trunk) -> Placed:
    texts = [(QUESTION, *row_of[item.question])]
    if item.lead:
        texts.append((LEAD, *row_of[item.lead]))
    offset = sum(last - first for _, first, last in texts)
    passages, gold = [], []
    for number, passage in enumerate(item.passages):
        first, last = row_of[passage.text]
        n_pieces = last - first
        if passage.answers:
            pieces = piece_spans(passage.text, trunk.tokenizer)[:n_pieces]
            gold += [(offset + a, offset + b) for a, b in (_pieces_of(pieces, answer) for answer in passage.answers) if a <= b]
        texts.append((FIRST_PASSAGE + number, first, last))
        passages.append((offset, offset + n_pieces))
        offset += n_pieces
    return Placed(texts=tuple(texts), passages=tuple(passages), gold=tuple(gold))


def _pieces_of(pieces: Sequence[tuple[int, int]], answer: tuple[int, int]) -> tuple[int, int]:
    """First and last piece that an answer touches; the last lies before the first when it touches none."""
    touched = [index for index, (start, end) in enumerate(pieces) if start < answer[1] and end > answer[0]]
    return (touched[0], touched[-1]) if touched else (0, -1)
