"""`tadarag eval`: measure retrieval and answers on a question set, run suites, and check published figures."""

from __future__ import annotations

import math
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from tadarag.cli.eval_text import comparison_lines, report_lines
from tadarag.cli.output import ExitCode, Output
from tadarag.cli.plugins import load_encoder
from tadarag.errors import UsageError

if TYPE_CHECKING:
    from tadarag.evaluation.indexing import Progress
    from tadarag.evaluation.requests import Outcome, RunRequest
    from tadarag.evaluation.suites import SetPaths

app = typer.Typer(
    help="Measure retrieval and answers on a question set.", no_args_is_help=True, add_completion=False, rich_markup_mode=None
)

Corpus = Annotated[Path | None, typer.Option("--corpus", metavar="FILE", help="Passages: JSONL with _id, title, text (.gz or plain).")]
Queries = Annotated[Path | None, typer.Option("--queries", metavar="FILE", help="Questions: JSONL with _id, text, metadata.")]
Qrels = Annotated[Path | None, typer.Option("--qrels", metavar="FILE", help="Gold passages: query-id, corpus-id, score between tabs.")]
Limit = Annotated[int | None, typer.Option("--limit", min=1, metavar="N", help="A fixed sample of N questions; the corpus stays whole.")]
NoTitles = Annotated[bool, typer.Option("--no-titles", help="Drop the titles of all passages.")]
Systems = Annotated[str, typer.Option("--systems", metavar="A,B", help="Systems to run; default: tadarag and all baselines.")]
EncoderName = Annotated[str, typer.Option("--encoder", metavar="NAME", help="The encoder that all systems use.")]
Base = Annotated[Path | None, typer.Option("--base", metavar="DIR", help="Keep the index there, so that the next run only queries.")]
DataDir = Annotated[
    Path | None, typer.Option("--data-dir", metavar="DIR", envvar="TADARAG_EVAL_DATA", help="The data folder that files are named in.")
]
Publish = Annotated[str, typer.Option("--publish", metavar="NAME", help="Keep the figures as eval/results/NAME.json in this folder.")]
Pipeline = Annotated[str, typer.Option("--pipeline", metavar="NAME", help="The recipe that answers, from pipelines/answer.")]
AsJson = Annotated[bool, typer.Option("--json", help="Write the result as JSON.")]
Quiet = Annotated[bool, typer.Option("--quiet", help="Write nothing but the result and errors.")]
Verbose = Annotated[bool, typer.Option("--verbose", help="Show tracebacks.")]

_NOTE_SECONDS = 30.0


@app.command()
def retrieval(
    corpus: Corpus = None,
    queries: Queries = None,
    qrels: Qrels = None,
    limit: Limit = None,
    no_titles: NoTitles = False,
    systems: Systems = "",
    encoder: EncoderName = "shipped",
    base: Base = None,
    data_dir: DataDir = None,
    publish: Publish = "",
    as_json: AsJson = False,
    quiet: Quiet = False,
    verbose: Verbose = False,
) -> None:
    """Compare our retrieval with BM25, dense, RRF and PageRank on one data set in BEIR layout."""
    from tadarag.evaluation.requests import RunRequest

    data_folder, paths = _set_paths(corpus, queries, qrels, data_dir)
    request = RunRequest(kind="retrieval", set_paths=paths, limit=limit, titles=not no_titles, systems=_systems(systems), encoder=encoder)
    _run(request, Output(as_json=as_json, quiet=quiet, verbose=verbose), data_folder=data_folder, base=base, publish=publish)


@app.command()
def suite(
    name: Annotated[str, typer.Argument(help="A suite of eval/suites, such as retrieval-dev.")],
    limit: Limit = None,
    no_titles: NoTitles = False,
    systems: Systems = "",
    encoder: EncoderName = "shipped",
    base: Base = None,
    data_dir: DataDir = None,
    publish: Publish = "",
    as_json: AsJson = False,
    quiet: Quiet = False,
    verbose: Verbose = False,
) -> None:
    """Run all data sets of a suite, and judge the pools it names."""
    from tadarag.evaluation.requests import RunRequest

    request = RunRequest(kind="suite", suite=name, limit=limit, titles=not no_titles, systems=_systems(systems), encoder=encoder)
    output = Output(as_json=as_json, quiet=quiet, verbose=verbose)
    _run(request, output, data_folder=data_dir or Path.cwd(), base=base, publish=publish)


@app.command()
def answers(
    corpus: Corpus = None,
    queries: Queries = None,
    qrels: Qrels = None,
    documents: Annotated[str, typer.Option("--documents", metavar="DIR", help="A folder of documents, inside the data folder.")] = "",
    questions: Annotated[str, typer.Option("--questions", metavar="FILE", help="Its questions (JSONL), inside the data folder.")] = "",
    limit: Limit = None,
    no_titles: NoTitles = False,
    pipeline: Pipeline = "default",
    encoder: EncoderName = "shipped",
    base: Base = None,
    data_dir: DataDir = None,
    publish: Publish = "",
    as_json: AsJson = False,
    quiet: Quiet = False,
    verbose: Verbose = False,
) -> None:
    """Judge answers and citations: on a data set in BEIR layout, on a folder with questions, or (without either) on the samples."""
    from tadarag.evaluation.requests import RunRequest

    data_folder, paths = data_dir or Path.cwd(), None
    if corpus or queries or qrels:
        if documents or questions:
            raise UsageError(
                "a corpus and a folder of documents were given", "give --corpus, --queries, --qrels or --documents, --questions"
            )
        data_folder, paths = _set_paths(corpus, queries, qrels, data_dir)
    request = RunRequest(
        kind="answers",
        set_paths=paths,
        documents=documents,
        questions=questions,
        limit=limit,
        titles=not no_titles,
        pipeline=pipeline,
        encoder=encoder,
    )
    _run(request, Output(as_json=as_json, quiet=quiet, verbose=verbose), data_folder=data_folder, base=base, publish=publish)


