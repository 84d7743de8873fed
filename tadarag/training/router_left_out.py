"""What a head of the router is worth on rows that its training left out, source by source and fold by fold, and what is chosen by that."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from zlib import crc32

import numpy as np
from numpy.typing import NDArray

from tadarag.training.softmax_fit import Array, balanced_weights, fit_temperature

if TYPE_CHECKING:
    from scipy.sparse import csr_matrix

    from tadarag.training.router_sources import Labelled

N_FOLDS = 5
MADE = ("made_", "cues_")
"""Sources that are made here: they teach, and nothing is judged by them."""
_SHIFTS = tuple(step / 10 for step in range(-10, 16))

Fit = Callable[[NDArray[np.int64]], tuple[Array, Array]]
"""Places of rows -> weights float64[labels, f] and bias float64[labels]."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LeftOut:
    """Rows that training left out, their logits float64[n, labels] and gold labels int64[n], and how much each row counts, float64[n]."""

    rows: tuple[Labelled, ...]
    logits: Array
    gold: NDArray[np.int64]
    weights: Array


def leave_out(
    rows: Sequence[Labelled],
    inputs: Array | csr_matrix,
    gold: NDArray[np.int64],
    fit: Fit,
    *,
    sources: Collection[str] | None = None,
) -> dict[str, LeftOut]:
    """Every row of real sources by what the others teach: its source left out ("unseen sources"), and a fifth of all rows ("within").

    sources: those that count as real; all that were not made here, if None.
    """
    real = {row.source for row in rows if not row.source.startswith(MADE)} & set(sources or {row.source for row in rows})
    folds = [f"fold {crc32(row.text.encode('utf-8', 'surrogatepass')) % N_FOLDS}" for row in rows]
    return {
        "unseen sources": _left_out(rows, inputs, gold, fit, [row.source for row in rows], real=real, chosen=sorted(real)),
        "within": _left_out(rows, inputs, gold, fit, folds, real=real, chosen=sorted(set(folds))),
    }


def describe_left_out(parts: Mapping[str, LeftOut], labels: Sequence[str]) -> dict[str, Any]:
    """Macro-F1 of each part, of each of its sources by itself, and the share of each that is told rightly, in per cent."""
    report: dict[str, Any] = {"labels": list(labels)}
    for name, part in parts.items():
        found = part.logits.argmax(axis=1)
        report[name] = {"n": len(part.rows), "macro_f1": _per_cent(macro_f1(part.gold, found)), "by source": {}}
        places: dict[str, list[int]] = defaultdict(list)
        for place, row in enumerate(part.rows):
            places[row.source].append(place)
        for source, of_source in sorted(places.items()):
            report[name]["by source"][source] = {
                "n": len(of_source),
                "right": _per_cent(float((part.gold[of_source] == found[of_source]).mean())),
                "macro_f1": _per_cent(macro_f1(part.gold[of_source], found[of_source])),
            }
    return report


def temperature_of(parts: Mapping[str, LeftOut]) -> float:
    """The temperature that suits all parts, each counting alike."""
    columns = [(part.logits, part.gold, part.weights) for part in parts.values()]
    return fit_temperature(*(np.concatenate(column) for column in zip(*columns, strict=True)))


def shifts_of(parts: Mapping[str, LeftOut], n_labels: int) -> Array:
    """What to add to each label's logit, float64[labels], for the best macro-F1 of rows left out; parts, sources and languages balanced.

    One label after the other, twice, over tenths of a logit from -1 to 1.5; of shifts as good the smallest. A label that no row has stays
    where it is: lowering it would cost nothing here.
    """
    shifts = np.zeros(n_labels)

    def worth(label: int, shift: float) -> float:
        tried = shifts.copy()
        tried[label] = shift
        return sum(macro_f1(part.gold, (part.logits + tried).argmax(axis=1), part.weights) for part in parts.values())

    present = sorted({label for part in parts.values() for label in part.gold.tolist()})
    for label in (*present, *present):
        shifts[label] = min(_SHIFTS, key=lambda shift: (-worth(label, shift), abs(shift), shift))
    return shifts


def shifted(parts: Mapping[str, LeftOut], shifts: Array) -> dict[str, LeftOut]:
    """The parts with shifts float64[labels] added to their logits."""
    return {
        name: LeftOut(rows=part.rows, logits=part.logits + shifts, gold=part.gold, weights=part.weights) for name, part in parts.items()
    }


def macro_f1(gold: NDArray[np.int64], found: NDArray[np.int64], weights: Array | None = None) -> float:
    """The mean of F1 over the labels of gold, in [0, 1]; rows count as they weigh."""
    each = np.ones(len(gold)) if weights is None else weights
    size = int(max(gold.max(), found.max())) + 1
    of_gold, of_found, right = (
        np.bincount(labels, weights=part, minlength=size) for labels, part in ((gold, each), (found, each), (gold, each * (gold == found)))
    )
    present = np.flatnonzero(of_gold)
    return float((2 * right[present] / (of_gold[present] + of_found[present])).mean())


def _left_out(
    rows: Sequence[Labelled],
    inputs: Array | csr_matrix,
    gold: NDArray[np.int64],
    fit: Fit,
    groups: Sequence[str],
    *,
    real: Collection[str],
    chosen: Sequence[str],
) -> LeftOut:
    """The rows of real sources in each chosen group, told by what the rows of the other groups teach."""
    names = np.array(groups)
    logits, places = [], []
    for group in chosen:
        matrix, bias = fit(np.flatnonzero(names != group))
        places.append(np.array([place for place in np.flatnonzero(names == group).tolist() if rows[place].source in real], np.int64))
        logits.append(np.asarray(inputs[places[-1]] @ matrix.T) + bias)
    order = np.concatenate(places)
    kept = tuple(rows[place] for place in order.tolist())
    weights = balanced_weights(kept)
    return LeftOut(rows=kept, logits=np.concatenate(logits), gold=gold[order], weights=weights / weights.sum())


def _per_cent(share: float) -> float:
    return round(100 * share, 1)
