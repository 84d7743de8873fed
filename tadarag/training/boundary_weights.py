"""Fits what counts as a boundary between topics in each kind of text: mom/data/boundary_weights.json.

    python -m tadarag.training.boundary_weights --data DIR --out mom/data/boundary_weights.json

Logistic regression with an L2 penalty over the gaps between units, for prose and for chat. Prose is made here, by setting the beginnings of
paragraphs of different articles one after the other; chat is that of TIAGE. How likely the cohesion of whole segments makes a cut is one
feature (its margin); in use it is replaced by the costs of the segments themselves, with the same weight. For talk about a service there is
no training set: its weights, and those of labelled turns, are round numbers chosen on development sets.
"""

from __future__ import annotations

import argparse
import gzip
import json
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from itertools import accumulate
from pathlib import Path
from random import Random
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize

from mom.boundaries import Weights, gap_cues
from mom.chunking import LONGEST
from mom.cohesion import SIMILARITIES, Section, gap_similarities, read_section, segment_costs
from mom.cues import CHAT, CUES, LABELLED, PROSE, SERVICE, read_utterance
from mom.sentences import split_sentences
from mom.terms import terms
from mom.word_table import shipped_word_table
from mom.word_vectors import shipped_word_vectors

SEED = 13
N_MADE = 150  # documents of prose in each language
PARAGRAPHS, SENTENCES = (3, 10), (2, 11)
N_GAPS = 3000  # every collection counts as this many gaps or as its own, if fewer
PENALTY = 6.0
RARE = 15  # a feature seen in fewer gaps of a register is not fitted


@dataclass(frozen=True, slots=True, kw_only=True)
class Recipe:
    """How a register is fitted: from which collections, on which features, and what is set by hand.

    with_cohesion: whether whole segments count. trust: times what is fitted for them: articles set side by side are told apart more easily by
    cues than in life. threshold: taken off the bias, in logits.
    """

    collections: tuple[str, ...]
    features: tuple[str, ...]
    with_cohesion: bool
    trust: float = 1.0
    threshold: float = 0.0


# Trust, the threshold and the features of prose were chosen on development sets. In chat and in labelled turns whole segments share too few
# words to be held together by them.
RECIPES = {
    PROSE: Recipe(
        collections=("made_en", "made_zh"),
        features=("connective_after", "anaphor_after", "pronoun_after"),
        with_cohesion=True,
        trust=3.0,
        threshold=-1.0,
    ),
    CHAT: Recipe(collections=("tiage_train",), features=(*SIMILARITIES, *CUES), with_cohesion=False, threshold=-0.1),
}
CHOSEN = {
    SERVICE: Weights(
        cohesion=0.2,
        bias=-2.0,
        evidence={
            "vectors_1": -1.0,
            "vectors_2": -1.5,
            "vectors_4": -1.5,
            "terms_1": -4.5,
            "terms_3": -7.0,
            "greeting_after": 4.0,
            "request_after": 2.0,
            "closing_before": 2.5,
            "outcome_before": 2.0,
            "both_ask": 1.0,
            "reply_after": -2.5,
            "closing_after": -3.0,
            "anaphor_after": -2.5,
            "connective_after": -2.5,
            "turn_after": -2.5,
            "pronoun_after": -0.5,
            "question_before": -1.0,
            "question_ends_before": -0.5,
            "question_word_after": 0.5,
            "you_after": -2.0,
            "i_after": 0.5,
            "i_before": -0.5,
            "about_you_after": -0.5,
            "length_before": 0.5,
        },
    ),
    LABELLED: Weights(
        cohesion=0.0,
        bias=0.0,
        evidence={"same_speaker": 1.0, "turn_after": 1.0, "both_ask": 0.5, "connective_after": -0.5, "question_ends_before": -0.5},
        usual_units=8.0,
        regularity=10.0,
    ),
}


@dataclass(frozen=True, slots=True)
class Gaps:
    """features: float64[n, 1 + f], the margin of a cut by cohesion first. is_boundary: float64[n]."""

    features: NDArray[np.float64]
    is_boundary: NDArray[np.float64]


