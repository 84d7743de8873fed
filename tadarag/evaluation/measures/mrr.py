"""Mean reciprocal rank: how far down the first gold passage stands."""

from tadarag.evaluation.records import RetrievalRecord


def reciprocal_rank(record: RetrievalRecord, k: int) -> float:
    """1 / rank of the first gold passage among the first k, 0.0 if none is there; ranks count from 1.

    Source: Voorhees, The TREC-8 Question Answering Track Report, 1999.
    """
    for rank, passage in enumerate(record.ranking[:k], start=1):
        if passage in record.gold:
            return 1 / rank
    return 0.0
