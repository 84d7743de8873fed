"""The commands `train compare` and `train repeat`: two runs side by side, and a run beside itself made again."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from tadarag.cli.output import ExitCode, counted, table
from tadarag.cli.session import Session, finish, with_session
from tadarag.cli.train_options import DataDir, RecipeFile, RunArgument, has_manifest, recipe_file, run_folder
from tadarag.cli.train_progress import noted_plan, shown_stages

if TYPE_CHECKING:
    from tadarag.training.figures import FigureDifference
    from tadarag.training.run_comparison import Comparison
    from tadarag.training.run_repeat import Repetition

MOST_FIGURES = 40


@with_session
def compare(
    session: Session,
    left: Annotated[str, typer.Argument(metavar="RUN", help="The folder of a run, or a recipe that was run without --out.")],
    right: Annotated[str, typer.Argument(metavar="RUN", help="The run to set beside it.")],
) -> None:
    """Show what two runs do not share.

    Parameters, seed, data, code, machine, packages, seconds and memory, hashes of artefacts; and figures, the numbers in JSON artefacts, side
    by side with the difference. What is the same is not shown.
    """
    from tadarag.training.run_comparison import compare_runs

    folders = [run_folder(session, run, has_manifest) for run in (left, right)]
    comparison = compare_runs(*folders)
    document = {"left": str(folders[0]), "right": str(folders[1]), **comparison_document(comparison)}
    session.output.result(document, comparison_lines(comparison, left=left, right=right))


@with_session
def repeat(
    session: Session,
    run: RunArgument,
    data_dir: DataDir = None,
    out: Annotated[
        Path | None,
        typer.Option(
            "--out", metavar="DIR", help="An empty folder for the repetition. Default: one beside the run, removed if all agrees."
        ),
    ] = None,
    recipe: RecipeFile = None,
) -> None:
    """Perform a run again in a fresh folder, and compare every file.

    Recipe, seed, parameters and device are those of the manifest, and the data must be. Exit status 1 when an artefact has another hash; it
    says which, and by how much the figures in it differ. Then the repetition is kept to be looked at.
    """
    from tadarag.training.run_comparison import manifest_in
    from tadarag.training.run_repeat import repeat_run

    folder = run_folder(session, run, has_manifest)
    file = recipe_file(session, recipe, manifest_in(folder).recipe)
    with shown_stages(session.output) as progress:
        repetition = repeat_run(
            folder, recipe_file=file, data_folder=data_dir, out=out, announce=noted_plan(session.output), progress=progress
        )
    document = {
        "recipe": repetition.recipe,
        "is_same": repetition.is_same,
        "folder": None if repetition.folder is None else str(repetition.folder),
        "has_other_recipe": repetition.has_other_recipe,
        **comparison_document(repetition.comparison),
    }
    session.output.result(document, _repetition_lines(repetition))
    finish(ExitCode.DONE if repetition.is_same else ExitCode.FAILED)


def comparison_document(comparison: Comparison) -> dict[str, Any]:
    """A comparison for programs."""
    return {
        "n_same_artefacts": comparison.n_same_artefacts,
        "differences": [
            {"kind": one.kind, "stage": one.stage, "what": one.what, "left": one.left, "right": one.right} for one in comparison.differences
        ],
        "figures": [
            {"file": one.file, "figure": one.figure, "left": one.left, "right": one.right, "change": one.change}
            for one in comparison.figures
        ],
    }


def comparison_lines(comparison: Comparison, *, left: str, right: str) -> Iterator[str]:
    """A comparison for people."""
    same = f"{counted(comparison.n_same_artefacts, 'artefact')} the same"
    if not comparison.differences:
        yield f"the runs differ in nothing: {same}"
        return
    rows = [(one.kind, one.stage, one.what, one.left, one.right) for one in comparison.differences]
    yield from table([("kind", "stage", "what", left, right), *rows])
    of_documents = [one for one in comparison.figures if one.file.endswith(".json")]
    if of_documents:
        yield ""
        yield from table([("figure", left, right, "difference"), *(_figure_row(one) for one in of_documents[:MOST_FIGURES])])
        if len(of_documents) > MOST_FIGURES:
            yield f"and {counted(len(of_documents) - MOST_FIGURES, 'figure')} more: --json"
    for file in dict.fromkeys(one.file for one in comparison.figures if not one.file.endswith(".json")):
        yield f"{file}: {_in_short([one for one in comparison.figures if one.file == file])}"
    yield same


def _figure_row(one: FigureDifference) -> tuple[str, ...]:
    change = "" if one.change is None else f"{one.change:+.6g}"
    return (f"{one.file}: {one.figure}", *("-" if value is None else f"{value:.10g}" for value in (one.left, one.right)), change)


def _in_short(figures: Sequence[FigureDifference]) -> str:
    """How many figures of a file differ, and which most of all."""
    from tadarag.training.figures import largest_change

    largest = largest_change(figures)
    most = "" if largest is None else f", most of all {largest.figure}: {largest.left:.10g}, now {largest.right:.10g}"
    return f"{counted(len(figures), 'figure')} in it differ{'s' if len(figures) == 1 else ''}{most}"


def _repetition_lines(repetition: Repetition) -> Iterator[str]:
    comparison = repetition.comparison
    for one in comparison.artefacts:
        path = f"{one.stage}/{one.what}"
        yield f"{path} has the hash {one.right}; the run has {one.left}"
        figures = [figure for figure in comparison.figures if figure.file == path]
        if figures:
            yield f"  {_in_short(figures)}"
    for one in comparison.differences:
        if one.kind in ("code", "machine", "package") and not repetition.is_same:
            yield f"other {one.kind} in stage {one.stage}: {one.what} was {one.left}, is {one.right}"
    if repetition.has_other_recipe:
        yield "the recipe's file has changed since; repeated is the recipe as the manifest has it"
    n_all = comparison.n_same_artefacts + len(comparison.artefacts)
    if repetition.is_same:
        yield f"{repetition.recipe}: repeated, {counted(n_all, 'artefact')} with the same hashes"
    else:
        yield f"{repetition.recipe}: repeated, {len(comparison.artefacts)} of {counted(n_all, 'artefact')} with another hash"
    if repetition.folder is not None:
        yield f"the repetition is in {repetition.folder}"
