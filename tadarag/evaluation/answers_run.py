"""Asks every question of a base and judges the answers and their citations."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from time import perf_counter
from typing import TYPE_CHECKING, Any

from tadarag.errors import UsageError
from tadarag.evaluation.answer_questions import AnswerQuestion, Quote
from tadarag.evaluation.bootstrap import interval
from tadarag.evaluation.costs import latency
from tadarag.evaluation.indexing import Progress
from tadarag.evaluation.measures import ANSWER_MEASURES
from tadarag.evaluation.records import AnswerRecord, CitedSpan, GoldSpan
from tadarag.values import Answer, Citation, SourceName, Span

if TYPE_CHECKING:
    from tadarag.knowledge_base import KnowledgeBase

_CITATION_MARK = re.compile(r"\s*\[\d+\]")


@dataclass(frozen=True, slots=True, kw_only=True)
class AnswersRun:
    """A record for each question, in their order, and the seconds each took; `digest` is the hash of questions and documents."""

    dataset: str
    digest: str
    pipeline: str
    n_documents: int
    records: tuple[AnswerRecord, ...]
    seconds: tuple[float, ...]


def run_answers(
    base: KnowledgeBase,
    questions: Sequence[AnswerQuestion],
    *,
    dataset: str,
    digest: str,
    pipeline: str = "default",
    progress: Progress = lambda stage, done, total: None,
) -> AnswersRun:
    """Ask each question with a recipe; only its text is handed over. Raises UsageError when gold evidence does not stand in its document."""
    documents = _Documents(base)
    records: list[AnswerRecord] = []
    seconds: list[float] = []
    for done, question in enumerate(questions, start=1):
        started = perf_counter()
        answer = base.ask(question.text, pipeline=pipeline)
        seconds.append(perf_counter() - started)
        records.append(judge(question, answer, documents.text, documents.named))
        progress("asking", done, len(questions))
    return AnswersRun(
        dataset=dataset,
        digest=digest,
        pipeline=pipeline,
        n_documents=documents.count,
        records=tuple(records),
        seconds=tuple(seconds),
    )


def judge(
    question: AnswerQuestion, answer: Answer, text_of: Callable[[SourceName], str], named: Callable[[str], Sequence[SourceName]]
) -> AnswerRecord:
    """The record of one answer. text_of: the stored text of a source; named: the sources that a name "PATH" or
    "PATH#PART" stands for (the rows of a table are several)."""
    return AnswerRecord(
        question=question.id,
        answerable=question.answerable,
        found=answer.found,
        short=answer.short,
        text=_CITATION_MARK.sub("", answer.text),
        expected=question.answers,
        citations=tuple(_check(citation, text_of, question.gold_sources) for citation in answer.citations),
        gold_sources=question.gold_sources,
        gold_spans=tuple(_locate(question, quote, text_of, named) for quote in question.evidence),
        items=question.items,
        type=question.type,
        language=question.language,
        near_miss=question.near_miss,
    )


def describe_answers(run: AnswersRun) -> dict[str, Any]:
    """The JSON form of a run: every measure with its interval over the questions it applies to, also by type and language."""
    described: dict[str, Any] = {
        "corpus": run.dataset,
        "n_queries": len(run.records),
        "n_documents": run.n_documents,
        "pipeline": run.pipeline,
        "data_sha256": run.digest,
        "measures": _measured(run.records),
        **latency(run.seconds),
    }
    described["by_type"] = _grouped(run.records, [record.type for record in run.records])
    described["by_language"] = _grouped(run.records, [record.language for record in run.records])
    return described


def _grouped(records: Sequence[AnswerRecord], groups: Sequence[str]) -> dict[str, Any]:
    """Measures for each group; records of the group "" count in none."""
    return {
        group: _measured([record for record, of in zip(records, groups, strict=True) if of == group]) for group in sorted({*groups} - {""})
    }


def _measured(records: Sequence[AnswerRecord]) -> dict[str, Any]:
    described: dict[str, Any] = {"n_queries": len(records)}
    for name, compute in ANSWER_MEASURES.items():
        values = [value for value in map(compute, records) if value is not None]
        if values:
            found = interval(values)
            described[name] = round(found.mean, 6)
            described[f"{name}_interval"] = [round(found.low, 6), round(found.high, 6)]
            described[f"{name}_n"] = found.n
    return described


def _check(citation: Citation, text_of: Callable[[SourceName], str], gold_sources: frozenset[str]) -> CitedSpan:
    exists = bool(citation.quote) and citation.span.of(text_of(citation.source)) == citation.quote
    return CitedSpan(source=_label(citation.source, gold_sources), span=citation.span, exists=exists)


def _label(source: SourceName, gold_sources: frozenset[str]) -> str:
    """The name that questions use for a source: "PATH#PART" without the root, or PATH where they mean the whole file."""
    return source.path if not source.part or source.path in gold_sources else f"{source.path}#{source.part}"


def _locate(
    question: AnswerQuestion, quote: Quote, text_of: Callable[[SourceName], str], named: Callable[[str], Sequence[SourceName]]
) -> GoldSpan:
    words = re.compile(r"\s+".join(re.escape(word) for word in quote.text.split()))  # a parser may have joined the lines of a file
    for source in named(quote.source):
        if found := words.search(text_of(source)):
            return GoldSpan(source=_label(source, question.gold_sources), span=Span(found.start(), found.end()))
    raise UsageError(f"question {question.id!r}: its evidence does not stand in {quote.source}: {quote.text!r}", "mend the question file")


class _Documents:
    """The texts of a base by source name, read once each."""

    def __init__(self, base: KnowledgeBase) -> None:
        self._base = base
        self._texts: dict[SourceName, str] = {}
        self._present: set[SourceName] = set()
        by_name: dict[str, list[SourceName]] = {}
        for info in base.list():
            self._present.add(info.source)
            for name in {info.source.path, _label(info.source, frozenset())}:
                by_name.setdefault(name, []).append(info.source)
        self._by_name: Mapping[str, Sequence[SourceName]] = by_name
        self.count = len(self._present)

    def text(self, source: SourceName) -> str:
        """The stored text; "" for a source that is not present, so that a citation of it does not exist."""
        if source not in self._present:
            return ""
        if source not in self._texts:
            self._texts[source] = self._base.document(source).text
        return self._texts[source]

    def named(self, name: str) -> Sequence[SourceName]:
        """The sources of a file and of the rows and attachments inside it ("PATH"), or one of these ("PATH#PART")."""
        return self._by_name.get(name, ())
