"""A request says what to run, relative to a data folder, so that the same run can be repeated elsewhere; performing it gives its figures."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any, Literal

from tadarag.content import content_folder
from tadarag.errors import UsageError
from tadarag.evaluation.answer_questions import AnswerQuestion, folder_digest, load_questions, questions_of_dataset
from tadarag.evaluation.answers_run import describe_answers, run_answers
from tadarag.evaluation.beir import dataset_digest, load_dataset
from tadarag.evaluation.chunking_data import ChunkingFiles, chunking_digest, load_chunking
from tadarag.evaluation.chunking_run import describe_chunking, run_chunking
from tadarag.evaluation.comparison import describe_pool, describe_run
from tadarag.evaluation.extraction_data import load_gold
from tadarag.evaluation.extraction_run import describe_extraction, run_extraction
from tadarag.evaluation.graph_worth import describe_graph_worth, run_graph_worth
from tadarag.evaluation.halves import Half
from tadarag.evaluation.indexing import Progress, index_corpus, open_base
from tadarag.evaluation.layers_run import SETS, describe_layers, layers_digests, run_layers
from tadarag.evaluation.link_worth import describe_link_worth, run_link_worth
from tadarag.evaluation.outcomes import Figure, Outcome, figures_of, is_cost, outcome_of_run
from tadarag.evaluation.ranked_questions import DEFAULT_SYSTEMS
from tadarag.evaluation.retrieval_run import RetrievalRun, corpus_identity, run_retrieval
from tadarag.evaluation.router_run import describe_router, load_labelled, run_router
from tadarag.evaluation.segmentation_run import data_digest, dataset_name, describe_segmentation, load_segmented, run_segmentation
from tadarag.evaluation.suite_run import Ground, SuiteOptions, part_name, run_suite
from tadarag.evaluation.suites import SetPaths, load_suite
from tadarag.evaluation.triples import load_triples
from tadarag.tiers import installed_tiers

if TYPE_CHECKING:
    from tadarag.evaluation.suite_results import SuiteRun
    from tadarag.extraction.extractor import Extractor
    from tadarag.models.encoder import Encoder
    from tadarag.models.language_model import LanguageModel

SAMPLES = "samples"


@dataclass(frozen=True, slots=True, kw_only=True)
class RunRequest:
    """What to run. All paths are relative to the data folder.

    kind: "retrieval", "answers" and "chunking" take one set (of "chunking" the qrels may be ""); "links" takes one and the `half` of the questions;
    "suite" and "run" take a suite's name, "run" also the `half` and, for retrieval, how many `distractors` a corpus is cut to; to it the default
    systems are those of the suite, and `titles` of False means no titles anywhere;
    "answers" without a set reads `documents` and `questions`, and without those the shipped samples; "segmentation", "router" and "extraction"
    take `data`, the last also `types` ("": types.json beside the data) and `extractor`; "graph" takes one set, the extractors in `systems`
    (the first against the others) and optionally a file of `triples`;
    "layers" takes the names of folders inside the data folder, `sets`, none for all that it knows.
    systems: those to run; the default stands for all of its kind.
    """

    kind: Literal["retrieval", "suite", "run", "answers", "segmentation", "chunking", "layers", "router", "extraction", "graph", "links"]
    suite: str = ""
    set_paths: SetPaths | None = None
    documents: str = ""
    questions: str = ""
    data: str = ""
    types: str = ""
    extractor: str = "small"
    triples: str = ""
    sets: tuple[str, ...] = ()
    join: int = 1
    top: int = 5
    limit: int | None = None
    half: Half = ""
    distractors: int | None = None
    titles: bool = True
    systems: tuple[str, ...] = DEFAULT_SYSTEMS
    encoder: str = "shipped"
    pipeline: str = "default"

    def command(self) -> str:
        """The command line that makes this request."""
        words = ["tadarag", "eval", self.kind]
        if self.suite:
            words.append(self.suite)
        if self.set_paths:
            words += ["--corpus", self.set_paths.corpus, "--queries", self.set_paths.queries]
            words += _option("--qrels", self.set_paths.qrels)
        words += _option("--documents", self.documents) + _option("--questions", self.questions)
        words += _option("--data", self.data) + _option("--types", self.types) + _option("--sets", ",".join(self.sets))
        words += _option("--triples", self.triples)
        words += _option("--extractor", "" if self.kind != "extraction" or self.extractor == "small" else self.extractor)
        words += _option("--join", "" if self.join == 1 else str(self.join)) + _option("--top", "" if self.top == 5 else str(self.top))
        words += _option("--limit", "" if self.limit is None else str(self.limit))
        words += _option("--half", self.half)
        words += _option("--distractors", "" if self.distractors is None else str(self.distractors))
        words += [] if self.titles else ["--no-titles"]
        words += _option("--systems", "" if self.systems in ((), DEFAULT_SYSTEMS) else ",".join(self.systems))
        words += _option("--encoder", "" if self.encoder == "shipped" else self.encoder)
        words += _option("--pipeline", "" if self.pipeline == "default" else self.pipeline)
        return " ".join(words)

    def as_json(self) -> dict[str, Any]:
        """The request as JSON keeps it."""
        return {**asdict(self), "systems": list(self.systems), "sets": list(self.sets)}


def request_from_json(content: Mapping[str, Any]) -> RunRequest:
    """The request that `as_json` gave. Raises UsageError for anything else."""
    try:
        paths = content["set_paths"]
        lists = {"systems": tuple(content["systems"]), "sets": tuple(content.get("sets", ()))}
        return RunRequest(**{**content, "set_paths": SetPaths(**paths) if paths else None, **lists})
    except (KeyError, TypeError) as error:
        raise UsageError(f"this is not a published request: {error}", "publish the run again") from error


@dataclass(frozen=True, slots=True, kw_only=True)
class Workplace:
    """Where and with what a request is performed. base_folder: keeps the indexes for the next run; None: they are thrown away.

    user_folder: where suites of one's own are looked for first. language_model: what judges or answers where a suite asks for it.
    """

    data_folder: Path
    encoder: Encoder
    base_folder: Path | None = None
    user_folder: Path | None = None
    language_model: LanguageModel | None = None
    progress: Progress = lambda stage, done, total: None


def perform(request: RunRequest, workplace: Workplace) -> Outcome:
    """Run the request. Raises UsageError for what cannot be run, and whatever the systems raise."""
    if request.kind == "run":
        return outcome_of_run(_run_suite(request, workplace))
    if request.kind == "answers":
        return _perform_answers(request, workplace)
    if request.kind == "suite":
        return _perform_suite(request, workplace)
    if request.kind == "segmentation":
        return _perform_segmentation(request, workplace)
    if request.kind == "router":
        return _perform_router(request, workplace)
    if request.kind == "extraction":
        return _perform_extraction(request, workplace)
    if request.kind == "layers":
        return _perform_layers(request, workplace)
    if request.kind == "graph" and request.set_paths is not None:
        return _perform_graph(request, request.set_paths, workplace)
    if request.kind == "links" and request.set_paths is not None:
        return _perform_links(request, request.set_paths, workplace)
    if request.set_paths is None:
        raise UsageError("a retrieval run needs a corpus, queries and qrels", "give --corpus, --queries and --qrels")
    if request.kind == "chunking":
        return _perform_chunking(request, request.set_paths, workplace)
    run = _retrieve(request, request.set_paths, workplace, workplace.base_folder)
    report = describe_run(run)
    return _retrieval_outcome(report, {run.dataset: report}, {run.dataset: run.digest})


def data_digests(request: RunRequest, data_folder: Path, *, user_folder: Path | None = None) -> dict[str, str]:
    """The hash of each data set that the request would read, by its name, without running anything."""
    if request.kind == "run":
        return _suite_digests(request, data_folder, user_folder)
    if request.kind == "suite":
        return {paths.name: dataset_digest(paths.files(data_folder)) for paths in load_suite(request.suite).sets}
    if request.kind == "layers":
        return layers_digests(request.sets or SETS, data_folder)
    if request.kind == "segmentation":
        file = data_folder / request.data
        return {dataset_name(file): data_digest(file)}
    if request.kind in ("router", "extraction"):
        return {_labelled_set(request): data_digest(data_folder / request.data)}
    if request.kind == "chunking" and request.set_paths is not None:
        return {request.set_paths.name: chunking_digest(_chunking_files(request.set_paths, data_folder))}
    if request.set_paths is not None:
        return {request.set_paths.name: dataset_digest(request.set_paths.files(data_folder))}
    documents, questions, name = _documents_and_questions(request, data_folder)
    return {name: folder_digest(documents, questions)}


def _run_suite(request: RunRequest, workplace: Workplace) -> SuiteRun:
    suite = load_suite(request.suite, user_folder=workplace.user_folder)
    ground = Ground(
        data_folder=workplace.data_folder,
        encoder=workplace.encoder,
        base_folder=workplace.base_folder,
        language_model=workplace.language_model,
        progress=workplace.progress,
    )
    options = SuiteOptions(
        systems=_asked_systems(request),
        titles=None if request.titles else False,
        limit=request.limit,
        half=request.half,
        distractors=request.distractors,
        pipeline="" if request.pipeline == "default" else request.pipeline,
    )
    return run_suite(suite, ground, options)


def _suite_digests(request: RunRequest, data_folder: Path, user_folder: Path | None) -> dict[str, str]:
    """By the names of the suite's parts."""
    suite = load_suite(request.suite, user_folder=user_folder)
    forms = (True,) if suite.task == "silence" else suite.titles if request.titles else (False,)
    judged = [paths for paths in suite.sets if paths.part != "train"]
    return {part_name(paths, titles=titles): _set_digest(paths, data_folder) for titles in forms for paths in judged}


