"""Runs a suite: every set in every form, with every system; what comes back is a value for each question."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING

from tadarag.errors import UsageError
from tadarag.evaluation.beir import Dataset, load_dataset
from tadarag.evaluation.controls import chance_of_recall, with_shuffled_gold
from tadarag.evaluation.halves import Half
from tadarag.evaluation.indexing import Progress
from tadarag.evaluation.llm_judge import DIMENSIONS, JUDGE_PREFIX
from tadarag.evaluation.measures import ANSWER_MEASURES, LONG_ANSWER_LIBRARIES, LONG_ANSWER_MEASURES, RANKING_DEPTH, RETRIEVAL_MEASURES
from tadarag.evaluation.ranked_questions import DEFAULT_SYSTEMS, check_systems
from tadarag.evaluation.retrieval_run import run_retrieval
from tadarag.evaluation.suite_results import Asked, SuitePart, SuiteRun, SystemValues, values_of
from tadarag.evaluation.suites import SetPaths, Suite, Task
from tadarag.evaluation.triples import Triple, read_triples

if TYPE_CHECKING:
    from tadarag.models.encoder import Encoder
    from tadarag.models.language_model import LanguageModel

HEADLINES: Mapping[Task, tuple[str, ...]] = {
    "retrieval": ("recall@5", "all_gold@5", "mrr@10"),
    "answers": ("f1", "exact_match", "citation_precision", "refused_answerable"),
    "silence": ("refused_unanswerable", "refused_answerable", "refused_unanswerable_fitted", "refused_answerable_fitted"),
}
MEASURES: Mapping[Task, frozenset[str]] = {
    "retrieval": frozenset(RETRIEVAL_MEASURES),
    "answers": frozenset({*ANSWER_MEASURES, *LONG_ANSWER_MEASURES, *(f"{JUDGE_PREFIX}{name}" for name in (*DIMENSIONS, "overall"))}),
    "silence": frozenset(HEADLINES["silence"]),
}
SYSTEMS: Mapping[Task, tuple[str, ...]] = {"retrieval": DEFAULT_SYSTEMS, "answers": ("tadarag",), "silence": ("tadarag",)}


@dataclass(frozen=True, slots=True, kw_only=True)
class SuiteOptions:
    """How a suite is run. systems: () for the suite's own. titles: None for the suite's forms. half: "" for both. pipeline: "" for the suite's.

    distractors: how many passages beside the gold ones a corpus of a retrieval suite is cut to, None for all.
    """

    systems: tuple[str, ...] = ()
    titles: bool | None = None
    limit: int | None = None
    half: Half = ""
    pipeline: str = ""
    distractors: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Ground:
    """Where and with what a suite is run. base_folder: keeps one base a set, so that no index is made twice; None: they are thrown away.

    language_model: the judge, and what answers in recipes that need one; None for none.
    """

    data_folder: Path
    encoder: Encoder
    base_folder: Path | None = None
    language_model: LanguageModel | None = None
    progress: Progress = lambda stage, done, total: None

    def base_of(self, paths: SetPaths, *, titles: bool = True) -> Path | None:
        """The folder of the base of a set, named by that of the corpus ("musique-train100"), so that sets over one corpus share it."""
        if self.base_folder is None:
            return None
        name = paths.name if paths.is_own else "-".join(Path(paths.corpus).parent.parts) or paths.name
        return self.base_folder / (name if titles else f"{name}-no-titles")

    def about(self, part: str) -> Progress:
        """Progress that names the part."""
        return lambda stage, done, total: self.progress(f"{part}: {stage}", done, total)


def run_suite(suite: Suite, ground: Ground, options: SuiteOptions = SuiteOptions(), *, name: str = "") -> SuiteRun:
    """Run all of a suite. name: what the run is called, by default as the suite.

    A question that a system fails on counts as a miss; `SuiteRun.invalid` says whether there were too many. Raises UsageError for what
    cannot be run: a missing file or library, an unknown system, a question file without questions.
    """
    systems = options.systems or suite.systems or SYSTEMS[suite.task]
    check_systems(systems)
    _check_measures(suite)
    suite = replace(suite, pipeline=options.pipeline or suite.pipeline)
    forms = suite.titles if options.titles is None else (options.titles,)
    if suite.task == "silence":
        from tadarag.evaluation.silence_parts import silence_parts

        parts = silence_parts(suite, ground, options)
    else:
        parts = tuple(_part(suite, paths, titles, systems, ground, options) for titles in forms for paths in suite.sets)
    return SuiteRun(
        name=name or suite.name,
        suite=suite.name,
        task=suite.task,
        headline=suite.headline or HEADLINES[suite.task],
        parts=parts,
        pools=_pools(suite, parts, forms),
        description=suite.description,
        description_zh=suite.description_zh,
    )


def part_name(paths: SetPaths, *, titles: bool) -> str:
    """What a set is called in a form."""
    return paths.name if titles else f"{paths.name} without titles"


def _part(suite: Suite, paths: SetPaths, titles: bool, systems: Sequence[str], ground: Ground, options: SuiteOptions) -> SuitePart:
    if suite.task == "retrieval":
        return _retrieval_part(paths, titles, systems, ground, options)
    from tadarag.evaluation.answer_parts import answers_part

    return answers_part(suite, paths, titles=titles, systems=systems, ground=ground, options=options)


def _retrieval_part(paths: SetPaths, titles: bool, systems: Sequence[str], ground: Ground, options: SuiteOptions) -> SuitePart:
    name = part_name(paths, titles=titles)
    files = paths.files(ground.data_folder)
    dataset = load_dataset(files, limit=options.limit, titles=titles, half=options.half, distractors=options.distractors)
    triples = set_triples(paths, ground)
    runnable, notes = runnable_systems(systems, triples)
    run = run_retrieval(
        dataset,
        encoder=ground.encoder,
        titles=titles,
        systems=runnable,
        base_folder=ground.base_of(paths, titles=titles),
        triples=triples,
        progress=ground.about(name),
    )
    found = {
        system: SystemValues(
            values=values_of(one.records, RETRIEVAL_MEASURES),
            costs=one.costs,
            failed={record.question: record.failed for record in one.records if record.failed},
        )
        for system, one in run.systems.items()
    }
    return SuitePart(
        name=name,
        digest=run.digest,
        n_passages=run.n_passages,
        questions=tuple(Asked(id=question.id, text=question.text, type=question.type) for question in dataset.judged()),
        systems=found,
        notes=notes,
        chance=chance_of_recall(RANKING_DEPTH, run.n_passages),
        control={
            system: _against_shuffled_gold(dataset, [record.ranking for record in one.records]) for system, one in run.systems.items()
        },
    )


def set_triples(paths: SetPaths, ground: Ground) -> dict[str, tuple[Triple, ...]]:
    """The triples of a set by passage id, {} where it has none."""
    if not paths.triples:
        return {}
    return {identifier: triples for identifier, (_, triples) in read_triples(ground.data_folder / paths.triples).items()}


def runnable_systems(systems: Sequence[str], triples: Mapping[str, object]) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The systems that a set can be run with, and why others are left out."""
    if triples or "hipporag" not in systems:
        return tuple(systems), ()
    left = tuple(system for system in systems if system != "hipporag")
    if not left:
        raise UsageError("hipporag needs triples of the corpus", "name a file of triples in the suite, or choose other systems")
    return left, ("hipporag was left out: there are no triples of this corpus",)


