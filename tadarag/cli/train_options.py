"""What several commands on training runs take: a run, its data, its recipe."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Annotated

import typer

from tadarag.cli.session import Session
from tadarag.errors import UsageError

RUNS = "train"
DataDir = Annotated[
    Path | None, typer.Option("--data-dir", metavar="DIR", envvar="TADARAG_EVAL_DATA", help="The folder that holds the recipe's data.")
]
RunArgument = Annotated[str, typer.Argument(metavar="RUN", help="The folder of a run, or a recipe that was run without --out.")]
RecipeFile = Annotated[
    Path | None,
    typer.Option(
        "--recipe", metavar="FILE", help="The recipe's file, if it is none that `tadarag train list` shows.", exists=True, dir_okay=False
    ),
]


def run_folder(session: Session, run: str, is_run: Callable[[Path], bool]) -> Path:
    """The folder of a run, by its path or by the recipe's name. Raises UsageError."""
    folder = next((folder for folder in (Path(run), session.base / RUNS / run) if is_run(folder)), None)
    if folder is None:
        raise UsageError(f"there is no run {run}", f"name its folder; runs without --out are in {session.base / RUNS}")
    return folder


def has_manifest(folder: Path) -> bool:
    """Whether a recipe has finished a stage there."""
    from tadarag.training.manifest import FILE_NAME

    return (folder / FILE_NAME).is_file()


def recipe_file(session: Session, given: Path | None, name: str) -> Path | None:
    """The file of a recipe: the one that was given, or the one that its name stands for; None where there is none."""
    from tadarag.training.recipes import recipe_files

    return given or next((file for file in recipe_files([session.base]) if file.stem == name), None)
