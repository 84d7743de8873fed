"""A question becomes evidence: first stage and layers, exit for direct questions or links and remainder, formula S, the choice of hits."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from tadarag.analysis import capitalised_names, is_mostly_cjk, terms
from tadarag.retrieval.ablation import NOTHING, SUBJECT_PARTS, Ablation, Effect
from tadarag.retrieval.candidates import candidates_of
from tadarag.retrieval.filtering import allowed_rows
from tadarag.retrieval.first_stage import TOP, FirstStage, first_stage
from tadarag.retrieval.hits import make_hit, sentence_scores_of
from tadarag.retrieval.hops import hop
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
from tadarag.retrieval.learned_selector import load_selector
from tadarag.retrieval.lexical import LexicalScorer
from tadarag.retrieval.links import Linker
from tadarag.retrieval.named import are_named, without_subjects
from tadarag.retrieval.ranking import Scores, best
from tadarag.retrieval.reached import Reached
from tadarag.retrieval.remainder import search_remainder
from tadarag.retrieval.scored import HOP_WEIGHT, PATH_WEIGHT, RESIDUAL_WEIGHT, SECOND_HOP_WEIGHT, TITLE_WEIGHT, LinkScores, Scored
from tadarag.retrieval.selector import Selector, selected_scores
from tadarag.retrieval.switches import LAYERS, LINKS, LISTS
from tadarag.store.protocol import Snapshot
from tadarag.values import Evidence, Filters

DIRECT_TASKS = frozenset({"fact", "list", "temporal"})
System = Literal[
    "fused", "learned", "flat", "layers", "f+outline", "f+core", "f", "dense", "lexical", "layer-votes", "layer-votes-document"
]
"""fused: formula S, or first stage and layers for direct questions; learned: the same with the best of S put in order by the trained selector;
flat: fused without layers; layers: first stage and layers;
f+outline, f+core: the first stage and one of them; f: the first stage alone; dense, lexical: one of its two lists; layer-votes: the ranks of
the three layers fused; layer-votes-document: the same as released elsewhere, where a hit in outline or core brings in its whole document."""


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
    selector: Selector | None = None,
) -> Evidence:
    """The `limit` best passages for a question, best first, ties by passage key.

    vector: the question as the encoder reads it, float32[d]. filters: applied before anything is scored, so that a hidden passage can
    neither be a seed nor a bridge. task: the route's task type, by which a direct question may skip the links; "" never skips them.
    scope: how much of a document the question is about, which decides what the layers weigh (`layers.scope_of`). layers: the parts of a
    fused or flat score that count (`switches.check_layers`). selector: in the place of the trained one, where the system is "learned".
    """
    scored = score(question, vector, snapshot, filters=filters, system=system, task=task, scope=scope, layers=layers)
    rows, may_be_hits = snapshot.rows, _may_be_hits(scored, system)
    if system == "learned":
        scored = select(scored, snapshot, selector or load_selector())
    order = best(scored.scores, limit, keys=rows.keys, allowed=may_be_hits)
    sentence_scores = sentence_scores_of(scored.stage, order, rows.starts)
    hits = tuple(make_hit(scored, int(row), snapshot, sentence_scores[int(row)]) for row in order)
    return Evidence(question=question, hits=hits, sequence=snapshot.sequence, early_exit=scored.early_exit, choice=scored.choice)


def select(scored: Scored, snapshot: Snapshot, selector: Selector) -> Scored:
    """The same with the candidates in the order of a selector; as it is where links were not followed, and so there is no set to find."""
    candidates = candidates_of(scored, snapshot)
    if candidates is None:
        return scored
    selection = selector.select(candidates)
    selected = np.zeros(len(scored.scores))
    selected[candidates.rows[selection.order]] = selection.scores
    return replace(scored, scores=selected_scores(scored.scores, candidates, selection), selected=selected, choice=selection.choice)


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
    ablation: Ablation = NOTHING,
) -> Scored:
    """Formula S = f + layers + 0.3 t + 0.6 hop + 0.3 hop2 + 0.6 path + 0.6 residual (retrieval design 1.5), or one of its parts.

    Where passages are not called what they are about, subjects do not count, and there are no titles (`are_named`).
    layers: the terms of S that count; the others are 0. ablation: what is left out or led astray, of all that is made of it, to see its worth.
    """
    allowed = allowed_rows(snapshot, filters)
    in_cjk = is_mostly_cjk(terms(question))
    passages, sentences = LexicalScorer(snapshot, "passage", in_cjk=in_cjk), LexicalScorer(snapshot, "sentence", in_cjk=in_cjk)
    stage = first_stage(question, vector, snapshot, passages=passages, sentences=sentences, allowed=allowed, lists=layers)
    if system in ("f", "dense", "lexical"):
        alone = {"f": stage.f, "dense": _positive(stage.passage_cosines, allowed), "lexical": stage.lexical * allowed}[system]
        return Scored(scores=alone, stage=stage, early_exit=False)
    found_by = None if system == "flat" or layers.isdisjoint(("outline", "core")) else layer_scores(stage, snapshot)
    if found_by is not None and system not in ("fused", "learned", "flat"):
        return Scored(scores=_layered(found_by, stage, snapshot, system, scope), stage=stage, early_exit=False, layers=found_by)
    has_names = are_named(stage, snapshot)
    if not has_names:
        stage, ablation = without_subjects(stage), ablation.without(SUBJECT_PARTS)
    effect = Effect(ablation, snapshot.rows, allowed)
    if found_by is not None:
        found_by = replace(found_by, outline=effect.scores("outline", found_by.outline), core=effect.scores("core", found_by.core))
    found = stage.f if found_by is None else found_by.total(_weights(scope, layers))
    if is_direct(stage, task):
        return Scored(scores=found, stage=stage, early_exit=True, layers=found_by, switched_on=layers)
    titles = effect.scores("title", stage.titles) if "title" in layers and has_names else None
    seeds = found if titles is None else found + TITLE_WEIGHT * titles
    if layers.isdisjoint(LINKS):
        return Scored(scores=seeds, stage=stage, early_exit=False, layers=found_by, titles=titles, switched_on=layers)
    linker = effect.links(Linker(snapshot, allowed))
    n_rows = len(seeds)
    first = hop(stage, seeds, snapshot.rows, linker) if "hop" in layers else Reached.nothing(n_rows)
    once = seeds + HOP_WEIGHT * first.scores
    second = hop(stage, once, snapshot.rows, linker) if "second-hop" in layers else Reached.nothing(n_rows)
    remainder = search_remainder(stage, once, snapshot, linker, passages=passages, sentences=sentences).only(layers)
    remainder = remainder.changed(partial(effect.scores, "residual"))
    total = once + SECOND_HOP_WEIGHT * second.scores + PATH_WEIGHT * remainder.paths.scores + RESIDUAL_WEIGHT * remainder.residual
    return Scored(
        scores=total,
        stage=stage,
        early_exit=False,
        layers=found_by,
        titles=titles,
        links=LinkScores(
            seeds=seeds, first=first, second=second, remainder=remainder, linker=linker, passages=passages, sentences=sentences
        ),
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
