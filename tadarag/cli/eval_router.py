"""`tadarag eval router`: how often questions are given their domain and task."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Annotated, Any

import typer

from tadarag.cli.eval_running import AsJson, DataDir, EncoderName, Quiet, Verbose, existing_file, shown_progress
from tadarag.cli.output import Output, table
from tadarag.cli.plugins import load_encoder


def router(
    data: Annotated[
        Path, typer.Option("--data", metavar="FILE", help="Questions: JSONL with text, domain or task, source (.gz or plain).")
    ],
    limit: Annotated[int | None, typer.Option("--limit", min=1, metavar="N", help="The first N questions of every source.")] = None,
    encoder: EncoderName = "shipped",
    data_dir: DataDir = None,
    as_json: AsJson = False,
    quiet: Quiet = False,
    verbose: Verbose = False,
) -> None:
    """Compare the domains and tasks of questions with those that are stated: macro-F1, calibration error, and each source by itself."""
    from tadarag.evaluation.router_run import describe_router, load_labelled, run_router

    output = Output(as_json=as_json, quiet=quiet, verbose=verbose)
    questions = load_labelled(existing_file(data, data_dir), limit=limit)
    with shown_progress(output) as progress:
        report = describe_router(questions, run_router(questions, load_encoder(encoder), progress=progress))
    output.result(report, router_lines(report))


def router_lines(report: Mapping[str, Any]) -> Iterator[str]:
    """The report as people read it."""
    for what in ("domain", "task"):
        if what in report:
            figures = report[what]
            yield f"{what}: macro-F1 {100 * figures['macro_f1']:.1f}, calibration error {figures['ece']:.3f}, {figures['n']} questions"
            yield from table([(f"  {label}", f"{100 * value:.1f}") for label, value in figures["f1"].items()])
    rows = [("source", "routed rightly, %", "questions")]
    for source, shares in report["by_source"].items():
        rows += [(f"{source} ({what})", f"{100 * share['accuracy']:.1f}", str(share["n"])) for what, share in shares.items()]
    yield from table(rows)
