"""Makes a baseline that is built by itself."""

from __future__ import annotations

from tadarag.evaluation.baselines.corpus import Corpus, Ranker


def make_ranker(name: str, corpus: Corpus) -> Ranker:
    """The baseline of that name, one of `OTHERS`, over a corpus. Raises UsageError for what the corpus does not have, such as triples."""
    if name == "rank-bm25":
        from tadarag.evaluation.baselines.okapi import OkapiRanker

        return OkapiRanker(corpus)
    if name == "hipporag":
        from tadarag.evaluation.baselines.hipporag import HippoRanker

        return HippoRanker(corpus)
    if name == "raptor":
        from tadarag.evaluation.baselines.raptor import RaptorRanker

        return RaptorRanker(corpus)
    from tadarag.evaluation.baselines import llama_index

    return llama_index.HybridRanker(corpus) if name == "llama-index-hybrid" else llama_index.VectorRanker(corpus)
