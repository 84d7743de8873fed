"""Abstention: whether a system refuses what the documents do not answer, and only that."""

from tadarag.evaluation.records import AnswerRecord


def right_refusal(record: AnswerRecord) -> float | None:
    """For an unanswerable question 1.0 if the system refused, else 0.0 (also when it failed); None for an answerable one.

    Source: the no-answer accuracy of Rajpurkar, Jia and Liang, SQuAD 2.0, ACL 2018.
    """
    return None if record.answerable else float(not record.found and not record.failed)


def wrong_refusal(record: AnswerRecord) -> float | None:
    """For an answerable question 1.0 if the system refused or failed, else 0.0; None for an unanswerable one."""
    return float(not record.found) if record.answerable else None


def near_miss_refusal(record: AnswerRecord) -> float | None:
    """`right_refusal` for near misses only: the entity stands in the documents, the attribute asked for does not."""
    return right_refusal(record) if record.near_miss else None
