"""The loss of one batch: binary cross-entropy over all spans and types, and over pairs of spans and relations."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor

from tadarag.extraction.set_template import type_words
from tadarag.training.extractor.corpus import Corpus
from tadarag.training.extractor.examples import Example, Placed
from tadarag.training.extractor.names import NameVectors, NamingShares, drawn_foreign, drawn_names
from tadarag.training.extractor.network import Extractor

MAX_NAMES = 24
"""Types, and relations, scored in one step: those of the batch, and others of its template."""
MAX_PAIRS = 300
HARD_SPANS = 4
"""Spans that are no entity but look most like one, of which pairs are made too: at inference some of them will be taken for entities."""


def batch_loss(
    network: Extractor,
    corpus: Corpus,
    indexes: Sequence[int],
    vectors: NameVectors,
    shares: NamingShares,
    random: np.random.Generator,
) -> Tensor:
    """Loss of the examples with these indexes: of spans, summed and divided by gold spans and examples, and of pairs, mean of examples."""
    device = next(network.parameters()).device
    examples = [corpus.examples[index] for index in indexes]
    states, mask = padded(corpus, indexes)
    hidden = network.upper(states.to(device), mask.to(device))
    spans = network.spans(hidden)
    kinds = sorted({kind for example in examples for kind in example.entity_types})
    named = drawn_names(kinds, shares, random)
    present = {named[kind] for example in examples for _, _, kind in example.entities if kind in named}
    foreign = drawn_foreign(named.values(), shares, random)
    words = [*_some(present, set(named.values()), random), *foreign]
    logits = network.type_scores(spans, vectors(words)).float()  # [b, t, max_width, names]
    gold, counted = (one.to(device) for one in _span_targets(examples, mask, named, words, foreign, network.shape.max_width))
    losses = torch.nn.functional.binary_cross_entropy_with_logits(logits, gold, reduction="none")
    total = (losses * counted).sum() / (gold.sum() + len(examples))
    pairs = _pair_loss(network, examples, hidden, spans, logits.detach().amax(3).cpu(), vectors, random)
    return total if pairs is None else total + pairs


def padded(corpus: Corpus, indexes: Sequence[int]) -> tuple[Tensor, Tensor]:
    """States float32[texts, longest, width] of some examples, zeros after a shorter text, and bool[texts, longest], true for a piece."""
    own = [torch.from_numpy(corpus.states_of(index).astype(np.float32)) for index in indexes]
    lengths = torch.tensor([len(one) for one in own])
    return torch.nn.utils.rnn.pad_sequence(own, batch_first=True), torch.arange(int(lengths.max()))[None, :] < lengths[:, None]


def _span_targets(
    examples: Sequence[Example], mask: Tensor, named: dict[str, str], words: Sequence[str], foreign: Sequence[str], max_width: int
) -> tuple[Tensor, Tensor]:
    """Gold and weight of each span and name, both float[b, t, max_width, names].

    Spans that reach over the end of a text do not count, nor do names that are neither in the template of a text nor foreign to it.
    """
    longest = mask.shape[1]
    gold = torch.zeros(len(examples), longest, max_width, len(words))
    place = {word: index for index, word in enumerate(words)}
    for row, example in enumerate(examples):
        for first, last, kind in example.entities:
            if kind in named:
                gold[row, first, last - first, place[named[kind]]] = 1
    reach = torch.arange(longest)[:, None] + torch.arange(max_width)[None, :]
    inside = reach[None] < mask.sum(1)[:, None, None]
    asked = [{*foreign, *(named[kind] for kind in example.entity_types if kind in named)} for example in examples]
    allowed = torch.tensor([[word in own for word in words] for own in asked])
    return gold, inside[..., None] * allowed[:, None, None, :].float()


def _some(present: set[str], template: set[str], random: np.random.Generator) -> list[str]:
    """The names that are present and others of the template, drawn where there are more than MAX_NAMES."""
    others = sorted(template - present)
    room = max(2, MAX_NAMES - len(present))
    if len(others) > room:
        others = [others[place] for place in random.choice(len(others), room, replace=False)]
    return sorted([*present, *others])


@dataclass(frozen=True, slots=True)
class _Pairs:
    """Spans (first, last) of one text, and ordered pairs of them as indexes, with what is true and what is unsure of them."""

    chosen: list[tuple[int, int]]
    ordered: list[tuple[int, int]]
    gold: set[Placed]
    unsure: set[Placed]


def _pair_loss(
    network: Extractor,
    examples: Sequence[Example],
    hidden: Tensor,
    spans: Tensor,
    best: Tensor,
    vectors: NameVectors,
    random: np.random.Generator,
) -> Tensor | None:
    """Mean over examples of the loss of their pairs. hidden [b, t, w], spans [b, t, max_width, inner], best float[b, t, max_width].

    All texts are scored as one long text, each at its own offset. None: no text has two entities and relations that could hold.
    """
    longest = hidden.shape[1]
    made = {row: _pairs_of(example, best[row], random) for row, example in enumerate(examples) if _can_relate(example)}
    if not made:
        return None
    present = {name for pairs in made.values() for _, _, name in pairs.gold}
    relations = _some(present, {name for row in made for name in examples[row].relation_types}, random)
    chosen: list[tuple[int, int]] = []
    ordered: list[tuple[int, int]] = []
    targets, weights = [], []
    for row, pairs in made.items():
        ordered += [(head + len(chosen), tail + len(chosen)) for head, tail in pairs.ordered]
        chosen += [(first + row * longest, last + row * longest) for first, last in pairs.chosen]
        target, weight = _pair_targets(pairs, relations, examples[row].relation_types)
        targets.append(target)
        weights.append(weight / (len(pairs.gold) + 1))
    heads, tails = torch.tensor(ordered, device=hidden.device).T
    names = vectors([type_words(name) for name in relations])
    scores = network.pair_scores(hidden.flatten(0, 1), spans.flatten(0, 1), chosen, heads, tails, names).float()
    gold, counted = torch.cat(targets).to(scores.device), torch.cat(weights).to(scores.device)
    losses = torch.nn.functional.binary_cross_entropy_with_logits(scores, gold, reduction="none")
    return (losses * counted).sum() / len(made)


def _can_relate(example: Example) -> bool:
    return bool(example.relation_types) and len({(first, last) for first, last, _ in example.entities}) > 1


def _pairs_of(example: Example, best: Tensor, random: np.random.Generator) -> _Pairs:
    """The pairs of one text that are scored. best: the best score of each span, float[t, max_width]."""
    chosen = list(dict.fromkeys((first, last) for first, last, _ in example.entities))
    place = {span: index for index, span in enumerate(chosen)}
    gold, unsure = (
        {(place[example.entities[head][:2]], place[example.entities[tail][:2]], name) for head, tail, name in facts}
        for facts in (example.relations, example.unsure)
    )
    chosen += _look_alikes(best[: len(example.pieces)], set(chosen))
    ordered = _some_pairs(len(chosen), {(head, tail) for head, tail, _ in gold}, random)
    return _Pairs(chosen, ordered, gold, unsure - gold)


def _pair_targets(pairs: _Pairs, relations: Sequence[str], asked: Sequence[str]) -> tuple[Tensor, Tensor]:
    """Gold and weight, both float[pairs, relations]: no weight for what is unsure, nor for relations that the text's template lacks."""
    row_of = {pair: row for row, pair in enumerate(pairs.ordered)}
    column_of = {name: column for column, name in enumerate(relations)}
    target = torch.zeros(len(row_of), len(relations))
    weight = torch.tensor([float(name in asked) for name in relations]).repeat(len(row_of), 1)
    for values, facts, value in ((target, pairs.gold, 1), (weight, pairs.unsure, 0)):
        for head, tail, name in facts:
            if (head, tail) in row_of and name in column_of:
                values[row_of[head, tail], column_of[name]] = value
    return target, weight


def _look_alikes(best: Tensor, known: set[tuple[int, int]]) -> list[tuple[int, int]]:
    """The best scored spans (first, last) that are not known, HARD_SPANS at most. best: float[pieces, max_width]."""
    n_pieces, max_width = best.shape
    ranked = best.flatten().topk(min(HARD_SPANS + len(known), best.numel())).indices.tolist()
    spans = [(place // max_width, place // max_width + place % max_width) for place in ranked]
    return [span for span in spans if span not in known and span[1] < n_pieces][:HARD_SPANS]


def _some_pairs(n: int, related: set[tuple[int, int]], random: np.random.Generator) -> list[tuple[int, int]]:
    """Ordered pairs of n things: those that are related, and others, drawn where there are more than MAX_PAIRS."""
    related = {pair for pair in related if pair[0] != pair[1]}
    others = [(a, b) for a in range(n) for b in range(n) if a != b and (a, b) not in related]
    room = max(0, MAX_PAIRS - len(related))
    if len(others) > room:
        others = [others[place] for place in random.choice(len(others), room, replace=False)]
    return [*sorted(related), *others]
