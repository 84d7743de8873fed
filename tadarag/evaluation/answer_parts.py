"""Answers of one set: the product as it is, and the same answerer over what other systems find, in the same budget of tokens."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

from tadarag.errors import UsageError
from tadarag.evaluation.answer_questions import AnswerQuestion, folder_digest, load_questions, questions_of_dataset
from tadarag.evaluation.answers_run import AnswersRun, run_answers
from tadarag.evaluation.beir import Passages, Question, load_dataset
from tadarag.evaluation.context import Contexts
from tadarag.evaluation.costs import latency
from tadarag.evaluation.llm_judge import JUDGE_PREFIX, judge_all
from tadarag.evaluation.measures import ANSWER_MEASURES, LONG_ANSWER_MEASURES
from tadarag.evaluation.ranked_questions import Bench, rank_questions
from tadarag.evaluation.records import AnswerRecord
from tadarag.evaluation.retrieval_run import indexed_bench
from tadarag.evaluation.suite_results import OURS, Asked, SuitePart, SystemValues, Values, values_of
from tadarag.evaluation.suite_run import Ground, SuiteOptions, part_name, runnable_systems, set_triples
from tadarag.evaluation.suites import SetPaths, Suite
from tadarag.knowledge_base import KnowledgeBase

if TYPE_CHECKING:
    from tadarag.models.language_model import LanguageModel


@dataclass(frozen=True, slots=True, kw_only=True)
class _Desk:
    """What answers are made with. given: by system, by question id, the passages it may read; None for the product as it is."""

    base: KnowledgeBase
    questions: tuple[AnswerQuestion, ...]
    digest: str
    given: Mapping[str, Mapping[str, Sequence[str]] | None]
    ranking_seconds: Mapping[str, Sequence[float]]
    notes: tuple[str, ...] = ()


def answers_part(
    suite: Suite, paths: SetPaths, *, titles: bool, systems: Sequence[str], ground: Ground, options: SuiteOptions
) -> SuitePart:
    """Ask every question of every system. Other systems only choose the passages: what answers is the suite's recipe for all of them.

    Raises UsageError for documents of one's own with a system that ranks passages of a corpus only.
    """
    name = part_name(paths, titles=titles)
    opened = _own_documents(paths, systems, ground, options) if paths.is_own else _data_set(paths, titles, systems, ground, options)
    with opened as desk:
        found: dict[str, SystemValues] = {}
        for system, given in desk.given.items():
            progress = ground.about(f"{name}, {system}")
            run = run_answers(
                desk.base,
                desk.questions,
                dataset=paths.name,
                digest=desk.digest,
                pipeline=suite.pipeline,
                given=given,
                count_tokens=ground.encoder.count_tokens,
                progress=progress,
            )
            seconds = [
                one + other for one, other in zip(run.seconds, desk.ranking_seconds.get(system, [0.0] * len(run.seconds)), strict=True)
            ]
            found[system] = _system_values(suite, desk.questions, run, seconds, ground.language_model if suite.judge else None)
        n_passages = desk.base.status().n_passages
    notes = desk.notes
    if suite.judge and ground.language_model is None:
        notes += ("no language model is set: answers were judged by rules alone",)
    return SuitePart(
        name=name,
        digest=desk.digest,
        n_passages=n_passages,
        questions=tuple(Asked(id=question.id, text=question.text, type=question.type) for question in desk.questions),
        systems=found,
        notes=notes,
    )


@contextmanager
def _data_set(paths: SetPaths, titles: bool, systems: Sequence[str], ground: Ground, options: SuiteOptions) -> Iterator[_Desk]:
    dataset = load_dataset(paths.files(ground.data_folder), limit=options.limit, titles=titles, half=options.half, needs_gold=False)
    questions = questions_of_dataset(dataset)
    triples = set_triples(paths, ground)
    runnable, notes = runnable_systems(systems, triples)
    folder = ground.base_of(paths, titles=titles)
    progress = ground.about(part_name(paths, titles=titles))
    with indexed_bench(
        dataset,
        dataset.questions,
        encoder=ground.encoder,
        base_folder=folder,
        triples=triples,
        language_model=ground.language_model,
        progress=progress,
    ) as bench:
        given, seconds = _readings(bench, [system for system in runnable if system != OURS], dataset.passages, dataset.questions)
        yield _Desk(
            base=bench.base,
            questions=questions,
            digest=dataset.digest,
            given={system: given.get(system) for system in runnable},
            ranking_seconds=seconds,
            notes=notes,
        )


@contextmanager
def _own_documents(paths: SetPaths, systems: Sequence[str], ground: Ground, options: SuiteOptions) -> Iterator[_Desk]:
    if tuple(systems) != (OURS,):
        raise UsageError("documents of your own are asked of tadarag alone", "leave systems out of the suite and of the command")
    documents, file = ground.data_folder / paths.documents, ground.data_folder / paths.questions
    if not documents.is_dir():
        raise UsageError(f"there is no folder {documents}", "check documents in the suite, and --data-dir")
    questions = load_questions(file, limit=options.limit, half=options.half)
    with TemporaryDirectory(prefix="tadarag-eval-") as temporary:
        folder = ground.base_of(paths) or Path(temporary)
        folder.mkdir(parents=True, exist_ok=True)
        with KnowledgeBase.open(folder, encoder=ground.encoder, language_model=ground.language_model) as base:
            progress = ground.about(paths.name)
            report = base.ingest(documents, progress=lambda event: progress("indexing", event.n_done, event.n_total))
            notes = tuple(f"{source} could not be read: {happened}" for source, happened, _ in report.quarantined)
            digest = folder_digest(documents, file)
            yield _Desk(base=base, questions=questions, digest=digest, given={OURS: None}, ranking_seconds={}, notes=notes)


def _readings(
    bench: Bench, systems: Sequence[str], passages: Passages, questions: Sequence[Question]
) -> tuple[dict[str, dict[str, tuple[str, ...]]], dict[str, list[float]]]:
    """What each system gives the answerer to read for each question, and how long its ranking took."""
    if not systems:
        return {}, {}
    ranked = rank_questions(bench, systems)
    contexts = Contexts(passages, bench.encoder.count_tokens)
    given = {
        system: {
            question.id: contexts.fitting(ranking.ids)[0] for question, ranking in zip(questions, ranked.rankings[system], strict=True)
        }
        for system in systems
    }
    return given, {system: [ranking.seconds for ranking in ranked.rankings[system]] for system in systems}


def _system_values(
    suite: Suite, questions: Sequence[AnswerQuestion], run: AnswersRun, seconds: Sequence[float], judge: LanguageModel | None
) -> SystemValues:
    measures: dict[str, Callable[[AnswerRecord], float | None]] = dict(ANSWER_MEASURES)
    if suite.long_answers:
        measures |= LONG_ANSWER_MEASURES
    values = values_of(run.records, measures)
    failed = {record.question: record.failed for record in run.records if record.failed}
    if judge is not None:
        marks, unreadable = _marks(judge, questions, run)
        values |= marks
        failed = {**unreadable, **failed}
    answered = [answer.usage for answer in run.answers if answer is not None]
    model_tokens = sum(usage.prompt_tokens + usage.completion_tokens for usage in answered)
    costs: dict[str, float | None] = {**latency(seconds), "context_tokens": run.context_tokens}
    if model_tokens:
        costs["model_tokens"] = model_tokens / len(answered)
    return SystemValues(values=values, costs=costs, failed=failed)


def _marks(judge: LanguageModel, questions: Sequence[AnswerQuestion], run: AnswersRun) -> tuple[dict[str, Values], dict[str, str]]:
    """The judge's marks by dimension with their mean, and the questions whose reply could not be read."""
    shown = [record.text if record.found else "" for record in run.records]
    marked = judge_all(judge, questions, shown)
    names = next((tuple(one.value) for one in marked if one.value), ())
    values: dict[str, Values] = {f"{JUDGE_PREFIX}{name}": tuple(one.value[name] if one.value else None for one in marked) for name in names}
    if names:
        values[f"{JUDGE_PREFIX}overall"] = tuple(
            round(sum(one.value.values()) / len(one.value), 6) if one.value else None for one in marked
        )
    return values, {question.id: one.failed for question, one in zip(questions, marked, strict=True) if one.failed}
