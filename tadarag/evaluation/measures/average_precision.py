"""Average precision at k: the precision at the place of each gold passage; its mean over questions is MAP@k."""

from tadarag.evaluation.records import RetrievalRecord


def average_precision(record: RetrievalRecord, k: int) -> float:
    """Sum of the precision at each gold passage among the first k / min(k, number of gold passages).

    Source: Manning, Raghavan and Schütze, Introduction to Information Retrieval, 2008, section 8.4, cut at k as TREC and MultiHop-RAG do.
    """
    n_found, total = 0, 0.0
    for rank, passage in enumerate(record.ranking[:k], start=1):
        if passage in record.gold:
            n_found += 1
            total += n_found / rank
    return total / min(k, len(record.gold))