def _set_digest(paths: SetPaths, data_folder: Path) -> str:
    if paths.is_own:
        return folder_digest(data_folder / paths.documents, data_folder / paths.questions)
    return dataset_digest(paths.files(data_folder))


def _perform_suite(request: RunRequest, workplace: Workplace) -> Outcome:
    suite = load_suite(request.suite)
    runs: dict[str, RetrievalRun] = {}
    for paths in suite.sets:
        variant = paths.name if request.titles else f"{paths.name}-no-titles"
        base_folder = workplace.base_folder / variant if workplace.base_folder else None
        runs[paths.name] = _retrieve(request, paths, workplace, base_folder)
    sets = {name: describe_run(run) for name, run in runs.items()}
    pools = {f"pool {pool}": describe_pool([runs[name] for name in names]) for pool, names in suite.pools.items()}
    report = {"suite": suite.name, "titles": request.titles, "sets": sets, "pools": pools}
    return _retrieval_outcome(report, {**sets, **pools}, {name: run.digest for name, run in runs.items()})


def _retrieve(request: RunRequest, paths: SetPaths, workplace: Workplace, base_folder: Path | None) -> RetrievalRun:
    dataset = load_dataset(paths.files(workplace.data_folder), limit=request.limit, titles=request.titles)

    def progress(stage: str, done: int, total: int) -> None:
        workplace.progress(f"{paths.name}: {stage}", done, total)

    return run_retrieval(
        dataset,
        encoder=workplace.encoder,
        titles=request.titles,
        systems=request.systems,
        base_folder=base_folder,
        progress=progress,
    )


