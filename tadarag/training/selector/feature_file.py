"""What is kept of a set's questions: their candidates with features, in one file."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """A question with its candidates. ids: the passage of each candidate, best by S first (one that was cut into chunks may stand twice).

    features: float64[n, k]. formula: float64[n], S. gold: its gold passages, found or not. is_direct: whether the product answers it without
    links, so that no selector sees it; `direct`: what it then finds, best first. is_train: whether it may be trained on.
    """

    id: str
    ids: tuple[str, ...]
    gold: frozenset[str]
    features: NDArray[np.float64]
    formula: NDArray[np.float64]
    is_direct: bool
    direct: tuple[str, ...]
    is_train: bool

    @property
    def answers(self) -> NDArray[np.bool_]:
        """bool[n]: candidates that are of a gold passage."""
        return np.array([passage in self.gold for passage in self.ids], np.bool_)

    @property
    def teaches(self) -> bool:
        """Whether an order can be learned from it: it may be trained on, a selector sees it, and some of its candidates answer and some do not."""
        answers = self.answers
        return self.is_train and not self.is_direct and bool(answers.any() and not answers.all())


def write_asked(file: Path, questions: Sequence[Asked]) -> None:
    """Write questions so that equal ones give equal bytes."""
    arrays = {
        "question_ids": np.array([one.id for one in questions]),
        "sizes": np.array([len(one.ids) for one in questions], np.int64),
        "ids": np.array([passage for one in questions for passage in one.ids]),
        "gold_sizes": np.array([len(one.gold) for one in questions], np.int64),
        "gold": np.array([passage for one in questions for passage in sorted(one.gold)]),
        "features": np.concatenate([one.features for one in questions]),
        "formula": np.concatenate([one.formula for one in questions]),
        "is_direct": np.array([one.is_direct for one in questions], np.bool_),
        "direct_sizes": np.array([len(one.direct) for one in questions], np.int64),
        "direct": np.array([passage for one in questions for passage in one.direct], dtype=np.str_),
        "is_train": np.array([one.is_train for one in questions], np.bool_),
    }
    np.savez_compressed(file, **dict(sorted(arrays.items())))  # type: ignore[arg-type]  # numpy's stub takes **kwds for allow_pickle


def read_asked(file: Path) -> list[Asked]:
    """The questions of a file that `write_asked` wrote."""
    with np.load(file) as archive:
        arrays = {name: archive[name] for name in archive.files}
    candidates, gold, direct = (list(_slices(arrays[name])) for name in ("sizes", "gold_sizes", "direct_sizes"))
    return [
        Asked(
            id=str(identifier),
            ids=tuple(arrays["ids"][candidates[place]].tolist()),
            gold=frozenset(arrays["gold"][gold[place]].tolist()),
            features=arrays["features"][candidates[place]],
            formula=arrays["formula"][candidates[place]],
            is_direct=bool(arrays["is_direct"][place]),
            direct=tuple(arrays["direct"][direct[place]].tolist()),
            is_train=bool(arrays["is_train"][place]),
        )
        for place, identifier in enumerate(arrays["question_ids"])
    ]


def _slices(sizes: NDArray[np.int64]) -> Iterator[slice]:
    ends = np.cumsum(sizes).tolist()
    yield from (slice(end - size, end) for size, end in zip(sizes.tolist(), ends, strict=True))
