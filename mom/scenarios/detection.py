"""Which scenario a document is, told by cues in its opening and its headings."""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from itertools import chain, islice, pairwise
from pathlib import Path

from mom.scenarios.registry import Registry, load_registry
from mom.terms import count_cjk, count_units

GENERAL = "general"
OPENING = 2_000
"""Characters at the beginning of the text that are read."""
N_HEADINGS = 200
HEADING_WEIGHT = 2.0
MOST_OF_A_PATTERN = 4
"""So often a form counts at most: each line of a play is a speaker's turn."""
NEEDED, FULL_LENGTH = 5.0, 150
"""Cues that a text of FULL_LENGTH words or more needs to be believed; a shorter one needs fewer, in proportion, yet at least two fifths."""
THRESHOLD = 0.3
_WORD = re.compile(r"[a-z']+")


def detect_scenario(
    text: str, headings: Sequence[str] = (), *, title: str = "", folders: Sequence[Path] = ()
) -> tuple[str, float, tuple[str, ...]]:
    """The scenario's name, the confidence in it in [0, 1], and the cues that told it; "general" where they are few or disagree.

    headings: titles of the document's headings. Read are the title, the first 200 headings and the first 2,000 characters, so that an
    edit further down, in the body of a section, never changes the scenario and with it the chunks of other sections.
    Each different cue counts once, shared by the scenarios that list it; a cue in the title or a heading, and a heading that a scenario
    names, count twice. Confidence is the best one's share of the counts times 1 - exp(-count / needed), where `needed` grows with the
    length of what was read; ties go to the first name. Source: the order of mom.md 6; the weights are ours.
    """
    registry = load_registry(folders)
    opening, heads = text[:OPENING], "\n".join([title, *islice(headings, N_HEADINGS)])
    needed = NEEDED * min(1.0, max(0.4, count_units(opening) / FULL_LENGTH))
    counts: dict[str, float] = {}
    reasons: dict[str, list[str]] = {}
    for cue, names, weight in chain(_found(opening, registry, 1.0), _found(heads, registry, HEADING_WEIGHT)):
        for name in names:
            counts[name] = counts.get(name, 0.0) + weight / len(names)
            if cue not in reasons.setdefault(name, []):
                reasons[name].append(cue)
    for name, scenario in registry.scenarios.items():
        for heading in {line.strip().strip(":：").lower() for line in heads.split("\n")} & scenario.headings.names:
            counts[name] = counts.get(name, 0.0) + HEADING_WEIGHT / 2
            reasons.setdefault(name, []).append(heading)
        for pattern in scenario.cue_patterns:
            n_found = sum(1 for _ in islice(pattern.finditer(opening), MOST_OF_A_PATTERN))
            if n_found:
                counts[name] = counts.get(name, 0.0) + n_found
                reasons.setdefault(name, []).append(pattern.pattern)
    if not counts:
        return GENERAL, 0.0, ()
    best = min(counts, key=lambda name: (-round(counts[name], 6), name))
    total = math.fsum(counts.values())
    confidence = round(counts[best] / total * (1 - math.exp(-counts[best] / needed)), 6)
    if confidence < THRESHOLD or best == GENERAL:
        return GENERAL, confidence, ()
    return best, confidence, tuple(sorted(set(reasons[best])))


def _found(text: str, registry: Registry, weight: float) -> list[tuple[str, tuple[str, ...], float]]:
    """Each different cue in the text with the scenarios that list it."""
    words = _WORD.findall(text.lower())
    stated = set(words)
    stated.update(map(" ".join, pairwise(words)), map(" ".join, zip(words, words[1:], words[2:], strict=False)))
    found = [(cue, registry.phrases[cue], weight) for cue in sorted(registry.phrases.keys() & stated)]
    if count_cjk(text):
        found += [(cue, names, weight) for cue, names in registry.chinese.items() if cue in text]
    return found