def _retrieval_outcome(report: Mapping[str, Any], described: Mapping[str, Any], data: Mapping[str, str]) -> Outcome:
    figures: dict[str, Figure] = {}
    costs: dict[str, float] = {}
    for name, part in described.items():
        for system, values in part["systems"].items():
            figures |= figures_of(f"{name}/{system}", values)
            costs |= {f"{name}/{system}/{cost}": float(values[cost]) for cost in values if is_cost(cost, values)}
        for system, values in part["tadarag_minus"].items():
            figures |= figures_of(f"{name}/tadarag minus {system}", values)
    return Outcome(report=report, figures=figures, data=data, costs=costs)


def _perform_answers(request: RunRequest, workplace: Workplace) -> Outcome:
    with TemporaryDirectory(prefix="tadarag-eval-") as temporary:
        folder = workplace.base_folder or Path(temporary)
        if request.set_paths is not None:
            dataset = load_dataset(request.set_paths.files(workplace.data_folder), limit=request.limit, titles=request.titles)
            questions: tuple[AnswerQuestion, ...] = questions_of_dataset(dataset)
            name, digest = dataset.name, dataset.digest
        else:
            documents, file, name = _documents_and_questions(request, workplace.data_folder)
            questions, digest = load_questions(file, limit=request.limit), folder_digest(documents, file)
        with open_base(folder, workplace.encoder) as base:
            if request.set_paths is not None:
                identity = corpus_identity(dataset.passages, workplace.encoder)
                index_corpus(base, dataset.passages, identity=identity, progress=workplace.progress)
            else:
                base.ingest(documents, progress=lambda event: workplace.progress("indexing", event.n_done, event.n_total))
            run = run_answers(base, questions, dataset=name, digest=digest, pipeline=request.pipeline, progress=workplace.progress)
    report = describe_answers(run)
    figures = figures_of(name, report["measures"])
    costs = {f"{name}/{cost}": report[cost] for cost in report if is_cost(cost, report)}
    return Outcome(report=report, figures=figures, data={name: digest}, costs=costs)


