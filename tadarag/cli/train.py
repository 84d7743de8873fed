"""The command group `train`: recipes that make models, run again by whoever wants to see what they give."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Literal

import typer

from tadarag.cli.output import ExitCode, table
from tadarag.cli.session import Session, finish, with_session
from tadarag.cli.train_progress import shown_stages
from tadarag.cli.train_text import (
    LISTING_HEAD,
    listing_document,
    listing_row,
    problem_document,
    run_document,
    run_lines,
    verification_lines,
)
from tadarag.errors import TrainingError, UsageError

app = typer.Typer(add_completion=False, rich_markup_mode=None)

_RUNS = "train"
RecipeArgument = Annotated[str, typer.Argument(metavar="RECIPE", help="A recipe as `tadarag train list` shows it, or a YAML file.")]
DataDir = Annotated[
    Path | None, typer.Option("--data-dir", metavar="DIR", envvar="TADARAG_EVAL_DATA", help="The folder that holds the recipe's data.")
]


@app.callback(no_args_is_help=True)
def train() -> None:
    """Make models by recipes; list recipes; check what was made.

    A recipe is a YAML file of stages. Your own stand in `.tadarag/pipelines/train` and are found before the shipped ones.
    """


@with_session
def run(
    session: Session,
    recipe: RecipeArgument,
    data_dir: DataDir = None,
    out: Annotated[
        Path | None, typer.Option("--out", metavar="DIR", help="Where artefacts and manifest go. Default: .tadarag/train/RECIPE.")
    ] = None,
    seed: Annotated[int | None, typer.Option("--seed", metavar="N", min=0, help="In the place of the recipe's seed.")] = None,
    device: Annotated[Literal["cpu", "cuda"], typer.Option("--device", help="Where stages that can use a GPU compute.")] = "cpu",
    again: Annotated[
        list[str] | None, typer.Option("--again", metavar="STAGE", help="Perform this stage though nothing has changed; can be repeated.")
    ] = None,
) -> None:
    """Perform the stages of a recipe that are not up to date.

    A stage is performed again when its parameters, the seed, its data or what the stages before it made has changed. After an interruption
    the same command goes on: finished stages are kept, and a stage with checkpoints starts from its last one. A manifest beside the artefacts
    says what each was made from, with hashes.
    """
    from tadarag.training.recipe_run import RunOptions, run_recipe
    from tadarag.training.recipes import find_recipe, read_recipe

    found = read_recipe(find_recipe(recipe, [session.base]))
    folder = out or session.base / _RUNS / found.name
    options = RunOptions(out=folder, data_folder=data_dir, seed=seed, device=device, again=frozenset(again or ()))
    with shown_stages(session.output) as progress:
        outcomes = run_recipe(found, options, progress=progress)
    session.output.result(run_document(found, folder, outcomes), run_lines(found, folder, outcomes))


@with_session
def list_recipes(session: Session) -> None:
    """List the recipes: stages, minutes, extra, where from.

    Minutes are those expected of one CPU; an extra is installed with `pip install 'tadarag[EXTRA]'`. A recipe that does not pass its checks
    is listed with its first problem.
    """
    from tadarag.training.recipes import read_recipe, recipe_files

    documents = []
    for file in recipe_files([session.base]):
        try:
            documents.append(listing_document(read_recipe(file), session.base))
        except TrainingError as error:
            documents.append(problem_document(file, error, session.base))
    session.output.result({"recipes": documents}, table([LISTING_HEAD, *(listing_row(document) for document in documents)]))


@with_session
def verify(
    session: Session,
    run: Annotated[str, typer.Argument(metavar="RUN", help="The folder of a run, or a recipe that was run without --out.")],
    data_dir: DataDir = None,
) -> None:
    """Check every file of a run against its manifest.

    Files are compared by their hashes, with --data-dir those of the data too. Exit status 1 when a file is missing, changed or unknown.
    """
    from tadarag.training.manifest import FILE_NAME
    from tadarag.training.run_check import verify_run

    folder = next((folder for folder in (Path(run), session.base / _RUNS / run) if (folder / FILE_NAME).is_file()), None)
    if folder is None:
        raise UsageError(f"there is no run {run}", f"name its folder; runs without --out are in {session.base / _RUNS}")
    verification = verify_run(folder, data_dir)
    document = {
        "recipe": verification.recipe,
        "n_artefacts": verification.n_artefacts,
        "n_data_files": verification.n_data_files,
        "mismatches": [{"path": one.path, "happened": one.happened} for one in verification.mismatches],
    }
    session.output.result(document, verification_lines(verification))
    finish(ExitCode.FAILED if verification.mismatches else ExitCode.DONE)


app.command("run")(run)
app.command("list")(list_recipes)
app.command("verify")(verify)
