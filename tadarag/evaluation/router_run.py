"""Routes labelled questions and judges the routes: macro-F1 of domain and task, and how far confidence is from being right."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from math import fsum
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from tadarag.errors import UsageError
from tadarag.evaluation.beir import json_lines, text_field
from tadarag.evaluation.bootstrap import CONFIDENCE, SEED
from tadarag.evaluation.indexing import Progress
from tadarag.models.encoder import EncodingRequest, read_all
from tadarag.routing.questions import route_question

if TYPE_CHECKING:
    from tadarag.models.encoder import Encoder
    from tadarag.values import Route

N_BINS = 10
_N_DRAWS = 500  # of whole runs, a measure of 2,000 questions each
NOT_ROUTED = "unanswerable"
"""A label of task that is no route: whether a text answers a question shows after reading it."""
_LAYOUT = 'give JSONL with "text" and "domain" or "task", and if known "source"'


@dataclass(frozen=True, slots=True, kw_only=True)
class LabelledQuestion:
    """A question with its gold domain and task, "" where none is stated, and the name of the set that it is from."""

    text: str
    domain: str
    task: str
    source: str


def load_labelled(file: Path, *, limit: int | None = None) -> tuple[LabelledQuestion, ...]:
    """Read rows {"text", "domain" and/or "task", "source"}, in the order of the file; limit: the first N of every source.

    Raises UsageError for a missing or malformed file, and for one without a label.
    """
    taken: dict[str, int] = defaultdict(int)
    questions = []
    for number, row in json_lines(file):
        question = LabelledQuestion(
            text=text_field(row, "text", file, number),
            domain=str(row.get("domain", "")),
            task=str(row.get("task", "")),
            source=str(row.get("source", "")),
        )
        taken[question.source] += 1
        if limit is None or taken[question.source] <= limit:
            questions.append(question)
    if not any(question.domain or question.task for question in questions):
        raise UsageError(f"{file} labels no question with a domain or a task", _LAYOUT)
    return tuple(questions)


def run_router(
    questions: Sequence[LabelledQuestion], encoder: Encoder, *, workers: int = 2, progress: Progress = lambda stage, done, total: None
) -> tuple[Route, ...]:
    """The route of each question as `tadarag ask` would find it, by the shipped templates."""
    routes = []
    requests = (EncodingRequest(question.text, kind="query") for question in questions)
    for question, encoded in zip(questions, read_all(encoder, requests, workers=workers), strict=True):
        routes.append(route_question(question.text, vector=encoded.vector, encoder=encoder.fingerprint))
        progress("routing", len(routes), len(questions))
    return tuple(routes)


def describe_router(questions: Sequence[LabelledQuestion], routes: Sequence[Route]) -> dict[str, Any]:
    """Figures in [0, 1] of all labelled questions, those of domain and task under their names, and of each source under "by_source".

    macro_f1: the mean of F1 over the gold labels. ece: how far confidence is from being right. Both, and accuracy, with the bootstrap
    interval over questions. Of a source that has one label, as most have, macro_f1 is the F1 of that label and accuracy its recall.
    """
    report: dict[str, Any] = {}
    sources: dict[str, dict[str, Any]] = defaultdict(dict)
    for what in ("domain", "task"):
        judged = [
            _Judged(gold=getattr(question, what), found=getattr(route, what), confidence=_confidence(route, what), source=question.source)
            for question, route in zip(questions, routes, strict=True)
            if getattr(question, what) not in ("", NOT_ROUTED)
        ]
        if judged:
            report[what] = _figures(judged)
        for source in sorted({one.source for one in judged}):
            of_source = [one for one in judged if one.source == source]
            sources[source or "unnamed"][what] = {"n": len(of_source), "accuracy": _accuracy(of_source), "macro_f1": _macro_f1(of_source)}
    return {**report, "by_source": dict(sorted(sources.items()))}


def f1_by_label(gold: Sequence[str], found: Sequence[str]) -> Mapping[str, float]:
    """F1 in [0, 1] of every label that occurs in `gold`, by name; what is found of others counts against the labels it took from."""
    of_gold, of_found = Counter(gold), Counter(found)
    right = Counter(one for one, other in zip(gold, found, strict=True) if one == other)
    return {label: 2 * right[label] / (of_gold[label] + of_found[label]) for label in sorted(of_gold)}


def calibration_error(judged: Sequence[tuple[float, bool]]) -> float:
    """Expected calibration error of (confidence in [0, 1], right): ten equal bins, |share right - mean confidence| weighted by size.

    Source: Guo et al., On Calibration of Modern Neural Networks, ICML 2017.
    """
    bins: dict[int, list[tuple[float, bool]]] = defaultdict(list)
    for confidence, right in judged:
        bins[min(int(confidence * N_BINS), N_BINS - 1)].append((confidence, right))
    return fsum(abs(sum(right for _, right in one) - fsum(confidence for confidence, _ in one)) for one in bins.values()) / len(judged)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Judged:
    gold: str
    found: str
    confidence: float
    source: str


def _figures(judged: Sequence[_Judged]) -> dict[str, Any]:
    measures = {"macro_f1": _macro_f1, "accuracy": _accuracy, "ece": _calibration_error}
    figures: dict[str, Any] = {"n": len(judged)}
    for name, measure in measures.items():
        figures |= {name: measure(judged), f"{name}_interval": _interval(judged, measure)}
    f1 = f1_by_label([one.gold for one in judged], [one.found for one in judged])
    return {**figures, "f1": {label: round(value, 4) for label, value in f1.items()}}


def _macro_f1(judged: Sequence[_Judged]) -> float:
    f1 = f1_by_label([one.gold for one in judged], [one.found for one in judged])
    return round(fsum(f1.values()) / len(f1), 6)


def _accuracy(judged: Sequence[_Judged]) -> float:
    return round(sum(one.gold == one.found for one in judged) / len(judged), 6)


def _calibration_error(judged: Sequence[_Judged]) -> float:
    return round(calibration_error([(one.confidence, one.gold == one.found) for one in judged]), 6)


def _interval(judged: Sequence[_Judged], measure: Callable[[Sequence[_Judged]], float]) -> list[float]:
    """The percentile interval of a measure of the whole, over questions drawn anew."""
    generator = np.random.default_rng(SEED)
    drawn = [measure([judged[place] for place in generator.integers(0, len(judged), len(judged)).tolist()]) for _ in range(_N_DRAWS)]
    tail = (1 - CONFIDENCE) / 2
    low, high = np.quantile(drawn, (tail, 1 - tail))
    return [round(float(low), 6), round(float(high), 6)]


def _confidence(route: Route, what: str) -> float:
    return route.domain_confidence if what == "domain" else route.confidence
