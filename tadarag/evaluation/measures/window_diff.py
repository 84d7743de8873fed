"""WindowDiff: how often a window holds another number of boundaries than it should."""

from tadarag.evaluation.measures.pk import segment_of_sentence, window
from tadarag.evaluation.records import SegmentationRecord


def window_diff(record: SegmentationRecord) -> float:
    """Share of windows (i, i + k) in which the system's number of boundaries differs from the reference's; 0 is best.

    Pairs and k are those of Pk. Unlike Pk it counts a boundary too many inside a window that has one already.
    A document of one sentence has no window and scores 0.0.
    Source: Pevzner and Hearst, A Critique and Improvement of an Evaluation Metric for Text Segmentation, Computational Linguistics 28, 2002.
    """
    k = window(record)
    n_windows = record.n_sentences - k
    if n_windows < 1:
        return 0.0
    reference, found = segment_of_sentence(record.reference, record.n_sentences), segment_of_sentence(record.found, record.n_sentences)
    wrong = sum(reference[i + k] - reference[i] != found[i + k] - found[i] for i in range(n_windows))
    return wrong / n_windows
