"""Routes labelled questions and judges the routes: macro-F1 of domain and task, and how far confidence is from being right."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import fsum
from pathlib import Path
from typing import TYPE_CHECKING, Any

from tadarag.errors import UsageError
from tadarag.evaluation.beir import json_lines, text_field
from tadarag.evaluation.indexing import Progress
from tadarag.models.encoder import EncodingRequest, read_all
from tadarag.routing.questions import route_question

if TYPE_CHECKING:
    from tadarag.models.encoder import Encoder
    from tadarag.values import Route

N_BINS = 10
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
    """Figures in [0, 1] of all labelled questions, and by source: how many, and the share that was routed rightly."""
    report: dict[str, Any] = {}
    shares: dict[str, dict[str, Any]] = defaultdict(dict)
    for what in ("domain", "task"):
        judged = [
            (getattr(question, what), getattr(route, what), question.source, _confidence(route, what))
            for question, route in zip(questions, routes, strict=True)
            if getattr(question, what) not in ("", NOT_ROUTED)
        ]
        if not judged:
            continue
        f1 = f1_by_label([gold for gold, *_ in judged], [found for _, found, *_ in judged])
        report[what] = {
            "n": len(judged),
            "macro_f1": round(fsum(f1.values()) / len(f1), 4),
            "accuracy": round(sum(gold == found for gold, found, *_ in judged) / len(judged), 4),
            "ece": round(calibration_error([(confidence, gold == found) for gold, found, _, confidence in judged]), 4),
            "f1": {label: round(value, 4) for label, value in f1.items()},
        }
        for source in sorted({source for *_, source, _ in judged}):
            of_source = [gold == found for gold, found, one, _ in judged if one == source]
            shares[source or "unnamed"][what] = {"n": len(of_source), "accuracy": round(sum(of_source) / len(of_source), 4)}
    return {**report, "by_source": dict(sorted(shares.items()))}


def f1_by_label(gold: Sequence[str], found: Sequence[str]) -> Mapping[str, float]:
    """F1 in [0, 1] of every label that occurs in `gold`, by name; what is found of others counts against the labels it took from."""
    scores = {}
    for label in sorted(set(gold)):
        right = sum(one == other == label for one, other in zip(gold, found, strict=True))
        scores[label] = 2 * right / (gold.count(label) + found.count(label))
    return scores


def calibration_error(judged: Sequence[tuple[float, bool]]) -> float:
    """Expected calibration error of (confidence in [0, 1], right): ten equal bins, |share right - mean confidence| weighted by size.

    Source: Guo et al., On Calibration of Modern Neural Networks, ICML 2017.
    """
    bins: dict[int, list[tuple[float, bool]]] = defaultdict(list)
    for confidence, right in judged:
        bins[min(int(confidence * N_BINS), N_BINS - 1)].append((confidence, right))
    return fsum(abs(sum(right for _, right in one) - fsum(confidence for confidence, _ in one)) for one in bins.values()) / len(judged)


def _confidence(route: Route, what: str) -> float:
    return route.domain_confidence if what == "domain" else route.confidence
