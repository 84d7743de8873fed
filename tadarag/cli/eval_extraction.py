"""`tadarag eval extraction`: how well entities and relations of annotated texts are found."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from tadarag.cli.eval_running import AsJson, DataDir, Publish, Quiet, Verbose, existing_file, name_inside, run_request
from tadarag.cli.output import Output


def extraction(
    data: Annotated[Path, typer.Option("--data", metavar="FILE", help="Texts: JSONL with text, entities, relations (.gz or plain).")],
    types: Annotated[
        Path | None, typer.Option("--types", metavar="FILE", help="The types to look for; default: types.json beside the texts.")
    ] = None,
    extractor: Annotated[str, typer.Option("--extractor", metavar="NAME", help="The extractor to judge.")] = "small",
    limit: Annotated[int | None, typer.Option("--limit", min=1, metavar="N", help="The first N texts.")] = None,
    data_dir: DataDir = None,
    publish: Publish = "",
    as_json: AsJson = False,
    quiet: Quiet = False,
    verbose: Verbose = False,
) -> None:
    """Compare entities and relations that are found with those annotated: micro-averaged, strict; the set's own types are the template."""
    from tadarag.evaluation.requests import RunRequest

    file = existing_file(data, data_dir)
    data_folder = data_dir.resolve() if data_dir else file.parent.parent
    stated = name_inside(existing_file(types, data_dir), data_folder) if types else ""
    request = RunRequest(kind="extraction", data=name_inside(file, data_folder), types=stated, extractor=extractor, limit=limit)
    run_request(request, Output(as_json=as_json, quiet=quiet, verbose=verbose), data_folder=data_folder, base=None, publish=publish)