def _against_shuffled_gold(dataset: Dataset, rankings: Sequence[Sequence[str]]) -> float:
    """Recall@20 of the same rankings against labels that were carried over to other passages: far above chance means that something leaks."""
    shuffled = with_shuffled_gold(dataset).qrels
    shares = [
        len(shuffled[question.id] & set(ranking)) / len(shuffled[question.id])
        for question, ranking in zip(dataset.judged(), rankings, strict=True)
    ]
    return round(sum(shares) / len(shares), 6)


def _pools(suite: Suite, parts: Sequence[SuitePart], forms: Sequence[bool]) -> dict[str, tuple[str, ...]]:
    present = {part.name for part in parts}
    by_name = {paths.name: paths for paths in suite.sets}
    pools: dict[str, tuple[str, ...]] = {}
    for titles in forms:
        for pool, members in suite.pools.items():
            names = tuple(part_name(by_name[member], titles=titles) for member in members)
            if set(names) <= present:
                pools[pool if titles else f"{pool} without titles"] = names
    return pools


def _check_measures(suite: Suite) -> None:
    """Raise UsageError for a measure that the task does not have, and for one whose library is not installed."""
    if unknown := [name for name in suite.headline if name not in MEASURES[suite.task]]:
        raise UsageError(
            f"suite {suite.name}: {suite.task} has no measure {unknown[0]!r}", f"choose from: {', '.join(sorted(MEASURES[suite.task]))}"
        )
    missing = [library for library in LONG_ANSWER_LIBRARIES if find_spec(library) is None]
    if suite.long_answers and missing:
        raise UsageError(
            f"BLEU and METEOR need {' and '.join(missing)}", "run: pip install 'tadarag[eval]', or take long_answers out of the suite"
        )
