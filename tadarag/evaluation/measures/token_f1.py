"""Token F1: how much an answer and the nearest expected one share."""

from collections import Counter

from tadarag.evaluation.measures.answer_tokens import answer_tokens
from tadarag.evaluation.records import AnswerRecord


def short_answer_f1(record: AnswerRecord) -> float | None:
    """Token F1 of the short answer, best over the alternatives; a refusal is 0.0; None for an unanswerable question.

    Source: Rajpurkar et al., SQuAD, EMNLP 2016.
    """
    return _best_f1(record, record.short)


def answer_text_f1(record: AnswerRecord) -> float | None:
    """The same for the whole answer text without citation marks: the measure for sets whose expected answers are long."""
    return _best_f1(record, record.text)


def token_f1(given: str, expected: str) -> float:
    """Harmonic mean of precision and recall over the multiset of tokens (`answer_tokens`); 0.0 when they share none."""
    given_tokens, expected_tokens = answer_tokens(given), answer_tokens(expected)
    n_shared = sum((Counter(given_tokens) & Counter(expected_tokens)).values())
    if not n_shared:
        return 0.0
    precision, recall = n_shared / len(given_tokens), n_shared / len(expected_tokens)
    return 2 * precision * recall / (precision + recall)


def _best_f1(record: AnswerRecord, text: str) -> float | None:
    if not record.answerable:
        return None
    if not record.found:
        return 0.0
    return max((token_f1(text, expected) for expected in record.expected), default=0.0)
