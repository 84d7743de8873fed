"""Two sides set against each other: the value that each has, and which of them the question prefers."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from tadarag.generation.readable_values import Value, read_value
from tadarag.generation.sentence_features import SENTENCE_FEATURES, Reading
from tadarag.generation.sides import find_sides
from tadarag.generation.span_model import ScoredSpan
from tadarag.generation.term_matching import locate_terms

_EARLY_OR_SMALL = re.compile(
    r"\b(?:less|fewer|smaller|lower|shorter|earlier|first|older|lighter|slower|cheaper|sooner|before|least|"
    r"youngest number|nearer|closer|colder)\b|更少|更小|更低|更短|更早|更轻|更慢|更便宜|先|较早|较少|较小|较低|较短|较轻|"
    r"年长|年纪更大|更老",
    re.IGNORECASE,
)
_LATE_OR_BIG = re.compile(
    r"\b(?:more|greater|larger|bigger|higher|longer|later|younger|heavier|faster|dearer|most|taller|deeper|wider|last|"
    r"after|newer|farther|further|warmer|richer)\b|更多|更大|更高|更长|更晚|更重|更快|更贵|较晚|较多|较大|较高|较长|较重|"
    r"年轻|更年轻|更深|更宽|更远|后",
    re.IGNORECASE,
)
_OLDER_AGE = re.compile(r"\bolder\b|年长|更老|年纪更大", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Compared:
    """Both sides as the question names them, the best span of each with its value, and the index of the preferred side "
    "(None: undecided)."""

    names: tuple[str, str]
    spans: tuple[ScoredSpan, ScoredSpan]
    values: tuple[Value | None, Value | None]
    winner: int | None


def compare(reading: Reading, spans: Sequence[ScoredSpan]) -> Compared | None:
    """Compare the two sides of a question, None when it names no two sides or one of them has no comparable span."""
    names = find_sides(reading.form.text, reading.form.language)
    if names is None:
        return None
    wanted = [_side_terms(name) for name in names]
    own = [terms - other for terms, other in zip(wanted, reversed(wanted), strict=True)]
    if not all(own):
        return None
    per_side = [_spans_of(reading, spans, terms, other) for terms, other in zip(own, reversed(own), strict=True)]
    pair = _best_pair(per_side[0], per_side[1])
    if pair is None:
        return None
    values = (read_value(pair[0].text), read_value(pair[1].text))
    return Compared(names, pair, values, _winner(reading.form.text, values))


def both_state(compared: Compared) -> bool:
    """Whether both values have one unit and stand in sentences that hold what is compared, not only the names of the sides."""
    left, right = compared.values
    column = SENTENCE_FEATURES.index("cover_of_rest")
    same_unit = left is not None and right is not None and left.unit == right.unit
    return same_unit and all(span.view.features[column] >= 0.3 for span in compared.spans)


def _side_terms(name: str) -> frozenset[str]:
    return frozenset(term.term for term in locate_terms(name) if term.term)


def _spans_of(reading: Reading, spans: Sequence[ScoredSpan], own: frozenset[str], other: frozenset[str]) -> list[ScoredSpan]:
    """Comparable spans whose clause, sentence or heading names this side; a span nearer to the other side is left out."""
    found = []
    for span in spans:
        loose = reading.form.language == "en" and span.candidate.kind not in ("number", "date", "year", "cell")
        if loose or read_value(span.text) is None:
            continue
        passage = reading.hits[span.view.hit].passage
        heading = {
            term.term for title in (*passage.heading_path, passage.subject, str(passage.source.path)) for term in locate_terms(title)
        }
        here = _distance(span, own)
        there = _distance(span, other)
        in_heading = bool(own & heading) and not (other & heading)
        if (here is not None and (there is None or here <= there)) or (in_heading and there is None):
            found.append(span)
    return found


def _distance(span: ScoredSpan, side: frozenset[str]) -> int | None:
    """Characters between the span and the nearest word of a side in its sentence; words after the span count double, "
    "as lists name first and value next."""
    distances = [
        span.candidate.start - term.end if term.end <= span.candidate.start else 2 * max(0, term.start - span.candidate.end) + 1
        for term in span.view.located
        if term.term in side
    ]
    return min(distances) if distances else None


def _best_pair(left: Sequence[ScoredSpan], right: Sequence[ScoredSpan]) -> tuple[ScoredSpan, ScoredSpan] | None:
    best: tuple[float, ScoredSpan, ScoredSpan] | None = None
    for one in left[:12]:
        for two in right[:12]:
            first, second = read_value(one.text), read_value(two.text)
            assert first is not None
            assert second is not None
            if first.kind != second.kind or (one.view is two.view and one.candidate == two.candidate):
                continue
            score = one.logit + two.logit + (1.5 if first.unit == second.unit else 0.0)
            if best is None or score > best[0]:
                best = (score, one, two)
    return (best[1], best[2]) if best else None


def _winner(question: str, values: tuple[Value | None, Value | None]) -> int | None:
    left, right = values
    if left is None or right is None or left.amount == right.amount:
        return None
    small, big = _EARLY_OR_SMALL.search(question), _LATE_OR_BIG.search(question)
    if not small and not big:
        return None
    prefers_small = bool(small) and (not big or (small is not None and big is not None and small.start() < big.start()))
    if _OLDER_AGE.search(question) and left.kind == "number":
        prefers_small = False
    return int((left.amount > right.amount) == prefers_small)
