"""The command group `train`: recipes that make models, run again by whoever wants to see what they give."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from tadarag.cli.output import table
from tadarag.cli.session import Session, with_session
from tadarag.cli.train_adapt import adapt
from tadarag.cli.train_card import card
from tadarag.cli.train_compare import compare, repeat
from tadarag.cli.train_monitor import monitor
from tadarag.cli.train_options import RUNS, DataDir
from tadarag.cli.train_progress import noted_plan, shown_stages
from tadarag.cli.train_text import (
    LISTING_HEAD,
    listing_document,
    listing_row,
    plan_document,
    plan_lines,
    problem_document,
    run_document,
    run_lines,
)
from tadarag.cli.train_verify import verify
from tadarag.errors import TrainingError

if TYPE_CHECKING:
    from tadarag.training.run_plan import RunPlan

app = typer.Typer(add_completion=False, rich_markup_mode=None)

RecipeArgument = Annotated[str, typer.Argument(metavar="RECIPE", help="A recipe as `tadarag train list` shows it, or a YAML file.")]


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
    profile: Annotated[
        str | None, typer.Option("--profile", metavar="NAME", help="Other settings that the recipe states, such as short.")
    ] = None,
    seed: Annotated[int | None, typer.Option("--seed", metavar="N", min=0, help="In the place of the recipe's seed.")] = None,
    device: Annotated[Literal["cpu", "cuda"], typer.Option("--device", help="Where stages that can use a GPU compute.")] = "cpu",
    again: Annotated[
        list[str] | None, typer.Option("--again", metavar="STAGE", help="Perform this stage though nothing has changed; can be repeated.")
    ] = None,
    plan_only: Annotated[
        bool, typer.Option("--plan", "--dry-run", help="Say which stages would be performed, why, and how long; perform none.")
    ] = False,
) -> None:
    """Perform the stages of a recipe that are not up to date.

    A stage is performed again when its parameters, the seed, its data or what the stages before it made has changed. How long it will take is
    said first. After an interruption the same command goes on: finished stages are kept, and a stage with checkpoints starts from its last
    one. A manifest beside the artefacts says what each was made from, with hashes.

    What a profile makes never ships, and goes into a folder of its own, .tadarag/train/RECIPE-PROFILE, where --out names none.
    """
    from tadarag.training.recipe_run import RunOptions, run_recipe
    from tadarag.training.recipes import find_recipe, read_recipe, with_profile
    from tadarag.training.run_plan import plan_recipe

    found = read_recipe(find_recipe(recipe, [session.base]))
    if profile is not None:
        found = with_profile(found, profile)
    folder = out or session.base / RUNS / "-".join(part for part in (found.name, found.profile) if part)
    options = RunOptions(out=folder, data_folder=data_dir, seed=seed, device=device, again=frozenset(again or ()))
    if plan_only:
        plan = plan_recipe(found, options)
        document = {"recipe": found.name, "profile": found.profile, "folder": str(folder), "plan": plan_document(plan)}
        session.output.result(document, plan_lines(found, plan))
        return
    plans: list[RunPlan] = []

    def announce(plan: RunPlan) -> None:
        plans.append(plan)
        noted_plan(session.output)(plan)

    with shown_stages(session.output) as progress:
        outcomes = run_recipe(found, options, announce=announce, progress=progress)
    session.output.result(run_document(found, folder, plans[0], outcomes), run_lines(found, folder, outcomes))


@with_session
def list_recipes(session: Session) -> None:
    """List the recipes: stages, minutes, profiles, extra, whether what they make ships, where from.

    Minutes are those expected of one CPU; profiles, with theirs, are run with --profile NAME; an extra is installed with
    `pip install 'tadarag[EXTRA]'`. What ships was learnt from data whose licence allows that; --json says why where it does not. A recipe
    that does not pass its checks is listed with its first problem.
    """
    from tadarag.training.recipes import read_recipe, recipe_files

    documents = []
    for file in recipe_files([session.base]):
        try:
            documents.append(listing_document(read_recipe(file), session.base))
        except TrainingError as error:
            documents.append(problem_document(file, error, session.base))
    session.output.result({"recipes": documents}, table([LISTING_HEAD, *(listing_row(document) for document in documents)]))


app.command("run")(run)
app.command("list")(list_recipes)
app.command("verify")(verify)
app.command("repeat")(repeat)
app.command("compare")(compare)
app.command("card")(card)
app.command("monitor")(monitor)
app.command("adapt")(adapt)
