"""What every `tadarag eval` command shares: its options, its files, running a request, publishing it, and showing how far it is."""

from __future__ import annotations

import math
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from tadarag.cli.eval_extraction_text import extraction_lines, graph_lines
from tadarag.cli.eval_layers_text import layer_lines
from tadarag.cli.eval_links_text import link_lines
from tadarag.cli.eval_memories_text import memory_lines
from tadarag.cli.eval_router_text import router_lines
from tadarag.cli.eval_text import report_lines
from tadarag.cli.model import language_model
from tadarag.cli.output import Output
from tadarag.cli.plugins import load_encoder
from tadarag.cli.settings import read_settings
from tadarag.errors import UsageError

if TYPE_CHECKING:
    from tadarag.evaluation.indexing import Progress
    from tadarag.evaluation.outcomes import Outcome
    from tadarag.evaluation.requests import RunRequest
    from tadarag.evaluation.suites import SetPaths

Corpus = Annotated[Path | None, typer.Option("--corpus", metavar="FILE", help="Passages: JSONL with _id, title, text (.gz or plain).")]
Queries = Annotated[Path | None, typer.Option("--queries", metavar="FILE", help="Questions: JSONL with _id, text, metadata.")]
Qrels = Annotated[Path | None, typer.Option("--qrels", metavar="FILE", help="Gold passages: query-id, corpus-id, score between tabs.")]
Limit = Annotated[int | None, typer.Option("--limit", min=1, metavar="N", help="A fixed sample of N questions; the corpus stays whole.")]
NoTitles = Annotated[bool, typer.Option("--no-titles", help="Drop the titles of all passages.")]
Systems = Annotated[str, typer.Option("--systems", metavar="A,B", help="Systems to run; default: tadarag and the baselines.")]
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


def run_request(request: RunRequest, output: Output, *, data_folder: Path, base: Path | None, publish: str) -> None:
    """Perform a request, write its result, and keep its figures under the name `publish` unless that is empty."""
    outcome = perform_request(request, output, data_folder=data_folder, base=base)
    if publish:
        from tadarag.evaluation.results import publish as write_result

        output.note(f"published: {write_result(publish, request, outcome, Path('eval') / 'results')}")
    marks = {
        "mom_minus": memory_lines,
        "layers_minus": layer_lines,
        "by_source": router_lines,
        "grounding": extraction_lines,
        "graph_of": graph_lines,
        "links_of": link_lines,
    }
    lines = next((of_kind for mark, of_kind in marks.items() if mark in outcome.report), report_lines)
    output.result(dict(outcome.report), lines(outcome.report))


def perform_request(request: RunRequest, output: Output, *, data_folder: Path, base: Path | None, with_model: bool = False) -> Outcome:
    """What a request gives, with its progress shown. base: keeps the indexes for the next run. with_model: the language model that is set
    may judge and answer."""
    from tadarag.evaluation.requests import Workplace, perform

    model = language_model(read_settings(flags={}, environment=os.environ, documents=Path.cwd())) if with_model else None
    with shown_progress(output) as progress:
        workplace = Workplace(
            data_folder=data_folder,
            encoder=load_encoder(request.encoder),
            base_folder=base,
            user_folder=Path.cwd(),
            language_model=model,
            progress=progress,
        )
        return perform(request, workplace)


def system_names(text: str) -> tuple[str, ...]:
    """The names between commas."""
    return tuple(name.strip() for name in text.split(",") if name.strip())


def set_paths(corpus: Path | None, queries: Path | None, qrels: Path | None, data_dir: Path | None) -> tuple[Path, SetPaths]:
    """The data folder and the three files relative to it; without --data-dir it is the parent of the folder that holds all three."""
    if corpus is None or queries is None or qrels is None:
        raise UsageError("a data set needs a corpus, queries and qrels", "give --corpus, --queries and --qrels")
    return named_files(corpus, queries, qrels, data_dir)


def named_files(corpus: Path, queries: Path, qrels: Path | None, data_dir: Path | None) -> tuple[Path, SetPaths]:
    """The same for a set that may do without qrels: their place is then ""."""
    from tadarag.evaluation.suites import SetPaths

    files = [existing_file(path, data_dir) for path in (corpus, queries, qrels) if path is not None]
    set_folder = Path(os.path.commonpath([file.parent for file in files]))
    data_folder = data_dir.resolve() if data_dir else set_folder.parent
    names = [name_inside(file, data_folder) for file in files]
    return data_folder, SetPaths(name=set_folder.name, corpus=names[0], queries=names[1], qrels=names[2] if qrels else "")


def name_inside(file: Path, data_folder: Path) -> str:
    """The file's place in the data folder. Raises UsageError when it lies elsewhere."""
    if not file.is_relative_to(data_folder):
        raise UsageError(f"{file} is not inside the data folder {data_folder}", "give another --data-dir or leave it out")
    return file.relative_to(data_folder).as_posix()


def existing_file(path: Path, data_dir: Path | None) -> Path:
    """The file as it is named, or inside the data folder. Raises UsageError when it is in neither place."""
    candidates = [path] if data_dir is None else [path, data_dir / path]
    for candidate in candidates:
        if candidate.is_file():
            return candidate.resolve()
    raise UsageError(f"there is no file {path}", "check the path, or name the data folder with --data-dir")


@contextmanager
def shown_progress(output: Output) -> Iterator[Progress]:
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
