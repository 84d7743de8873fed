"""Ranked passages as hits: their scores, what each layer gave them, and the path by which links reached them."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from tadarag.retrieval.first_stage import FirstStage
from tadarag.retrieval.ranking import Scores, rescale
from tadarag.retrieval.scored import HOP_WEIGHT, PATH_WEIGHT, RESIDUAL_WEIGHT, SECOND_HOP_WEIGHT, LinkScores, Scored
from tadarag.store.protocol import Snapshot
from tadarag.values import Hit, Link


def sentence_scores_of(stage: FirstStage, order: NDArray[np.int64], starts: NDArray[np.int64]) -> dict[int, Scores]:
    """For each hit the match of its sentences: mean of the cosine rescaled over all hits, and the BM25 share."""
    ranges = [np.arange(starts[row], starts[row + 1]) for row in order.tolist()]
    if not ranges:
        return {}
    sentences = np.concatenate(ranges)
    matches = 0.5 * rescale(stage.sentence_cosines[sentences]) + 0.5 * stage.sentence_lexical[sentences]
    ends = np.cumsum([len(part) for part in ranges])
    return dict(zip(order.tolist(), np.split(matches, ends[:-1]), strict=True))


def make_hit(scored: Scored, row: int, snapshot: Snapshot, sentence_scores: Scores) -> Hit:
    """The hit of a row; sentence_scores: of its sentences, as `sentence_scores_of` gives them."""
    stage = scored.stage
    layers = [("first-stage", stage.f[row]), ("lexical", stage.lexical[row]), ("dense", stage.passage_cosines[row])]
    if scored.layers is not None:
        layers += [("outline", scored.layers.outline[row]), ("core", scored.layers.core[row])]
    path: tuple[Link, ...] = ()
    if scored.titles is not None:
        layers += [("title", scored.titles[row])]
    if scored.links is not None:
        links = scored.links
        layers += [("hop", links.first.scores[row]), ("second-hop", links.second.scores[row])]
        layers += [("path", links.remainder.paths.scores[row]), ("residual", links.remainder.residual[row])]
        path = _path(links, row, snapshot)
    layers = [(name, value) for name, value in layers if name == "first-stage" or name in scored.switched_on]
    if scored.selected is not None:
        layers += [("selector", scored.selected[row])]
    start, end = snapshot.rows.starts[row : row + 2]
    return Hit(
        passage=snapshot.passage(row),
        score=round(float(scored.scores[row]), 9),
        layers=tuple((name, round(float(value), 6)) for name, value in layers if value),
        path=path,
        sentence_scores=tuple(sentence_scores.round(6).tolist()),
        sentence_cosines=tuple(stage.sentence_cosines[start:end].round(6).tolist()),
    )


def _path(links: LinkScores, row: int, snapshot: Snapshot) -> tuple[Link, ...]:
    """The link that gave a passage most, by its weight in S; for a hit of the residual search the sentence whose rest it matches."""
    remainder = links.remainder
    ways = [(HOP_WEIGHT, links.first), (SECOND_HOP_WEIGHT, links.second), (PATH_WEIGHT, remainder.paths)]
    value, reached = max(((weight * way.scores[row], way) for weight, way in ways), key=lambda pair: pair[0])
    rows = snapshot.rows
    if value > 0 and value >= RESIDUAL_WEIGHT * remainder.residual[row] * 0.5:
        link = reached.steps.links[int(reached.via[row])]
        sentence, name, kind = link.sentence, link.name, link.kind
    elif remainder.residual[row] > 0:
        sentence, name, kind = remainder.seeds[int(remainder.residual_seed[row])].sentence, "", "residual"  # type: ignore[assignment]
    else:
        return ()
    seed = int(rows.owners[sentence])
    passage = snapshot.passage(seed)
    text = passage.sentence_text(sentence - int(rows.starts[seed]))
    return (Link(seed=passage.source, seed_chunk=passage.chunk, sentence=text, name=name, kind=kind),)
