"""Asks every question of a base and judges the answers and their citations."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from tadarag.errors import UsageError
from tadarag.evaluation.answer_questions import AnswerQuestion, Quote
from tadarag.evaluation.attempts import attempt
from tadarag.evaluation.bootstrap import interval
from tadarag.evaluation.costs import latency
from tadarag.evaluation.indexing import Progress
from tadarag.evaluation.measures import ANSWER_MEASURES
from tadarag.evaluation.records import AnswerRecord, CitedSpan, GoldSpan
from tadarag.values import Answer, Citation, Filters, SourceName, Span

if TYPE_CHECKING:
    from tadarag.knowledge_base import KnowledgeBase

_CITATION_MARK = re.compile(r"\s*\[\d+\]")


@dataclass(frozen=True, slots=True, kw_only=True)
class AnswersRun:
    """A record for each question, in their order, and the seconds each took; `digest` is the hash of questions and documents.

    context_tokens: mean number of tokens of the passages that were read for a question, 0.0 where they were not counted.
    """

    dataset: str
    digest: str
    pipeline: str
    n_documents: int
    records: tuple[AnswerRecord, ...]
    seconds: tuple[float, ...]
    context_tokens: float = 0.0
    answers: tuple[Answer | None, ...] = ()


def run_answers(
    base: KnowledgeBase,
    questions: Sequence[AnswerQuestion],
    *,
    dataset: str,
    digest: str,
    pipeline: str = "default",
    given: Mapping[str, Sequence[str]] | None = None,
    count_tokens: Callable[[str], int] | None = None,
    progress: Progress = lambda stage, done, total: None,
) -> AnswersRun:
    """Ask each question with a recipe; only its text is handed over. Raises UsageError when gold evidence does not stand in its document.

    given: by question id the passages (sources in the base's own folder) that the answerer may read, for rankings of other systems; a
    question of which it names none is refused. count_tokens: measures what is read.
    """
    documents = _Documents(base)
    records: list[AnswerRecord] = []
    answers: list[Answer | None] = []
    seconds: list[float] = []
    for done, question in enumerate(questions, start=1):
        one = attempt(lambda question=question: _ask(base, question, pipeline, given))  # type: ignore[misc]
        seconds.append(one.seconds)
        answers.append(one.value)
        records.append(judge(question, one.value, documents.text, documents.named, failed=one.failed))
        progress("asking", done, len(questions))
    return AnswersRun(
        dataset=dataset,
        digest=digest,
        pipeline=pipeline,
        n_documents=documents.count,
        records=tuple(records),
        seconds=tuple(seconds),
        context_tokens=_mean_tokens(answers, count_tokens) if count_tokens else 0.0,
        answers=tuple(answers),
    )


def _ask(base: KnowledgeBase, question: AnswerQuestion, pipeline: str, given: Mapping[str, Sequence[str]] | None) -> Answer | None:
    if given is None:
        return base.ask(question.text, pipeline=pipeline)
    sources = tuple(map(literal_pattern, given[question.id]))
    return base.ask(question.text, pipeline=pipeline, filters=Filters(sources=sources)) if sources else None


def literal_pattern(name: str) -> str:
    """A pattern of `Filters` that matches this source and no other."""
    return "".join(f"[{character}]" if character in "*?[" else character for character in name)


def _mean_tokens(answers: Sequence[Answer | None], count_tokens: Callable[[str], int]) -> float:
    counts = [sum(count_tokens(hit.passage.text) for hit in answer.evidence.hits) for answer in answers if answer is not None]
    return sum(counts) / len(counts) if counts else 0.0


def judge(
    question: AnswerQuestion,
    answer: Answer | None,
    text_of: Callable[[SourceName], str],
    named: Callable[[str], Sequence[SourceName]],
    *,
    failed: str = "",
) -> AnswerRecord:
    """The record of one answer, of a refusal without one (None), or of a failure.

    text_of: the stored text of a source; named: the sources that a name "PATH" or "PATH#PART" stands for (the rows of a table are several).
    failed: why there is no answer.
    """
    citations = answer.citations if answer else ()
    return AnswerRecord(
        question=question.id,
        answerable=question.answerable,
        found=answer is not None and answer.found,
        short=answer.short if answer else "",
        text=_CITATION_MARK.sub("", answer.text) if answer else "",
        expected=question.answers,
        citations=tuple(_check(citation, text_of, question.gold_sources) for citation in citations),
        gold_sources=question.gold_sources,
        gold_spans=tuple(_locate(question, quote, text_of, named) for quote in question.evidence),
        items=question.items,
        type=question.type,
        language=question.language,
        near_miss=question.near_miss,
        confidence=answer.confidence if answer else 0.0,
        failed=failed,
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
