"""`tadarag eval extraction` and `tadarag eval graph`: how well entities and relations are found, and what they are worth to retrieval."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from tadarag.cli.eval_running import (
    AsJson,
    Base,
    Corpus,
    DataDir,
    EncoderName,
    Limit,
    Publish,
    Qrels,
    Queries,
    Quiet,
    Verbose,
    existing_file,
    name_inside,
    run_request,
    set_paths,
)
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


def graph(
    corpus: Corpus = None,
    queries: Queries = None,
    qrels: Qrels = None,
    extractors: Annotated[
        str, typer.Option("--systems", metavar="A,B", help="Extractors whose links are compared; the first against all others.")
    ] = "small,rules",
    triples: Annotated[
        Path | None,
        typer.Option("--triples", metavar="FILE", help="Triples of the corpus, to compare links with: JSONL with _id, entities, triples."),
    ] = None,
    limit: Limit = None,
    encoder: EncoderName = "shipped",
    base: Base = None,
    data_dir: DataDir = None,
    publish: Publish = "",
    as_json: AsJson = False,
    quiet: Quiet = False,
    verbose: Verbose = False,
) -> None:
    """Compare what retrieval finds with the links that the names of different extractors make, on one data set in BEIR layout."""
    from tadarag.evaluation.requests import RunRequest

    data_folder, paths = set_paths(corpus, queries, qrels, data_dir)
    request = RunRequest(
        kind="graph",
        set_paths=paths,
        triples=name_inside(existing_file(triples, data_dir), data_folder) if triples else "",
        systems=tuple(name.strip() for name in extractors.split(",") if name.strip()),
        limit=limit,
        encoder=encoder,
    )
    run_request(request, Output(as_json=as_json, quiet=quiet, verbose=verbose), data_folder=data_folder, base=base, publish=publish)
