"""What a question's passages score, and of what parts."""

from __future__ import annotations

from dataclasses import dataclass

from tadarag.retrieval.first_stage import FirstStage
from tadarag.retrieval.layers import LayerScores
from tadarag.retrieval.lexical import LexicalScorer
from tadarag.retrieval.links import Links
from tadarag.retrieval.ranking import Scores
from tadarag.retrieval.reached import Reached
from tadarag.retrieval.remainder import Remainder
from tadarag.retrieval.switches import LAYERS
from tadarag.values import SetChoice

TITLE_WEIGHT, HOP_WEIGHT, SECOND_HOP_WEIGHT, PATH_WEIGHT, RESIDUAL_WEIGHT = 0.3, 0.6, 0.3, 0.6, 0.6
"""Of formula S (retrieval design 1.5)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LinkScores:
    """What following links from the believed passages gave. seeds: g of the design, what was believed before, float64[R].

    linker: the links that were followed. passages, sentences: the lexical scorers that were used; they keep what terms contribute.
    """

    seeds: Scores
    first: Reached
    second: Reached
    remainder: Remainder
    linker: Links
    passages: LexicalScorer
    sentences: LexicalScorer


@dataclass(frozen=True, slots=True, kw_only=True)
class Scored:
    """The scores of a question over a snapshot, float64[R], and the parts that explain them.

    titles: None where they do not count. links: None where none were followed. switched_on: the layers that count. selected: how sure a
    selector is that a passage belongs to the set that answers, 0 for those that it left out; None where formula S alone decided. choice: what a
    language model was asked of it.
    """

    scores: Scores
    stage: FirstStage
    early_exit: bool
    layers: LayerScores | None = None
    titles: Scores | None = None
    links: LinkScores | None = None
    switched_on: frozenset[str] = LAYERS
    selected: Scores | None = None
    choice: SetChoice | None = None
