"""Exact match: whether the short answer is one of the expected ones, word for word."""

from tadarag.evaluation.measures.answer_tokens import answer_tokens
from tadarag.evaluation.records import AnswerRecord


def exact_match(record: AnswerRecord) -> float | None:
    """1.0 if the short answer equals an expected one token by token, else 0.0; a refusal is 0.0; None for an unanswerable question.

    Source: Rajpurkar et al., SQuAD, EMNLP 2016 (best over the alternatives).
    """
    if not record.answerable:
        return None
    given = answer_tokens(record.short) if record.found else []
    return float(any(given and given == answer_tokens(expected) for expected in record.expected))