def _perform_segmentation(request: RunRequest, workplace: Workplace) -> Outcome:
    file = workplace.data_folder / request.data
    run = run_segmentation(
        load_segmented(file, limit=request.limit),
        dataset=dataset_name(file),
        digest=data_digest(file),
        encoder=workplace.encoder,
        systems=_asked_systems(request),
        progress=workplace.progress,
    )
    return _memories_outcome(describe_segmentation(run))


def _perform_chunking(request: RunRequest, paths: SetPaths, workplace: Workplace) -> Outcome:
    data = load_chunking(_chunking_files(paths, workplace.data_folder), join=request.join, limit=request.limit)
    systems = _asked_systems(request)
    run = run_chunking(data, encoder=workplace.encoder, top=request.top, systems=systems, progress=workplace.progress)
    return _memories_outcome(describe_chunking(run))


def _perform_router(request: RunRequest, workplace: Workplace) -> Outcome:
    questions = load_labelled(workplace.data_folder / request.data, limit=request.limit)
    report = describe_router(questions, run_router(questions, workplace.encoder, progress=workplace.progress))
    figures = dict[str, Figure]()
    for what in ("domain", "task"):
        figures |= figures_of(what, report.get(what, {}))
    return Outcome(report=report, figures=figures, data=data_digests(request, workplace.data_folder))


def _perform_extraction(request: RunRequest, workplace: Workplace) -> Outcome:
    file, types = workplace.data_folder / request.data, workplace.data_folder / request.types if request.types else None
    extractor = installed_tiers()[request.extractor]
    texts = load_gold(file, types=types, limit=request.limit)
    run = run_extraction(texts, extractor, workplace.encoder.count_tokens, progress=workplace.progress)
    data = data_digests(request, workplace.data_folder)
    (name, digest), *_ = data.items()
    report = describe_extraction(run, dataset=name, extractor=extractor.fingerprint, digest=digest)
    figures = dict[str, Figure]()
    for what in ("entities", "relations", "relations_boundaries", "relations_gold_entities"):
        figures |= figures_of(what, report.get(what, {}))
    return Outcome(report=report, figures=figures, data=data, costs={"seconds": report["seconds"]})


