"""A question becomes evidence: first stage and layers, exit for direct questions or links and remainder, formula S, hits with their paths."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from tadarag.analysis import capitalised_names
from tadarag.retrieval.filtering import allowed_rows
from tadarag.retrieval.first_stage import TOP, FirstStage, first_stage
from tadarag.retrieval.hops import Reached, hop
from tadarag.retrieval.layers import (
    RANK_WEIGHTS,
    SCORE_WEIGHTS,
    Layer,
    LayerScores,
    Scope,
    Weights,
    expand_to_documents,
    fuse_votes,
    layer_scores,
    rank_layers,
)
from tadarag.retrieval.lexical import LexicalScorer
from tadarag.retrieval.links import Linker
from tadarag.retrieval.ranking import Scores, best, rescale
from tadarag.retrieval.remainder import Remainder, search_remainder
from tadarag.retrieval.switches import LAYERS, LINKS, LISTS
from tadarag.store.protocol import Snapshot
from tadarag.values import Evidence, Filters, Hit, Link

TITLE_WEIGHT, HOP_WEIGHT, SECOND_HOP_WEIGHT, PATH_WEIGHT, RESIDUAL_WEIGHT = 0.3, 0.6, 0.3, 0.6, 0.6
DIRECT_TASKS = frozenset({"fact", "list", "temporal"})
System = Literal["fused", "flat", "layers", "f+outline", "f+core", "f", "dense", "lexical", "layer-votes", "layer-votes-document"]
"""fused: formula S, or first stage and layers for direct questions; flat: the same without layers; layers: first stage and layers;
f+outline, f+core: the first stage and one of them; f: the first stage alone; dense, lexical: one of its two lists; layer-votes: the ranks of
the three layers fused; layer-votes-document: the same as released elsewhere, where a hit in outline or core brings in its whole document."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Scored:
    """The scores of a question over a snapshot, float64[R], and the parts that explain them; titles: None where they do not count."""

    scores: Scores
    stage: FirstStage
    early_exit: bool
    layers: LayerScores | None = None
    titles: Scores | None = None
    first: Reached | None = None
    second: Reached | None = None
    remainder: Remainder | None = None
    switched_on: frozenset[str] = LAYERS


def retrieve(
    question: str,
    vector: NDArray[np.float32],
    snapshot: Snapshot,
    *,
    limit: int,
    filters: Filters = Filters(),
    system: System = "fused",
    task: str = "",
    scope: Scope = "unsure",
    layers: frozenset[str] = LAYERS,
) -> Evidence:
    """The `limit` best passages for a question, best first, ties by passage key.

    vector: the question as the encoder reads it, float32[d]. filters: applied before anything is scored, so that a hidden passage can
    neither be a seed nor a bridge. task: the route's task type, by which a direct question may skip the links; "" never skips them.
    scope: how much of a document the question is about, which decides what the layers weigh (`layers.scope_of`). layers: the parts of a
    fused or flat score that count (`switches.check_layers`).
    """
    scored = score(question, vector, snapshot, filters=filters, system=system, task=task, scope=scope, layers=layers)
    rows = snapshot.rows
    order = best(scored.scores, limit, keys=rows.keys, allowed=_may_be_hits(scored, system))
    sentence_scores = _sentence_scores(scored.stage, order, rows.starts)
    hits = tuple(_hit(scored, int(row), snapshot, sentence_scores[int(row)]) for row in order)
    return Evidence(question=question, hits=hits, sequence=snapshot.sequence, early_exit=scored.early_exit)


def _may_be_hits(scored: Scored, system: System) -> NDArray[np.bool_]:
    """bool[R]: passages with a score; of a base so small that every passage is among the best of its lists, all that may take part.

    Rescaling makes the lowest of a list, and all of a list of equal values, 0: a base of one passage would never be found anything in.
    """
    allowed = scored.stage.allowed
    is_rescaled = system not in ("dense", "lexical", "layer-votes", "layer-votes-document") and scored.switched_on & LISTS
    is_small = is_rescaled and int(allowed.sum()) <= TOP
    return allowed if is_small else allowed & (scored.scores > 0)


