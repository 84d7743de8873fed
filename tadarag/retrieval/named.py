"""Whether the passages of a question are called what they are about, so that a name in another passage can lead to them."""

from __future__ import annotations

import re
from dataclasses import replace

import numpy as np

from tadarag.analysis import CJK
from tadarag.retrieval.first_stage import FirstStage
from tadarag.retrieval.ranking import best
from tadarag.store.protocol import Snapshot
from tadarag.values import Passage

N_LOOKED_AT = 20
SMALLEST_SHARE = 0.3
_BEGINNING = 40  # a subject that is derived from the text begins in so many characters of it
_ASIDE = r"[》」”\"’']?\s*(?:[(（][^()（）]{0,200}[)）])?"
_DEFINES = re.compile(_ASIDE + r"[^.;:]{0,60}?\b(?:is|was|are|were|refers)\b")
_DEFINES_CHINESE = re.compile(r"[》」”\"’']?\s*(?:[(（]|[^。；，,]{0,6}(?:是|係|指|为|為|又称|又名|全称|简称|位于|位於))")
_CHINESE = re.compile(f"[{CJK}]")


def are_named(stage: FirstStage, snapshot: Snapshot) -> bool:
    """Whether at least 30 % of the 20 best passages by f are named (`is_named`); so too where nothing was found.

    Encyclopaedias, manuals and documents with titles or headings are. Untitled news and chat are not: the first name of such a passage is who
    acts in it, many others are as much about them, and links to it lead astray (decisions/019).
    """
    rows = best(stage.f, N_LOOKED_AT, keys=snapshot.rows.keys, allowed=stage.allowed & (stage.f > 0))
    return sum(is_named(snapshot.passage(row)) for row in rows.tolist()) >= SMALLEST_SHARE * len(rows)


def is_named(passage: Passage) -> bool:
    """Whether a passage has a title or a heading, or its text begins with a name and what that is."""
    if passage.heading_path:
        return True
    at = passage.text.find(passage.subject, 0, _BEGINNING + len(passage.subject)) if passage.subject else -1
    defines = _DEFINES_CHINESE if _CHINESE.search(passage.subject) else _DEFINES
    return at >= 0 and defines.match(passage.text, at + len(passage.subject)) is not None


def without_subjects(stage: FirstStage) -> FirstStage:
    """The same for a question that names no subject."""
    return replace(stage, titles=np.zeros_like(stage.titles), n_subjects=0)
