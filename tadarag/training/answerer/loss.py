"""The loss of one batch of readings: where the answer stands, whether it does, of what kind it is, and whether the passage belongs."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import torch
from torch import Tensor
from torch.nn.functional import binary_cross_entropy_with_logits, cross_entropy

from tadarag.training.answerer.corpus import ItemSet
from tadarag.training.answerer.items import KINDS, Item
from tadarag.training.answerer.network import ANSWERED, FIRST_KIND, FIRST_PASSAGE, RELEVANT, AnswerNetwork

ANSWERED_WEIGHT, KIND_WEIGHT = 0.5, 0.5
NOTHING = -1e4


def batch_loss(network: AnswerNetwork, corpus: ItemSet, indexes: Sequence[int]) -> Tensor:
    """Mean over the readings of -log P(gold first piece) - log P(gold last piece), halved, plus those of the verdicts that are asked.

    P: over the passages' pieces and the mark; that of an answer that stands in several places is their sum (Clark and Gardner, ACL 2018);
    the mark is gold where the passages do not answer, or the answer is yes or no. A reading whose answer was cut off counts for verdicts
    only.
    """
    device = next(network.parameters()).device
    states, roles, mask = padded(corpus, indexes)
    ends, verdicts = network(states.to(device), roles.to(device), mask.to(device))
    ends, verdicts = ends.float(), verdicts.float()
    items = [corpus.items[index] for index in indexes]
    gold, has_gold = _gold_places(corpus, indexes, ends.shape[1])
    logits = ends.masked_fill(~readable(roles, mask).to(device)[:, :, None], NOTHING)
    chosen = torch.logsumexp(logits.masked_fill(~gold.to(device), NOTHING), 1) - torch.logsumexp(logits, 1)  # [b, 2]
    places = -(chosen.mean(1) * has_gold.to(device)).mean()
    return places + _verdict_loss(verdicts, items)


def padded(corpus: ItemSet, indexes: Sequence[int]) -> tuple[Tensor, Tensor, Tensor]:
    """States float32[readings, longest, width], roles int64 and mask bool [readings, longest]."""
    own = [corpus.states_of(index) for index in indexes]
    states = torch.nn.utils.rnn.pad_sequence([torch.from_numpy(one.astype(np.float32)) for one, _ in own], batch_first=True)
    roles = torch.nn.utils.rnn.pad_sequence([torch.from_numpy(one) for _, one in own], batch_first=True)
    lengths = torch.tensor([len(one) for one, _ in own])
    return states, roles, torch.arange(int(lengths.max()))[None, :] < lengths[:, None]


def readable(roles: Tensor, mask: Tensor) -> Tensor:
    """bool[b, 1 + t]: the mark and the pieces of passages, where an answer may begin and end."""
    return torch.cat([mask.new_ones(len(mask), 1), mask & (roles >= FIRST_PASSAGE)], 1)


def _gold_places(corpus: ItemSet, indexes: Sequence[int], n_places: int) -> tuple[Tensor, Tensor]:
    """bool[b, places, 2] of first and last pieces, the mark at 0; and float[b], 0 where the answer was cut off."""
    gold = torch.zeros(len(indexes), n_places, 2, dtype=torch.bool)
    has_gold = torch.ones(len(indexes))
    for row, index in enumerate(indexes):
        item, placed = corpus.items[index], corpus.placed[index]
        for first, last in placed.gold:
            gold[row, first + 1, 0] = gold[row, last + 1, 1] = True
        if not placed.gold:
            gold[row, 0] = True
            has_gold[row] = float(not any(passage.answers for passage in item.passages))
    return gold, has_gold


def _verdict_loss(verdicts: Tensor, items: Sequence[Item]) -> Tensor:
    device = verdicts.device
    answered = torch.tensor([float(item.answered) for item in items], device=device)
    loss = ANSWERED_WEIGHT * binary_cross_entropy_with_logits(verdicts[:, ANSWERED], answered)
    asked = [row for row, item in enumerate(items) if item.relevant is not None]
    if asked:
        relevant = torch.tensor([float(bool(items[row].relevant)) for row in asked], device=device)
        loss = loss + binary_cross_entropy_with_logits(verdicts[asked, RELEVANT], relevant) * len(asked) / len(items)
    of_kind = [row for row, item in enumerate(items) if item.answered]
    if of_kind:
        kinds = torch.tensor([KINDS.index(items[row].kind) for row in of_kind], device=device)
        loss = loss + KIND_WEIGHT * cross_entropy(verdicts[of_kind, FIRST_KIND:], kinds) * len(of_kind) / len(items)
    return loss
