"""Recall at k: the share of a question's gold passages among the first k."""

from tadarag.evaluation.records import RetrievalRecord


def recall_at_k(record: RetrievalRecord, k: int) -> float:
    """|gold among the first k| / |gold|, in [0, 1]. Source: Manning, Raghavan and Schütze, Introduction to Information Retrieval, 8.4."""
    return len(record.gold.intersection(record.ranking[:k])) / len(record.gold)