def score(
    question: str,
    vector: NDArray[np.float32],
    snapshot: Snapshot,
    *,
    filters: Filters = Filters(),
    system: System = "fused",
    task: str = "",
    scope: Scope = "unsure",
    layers: frozenset[str] = LAYERS,
) -> Scored:
    """Formula S = f + layers + 0.3 t + 0.6 hop + 0.3 hop2 + 0.6 path + 0.6 residual (retrieval design 1.5), or one of its parts.

    layers: the terms of S that count; the others are 0.
    """
    allowed = allowed_rows(snapshot, filters)
    passages, sentences = LexicalScorer(snapshot, "passage"), LexicalScorer(snapshot, "sentence")
    stage = first_stage(question, vector, snapshot, passages=passages, sentences=sentences, allowed=allowed, lists=layers)
    if system in ("f", "dense", "lexical"):
        alone = {"f": stage.f, "dense": _positive(stage.passage_cosines, allowed), "lexical": stage.lexical * allowed}[system]
        return Scored(scores=alone, stage=stage, early_exit=False)
    found_by = None if system == "flat" or layers.isdisjoint(("outline", "core")) else layer_scores(stage, snapshot)
    if found_by is not None and system not in ("fused", "flat"):
        return Scored(scores=_layered(found_by, stage, snapshot, system, scope), stage=stage, early_exit=False, layers=found_by)
    found = stage.f if found_by is None else found_by.total(_weights(scope, layers))
    if is_direct(stage, task):
        return Scored(scores=found, stage=stage, early_exit=True, layers=found_by, switched_on=layers)
    titles = stage.titles if "title" in layers else None
    seeds = found if titles is None else found + TITLE_WEIGHT * titles
    if layers.isdisjoint(LINKS):
        return Scored(scores=seeds, stage=stage, early_exit=False, layers=found_by, titles=titles, switched_on=layers)
    linker = Linker(snapshot, allowed)
    n_rows = len(seeds)
    first = hop(stage, seeds, snapshot.rows, linker) if "hop" in layers else Reached.nothing(n_rows)
    once = seeds + HOP_WEIGHT * first.scores
    second = hop(stage, once, snapshot.rows, linker) if "second-hop" in layers else Reached.nothing(n_rows)
    remainder = search_remainder(stage, once, snapshot, linker, passages=passages, sentences=sentences).only(layers)
    total = once + SECOND_HOP_WEIGHT * second.scores + PATH_WEIGHT * remainder.paths.scores + RESIDUAL_WEIGHT * remainder.residual
    return Scored(
        scores=total,
        stage=stage,
        early_exit=False,
        layers=found_by,
        titles=titles,
        first=first,
        second=second,
        remainder=remainder,
        switched_on=layers,
    )


def _weights(scope: Scope, layers: frozenset[str]) -> Weights:
    """What the three layers over the passages weigh; the first stage has its own switches."""
    weights = SCORE_WEIGHTS[scope]
    return {"chunk": weights["chunk"], **{name: weights[name] * (name in layers) for name in ("outline", "core")}}


def _layered(layers: LayerScores, stage: FirstStage, snapshot: Snapshot, system: System, scope: Scope) -> Scores:
    """The scores of a system that has layers and no links."""
    if system == "layers":
        return layers.total(SCORE_WEIGHTS[scope])
    if system in ("f+outline", "f+core"):
        left_out: Layer = "core" if system == "f+outline" else "outline"
        return layers.total({**SCORE_WEIGHTS[scope], left_out: 0.0})
    rows = snapshot.rows
    rankings = rank_layers(layers, rows, stage.allowed)
    if system == "layer-votes-document":
        rankings = expand_to_documents(rankings, rows)
    scores = np.zeros(len(rows.keys))
    for row, votes in fuse_votes(rankings, RANK_WEIGHTS[scope]):
        scores[row] = votes
    return scores


