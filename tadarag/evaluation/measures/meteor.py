"""METEOR of an answer by nltk, without synonyms: WordNet would have to be downloaded, and knows no Chinese."""

from tadarag.evaluation.measures.answer_tokens import answer_tokens
from tadarag.evaluation.measures.long_answer import best_over_expected
from tadarag.evaluation.records import AnswerRecord


def meteor(record: AnswerRecord) -> float | None:
    """METEOR of the answer's text, best over the expected ones; exact and stem matches only. Raises ImportError without the extra "eval".

    Source: Banerjee and Lavie, ACL Workshop 2005, by nltk (alpha 0.9, beta 3, gamma 0.5), over `answer_tokens` (Chinese by character).
    Its values lie a little under those with synonyms: compare them with each other, not with published ones.
    """
    return best_over_expected(record, meteor_score)


def meteor_score(given: str, expected: str) -> float:
    """METEOR of one text against one other; 0.0 where one of them has no token."""
    from nltk.translate.meteor_score import single_meteor_score  # an extra

    given_tokens, expected_tokens = answer_tokens(given), answer_tokens(expected)
    if not given_tokens or not expected_tokens:
        return 0.0
    return float(single_meteor_score(expected_tokens, given_tokens, wordnet=_NoSynonyms()))


class _NoSynonyms:
    """Stands where nltk expects WordNet."""

    def synsets(self, word: str) -> list[str]:
        return []
