"""`tadarag eval run`, `compare` and `init-suite`: suites that keep what they found, question by question, and reports of it."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Annotated

import typer

from tadarag.cli.eval_run_text import comparison_lines, run_lines
from tadarag.cli.eval_running import (
    AsJson,
    Base,
    DataDir,
    EncoderName,
    Limit,
    NoTitles,
    Publish,
    Quiet,
    Systems,
    Verbose,
    perform_request,
    system_names,
)
from tadarag.cli.output import ExitCode, Output
from tadarag.errors import UsageError

Runs = Annotated[Path, typer.Option("--runs", metavar="DIR", help="Where finished runs are kept.")]
_RUNS = Path("eval-runs")


def run(
    suite: Annotated[str, typer.Argument(help="A suite of eval/suites (your own folder first), or a folder or file of your own.")],
    name: Annotated[str, typer.Option("--name", metavar="NAME", help="What the run is called; default: as the suite.")] = "",
    half: Annotated[
        str, typer.Option("--half", metavar="A|B", help="Only that half of the questions, by the parity of their id's MD5.")
    ] = "",
    limit: Limit = None,
    distractors: Annotated[
        int | None,
        typer.Option("--distractors", min=0, metavar="N", help="Cut each corpus to the gold passages and N others, a fixed sample."),
    ] = None,
    no_titles: NoTitles = False,
    systems: Systems = "",
    pipeline: Annotated[str, typer.Option("--pipeline", metavar="NAME", help="The recipe that answers; default: the suite's.")] = "",
    encoder: EncoderName = "shipped",
    base: Base = None,
    data_dir: DataDir = None,
    runs: Runs = _RUNS,
    language: Annotated[str, typer.Option("--language", metavar="en|zh", help="The language of the reports.")] = "en",
    publish: Publish = "",
    as_json: AsJson = False,
    quiet: Quiet = False,
    verbose: Verbose = False,
) -> None:
    """Run a suite with all its systems, and keep every value with a report in Markdown and HTML.

    A run in which a system failed on more than 5 % of a set's questions is invalid: it is kept, not published, and the exit status is 1.
    """
    from tadarag.evaluation.requests import RunRequest
    from tadarag.evaluation.run_files import check_name, save_run
    from tadarag.evaluation.suites import load_suite

    output = Output(as_json=as_json, quiet=quiet, verbose=verbose)
    if half not in ("", "A", "B") or language not in ("en", "zh"):
        raise UsageError("a half is A or B, a language en or zh", "see: tadarag eval run --help")
    loaded = load_suite(suite, user_folder=Path.cwd())
    if distractors is not None and loaded.task != "retrieval":
        raise UsageError("only a corpus of a retrieval suite can be cut", "leave --distractors out")
    check_name(name or loaded.name)
    request = RunRequest(
        kind="run",
        suite=suite,
        limit=limit,
        half=half,  # type: ignore[arg-type]  # checked above
        distractors=distractors,
        titles=not no_titles,
        systems=system_names(systems),
        pipeline=pipeline or "default",
        encoder=encoder,
    )
    outcome = perform_request(request, output, data_folder=data_dir or loaded.folder or Path.cwd(), base=base, with_model=True)
    assert outcome.run is not None
    finished = replace(outcome.run, name=name or loaded.name, about=_about(request.command()))
    place = save_run(finished, runs, language=language)
    output.note(f"kept: {place / 'report.html'}")
    if publish and not outcome.invalid:
        from tadarag.evaluation.results import publish as write_result

        output.note(f"published: {write_result(publish, request, outcome, Path('eval') / 'results')}")
    output.result(dict(outcome.report), run_lines(finished))
    if outcome.invalid:
        for reason in outcome.invalid:
            output.note(f"invalid: {reason}")
        raise typer.Exit(int(ExitCode.FAILED))


def compare(
    one: Annotated[str, typer.Argument(metavar="A", help="A finished run: its name, or the path of its folder.")],
    other: Annotated[str, typer.Argument(metavar="B", help="Another one; the same run to compare two of its systems.")],
    system: Annotated[str, typer.Option("--system", metavar="NAME", help="The system of A; default: the first that both have.")] = "",
    against: Annotated[str, typer.Option("--against", metavar="NAME", help="The system of B; default: the same.")] = "",
    measures: Annotated[
        str, typer.Option("--measures", metavar="A,B", help="Only these measures; default: those the suite puts first.")
    ] = "",
    runs: Runs = _RUNS,
    as_json: AsJson = False,
    quiet: Quiet = False,
    verbose: Verbose = False,
) -> None:
    """Compare two finished runs question by question: A minus B with 95 % intervals of a paired bootstrap."""
    from tadarag.evaluation.run_comparison import compare_runs
    from tadarag.evaluation.run_files import load_run

    output = Output(as_json=as_json, quiet=quiet, verbose=verbose)
    mine, theirs = load_run(one, folder=runs), load_run(other, folder=runs)
    for loaded in (mine, theirs):
        for reason in loaded.invalid():
            output.note(f"{loaded.name} is invalid: {reason}")
    wanted = system_names(measures) or mine.headline
    found = [gap for gap in compare_runs(mine, theirs, system=system, against=against) if gap.measure in wanted]
    if not found:
        raise UsageError(f"none of the measures {', '.join(wanted)} is in both runs", "name others with --measures")
    rows = [
        {
            "part": gap.part,
            "measure": gap.measure,
            "a": round(gap.one.mean, 6),
            "b": round(gap.other.mean, 6),
            "difference": round(gap.gap.mean, 6),
            "interval": [round(gap.gap.low, 6), round(gap.gap.high, 6)],
            "n": gap.gap.n,
        }
        for gap in found
    ]
    output.result({"a": mine.name, "b": theirs.name, "differences": rows}, comparison_lines(found))


def init_suite(
    folder: Annotated[Path, typer.Argument(metavar="DIR", help="A new or empty folder.")],
    as_json: AsJson = False,
    quiet: Quiet = False,
    verbose: Verbose = False,
) -> None:
    """Make a suite for your own documents and questions: dated news in Chinese and English to begin with, long answers over several documents."""
    from tadarag.evaluation.new_suite import make_suite

    output = Output(as_json=as_json, quiet=quiet, verbose=verbose)
    files = make_suite(folder)
    output.result(
        {"folder": str(folder), "files": files},
        [*files, "", "put your documents and questions in their place, then:", f"  tadarag eval run {folder}"],
    )


def _about(command: str) -> dict[str, object]:
    from tadarag.evaluation.provenance import code_commit, compared_libraries, machine, today

    return {
        "command": command,
        "date": today(),
        "commit": code_commit(),
        "machine": machine(),
        "compared with": compared_libraries(),
    }