@app.command()
def verify(
    name: Annotated[str, typer.Argument(help="A published run of eval/results.")],
    base: Base = None,
    data_dir: DataDir = None,
    as_json: AsJson = False,
    quiet: Quiet = False,
    verbose: Verbose = False,
) -> None:
    """Run a published run again and say for each figure: same, close or different (then the exit status is 1)."""
    from tadarag.evaluation.requests import data_digests
    from tadarag.evaluation.results import check_data, compare, load_published

    output = Output(as_json=as_json, quiet=quiet, verbose=verbose)
    published = load_published(name, user_folder=Path.cwd())
    check_data(published, data_digests(published.request, data_dir or Path.cwd()))  # before the run, which may take an hour
    output.note(f"running: {published.request.command()}")
    outcome = _perform(published.request, output, data_folder=data_dir or Path.cwd(), base=base)
    comparisons = compare(published, outcome)
    rows = [{"figure": row.name, "published": row.published, "measured": row.measured, "verdict": row.verdict} for row in comparisons]
    output.result({"name": name, "command": published.request.command(), "figures": rows}, comparison_lines(comparisons))
    if any(row.verdict == "different" for row in comparisons):
        raise typer.Exit(int(ExitCode.FAILED))


def _run(request: RunRequest, output: Output, *, data_folder: Path, base: Path | None, publish: str) -> None:
    outcome = _perform(request, output, data_folder=data_folder, base=base)
    if publish:
        from tadarag.evaluation.results import publish as write_result

        output.note(f"published: {write_result(publish, request, outcome, Path('eval') / 'results')}")
    output.result(dict(outcome.report), report_lines(outcome.report))


def _perform(request: RunRequest, output: Output, *, data_folder: Path, base: Path | None) -> Outcome:
    from tadarag.evaluation.requests import Workplace, perform

    with _progress(output) as progress:
        encoder = load_encoder(request.encoder)
        return perform(request, Workplace(data_folder=data_folder, encoder=encoder, base_folder=base, progress=progress))


def _systems(text: str) -> tuple[str, ...]:
    from tadarag.evaluation.retrieval_run import DEFAULT_SYSTEMS

    return tuple(name.strip() for name in text.split(",") if name.strip()) or DEFAULT_SYSTEMS


def _set_paths(corpus: Path | None, queries: Path | None, qrels: Path | None, data_dir: Path | None) -> tuple[Path, SetPaths]:
    """The data folder and the three files relative to it; without --data-dir it is the parent of the folder that holds all three."""
    from tadarag.evaluation.suites import SetPaths

    if corpus is None or queries is None or qrels is None:
        raise UsageError("a data set needs a corpus, queries and qrels", "give --corpus, --queries and --qrels")
    files = [_existing(path, data_dir) for path in (corpus, queries, qrels)]
    set_folder = Path(os.path.commonpath([file.parent for file in files]))
    data_folder = data_dir.resolve() if data_dir else set_folder.parent
    outside = next((file for file in files if not file.is_relative_to(data_folder)), None)
    if outside is not None:
        raise UsageError(f"{outside} is not inside the data folder {data_folder}", "give another --data-dir or leave it out")
    names = [file.relative_to(data_folder).as_posix() for file in files]
    return data_folder, SetPaths(name=set_folder.name, corpus=names[0], queries=names[1], qrels=names[2])


def _existing(path: Path, data_dir: Path | None) -> Path:
    candidates = [path] if data_dir is None else [path, data_dir / path]
    for candidate in candidates:
        if candidate.is_file():
            return candidate.resolve()
    raise UsageError(f"there is no file {path}", "check the path, or name the data folder with --data-dir")


@contextmanager
def _progress(output: Output) -> Iterator[Progress]:
    """Stages with the time left: a bar on a terminal, a line now and then elsewhere."""
    if not output.shows_progress:
        yield _noted(output)
        return
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TaskID, TextColumn, TimeRemainingColumn

    columns = (TextColumn("{task.description}", markup=False), BarColumn(bar_width=24), MofNCompleteColumn(), TimeRemainingColumn())
    with Progress(*columns, console=Console(stderr=True)) as bars:
        tasks: dict[str, TaskID] = {}

        def show(stage: str, done: int, total: int) -> None:
            if stage not in tasks:
                tasks[stage] = bars.add_task(stage, total=total)
            bars.update(tasks[stage], completed=done, total=total)

        yield show


def _noted(output: Output) -> Any:
    started: dict[str, float] = {}
    noted: dict[str, float] = {}

    def note(stage: str, done: int, total: int) -> None:
        now = time.monotonic()
        begun = started.setdefault(stage, now)
        if noted.get(stage) == math.inf:  # finished, and said so
            return
        if done < total and now - noted.setdefault(stage, now) < _NOTE_SECONDS:
            return
        noted[stage] = now if done < total else math.inf
        left = (now - begun) / done * (total - done) if done else 0.0
        output.note(f"{stage}: {done} of {total}" + (f", about {left:.0f} s left" if left else f", {now - begun:.1f} s"))

    return note
