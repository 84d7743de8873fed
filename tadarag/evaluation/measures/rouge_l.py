"""ROUGE-L: the longest sequence of tokens that an answer and an expected one share in order.

The library rouge-score is not used: its tokenizer drops every character that is not ASCII, so that Chinese scores 0, and it has had no release
since 2022. The formula is short; the tests hold golden values.
"""

from collections.abc import Sequence

from tadarag.evaluation.measures.answer_tokens import answer_tokens
from tadarag.evaluation.measures.long_answer import best_over_expected
from tadarag.evaluation.records import AnswerRecord


def rouge_l(record: AnswerRecord) -> float | None:
    """ROUGE-L F1 of the answer's text, best over the expected ones. Source: Lin, ROUGE, ACL Workshop 2004, sentence level, beta 1."""
    return best_over_expected(record, rouge_l_f1)


def rouge_l_f1(given: str, expected: str) -> float:
    """Harmonic mean of LCS / tokens given and LCS / tokens expected, over `answer_tokens` (Chinese by character); 0.0 when none is shared."""
    given_tokens, expected_tokens = answer_tokens(given), answer_tokens(expected)
    shared = longest_common(given_tokens, expected_tokens)
    return 2 * shared / (len(given_tokens) + len(expected_tokens)) if shared else 0.0


def longest_common(one: Sequence[str], other: Sequence[str]) -> int:
    """Length of the longest common subsequence."""
    row = [0] * (len(other) + 1)
    for token in one:
        diagonal = 0
        for place, rival in enumerate(other, start=1):
            diagonal, row[place] = row[place], diagonal + 1 if token == rival else max(row[place], row[place - 1])
    return row[-1]
