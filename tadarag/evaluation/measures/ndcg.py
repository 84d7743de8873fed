"""Normalised discounted cumulative gain: gold passages count the more the higher they stand."""

from math import fsum, log2

from tadarag.evaluation.records import RetrievalRecord


def ndcg(record: RetrievalRecord, k: int) -> float:
    """Sum of 1 / log2(rank + 1) over the gold passages among the first k, divided by what the best order would give.

    Source: Järvelin and Kekäläinen, ACM TOIS 2002, with gains of 0 and 1 (the form that BEIR reports).
    """
    gain = fsum(1 / log2(rank + 1) for rank, passage in enumerate(record.ranking[:k], start=1) if passage in record.gold)
    return gain / fsum(1 / log2(rank + 1) for rank in range(1, min(k, len(record.gold)) + 1))
