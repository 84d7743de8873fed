"""`tadarag eval`: measure retrieval and answers on a question set, run suites, and check published figures."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from tadarag.cli.eval_extraction import extraction, graph
from tadarag.cli.eval_layers import layers
from tadarag.cli.eval_links import links
from tadarag.cli.eval_memories import chunking, segmentation
from tadarag.cli.eval_router import router
from tadarag.cli.eval_run import compare as compare_runs
from tadarag.cli.eval_run import init_suite, run
from tadarag.cli.eval_running import (
    AsJson,
    Base,
    Corpus,
    DataDir,
    EncoderName,
    Limit,
    NoTitles,
    Pipeline,
    Publish,
    Qrels,
    Queries,
    Quiet,
    Systems,
    Verbose,
    perform_request,
    run_request,
    set_paths,
    system_names,
)
from tadarag.cli.eval_text import comparison_lines
from tadarag.cli.output import ExitCode, Output
from tadarag.errors import UsageError

if TYPE_CHECKING:
    from tadarag.evaluation.requests import RunRequest

app = typer.Typer(
    help="Measure retrieval and answers on a question set.", no_args_is_help=True, add_completion=False, rich_markup_mode=None
)


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

    data_folder, paths = set_paths(corpus, queries, qrels, data_dir)
    request = RunRequest(kind="retrieval", set_paths=paths, limit=limit, titles=not no_titles, systems=_systems(systems), encoder=encoder)
    run_request(request, Output(as_json=as_json, quiet=quiet, verbose=verbose), data_folder=data_folder, base=base, publish=publish)


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
    run_request(request, output, data_folder=data_dir or Path.cwd(), base=base, publish=publish)


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
        data_folder, paths = set_paths(corpus, queries, qrels, data_dir)
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
    run_request(request, Output(as_json=as_json, quiet=quiet, verbose=verbose), data_folder=data_folder, base=base, publish=publish)


app.command()(run)
app.command("compare")(compare_runs)
app.command("init-suite")(init_suite)
app.command()(segmentation)
app.command()(chunking)
app.command()(layers)
app.command()(router)
app.command()(extraction)
app.command()(graph)
app.command()(links)


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
    data_folder = data_dir or _folder_of(published.request)
    check_data(published, data_digests(published.request, data_folder, user_folder=Path.cwd()))  # before the run, which may take an hour
    output.note(f"running: {published.request.command()}")
    outcome = perform_request(published.request, output, data_folder=data_folder, base=base, with_model=published.request.kind == "run")
    comparisons = compare(published, outcome)
    rows = [{"figure": row.name, "published": row.published, "measured": row.measured, "verdict": row.verdict} for row in comparisons]
    output.result({"name": name, "command": published.request.command(), "figures": rows}, comparison_lines(comparisons))
    if any(row.verdict == "different" for row in comparisons):
        raise typer.Exit(int(ExitCode.FAILED))


def _folder_of(request: RunRequest) -> Path:
    """Where the data of a request lie when nobody says so: beside a suite of one's own, else here."""
    from tadarag.evaluation.suites import load_suite

    own = load_suite(request.suite, user_folder=Path.cwd()).folder if request.kind == "run" else None
    return own or Path.cwd()


def _systems(text: str) -> tuple[str, ...]:
    from tadarag.evaluation.ranked_questions import DEFAULT_SYSTEMS

    return system_names(text) or DEFAULT_SYSTEMS
