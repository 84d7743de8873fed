"""All gold at k: whether every gold passage of a question is among the first k."""

from tadarag.evaluation.records import RetrievalRecord


def all_gold_at_k(record: RetrievalRecord, k: int) -> float:
    """1.0 if all gold passages are among the first k, else 0.0.

    A multi-document question can only be answered when this is 1. Source: the recall of Khattab et al., Baleen, NeurIPS 2021 ("Retrieval@k").
    """
    return float(record.gold.issubset(record.ranking[:k]))
