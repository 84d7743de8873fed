"""The extractor's fit: the training loop with the extractor's loss, and names drawn anew for every text."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

import numpy as np
from torch import Tensor

from tadarag.training.extractor.corpus import Corpus
from tadarag.training.extractor.loss import batch_loss
from tadarag.training.extractor.names import NameVectors, NamingShares
from tadarag.training.extractor.network import Extractor
from tadarag.training.fitting import Checkpoint, FitSettings, fit_network
from tadarag.training.spikes.watching import Watching


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings(FitSettings):
    """How a run learns. naming: how types are called."""

    naming: NamingShares = field(default_factory=NamingShares)


def train(
    network: Extractor,
    corpora: Sequence[Corpus],
    settings: Settings,
    vectors: NameVectors,
    *,
    checkpoint: Checkpoint | None = None,
    watching: Watching | None = None,
    report: Callable[[str], None] = lambda message: None,
) -> list[tuple[str, float]]:
    """Train the network in place; returns the set and the loss of each step. See `fit_network`."""

    def loss_of(corpus: Corpus, indexes: Sequence[int], random: np.random.Generator) -> Tensor:
        return batch_loss(network, corpus, indexes, vectors, settings.naming, random)

    return fit_network(network, corpora, settings, loss_of, checkpoint=checkpoint, watching=watching, report=report)