def is_direct(stage: FirstStage, task: str) -> bool:
    """Whether links could only disturb: the route says one passage will do, and the question names nothing to start from.

    Nothing: no subject of the base, and no capitalised name after its first word. Tuned on the train questions of nq (decisions/008).
    """
    has_name = any(name.start > 0 for name in capitalised_names(stage.question))
    return task in DIRECT_TASKS and stage.n_subjects == 0 and not has_name


def _positive(cosines: Scores, allowed: NDArray[np.bool_]) -> Scores:
    """Cosines moved to (0, 1], so that a hit is told from a passage that may not take part."""
    return np.where(allowed, (cosines + 2.0) / 3.0, 0.0)


def _sentence_scores(stage: FirstStage, order: NDArray[np.int64], starts: NDArray[np.int64]) -> dict[int, Scores]:
    """For each hit the match of its sentences: mean of the cosine rescaled over all hits, and the BM25 share."""
    ranges = [np.arange(starts[row], starts[row + 1]) for row in order.tolist()]
    if not ranges:
        return {}
    sentences = np.concatenate(ranges)
    matches = 0.5 * rescale(stage.sentence_cosines[sentences]) + 0.5 * stage.sentence_lexical[sentences]
    ends = np.cumsum([len(part) for part in ranges])
    return dict(zip(order.tolist(), np.split(matches, ends[:-1]), strict=True))


def _hit(scored: Scored, row: int, snapshot: Snapshot, sentence_scores: Scores) -> Hit:
    stage = scored.stage
    layers = [("first-stage", stage.f[row]), ("lexical", stage.lexical[row]), ("dense", stage.passage_cosines[row])]
    if scored.layers is not None:
        layers += [("outline", scored.layers.outline[row]), ("core", scored.layers.core[row])]
    path: tuple[Link, ...] = ()
    if scored.titles is not None:
        layers += [("title", scored.titles[row])]
    if scored.first and scored.second and scored.remainder:
        layers += [("hop", scored.first.scores[row]), ("second-hop", scored.second.scores[row])]
        layers += [("path", scored.remainder.paths.scores[row]), ("residual", scored.remainder.residual[row])]
        path = _path(scored.first, scored.second, scored.remainder, row, snapshot)
    layers = [(name, value) for name, value in layers if name == "first-stage" or name in scored.switched_on]
    start, end = snapshot.rows.starts[row : row + 2]
    return Hit(
        passage=snapshot.passage(row),
        score=round(float(scored.scores[row]), 9),
        layers=tuple((name, round(float(value), 6)) for name, value in layers if value),
        path=path,
        sentence_scores=tuple(sentence_scores.round(6).tolist()),
        sentence_cosines=tuple(stage.sentence_cosines[start:end].round(6).tolist()),
    )


def _path(first: Reached, second: Reached, remainder: Remainder, row: int, snapshot: Snapshot) -> tuple[Link, ...]:
    """The link that gave a passage most, by its weight in S; for a hit of the residual search the sentence whose rest it matches."""
    ways = [(HOP_WEIGHT, first), (SECOND_HOP_WEIGHT, second), (PATH_WEIGHT, remainder.paths)]
    value, reached = max(((weight * way.scores[row], way) for weight, way in ways), key=lambda pair: pair[0])
    rows = snapshot.rows
    if value > 0 and value >= RESIDUAL_WEIGHT * remainder.residual[row] * 0.5:
        link = reached.links[int(reached.via[row])]
        sentence, name, kind = link.sentence, link.name, link.kind
    elif remainder.residual[row] > 0:
        sentence, name, kind = remainder.seeds[int(remainder.residual_seed[row])].sentence, "", "residual"  # type: ignore[assignment]
    else:
        return ()
    seed = int(rows.owners[sentence])
    passage = snapshot.passage(seed)
    text = passage.sentence_text(sentence - int(rows.starts[seed]))
    return (Link(seed=passage.source, seed_chunk=passage.chunk, sentence=text, name=name, kind=kind),)
