"""`tadarag eval layers`: what outline and core statement add to the chunks, by the places of the evidence."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from tadarag.cli.eval_running import AsJson, Base, DataDir, EncoderName, Limit, Publish, Quiet, Verbose, run_request
from tadarag.cli.output import Output


def layers(
    sets: Annotated[
        str,
        typer.Option("--sets", metavar="A,B", help="Of qmsum, longdoc_qa, samples, nq, popqa: folders in the data folder; default: all."),
    ] = "",
    limit: Limit = None,
    encoder: EncoderName = "shipped",
    base: Base = None,
    data_dir: DataDir = None,
    publish: Publish = "",
    as_json: AsJson = False,
    quiet: Quiet = False,
    verbose: Verbose = False,
) -> None:
    """Compare chunks alone with each layer and with all three, by the share of the chunks holding the evidence that come first."""
    from tadarag.evaluation.requests import RunRequest

    names = tuple(name.strip() for name in sets.split(",") if name.strip())
    request = RunRequest(kind="layers", sets=names, limit=limit, encoder=encoder)
    output = Output(as_json=as_json, quiet=quiet, verbose=verbose)
    run_request(request, output, data_folder=(data_dir or Path.cwd()).resolve(), base=base, publish=publish)
