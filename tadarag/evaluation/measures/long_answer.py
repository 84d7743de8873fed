"""What the measures of long answers share: which text is judged, and the best over the expected ones."""

from collections.abc import Callable

from tadarag.evaluation.records import AnswerRecord


def best_over_expected(record: AnswerRecord, score: Callable[[str, str], float]) -> float | None:
    """The best score(given, expected) of the answer's text; a refusal and a failure are 0.0; None for an unanswerable question."""
    if not record.answerable:
        return None
    if not record.found:
        return 0.0
    return max((score(record.text, expected) for expected in record.expected), default=0.0)