def _perform_graph(request: RunRequest, paths: SetPaths, workplace: Workplace) -> Outcome:
    dataset = load_dataset(paths.files(workplace.data_folder), limit=request.limit, titles=request.titles)
    names = _asked_systems(request) or ("small", "rules")
    extractors: dict[str, Extractor] = {name: installed_tiers()[name] for name in names}
    if request.triples:
        extractors["triples"] = load_triples(workplace.data_folder / request.triples, dataset.passages)
    records = run_graph_worth(dataset, extractors, workplace.encoder, base_folder=workplace.base_folder, progress=workplace.progress)
    report = describe_graph_worth(dataset, records, names[0])
    figures = dict[str, Figure]()
    for system, values in report["systems"].items():
        figures |= figures_of(f"{dataset.name}/{system}", values)
    for system, values in report["minus"].items():
        figures |= figures_of(f"{dataset.name}/{names[0]} minus {system}", values)
    return Outcome(report=report, figures=figures, data={dataset.name: dataset.digest})


def _perform_links(request: RunRequest, paths: SetPaths, workplace: Workplace) -> Outcome:
    dataset = load_dataset(paths.files(workplace.data_folder), limit=request.limit, titles=request.titles, half=request.half)
    records = run_link_worth(dataset, workplace.encoder, base_folder=workplace.base_folder, progress=workplace.progress)
    report, figures = describe_link_worth(dataset, records), dict[str, Figure]()
    for system, of_system in report["systems"].items():
        for name, values in of_system.items():
            figures |= figures_of(f"{dataset.name}/{system}, {name}", values)
        for name, values in report["minus"][system].items():
            figures |= figures_of(f"{dataset.name}/{system}, all minus {name}", values)
    return Outcome(report=report, figures=figures, data={dataset.name: dataset.digest})


def _labelled_set(request: RunRequest) -> str:
    """A file of labelled texts is named by its place in the data folder, without endings: one set has a file for each part."""
    return request.data.removesuffix(".gz").removesuffix(".jsonl")


def _perform_layers(request: RunRequest, workplace: Workplace) -> Outcome:
    with TemporaryDirectory(prefix="tadarag-eval-") as temporary:
        parts = run_layers(
            request.sets or SETS,
            workplace.data_folder,
            encoder=workplace.encoder,
            base_folder=workplace.base_folder or Path(temporary),
            limit=request.limit,
            progress=workplace.progress,
        )
    report, figures = describe_layers(parts), dict[str, Figure]()
    for name, part in {**report["sets"], **report["pools"]}.items():
        for system, values in part["systems"].items():
            figures |= figures_of(f"{name}/{system}", values)
        for ours in ("layers", "S"):
            for system, values in part.get(f"{ours}_minus", {}).items():
                figures |= figures_of(f"{name}/{ours} minus {system}", values)
    return Outcome(report=report, figures=figures, data=report["data_sha256"])


def _asked_systems(request: RunRequest) -> tuple[str, ...]:
    return () if request.systems == DEFAULT_SYSTEMS else request.systems


def _chunking_files(paths: SetPaths, data_folder: Path) -> ChunkingFiles:
    qrels = data_folder / paths.qrels if paths.qrels else None
    return ChunkingFiles(name=paths.name, corpus=data_folder / paths.corpus, queries=data_folder / paths.queries, qrels=qrels)


def _memories_outcome(report: Mapping[str, Any]) -> Outcome:
    name, figures = report["corpus"], dict[str, Figure]()
    for system, values in report["systems"].items():
        figures |= figures_of(f"{name}/{system}", values)
    for system, values in report["mom_minus"].items():
        figures |= figures_of(f"{name}/mom minus {system}", values)
    return Outcome(report=report, figures=figures, data={name: report["data_sha256"]})


def _documents_and_questions(request: RunRequest, data_folder: Path) -> tuple[Path, Path, str]:
    if not request.documents and not request.questions:
        samples = content_folder("data/samples")
        return samples / "documents", samples / "questions.jsonl", SAMPLES
    if not request.documents or not request.questions:
        raise UsageError("documents and questions belong together", "give both --documents and --questions")
    documents, questions = data_folder / request.documents, data_folder / request.questions
    if not documents.is_dir():
        raise UsageError(f"there is no folder {documents}", "check --documents and --data-dir")
    return documents, questions, request.documents


def _option(name: str, value: str) -> list[str]:
    return [name, value] if value else []
