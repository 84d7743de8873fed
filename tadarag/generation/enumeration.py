"""The members of a list answer: the coordinated run around the best span, table rows, numbered points, and further sentences."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from tadarag.generation.sentence_features import Reading, SentenceView
from tadarag.generation.span_model import ScoredSpan

_ENGLISH_SPLIT = re.compile(r",\s*(?:and|or)\s+|,\s+|\s+(?:and|or)\s+|;\s*")
_CHINESE_SPLIT = re.compile(r"[、，]|以及|和|与|及|與")
_INTRODUCTION = re.compile(r"[:：]\s*|\b(?:are|include|includes|including|were|is|of|in|at|as|from|and)\s+|有|包括|包含|为|是|由")
_ORDINAL = re.compile(r"\b(?:first|second|third|fourth|fifth)\b|第[一二三四五六]", re.IGNORECASE)
_STOP = re.compile(r"[.。;；!?！？()（）]|\bwhich\b|\bthat\b|\bwho\b|\bbecause\b")
MAX_MEMBER = 60


@dataclass(frozen=True, slots=True)
class Member:
    """One member of a list and the sentence that names it."""

    text: str
    view: SentenceView


def members(reading: Reading, spans: Sequence[ScoredSpan], *, limit: int = 8) -> list[Member]:
    """Members in the order in which the documents give them; a single one when nothing is coordinated with the best span."""
    best = spans[0]
    run = coordinated(best.view.text, best.candidate.start, best.candidate.end, chinese=reading.form.language == "zh")
    found = [Member(text, best.view) for text in run] if len(run) > 1 else [Member(best.text, best.view)]
    if len(run) <= 1:
        for span in spans[1:60]:
            same_kind = span.candidate.kind == best.candidate.kind
            taken = any(span.text in member.text or member.text in span.text or span.view is member.view for member in found)
            if same_kind and not taken and best.logit - span.logit < 1.2 and len(found) < limit and span.view.hit == best.view.hit:
                found.append(Member(span.text, span.view))
    return sorted(found, key=lambda member: (member.view.hit, member.view.index)) if len(run) <= 1 else found


def coordinated(text: str, start: int, end: int, *, chinese: bool) -> list[str]:
    """The members of the coordinated run of `text` that holds [start, end): "A, B and C" gives three."""
    left = max((match.end() for match in _STOP.finditer(text, 0, start)), default=0)
    stop = _STOP.search(text, end)
    right = stop.start() if stop else len(text)
    splitter = _CHINESE_SPLIT if chinese else _ENGLISH_SPLIT
    marks = [match for match in splitter.finditer(text, left, right) if match.end() <= start or match.start() >= end]
    if not marks:
        return [text[start:end]]
    bounds = [left, *(edge for mark in marks for edge in (mark.start(), mark.end())), right]
    pieces = [(bounds[i], bounds[i + 1]) for i in range(0, len(bounds), 2)]
    home = next((number for number, (a, b) in enumerate(pieces) if a <= start and end <= b), None)
    if home is None:
        return [text[start:end]]
    first = home
    for number in range(home, -1, -1):
        opening = _last(_INTRODUCTION, text, *pieces[number])
        if opening is not None and opening < pieces[number][1] and (number < home or opening <= start):
            pieces[number] = (opening, pieces[number][1])
            first = number
            break
        if pieces[number][1] - pieces[number][0] > MAX_MEMBER:
            break
        first = number
    kept = [text[a:b].strip(' ,，、"“”') for a, b in pieces[first:] if 0 < b - a <= MAX_MEMBER]
    return [piece for piece in kept if piece]


def _last(pattern: re.Pattern[str], text: str, start: int, end: int) -> int | None:
    found = None
    for match in pattern.finditer(text, start, end):
        found = match.end()
    return found
