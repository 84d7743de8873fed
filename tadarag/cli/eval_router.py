"""`tadarag eval router`: how often questions are given their domain and task."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from tadarag.cli.eval_running import AsJson, DataDir, EncoderName, Publish, Quiet, Verbose, existing_file, name_inside, run_request
from tadarag.cli.output import Output


def router(
    data: Annotated[
        Path, typer.Option("--data", metavar="FILE", help="Questions: JSONL with text, domain or task, source (.gz or plain).")
    ],
    limit: Annotated[int | None, typer.Option("--limit", min=1, metavar="N", help="The first N questions of every source.")] = None,
    encoder: EncoderName = "shipped",
    data_dir: DataDir = None,
    publish: Publish = "",
    as_json: AsJson = False,
    quiet: Quiet = False,
    verbose: Verbose = False,
) -> None:
    """Compare the domains and tasks of questions with those that are stated: macro-F1, calibration error, and each source by itself."""
    from tadarag.evaluation.requests import RunRequest

    file = existing_file(data, data_dir)
    data_folder = data_dir.resolve() if data_dir else file.parent
    request = RunRequest(kind="router", data=name_inside(file, data_folder), limit=limit, encoder=encoder)
    run_request(request, Output(as_json=as_json, quiet=quiet, verbose=verbose), data_folder=data_folder, base=None, publish=publish)
