"""A set of examples with their trunk states."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from tadarag.errors import TrainingError
from tadarag.training.extractor.examples import Example, read_examples
from tadarag.training.trunk_states import Trunk, kept_states


@dataclass(frozen=True, slots=True, kw_only=True)
class Corpus:
    """Examples of one set; the states of example i, float16[its pieces, width], are states[starts[i]:starts[i + 1]]."""

    name: str
    examples: tuple[Example, ...]
    states: NDArray[np.float16]
    starts: NDArray[np.int64]

    def states_of(self, index: int) -> NDArray[np.float16]:
        """float16[pieces, width]."""
        return self.states[self.starts[index] : self.starts[index + 1]]


def learnable(file: Path, trunk: Trunk, *, max_width: int) -> tuple[Example, ...]:
    """The examples of a file of an extraction set, but for windows that hold entities of which none can be learned, such as clauses."""
    return tuple(one for one in read_examples(file, trunk.tokenizer, max_width=max_width) if one.entities or not one.n_lost)


def load_corpus(name: str, file: Path, trunk: Trunk, cache: Path, *, max_width: int) -> Corpus:
    """The examples of a file and their states, which `compute_states` has kept in `cache`.

    Raises TrainingError when they are not there, and ValueError when they do not fit the pieces: the tokenizer is another one.
    """
    examples = learnable(file, trunk, max_width=max_width)
    try:
        states, starts = kept_states([one.text for one in examples], trunk, cache)
    except FileNotFoundError as error:
        raise TrainingError(
            f"there are no states of {name}, {file.name}", "run the stage that computes them, with the same data"
        ) from error
    for example, n_states in zip(examples, np.diff(starts), strict=True):
        if n_states != len(example.pieces):
            raise ValueError(f"{example.record}: {len(example.pieces)} pieces but {n_states} states")
    return Corpus(name=name, examples=examples, states=states, starts=starts)
