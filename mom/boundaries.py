"""What speaks for a boundary before each unit of a section, weighed by the kind of text; all figures are in logits."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from mom.chunking import LONGEST
from mom.cohesion import SIMILARITIES, Section, gap_similarities, read_section, segment_costs
from mom.cues import CUES, Utterance, read_cues, read_utterance, register_of
from mom.terms import terms
from mom.word_table import WordTable
from mom.word_vectors import shipped_word_vectors

FILE = "data/boundary_weights.json"


@dataclass(frozen=True, slots=True, kw_only=True)
class Weights:
    """What counts in one kind of text.

    cohesion: of `cohesion.segment_costs`, 0.0 where words that stay the same say nothing. bias: of a gap without evidence. evidence: of
    each of SIMILARITIES and CUES. usual_units, regularity: a segment of n units costs regularity * ln(n / usual_units)^2.
    """

    cohesion: float
    bias: float
    evidence: Mapping[str, float]
    usual_units: float = 1.0
    regularity: float = 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Boundaries:
    """A section read for its boundaries. cut_costs: float64[n], what a cut before each unit costs; below 0.0 if it is likely one."""

    section: Section
    weights: Weights
    cut_costs: NDArray[np.float64]

    def costs(self, reach: int = LONGEST) -> Iterator[NDArray[np.float64]]:
        """For each unit what the segments that end with it cost, the longest first, of at most `reach` units."""
        if self.weights.cohesion:
            yield from (self.weights.cohesion * costs for costs in segment_costs(self.section, reach))
            return
        for last in range(len(self.section.bags)):
            yield np.zeros(min(last + 1, reach))


@cache
def shipped_weights() -> Mapping[str, Weights]:
    """The weights in `data/boundary_weights.json` by register; its "made_by" names what made them."""
    content = json.loads(files("mom").joinpath(FILE).read_text("utf-8"))
    return {name: Weights(**weights) for name, weights in content["registers"].items()}


def read_boundaries(units: Sequence[str], table: WordTable) -> Boundaries:
    """Compare the units of a section, sentences or turns in order, with each other and with nothing else."""
    section = read_section([terms(unit) for unit in units], table, shipped_word_vectors())
    utterances = [read_utterance(unit) for unit in units]
    weights = shipped_weights()[register_of(utterances)]
    evidence = np.full(max(0, len(units) - 1), weights.bias)
    features = dict(zip(CUES, gap_cues(utterances).T, strict=True))
    if not weights.evidence.keys().isdisjoint(SIMILARITIES):
        features.update(zip(SIMILARITIES, gap_similarities(section).T, strict=True))
    for name, weight in weights.evidence.items():
        evidence += weight * features[name]  # one after the other: a sum in the same order on every machine
    cut_costs = np.concatenate([np.zeros(min(1, len(units))), -np.round(evidence, 6)])
    return Boundaries(section=section, weights=weights, cut_costs=cut_costs)


def gap_cues(utterances: Sequence[Utterance]) -> NDArray[np.float64]:
    """float64[n - 1, f]: for each gap what the words on both sides say, by CUES."""
    opener = utterances[0].speaker if utterances else ""
    cues = [read_cues(before, after, opener) for before, after in pairwise(utterances)]
    return np.array(cues).reshape(len(cues), len(CUES))
