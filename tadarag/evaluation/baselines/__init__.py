"""What any retriever must beat: BM25, dense, their fusion and PageRank, on the same corpus with the same encoder."""

from dataclasses import dataclass

BASELINES = ("bm25", "dense", "rrf", "ppr", "rrf+ppr")
LIBRARIES = ("bm25s", "scipy")  # of the extra "eval": imported only when a baseline runs


@dataclass(frozen=True, slots=True, kw_only=True)
class Ranking:
    """The best 20 passage ids of one system for one question, and what it took in seconds (parts shared with others included)."""

    ids: tuple[str, ...]
    seconds: float
