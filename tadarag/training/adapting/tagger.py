"""A plain tagger: the encoder's upper layers and one softmax over BIO tags a piece, what anyone would train who has labels and no extractor.

After Devlin et al. (BERT), NAACL 2019, section 5.3; every piece of a word is tagged. Knows the types of its labels and no other, and no relations.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn

from tadarag.training.extractor.corpus import Corpus
from tadarag.training.extractor.examples import Placed
from tadarag.training.extractor.loss import padded
from tadarag.training.upper_layers import UpperLayer

WEIGHTS, ABOUT = "weights.npz", "tagger.json"
OUTSIDE = 0
"""The tag of a piece of no entity; type number k begins with tag 2k + 1 and goes on with 2k + 2."""
_WIDTH, _N_HEADS = 384, 12


class Tagger(nn.Module):  # type: ignore[misc]  # torch has no types here
    """States in, logits of tags out. types: in the order of their tags."""

    def __init__(self, types: Sequence[str], n_layers: int, epsilon: float) -> None:
        super().__init__()
        self.types = tuple(types)
        self.epsilon = epsilon
        self.layers = nn.ModuleList(UpperLayer(_WIDTH, _N_HEADS, epsilon) for _ in range(n_layers))
        self.dropout = nn.Dropout(0.1)
        self.tags = nn.Linear(_WIDTH, 1 + 2 * len(self.types))

    def forward(self, states: Tensor, mask: Tensor) -> Tensor:
        """states [b, t, w], mask bool [b, t] (true: a piece) -> [b, t, tags]."""
        hidden = states
        for layer in self.layers:
            hidden = layer(hidden, mask[:, None, None, :])
        scores: Tensor = self.tags(self.dropout(hidden))
        return scores


def tags_of(entities: Iterable[Placed], n_pieces: int, types: Sequence[str]) -> list[int]:
    """The tag of each piece. Of entities that share a piece the longest is tagged, of equally long ones the first."""
    tags = [OUTSIDE] * n_pieces
    for first, last, kind in sorted(entities, key=lambda one: (one[0] - one[1], one)):
        if not any(tags[first : last + 1]):
            begins = 2 * types.index(kind) + 1
            tags[first : last + 1] = [begins, *([begins + 1] * (last - first))]
    return tags


def entities_of(tags: Sequence[int], types: Sequence[str]) -> list[Placed]:
    """The entities (first piece, last piece, type) that tags say; one that goes on without a beginning begins there."""
    found: list[Placed] = []
    for place, tag in enumerate(tags):
        if tag == OUTSIDE:
            continue
        kind = types[(tag - 1) // 2]
        goes_on = tag % 2 == 0 and found and found[-1][1] == place - 1 and found[-1][2] == kind
        if goes_on:
            found[-1] = (found[-1][0], place, kind)
        else:
            found.append((place, place, kind))
    return found


def best_tags(scores: NDArray[np.float32]) -> list[int]:
    """The best scored tags in which no entity goes on that has not begun (Viterbi 1967). scores: log-probabilities float32[pieces, tags]."""
    n_tags = scores.shape[1]
    before, after = np.arange(n_tags)[:, None], np.arange(n_tags)[None, :]
    goes_on = (after > OUTSIDE) & (after % 2 == 0)
    allowed = ~goes_on | (before == after) | (before == after - 1)
    moves = np.where(allowed, 0.0, -np.inf)
    best = np.where(goes_on[0], -np.inf, scores[0])
    came_from = []
    for row in scores[1:]:
        through = best[:, None] + moves
        came_from.append(through.argmax(0))
        best = through.max(0) + row
    tags = [int(best.argmax())]
    for choices in reversed(came_from):
        tags.append(int(choices[tags[-1]]))
    return tags[::-1]


def tag_loss(network: Tagger, corpus: Corpus, indexes: Sequence[int]) -> Tensor:
    """Mean cross-entropy of the pieces of the examples with these indexes."""
    states, mask = padded(corpus, indexes)
    device = next(network.parameters()).device
    gold = torch.full(mask.shape, -100)  # what cross_entropy leaves out
    for row, index in enumerate(indexes):
        example = corpus.examples[index]
        gold[row, : len(example.pieces)] = torch.tensor(tags_of(example.entities, len(example.pieces), network.types))
    logits = network(states.to(device), mask.to(device)).float()
    return nn.functional.cross_entropy(logits.flatten(0, 1), gold.flatten().to(device))


def write_tagger(folder: Path, network: Tagger) -> None:
    """Write weights.npz (float32 by parameter name) and tagger.json."""
    weights = {name: value.detach().cpu().float().numpy() for name, value in network.state_dict().items()}
    np.savez(folder / WEIGHTS, **weights)
    about = {"types": network.types, "n_layers": len(network.layers), "norm_epsilon": network.epsilon}
    (folder / ABOUT).write_text(json.dumps(about, indent=1) + "\n", "utf-8")


def load_tagger(folder: Path) -> Tagger:
    """What `write_tagger` has written, in evaluation mode, on the CPU."""
    about = json.loads((folder / ABOUT).read_text("utf-8"))
    network = Tagger(about["types"], about["n_layers"], about["norm_epsilon"])
    with np.load(folder / WEIGHTS) as weights:
        network.load_state_dict({name: torch.from_numpy(weights[name]) for name in weights.files})
    network.eval()
    return network
