"""Hits at k: whether any gold passage of a question is among the first k."""

from tadarag.evaluation.records import RetrievalRecord


def hits_at_k(record: RetrievalRecord, k: int) -> float:
    """1.0 if at least one gold passage is among the first k, else 0.0.

    Source: the Hits@k of Tang and Yang, MultiHop-RAG, COLM 2024.
    """
    return float(not record.gold.isdisjoint(record.ranking[:k]))
