"""Features of candidates by the links that lead to them and back from them."""

from __future__ import annotations

from typing import get_args

import numpy as np
from numpy.typing import NDArray

from tadarag.analysis import MAX_NAME_TOKENS, name_key, part_keys, subject_tokens
from tadarag.retrieval.candidates import Candidates
from tadarag.retrieval.hops import DEGREE_POWER
from tadarag.retrieval.links import MAX_SUBJECTS_OF_A_PART, WEIGHTS, LinkKind
from tadarag.retrieval.ranking import Scores, best
from tadarag.retrieval.reached import Steps
from tadarag.retrieval.text_features import reciprocal_ranks

N_SEEDS_NAMED = 12
KINDS: tuple[LinkKind, ...] = get_args(LinkKind)


def link_features(candidates: Candidates) -> dict[str, Scores]:
    """float64[n] by name: hops and paths by kind of link, how many seeds lead to a candidate and how strongly, links back, equal subjects."""
    rows, links = candidates.rows, candidates.links
    place = np.full(len(candidates.stage.allowed), -1, np.int64)
    place[rows] = np.arange(len(rows))
    hop, second, path = links.first.scores[rows], links.second.scores[rows], links.remainder.paths.scores[rows]
    above, gap = _same_subject(candidates)
    back, n_back = _back(candidates, place)
    return {
        **{f"hop_{kind}": values for kind, values in _by_kind(links.first.steps, place, len(rows)).items()},
        **_by_seed(links.first.steps, place, len(rows)),
        "hop_rank": reciprocal_ranks(hop),
        "second_hop": second,
        "second_hop_rank": reciprocal_ranks(second),
        **{f"path_{kind}": values for kind, values in _by_kind(links.remainder.paths.steps, place, len(rows)).items()},
        "path": path,
        "residual": links.remainder.residual[rows],
        "residual_rank": reciprocal_ranks(links.remainder.residual[rows]),
        "first_stage_of_reached": candidates.stage.f[rows] * (hop > 0),
        "back": back,
        "back_seeds": n_back,
        "same_subject_above": above,
        "same_subject_gap": gap,
    }


def _by_kind(steps: Steps, place: NDArray[np.int64], n: int) -> dict[str, Scores]:
    """The best value of each kind of link for each of n candidates."""
    places = place[steps.targets]
    found: dict[str, Scores] = {}
    kinds = np.array([KINDS.index(link.kind) for link in steps.links], np.int64)[steps.via]
    for number, kind in enumerate(KINDS):
        keep = (places >= 0) & (kinds == number)
        found[kind] = np.zeros(n)
        np.maximum.at(found[kind], places[keep], steps.values[keep])
    return found


def _by_seed(steps: Steps, place: NDArray[np.int64], n: int) -> dict[str, Scores]:
    """Sum over the seeds of the best value that each gives; how many give any; the place of the best of them; the best match of a sentence."""
    places = place[steps.targets]
    keep = places >= 0
    places, values, via = places[keep], steps.values[keep], steps.via[keep]
    grid = np.zeros((int(steps.seeds.max(initial=-1)) + 1, n))
    np.maximum.at(grid, (steps.seeds[via], places), values)
    match = np.zeros(n)
    np.maximum.at(match, places, steps.matches[via])
    gives = grid > 0
    closeness = gives / (1.0 + np.arange(len(grid)))[:, None]
    return {
        "hop_sum": grid.sum(axis=0),
        "hop_seeds": gives.sum(axis=0).astype(np.float64),
        "hop_seed_rank": closeness.max(axis=0, initial=0.0),
        "hop_match": match,
    }


def _same_subject(candidates: Candidates) -> tuple[Scores, Scores]:
    """How many candidates of the same subject stand above by S, and how far S is below the best of them as a share of the best S of all."""
    subjects = candidates.snapshot.rows.subjects[candidates.rows].tolist()
    highest = float(candidates.formula.max(initial=0.0)) or 1.0
    above, gap = np.zeros(len(candidates)), np.zeros(len(candidates))
    seen: dict[int, tuple[int, float]] = {}
    for place, (subject, value) in enumerate(zip(subjects, candidates.formula.tolist(), strict=True)):
        n, best_value = seen.get(subject, (0, value))
        if subject:
            above[place], gap[place] = n, (best_value - value) / highest
        seen[subject] = n + 1, best_value
    return above, gap


def _back(candidates: Candidates, place: NDArray[np.int64]) -> tuple[Scores, Scores]:
    """Whether a candidate mentions what one of the 12 best seeds is about: max of (g/max g) w covers / degree^0.4, and for how many seeds."""
    stage, seeds, rows = candidates.stage, candidates.links.seeds, candidates.snapshot.rows
    best_value, n_seeds = np.zeros(len(candidates)), np.zeros(len(candidates))
    chosen = best(seeds, N_SEEDS_NAMED, keys=rows.keys, allowed=stage.allowed & (seeds > 0))
    for seed in chosen.tolist():
        found = np.zeros(len(candidates))
        for key, (kind, strength) in _names_of(candidates, seed).items():
            places = place[candidates.links.linker.mentioning(key, kind)]
            places = places[places >= 0]
            found[places] = np.maximum(found[places], strength)
        found[place[seed] : place[seed] + 1] = 0.0  # an empty range for a seed that is no candidate
        best_value = np.maximum(best_value, float(seeds[seed] / seeds[chosen[0]]) * found)
        n_seeds += found > 0
    return best_value, n_seeds


def _names_of(candidates: Candidates, row: int) -> dict[int, tuple[LinkKind, float]]:
    """The keys of a passage's subject and of its parts that are mentioned anywhere: which of both, and w covers / degree^0.4."""
    snapshot, allowed = candidates.snapshot, candidates.stage.allowed
    tokens = subject_tokens(snapshot.passage(row).subject)[:MAX_NAME_TOKENS]
    if not tokens:
        return {}
    whole = name_key(tokens)
    lengths = {whole: len(tokens), **part_keys(tokens, cjk=all(len(token) == 1 and not token.isascii() for token in tokens))}
    is_mentioned = snapshot.known("mention", np.array(list(lengths), np.uint64))
    names: dict[int, tuple[LinkKind, float]] = {}
    for key, length in (pair for pair, known in zip(lengths.items(), is_mentioned.tolist(), strict=True) if known):
        kind: LinkKind = "title" if key == whole else "part"
        ids = snapshot.postings("subject" if key == whole else "part", key).ids
        ids = ids[allowed[ids]]
        if kind == "title" or len(np.unique(snapshot.rows.subjects[ids])) <= MAX_SUBJECTS_OF_A_PART:
            names[key] = kind, WEIGHTS[kind] * length / len(tokens) / max(1, len(ids)) ** DEGREE_POWER
    return names