def main(arguments: Sequence[str] | None = None) -> None:
    """Write the weights to --out."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--data", type=Path, required=True, help="folder with segmentation, reader_train and zh_reader_train")
    parser.add_argument("--out", type=Path, required=True)
    options = parser.parse_args(arguments)
    fitted = {name: fit_register(recipe, [collect(options.data, part) for part in recipe.collections]) for name, recipe in RECIPES.items()}
    registers = {name: asdict(weights) for name, weights in (fitted | CHOSEN).items()}
    made_by = "python -m tadarag.training.boundary_weights --data DIR --out mom/data/boundary_weights.json"
    options.out.write_text(json.dumps({"made_by": made_by, "registers": registers}, indent=1) + "\n", encoding="utf-8")


def collect(data: Path, name: str) -> list[list[list[str]]]:
    """Documents as lists of segments."""
    if name.startswith("made_"):
        return made_documents(data / {"made_en": "reader_train", "made_zh": "zh_reader_train"}[name] / "train.jsonl.gz")
    return [row["segments"] for row in _rows(data / "segmentation" / f"{name}.jsonl.gz")]


def made_documents(file: Path) -> list[list[list[str]]]:
    """Beginnings of paragraphs of different articles, one after the other, as segments of sentences. file: rows with title and context."""
    articles: dict[str, dict[str, None]] = defaultdict(dict)
    for row in _rows(file):
        articles[row["title"]][row["context"]] = None
    random, documents = Random(SEED), []
    for _ in range(N_MADE):
        titles = random.sample(sorted(articles), random.randint(*PARAGRAPHS))
        paragraphs = [random.choice(list(articles[title])) for title in titles]
        segments = [[span.of(text) for span in split_sentences(text)][: random.randint(*SENTENCES)] for text in paragraphs]
        documents.append([segment for segment in segments if len(segment) > 1])
    return [document for document in documents if len(document) > 1]


def fit_register(recipe: Recipe, collections: Sequence[Sequence[list[list[str]]]]) -> Weights:
    """Weights of a register, rounded to thousandths."""
    names = (*SIMILARITIES, *CUES)
    columns = [0] * recipe.with_cohesion + [1 + names.index(name) for name in recipe.features]
    gaps = [read_gaps(documents) for documents in collections]
    features = np.vstack([part.features for part in gaps])[:, columns]
    is_boundary = np.concatenate([part.is_boundary for part in gaps])
    shares = np.concatenate([np.full(len(part.is_boundary), min(1.0, N_GAPS / len(part.is_boundary))) for part in gaps])
    features = features * ((features != 0).sum(axis=0) >= RARE)
    scale = features.std(axis=0) + 1e-9
    fitted = fit_logistic(features / scale, is_boundary, shares, penalty=PENALTY)
    weights = [round(float(weight), 3) for weight in fitted[:-1] / scale]
    named = dict(zip(recipe.features, weights[recipe.with_cohesion :], strict=True))
    return Weights(
        cohesion=round(recipe.trust * weights[0], 3) if recipe.with_cohesion else 0.0,
        bias=round(float(fitted[-1]) - recipe.threshold, 3),
        evidence={name: weight for name, weight in named.items() if weight},
    )


def read_gaps(documents: Sequence[list[list[str]]]) -> Gaps:
    """Features and truth of every gap of the documents."""
    features: list[NDArray[np.float64]] = []
    truth: list[float] = []
    for segments in documents:
        units = [unit for segment in segments for unit in segment]
        starts = set(accumulate(len(segment) for segment in segments))
        section = read_section([terms(unit) for unit in units], shipped_word_table(), shipped_word_vectors())
        cues = gap_cues([read_utterance(unit) for unit in units])
        features.append(np.hstack([cut_margins(section)[:, None], gap_similarities(section), cues]))
        truth.extend(float(place in starts) for place in range(1, len(units)))
    return Gaps(np.vstack(features), np.array(truth))


def cut_margins(section: Section) -> NDArray[np.float64]:
    """float64[n - 1]: for each gap the least cost of all segmentations without a cut there, less the least with one."""
    n = len(section.bags)
    costs = np.full((n, n + 1), np.inf)  # [first unit, end]
    for end, ending in enumerate(segment_costs(section), start=1):
        costs[end - len(ending) : end, end] = ending
    left, right = np.zeros(n + 1), np.zeros(n + 1)
    for end in range(1, n + 1):
        left[end] = np.min(left[:end] + costs[:end, end])
    for first in range(n - 1, -1, -1):
        right[first] = np.min(costs[first, first + 1 :] + right[first + 1 :])
    margins = np.zeros(max(0, n - 1))
    for gap in range(1, n):
        first, end = max(0, gap - LONGEST), min(n, gap + LONGEST)
        across = left[first:gap, None] + costs[first:gap, gap + 1 : end + 1] + right[None, gap + 1 : end + 1]
        margins[gap - 1] = across.min() - left[gap] - right[gap]
    return margins


def fit_logistic(
    features: NDArray[np.float64], truth: NDArray[np.float64], shares: NDArray[np.float64], *, penalty: float
) -> NDArray[np.float64]:
    """Weights, the bias last, that maximise the likelihood with an L2 penalty on all but the bias. shares: what each row counts."""

    def loss(weights: NDArray[np.float64]) -> tuple[float, NDArray[np.float64]]:
        logits = features @ weights[:-1] + weights[-1]
        error = shares * (1 / (1 + np.exp(-logits)) - truth)
        value = float((shares * (np.logaddexp(0.0, logits) - truth * logits)).sum() + penalty / 2 * weights[:-1] @ weights[:-1])
        return value, np.append(features.T @ error + penalty * weights[:-1], error.sum())

    fitted: NDArray[np.float64] = minimize(loss, np.zeros(features.shape[1] + 1), jac=True, method="L-BFGS-B").x
    return fitted


def _rows(file: Path) -> Iterator[dict[str, Any]]:
    with gzip.open(file, "rt", encoding="utf-8") as lines:
        yield from map(json.loads, lines)


if __name__ == "__main__":
    main()
