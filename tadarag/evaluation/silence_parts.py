"""The silence suite: thresholds are chosen on train parts, right and wrong refusals are counted on the others."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from tadarag.errors import UsageError
from tadarag.evaluation.answer_questions import questions_of_dataset
from tadarag.evaluation.beir import load_dataset
from tadarag.evaluation.costs import latency
from tadarag.evaluation.retrieval_run import indexed_bench
from tadarag.evaluation.silence_run import SilenceRecord, ask_with_and_without, fit_threshold, refused_at, separation, sweep
from tadarag.evaluation.suite_results import OURS, Asked, SuitePart, SystemValues, values_of
from tadarag.evaluation.suite_run import Ground, SuiteOptions
from tadarag.evaluation.suites import SetPaths, Suite

N_CURVE_POINTS = 60


@dataclass(frozen=True, slots=True, kw_only=True)
class _Asked:
    paths: SetPaths
    digest: str
    n_passages: int
    texts: dict[str, str]
    records: tuple[SilenceRecord, ...]


def silence_parts(suite: Suite, ground: Ground, options: SuiteOptions) -> tuple[SuitePart, ...]:
    """One part a set that is not for training; its fitted refusals use the threshold chosen on all train sets together.

    Without a train set only the refusals that the system makes by itself are counted. Raises UsageError for a suite of train sets alone.
    """
    asked = [_ask(suite, paths, ground, options) for paths in suite.sets]
    fitted_on = [one for one in asked if one.paths.part == "train"]
    judged = [one for one in asked if one.paths.part != "train"]
    if not judged:
        raise UsageError(f"suite {suite.name} has train sets alone", "name the sets to measure on, without part: train")
    threshold = fit_threshold([record for one in fitted_on for record in one.records])
    note = "no threshold was fitted: the suite has no train set with answerable and unanswerable questions"
    if threshold is not None:
        note = f"fitted: refused below {threshold:.6f}, chosen on {', '.join(one.paths.name for one in fitted_on)}"
    return tuple(_part(one, threshold, note) for one in judged)


def _ask(suite: Suite, paths: SetPaths, ground: Ground, options: SuiteOptions) -> _Asked:
    is_train = paths.part == "train"
    limits = [limit for limit in (options.limit, paths.limit or None) if limit is not None]
    dataset = load_dataset(
        paths.files(ground.data_folder), limit=min(limits, default=None), half="" if is_train else options.half, needs_gold=False
    )
    progress = ground.about(paths.name)
    folder = ground.base_of(paths)
    with indexed_bench(
        dataset, dataset.questions, encoder=ground.encoder, base_folder=folder, language_model=ground.language_model, progress=progress
    ) as bench:
        records = ask_with_and_without(bench.base, questions_of_dataset(dataset), pipeline=suite.pipeline, progress=progress)
    texts = {question.id: question.text for question in dataset.questions}
    return _Asked(paths=paths, digest=dataset.digest, n_passages=len(dataset.passages), texts=texts, records=records)


def _part(asked: _Asked, threshold: float | None, note: str) -> SuitePart:
    records = asked.records
    measures = {
        "refused_unanswerable": lambda record: None if record.answerable else float(record.refused),
        "refused_answerable": lambda record: float(record.refused or bool(record.failed)) if record.answerable else None,
    }
    if threshold is not None:
        fitted = threshold
        measures |= {
            "refused_unanswerable_fitted": lambda record: None if record.answerable else float(refused_at(record, fitted)),
            "refused_answerable_fitted": lambda record: (
                float(refused_at(record, fitted) or bool(record.failed)) if record.answerable else None
            ),
        }
    notes = [note]
    if (apart := separation(records)) is not None:
        notes.append(f"an answerable question has the higher confidence in {100 * apart:.1f} % of pairs")
    system = SystemValues(
        values=values_of(records, measures),
        costs=latency([record.seconds for record in records]),
        failed={record.item: record.failed for record in records if record.failed},
        curve=_thinned(records),
    )
    questions = tuple(Asked(id=record.item, text=asked.texts[record.question], type=_state(record)) for record in records)
    return SuitePart(
        name=asked.paths.name,
        digest=asked.digest,
        n_passages=asked.n_passages,
        questions=questions,
        systems={OURS: system},
        notes=tuple(notes),
    )


def _state(record: SilenceRecord) -> str:
    return "answerable" if record.answerable else "unanswerable"


def _thinned(records: Sequence[SilenceRecord]) -> tuple[tuple[float, float, float], ...]:
    """At most 60 points (threshold, right, wrong) of the sweep, the first and the last among them."""
    points = sweep(records)
    step = max(1, -(-len(points) // N_CURVE_POINTS))
    chosen = [*points[::step], *points[-1:]] if points else []
    return tuple((round(point.threshold, 6), round(point.right, 6), round(point.wrong, 6)) for point in dict.fromkeys(chosen))
