"""Multinomial logistic regression with an L2 penalty, its temperature, and its rounding to whole numbers."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize

from tadarag.models.quantization import quantize
from tadarag.routing.heads import MILLI, Head

if TYPE_CHECKING:
    from scipy.sparse import csr_matrix

    from tadarag.training.router_sources import Labelled

Array = NDArray[np.float64]
_FULL = 30.0  # a language whose sources weigh this much counts as one whole
_TEMPERATURES = np.geomspace(0.25, 4.0, 81)


def fit_softmax(
    inputs: Array | csr_matrix, labels: NDArray[np.int64], weights: Array, penalties: Array, *, n_labels: int, iterations: int = 60
) -> tuple[Array, Array]:
    """Weights float64[labels, f] and bias float64[labels] that minimise sum w_i * -log p(label_i) + sum penalty_f * W_f^2 / 2.

    inputs: float64[n, f]. weights: of the rows, scaled here to a sum of 1. penalties: float64[f].
    """
    n_rows, width = inputs.shape
    gold = np.zeros((n_rows, n_labels))
    gold[np.arange(n_rows), labels] = 1
    shares = weights / weights.sum()

    def loss_and_slope(flat: Array) -> tuple[float, Array]:
        matrix, bias = flat[:-n_labels].reshape(n_labels, width), flat[-n_labels:]
        logits = np.asarray(inputs @ matrix.T) + bias
        logits -= logits.max(axis=1, keepdims=True)
        powers = np.exp(logits)
        probabilities = powers / powers.sum(axis=1, keepdims=True)
        loss = -(shares * np.log((probabilities * gold).sum(axis=1) + 1e-12)).sum() + 0.5 * (penalties * matrix * matrix).sum()
        slope = (probabilities - gold) * shares[:, None]
        return float(loss), np.concatenate([(np.asarray(inputs.T @ slope).T + penalties * matrix).ravel(), slope.sum(axis=0)])

    start = np.zeros(n_labels * width + n_labels)
    found = minimize(loss_and_slope, start, jac=True, method="L-BFGS-B", options={"maxiter": iterations}).x
    return found[:-n_labels].reshape(n_labels, width), found[-n_labels:]


def balanced_weights(rows: Sequence[Labelled], *, languages: Sequence[str] = ("en", "zh")) -> Array:
    """A weight for each row, so that labels count alike, in a label its languages, and a source of n rows as the root of n."""
    sizes = Counter((row.label, row.language, row.source) for row in rows)
    roots: dict[tuple[str, str], float] = defaultdict(float)
    for (label, language, _), size in sizes.items():
        roots[label, language] += size**0.5
    full = {key: min(root, _FULL) for key, root in roots.items()}
    of_label = {label: sum(full.get((label, language), 0.0) for language in languages) for label, _ in roots}
    return np.array(
        [
            full[row.label, row.language]
            / of_label[row.label]
            / roots[row.label, row.language]
            / sizes[row.label, row.language, row.source] ** 0.5
            for row in rows
        ]
    )


def fit_temperature(logits: Array, labels: NDArray[np.int64], weights: Array) -> float:
    """The temperature, of 81 between 1/4 and 4, at which the logits float64[n, labels] of unseen rows are likeliest.

    Source: Guo et al., On Calibration of Modern Neural Networks, ICML 2017.
    """

    def loss(temperature: float) -> float:
        scaled = logits / temperature
        scaled = scaled - scaled.max(axis=1, keepdims=True)
        log_probabilities = scaled - np.log(np.exp(scaled).sum(axis=1, keepdims=True))
        return float(-(weights * log_probabilities[np.arange(len(labels)), labels]).sum())

    return round(float(min(_TEMPERATURES, key=loss)), 3)


def rounded_head(
    labels: Sequence[str], features: Sequence[str], rows: Array, of_features: Array, bias: Array, *, temperature: float
) -> Head:
    """A head in whole numbers. rows: float64[labels, d]; of_features: float64[labels, features]. Features that round to nothing go."""
    values, scales = quantize(rows.reshape(1, -1).astype(np.float32))  # one scale for the whole matrix
    thousandths = np.rint(of_features * MILLI).astype(int)
    kept = [place for place in range(len(features)) if thousandths[:, place].any()]
    return Head(
        labels=tuple(labels),
        bias=tuple(np.rint(bias * MILLI).astype(int).tolist()),
        features={features[place]: tuple(thousandths[:, place].tolist()) for place in kept},
        rows=values.reshape(rows.shape),
        row_scale=float(scales[0]),
        temperature=temperature,
    )
