"""`tadarag eval links`: what each kind of link and each layer adds to retrieval."""

from __future__ import annotations

from typing import Annotated

import typer

from tadarag.cli.eval_running import (
    AsJson,
    Base,
    Corpus,
    DataDir,
    EncoderName,
    Limit,
    NoTitles,
    Publish,
    Qrels,
    Queries,
    Quiet,
    Verbose,
    run_request,
    set_paths,
)
from tadarag.cli.output import Output
from tadarag.errors import UsageError


def links(
    corpus: Corpus = None,
    queries: Queries = None,
    qrels: Qrels = None,
    half: Annotated[
        str, typer.Option("--half", metavar="A|B", help="Only that half of the questions, by the parity of their id's MD5.")
    ] = "",
    limit: Limit = None,
    no_titles: NoTitles = False,
    encoder: EncoderName = "shipped",
    base: Base = None,
    data_dir: DataDir = None,
    publish: Publish = "",
    as_json: AsJson = False,
    quiet: Quiet = False,
    verbose: Verbose = False,
) -> None:
    """Leave out each kind of link and each layer, and lead each to other passages, on one data set in BEIR layout; nothing is indexed again."""
    from tadarag.evaluation.requests import RunRequest

    if half not in ("", "A", "B"):
        raise UsageError("a half is A or B", "see: tadarag eval links --help")
    data_folder, paths = set_paths(corpus, queries, qrels, data_dir)
    request = RunRequest(
        kind="links",
        set_paths=paths,
        half=half,  # type: ignore[arg-type]  # checked above
        limit=limit,
        titles=not no_titles,
        encoder=encoder,
    )
    run_request(request, Output(as_json=as_json, quiet=quiet, verbose=verbose), data_folder=data_folder, base=base, publish=publish)
