"""Item recall: how much of a list an answer names."""

from collections.abc import Sequence

from tadarag.evaluation.measures.answer_tokens import answer_tokens
from tadarag.evaluation.records import AnswerRecord


def item_recall(record: AnswerRecord) -> float | None:
    """Share of expected items of which one wording stands in the answer's text, token by token; a refusal is 0.0; None without items.

    Source: the recall over short answers of Stelmakh et al., ASQA, EMNLP 2022, with tokens in place of characters.
    """
    if not record.items:
        return None
    given = answer_tokens(f"{record.text} {record.short}") if record.found else []
    return sum(any(_holds(given, answer_tokens(wording)) for wording in item) for item in record.items) / len(record.items)


def _holds(tokens: Sequence[str], part: Sequence[str]) -> bool:
    return bool(part) and any(tokens[start : start + len(part)] == part for start in range(len(tokens) - len(part) + 1))
