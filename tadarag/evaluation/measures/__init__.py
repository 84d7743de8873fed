"""One measure a file: a run record in, a number in [0, 1] out (None where the measure does not apply to the record)."""

from collections.abc import Callable, Mapping
from functools import partial

from tadarag.evaluation.measures.abstention import near_miss_refusal, right_refusal, wrong_refusal
from tadarag.evaluation.measures.all_gold_at_k import all_gold_at_k
from tadarag.evaluation.measures.average_precision import average_precision
from tadarag.evaluation.measures.bleu import bleu
from tadarag.evaluation.measures.citation_precision import citation_existence, citation_precision
from tadarag.evaluation.measures.citation_recall import citation_recall
from tadarag.evaluation.measures.exact_match import exact_match
from tadarag.evaluation.measures.hits_at_k import hits_at_k
from tadarag.evaluation.measures.item_recall import item_recall
from tadarag.evaluation.measures.meteor import meteor
from tadarag.evaluation.measures.mrr import reciprocal_rank
from tadarag.evaluation.measures.ndcg import ndcg
from tadarag.evaluation.measures.pk import pk
from tadarag.evaluation.measures.recall_at_k import recall_at_k
from tadarag.evaluation.measures.rouge_l import rouge_l
from tadarag.evaluation.measures.span_f1 import span_f1
from tadarag.evaluation.measures.span_overlap import (
    answer_recall,
    precision_omega,
    span_iou,
    span_precision,
    span_recall,
    whole_answer_recall,
)
from tadarag.evaluation.measures.token_f1 import answer_text_f1, short_answer_f1
from tadarag.evaluation.measures.window_diff import window_diff
from tadarag.evaluation.records import AnswerRecord, ChunkingRecord, RetrievalRecord, SegmentationRecord

RETRIEVAL_MEASURES: Mapping[str, Callable[[RetrievalRecord], float]] = {
    **{f"recall@{k}": partial(recall_at_k, k=k) for k in (2, 5, 10, 20)},
    **{f"all_gold@{k}": partial(all_gold_at_k, k=k) for k in (5, 10)},
    **{f"hits@{k}": partial(hits_at_k, k=k) for k in (4, 10)},
    "mrr@10": partial(reciprocal_rank, k=10),
    "map@10": partial(average_precision, k=10),
    "ndcg@10": partial(ndcg, k=10),
}
ANSWER_MEASURES: Mapping[str, Callable[[AnswerRecord], float | None]] = {
    "exact_match": exact_match,
    "f1": short_answer_f1,
    "text_f1": answer_text_f1,
    "item_recall": item_recall,
    "span_f1": span_f1,
    "rouge_l": rouge_l,
    "citation_precision": citation_precision,
    "citation_recall": citation_recall,
    "citation_existence": citation_existence,
    "refused_unanswerable": right_refusal,
    "refused_near_miss": near_miss_refusal,
    "refused_answerable": wrong_refusal,
}
LONG_ANSWER_MEASURES: Mapping[str, Callable[[AnswerRecord], float | None]] = {"bleu": bleu, "meteor": meteor}
LONG_ANSWER_LIBRARIES = ("sacrebleu", "nltk")  # of the extra "eval": imported only when such a measure is computed
LOWER_IS_BETTER = frozenset({"refused_answerable", "refused_answerable_fitted", "pk", "windowdiff"})
SEGMENTATION_MEASURES: Mapping[str, Callable[[SegmentationRecord], float]] = {"pk": pk, "windowdiff": window_diff}
SPAN_MEASURES: Mapping[str, Callable[[ChunkingRecord], float]] = {
    "recall": span_recall,
    "precision": span_precision,
    "iou": span_iou,
    "precision_omega": precision_omega,
}
ANSWER_CHUNK_MEASURES: Mapping[str, Callable[[ChunkingRecord], float]] = {
    "answer_recall": answer_recall,
    "whole_answer_recall": whole_answer_recall,
}
RANKING_DEPTH = 20  # the deepest place that a measure looks at
