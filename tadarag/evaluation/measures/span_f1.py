"""Span F1: how well the cited ranges cover the gold evidence, character by character."""

from collections.abc import Iterable

from tadarag.evaluation.records import AnswerRecord, CitedSpan, GoldSpan


def span_f1(record: AnswerRecord) -> float | None:
    """F1 between the characters that the citations cover and those of the gold spans, source by source.

    A citation whose quote does not exist covers nothing. A refusal is 0.0. None for questions without gold spans.
    Source: the token-wise IoU family of chunking evaluations, with F1 over characters so that long citations cost precision.
    """
    if not record.gold_spans:
        return None
    cited = _characters(citation for citation in record.citations if citation.exists) if record.found else set()
    gold = _characters(record.gold_spans)
    shared = len(cited & gold)
    return 2 * shared / (len(cited) + len(gold)) if shared else 0.0


def _characters(spans: Iterable[CitedSpan | GoldSpan]) -> set[tuple[str, int]]:
    return {(place.source, position) for place in spans for position in range(place.span.start, place.span.end)}
