"""`tadarag eval segmentation` and `tadarag eval chunking`: how well documents are cut, beside the usual ways of cutting them."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from tadarag.cli.eval_running import (
    AsJson,
    DataDir,
    EncoderName,
    Limit,
    Publish,
    Quiet,
    Verbose,
    existing_file,
    name_inside,
    named_files,
    run_request,
)
from tadarag.cli.output import Output

Systems = Annotated[str, typer.Option("--systems", metavar="A,B", help="Systems to run; default: mom and all baselines.")]


def segmentation(
    data: Annotated[Path, typer.Option("--data", metavar="FILE", help="Documents: JSONL with _id, segments (.gz or plain).")],
    limit: Annotated[int | None, typer.Option("--limit", min=1, metavar="N", help="A fixed sample of N documents.")] = None,
    systems: Systems = "",
    encoder: EncoderName = "shipped",
    data_dir: DataDir = None,
    publish: Publish = "",
    as_json: AsJson = False,
    quiet: Quiet = False,
    verbose: Verbose = False,
) -> None:
    """Compare where topics are found to begin with where they do: Pk and WindowDiff, lower is better."""
    from tadarag.evaluation.requests import RunRequest

    file = existing_file(data, data_dir)
    data_folder = data_dir.resolve() if data_dir else file.parent
    request = RunRequest(kind="segmentation", data=name_inside(file, data_folder), limit=limit, systems=_names(systems), encoder=encoder)
    run_request(request, Output(as_json=as_json, quiet=quiet, verbose=verbose), data_folder=data_folder, base=None, publish=publish)


def chunking(
    corpus: Annotated[Path, typer.Option("--corpus", metavar="FILE", help="Texts: JSONL with _id, text (.gz or plain).")],
    queries: Annotated[
        Path,
        typer.Option("--queries", metavar="FILE", help="Questions: JSONL with _id, text, metadata (references, or answers with --qrels)."),
    ],
    qrels: Annotated[
        Path | None, typer.Option("--qrels", metavar="FILE", help="For questions with answers: the passages that hold them.")
    ] = None,
    join: Annotated[int, typer.Option("--join", min=1, metavar="N", help="Join N passages, in their order, into one text.")] = 1,
    top: Annotated[int, typer.Option("--top", min=1, metavar="K", help="Chunks that are retrieved for a question.")] = 5,
    limit: Limit = None,
    systems: Systems = "",
    encoder: EncoderName = "shipped",
    data_dir: DataDir = None,
    publish: Publish = "",
    as_json: AsJson = False,
    quiet: Quiet = False,
    verbose: Verbose = False,
) -> None:
    """Compare ways of cutting texts by what retrieval then finds: recall, precision and IoU of answer spans, or answer-bearing chunks."""
    from tadarag.evaluation.requests import RunRequest

    data_folder, paths = named_files(corpus, queries, qrels, data_dir)
    request = RunRequest(kind="chunking", set_paths=paths, join=join, top=top, limit=limit, systems=_names(systems), encoder=encoder)
    run_request(request, Output(as_json=as_json, quiet=quiet, verbose=verbose), data_folder=data_folder, base=None, publish=publish)


def _names(systems: str) -> tuple[str, ...]:
    return tuple(name.strip() for name in systems.split(",") if name.strip())
