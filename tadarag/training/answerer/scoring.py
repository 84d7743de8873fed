"""What an answerer finds in a set, and how good that is."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import torch
from numpy.typing import NDArray

from tadarag.evaluation.measures.token_f1 import token_f1
from tadarag.models.answer_model import PieceSpan, best_spans
from tadarag.training.answerer.corpus import ItemSet
from tadarag.training.answerer.items import KINDS, ReadPassage
from tadarag.training.answerer.loss import padded
from tadarag.training.answerer.network import ANSWERED, FIRST_KIND, RELEVANT, AnswerNetwork
from tadarag.training.pieces import piece_spans
from tadarag.training.trunk_states import Trunk

_BATCH = 16


@dataclass(frozen=True, slots=True, kw_only=True)
class Read:
    """What was found in one item: the words, the best span's logit above the mark's, and the verdicts as probabilities."""

    text: str
    margin: float
    answered: float
    relevant: float


def read_items(network: AnswerNetwork, corpus: ItemSet, trunk: Trunk) -> list[Read]:
    """Read every item, in order."""
    network.eval()
    found = []
    with torch.no_grad():
        for first in range(0, len(corpus.items), _BATCH):
            indexes = range(first, min(first + _BATCH, len(corpus.items)))
            states, roles, mask = padded(corpus, indexes)
            ends, verdicts = network(states, roles, mask)
            for row, index in enumerate(indexes):
                found.append(_read(corpus, index, ends[row].float().numpy(), verdicts[row].float().numpy(), trunk))
    return found


def figures(corpus: ItemSet, read: Sequence[Read]) -> dict[str, float]:
    """In percent: exact match and F1 of answered items, and areas under the ROC curve of both verdicts where both cases occur."""
    scores = [
        max((token_f1(one.text, answer) for answer in item.answers), default=0.0)
        for item, one in zip(corpus.items, read, strict=True)
        if item.answered
    ]
    found = {"n": float(len(read))}
    if scores:
        found |= {"exact": 100 * float(np.mean([score == 1 for score in scores])), "f1": 100 * float(np.mean(scores))}
    answered = np.array([item.answered for item in corpus.items])
    asked = np.array([item.relevant is not None for item in corpus.items])
    relevant = np.array([bool(item.relevant) for item in corpus.items])
    for name, truth, values in (
        ("answered_auc", answered, np.array([one.answered for one in read])),
        ("margin_auc", answered, np.array([one.margin for one in read])),
        ("relevant_auc", relevant[asked], np.array([one.relevant for one in read])[asked]),
    ):
        if truth.any() and not truth.all():
            found[name] = 100 * area_under_roc(truth, values)
    return {name: round(value, 2) for name, value in found.items()}


def area_under_roc(truth: NDArray[np.bool_], values: NDArray[np.float64]) -> float:
    """The chance that a true case has a higher value than a false one, ties counted half (Mann and Whitney, 1947)."""
    order = np.argsort(values, kind="stable")
    _, inverse, counts = np.unique(values[order], return_inverse=True, return_counts=True)
    last = np.cumsum(counts)
    ranks = (last - (counts - 1) / 2)[inverse]
    n_true = int(truth.sum())
    return float((ranks[truth[order]].sum() - n_true * (n_true + 1) / 2) / (n_true * (len(truth) - n_true)))


def _read(corpus: ItemSet, index: int, ends: NDArray[np.float32], verdicts: NDArray[np.float32], trunk: Trunk) -> Read:
    item, placed = corpus.items[index], corpus.placed[index]
    before = placed.passages[0][0]
    (best,) = best_spans(ends, [last - first for first, last in placed.passages], before=before, n=1)
    kind = KINDS[int(verdicts[FIRST_KIND:].argmax())]
    answered, relevant = (float(1 / (1 + np.exp(-verdicts[which]))) for which in (ANSWERED, RELEVANT))
    text = kind if kind != "span" else _words(item.passages[best.passage], best, trunk)
    return Read(text=text, margin=best.margin, answered=answered, relevant=relevant)


def _words(passage: ReadPassage, span: PieceSpan, trunk: Trunk) -> str:
    pieces = piece_spans(passage.text, trunk.tokenizer)
    return passage.text[pieces[span.first][0] : pieces[span.last][1]]
