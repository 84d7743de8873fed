"""What any retriever must beat, on the same corpus with the same encoder: lists and their fusion, PageRank, trees, and other tools."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

BASELINES = ("bm25", "dense", "rrf", "ppr", "rrf+ppr")
OTHERS = ("rank-bm25", "hipporag", "raptor", "llama-index", "llama-index-hybrid")
"""Baselines that are built one by one, and run only where they are asked for."""

LIBRARIES: Mapping[str, tuple[str, ...]] = {
    **dict.fromkeys(BASELINES, ("bm25s", "scipy")),
    "rank-bm25": ("rank_bm25",),
    "hipporag": ("scipy",),
    "raptor": (),
    "llama-index": ("llama_index.core",),
    "llama-index-hybrid": ("llama_index.core", "llama_index.retrievers.bm25"),
}
"""What each needs of the extra "eval": imported only when it runs."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Ranking:
    """The best 20 passage ids of one system for one question, and what it took in seconds (parts shared with others included).

    failed: why there are none, "" where the system did its work.
    """

    ids: tuple[str, ...]
    seconds: float
    failed: str = ""
