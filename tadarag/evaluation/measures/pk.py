"""Pk: how often two places of a document are judged wrongly to lie in the same segment or in two."""

from bisect import bisect_right

from tadarag.evaluation.records import SegmentationRecord


def pk(record: SegmentationRecord) -> float:
    """Share of sentence pairs (i, i + k) that lie in one segment by the reference and in two by the system, or the other way; 0 is best.

    k: see `window`. A document of one sentence has no pair and scores 0.0.
    Source: Beeferman, Berger and Lafferty, Statistical Models for Text Segmentation, Machine Learning 34, 1999.
    """
    k = window(record)
    n_pairs = record.n_sentences - k
    if n_pairs < 1:
        return 0.0
    reference, found = segment_of_sentence(record.reference, record.n_sentences), segment_of_sentence(record.found, record.n_sentences)
    wrong = sum((reference[i] == reference[i + k]) != (found[i] == found[i + k]) for i in range(n_pairs))
    return wrong / n_pairs


def window(record: SegmentationRecord) -> int:
    """k: half the mean length of a reference segment in sentences, halves rounded to the even number, at least 2.

    It is at most one less than the number of sentences (but at least 1), so that every document of two sentences or more has a pair;
    one of a single segment has half of its own length.
    """
    half = record.n_sentences / (2 * len(record.reference))
    return max(1, min(max(2, round(half)), record.n_sentences - 1))


def segment_of_sentence(starts: tuple[int, ...], n_sentences: int) -> list[int]:
    """For each sentence the number of its segment, counted from 1."""
    return [bisect_right(starts, sentence) for sentence in range(n_sentences)]
