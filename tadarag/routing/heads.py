"""Small linear heads, trained once and shipped, that give each label of a route a probability."""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from hashlib import sha256
from math import exp, sqrt
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tadarag.models.quantization import dot, quantize

DATA = Path(__file__).parent / "data"
QUESTION_HEADS, DOCUMENT_HEAD = "question_heads.npz", "document_head.npz"
MILLI = 1_000
"""Weights of features are whole thousandths of a logit, so that their sum is exact in any order."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Head:
    """A softmax over labels of bias + features + encoder vector or hashed words, all in whole numbers until the last step.

    bias: thousandths of a logit by label. features: name -> the same. rows: int8[labels, d], what each place of the vector (or each bucket
    of words) speaks for, times row_scale. temperature: divides the logits, so that probabilities are as often right as they say.
    """

    labels: tuple[str, ...]
    bias: tuple[int, ...]
    features: Mapping[str, tuple[int, ...]]
    rows: NDArray[np.int8]
    row_scale: float
    temperature: float


@dataclass(frozen=True, slots=True)
class Verdict:
    """Probability by label, and the logits that the features and the vector gave each, before temperature."""

    probabilities: Mapping[str, float]
    of_features: Mapping[str, Sequence[int]]
    of_vector: Mapping[str, float]

    def best(self) -> tuple[str, float]:
        """The likeliest label, ties by name, and its probability to a thousandth."""
        label = min(self.probabilities, key=lambda name: (-self.probabilities[name], name))
        return label, round(self.probabilities[label], 3)


def judge_vector(head: Head, features: Mapping[str, int], vector: NDArray[np.float32], *, allowed: Collection[str] = ()) -> Verdict:
    """What a head says of a question with a unit vector float32[d]. allowed: the labels to choose from; all, if empty.

    The vector is rounded to int8 (as it is for search), so the products are exact whatever the machine.
    """
    values, scales = quantize(vector[None, :])
    products = dot(values[0], head.rows)
    scale = float(scales[0]) * head.row_scale
    return _softmax(head, features, [float(product) * scale for product in products.tolist()], allowed)


def judge_words(head: Head, features: Mapping[str, int], buckets: Sequence[int], *, allowed: Collection[str] = ()) -> Verdict:
    """What a head says of a text with hashed words; `buckets` holds each bucket once. Divided by the root of their number."""
    if not buckets:
        return _softmax(head, features, [0.0] * len(head.labels), allowed)
    sums = head.rows[:, list(buckets)].sum(axis=1, dtype=np.int64)
    scale = head.row_scale / sqrt(len(buckets))
    return _softmax(head, features, [int(total) * scale for total in sums.tolist()], allowed)


def _softmax(head: Head, features: Mapping[str, int], of_rows: Sequence[float], allowed: Collection[str]) -> Verdict:
    of_features = {name: [weight * count for weight in head.features[name]] for name, count in features.items() if name in head.features}
    kept = [index for index, label in enumerate(head.labels) if not allowed or label in allowed]
    logits = {}
    for index in kept:
        whole = head.bias[index] + sum(parts[index] for parts in of_features.values())
        logits[index] = (whole / MILLI + of_rows[index]) / head.temperature
    highest = max(logits.values())
    weights = {index: exp(logit - highest) for index, logit in logits.items()}
    total = sum(weights.values())  # always in the order of the labels
    return Verdict(
        probabilities={head.labels[index]: weight / total for index, weight in weights.items()},
        of_features=of_features,
        of_vector={head.labels[index]: of_rows[index] for index in kept},
    )


def main_reasons(head: Head, verdict: Verdict, label: str, *, limit: int = 3) -> tuple[str, ...]:
    """What spoke most for a label against the mean of all: features by name, and the meaning of the whole, strongest first."""
    place = head.labels.index(label)
    shares = {name: parts[place] / MILLI - sum(parts) / len(parts) / MILLI for name, parts in verdict.of_features.items()}
    shares["its meaning"] = verdict.of_vector[label] - sum(verdict.of_vector.values()) / len(verdict.of_vector)
    strongest = sorted((name for name, share in shares.items() if share >= 0.2), key=lambda name: (-shares[name], name))
    return tuple(strongest[:limit])


@dataclass(frozen=True, slots=True, kw_only=True)
class QuestionHeads:
    """The heads of questions, and the fingerprint of the encoder whose vectors they read."""

    domain: Head
    task: Head
    encoder: str


@lru_cache(maxsize=1)
def question_heads() -> QuestionHeads:
    """The shipped heads of questions."""
    header, heads = read_heads(DATA / QUESTION_HEADS)
    return QuestionHeads(domain=heads["domain"], task=heads["task"], encoder=header["encoder"])


@lru_cache(maxsize=1)
def document_head() -> Head:
    """The shipped head of documents."""
    return read_heads(DATA / DOCUMENT_HEAD)[1]["domain"]


@lru_cache(maxsize=1)
def document_head_hash() -> str:
    """The first 12 digits of the sha256 of the head of documents."""
    return sha256((DATA / DOCUMENT_HEAD).read_bytes()).hexdigest()[:12]


def read_heads(file: Path) -> tuple[dict[str, Any], dict[str, Head]]:
    """Header and heads by name, from a file that `write_heads` made."""
    with np.load(file, allow_pickle=False) as arrays:
        header: dict[str, Any] = json.loads(bytes(arrays["header"]))
        heads = {}
        for name, said in header["heads"].items():
            weights = arrays[f"{name}_features"].tolist()
            heads[name] = Head(
                labels=tuple(said["labels"]),
                bias=tuple(arrays[f"{name}_bias"].tolist()),
                features=dict(zip(said["features"], map(tuple, weights), strict=True)),
                rows=arrays[f"{name}_rows"],
                row_scale=said["row_scale"],
                temperature=said["temperature"],
            )
    return header, heads


def write_heads(file: Path, heads: Mapping[str, Head], header: Mapping[str, Any]) -> None:
    """Write heads so that equal heads give equal bytes. header: what else to say of them, as JSON."""
    arrays: dict[str, NDArray[Any]] = {}
    said = {}
    for name, head in sorted(heads.items()):
        names = sorted(head.features)
        said[name] = {"labels": head.labels, "features": names, "row_scale": head.row_scale, "temperature": head.temperature}
        arrays[f"{name}_bias"] = np.array(head.bias, np.int32)
        arrays[f"{name}_features"] = np.array([head.features[one] for one in names], np.int32).reshape(len(names), len(head.labels))
        arrays[f"{name}_rows"] = head.rows
    text = json.dumps({**header, "heads": said}, sort_keys=True, ensure_ascii=False)
    arrays["header"] = np.frombuffer(text.encode(), np.uint8)
    file.parent.mkdir(parents=True, exist_ok=True)
    np.savez(file, **dict(sorted(arrays.items())))  # type: ignore[arg-type]  # numpy's stub takes **kwds for allow_pickle
