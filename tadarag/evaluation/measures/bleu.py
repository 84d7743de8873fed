"""BLEU of an answer by sacrebleu: how many of its word sequences an expected answer has."""

from tadarag.analysis import is_cjk
from tadarag.evaluation.measures.long_answer import best_over_expected
from tadarag.evaluation.records import AnswerRecord


def bleu(record: AnswerRecord) -> float | None:
    """Sentence BLEU-4 of the answer's text in [0, 1], best over the expected ones. Raises ImportError without the extra "eval".

    Source: Papineni et al., ACL 2002, by sacrebleu (Post, WMT 2018): exponential smoothing, effective order, tokenizer "zh" where either
    text has Chinese characters and "13a" elsewhere.
    """
    return best_over_expected(record, sentence_bleu)


def sentence_bleu(given: str, expected: str) -> float:
    """BLEU of one text against one other."""
    from sacrebleu.metrics.bleu import BLEU  # an extra

    tokenizer = "zh" if any(map(is_cjk, given + expected)) else "13a"
    score: float = BLEU(effective_order=True, tokenize=tokenizer).sentence_score(given, [expected]).score
    return score / 100
