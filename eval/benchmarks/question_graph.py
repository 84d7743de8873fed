"""How long the graph of a question over 20 passages takes, when they have not been read in its terms and when they have.

    python eval/benchmarks/question_graph.py [--extractor NAME] [--questions N] [--out FILE]

The sample corpus is read with the extractor; every Nth of its questions is asked, its 20 best passages are taken, and the template is that of
a domain that none of the documents was read with where there is one, so that everything is read anew. Three times are told for each: uncached
(records, reading, joining), cached (the same again), and joining alone.
"""

from __future__ import annotations

import argparse
import json
import statistics
import tempfile
import time
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path

from reporting import report

from tadarag import KnowledgeBase
from tadarag.components import template_of
from tadarag.content import content_folder
from tadarag.graph.question_graph import join_facts
from tadarag.on_the_fly import N_UNITS, ReadUnits, question_graph
from tadarag.plugins import load_plugin
from tadarag.routing.questions import route_question
from tadarag.values import Hit, QuestionGraph, Route

_DOMAINS = ("finance", "customer_support", "legal_contracts", "bio_medical_research", "news", "general_knowledge")


def main() -> None:
    """Measure, and report medians and the slowest in milliseconds."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--extractor", default="rules")
    parser.add_argument("--questions", type=int, default=20)
    parser.add_argument("--out", type=Path)
    chosen = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        figures = _measure(Path(folder), chosen.extractor, chosen.questions)
    report("question_graph", seed=0, figures=figures, out=chosen.out)


def _measure(folder: Path, extractor: str, count: int) -> dict[str, object]:
    samples = content_folder("data/samples")
    questions = [json.loads(line)["question"] for line in (samples / "questions.jsonl").read_text("utf-8").splitlines()]
    questions = questions[:: max(1, len(questions) // count)][:count]
    times: dict[str, list[float]] = {"uncached": [], "cached": [], "joining": []}
    sizes: list[QuestionGraph] = []
    with KnowledgeBase.open(folder, extractor=load_plugin("tadarag.extractors", extractor)()) as base:
        base.ingest(samples / "documents")
        for question in questions:
            hits = base.search(question, limit=N_UNITS)
            route = _elsewhere(route_question(question), hits)
            sizes.append(_time_one(base, question, route, hits, times))
    return {
        "extractor": extractor,
        "questions": len(questions),
        "passages": N_UNITS,
        **{
            f"{name}_ms": {"median": _milliseconds(statistics.median(found)), "slowest": _milliseconds(max(found))}
            for name, found in times.items()
        },
        "nodes_found": statistics.median(graph.n_nodes for graph in sizes),
        "facts_found": statistics.median(graph.n_facts for graph in sizes),
        "poor": sum(graph.is_poor for graph in sizes),
    }


def _elsewhere(route: Route, hits: Sequence[Hit]) -> Route:
    """The route with a domain that the fewest of the hits were read with."""
    read = [hit.passage.domain for hit in hits]
    return replace(route, domain=min(_DOMAINS, key=lambda domain: (read.count(domain), domain != route.domain)))


def _time_one(base: KnowledgeBase, question: str, route: Route, hits: Sequence[Hit], times: dict[str, list[float]]) -> QuestionGraph:
    remembered = ReadUnits()
    components, workers = base._base.components, base._base.workers
    with base._base.snapshot() as snapshot:

        def whole() -> QuestionGraph:
            return question_graph(question, route, hits, snapshot, components, remembered, workers=workers)

        graph = _timed(whole, times["uncached"])
        _timed(whole, times["cached"])
        records = [(hit.passage.source, snapshot.record(hit.passage.source)) for hit in hits]
    extractions = {source: record.extraction for source, record in records if record is not None}
    template = template_of(route.domain, components.templates)
    _timed(lambda: join_facts(question, route, hits, extractions, template), times["joining"])
    return graph


def _timed(make: Callable[[], QuestionGraph], into: list[float]) -> QuestionGraph:
    began = time.perf_counter()
    graph = make()
    into.append(time.perf_counter() - began)
    return graph


def _milliseconds(seconds: float) -> float:
    return round(1000 * seconds, 1)


if __name__ == "__main__":
    main()
