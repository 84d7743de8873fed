"""The command `train adapt`: the shipped extractor learns a template from pages that a person has labelled."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal

import typer

from tadarag.cli.output import counted, table
from tadarag.cli.session import Session, with_session
from tadarag.cli.train_progress import shown_stages

if TYPE_CHECKING:
    from tadarag.training.adapting.adapt import Adapted

RECIPE = "extractor-adapt"


@with_session
def adapt(
    session: Session,
    template: Annotated[str, typer.Option("--template", metavar="NAME", help="The template whose types and relations the labels use.")],
    labels: Annotated[Path, typer.Option("--labels", metavar="FILE", help="JSON lines: the page, its entities and relations.")],
    pages: Annotated[Path | None, typer.Option("--pages", metavar="DIR", help="The folder of the pages that the labels name.")] = None,
    measure_on: Annotated[
        Path | None, typer.Option("--measure-on", metavar="FILE", help="Labels to measure on, in the place of a share held back.")
    ] = None,
    held_back: Annotated[float, typer.Option("--held-back", metavar="SHARE", help="Share of the pages that is only measured on.")] = 0.2,
    out: Annotated[Path | None, typer.Option("--out", metavar="DIR", help="Where it goes. Default: .tadarag/train/adapt-TEMPLATE.")] = None,
    steps: Annotated[int | None, typer.Option("--steps", metavar="N", min=1, help="Batches to learn from, in place of 400.")] = None,
    seed: Annotated[int | None, typer.Option("--seed", metavar="N", min=0, help="In the place of the recipe's seed.")] = None,
    device: Annotated[Literal["cpu", "cuda"], typer.Option("--device", help="Where to compute.")] = "cpu",
) -> None:
    """Teach the shipped extractor a domain from labelled pages, and say by how much it got better.

    Some 200 pages take about ten minutes of two CPU cores. A line of the labels is
    {"page": "a.txt", "entities": [{"text": "Ada Lovelace", "type": "person"}]}; entities may state start and end, and relations name
    entities by their number from 0: {"head": 0, "tail": 1, "type": "knows"}. A fifth of the pages is held back and only measured on.
    Use the result with --tier small:DIR/run/extractor. The same command goes on after an interruption.
    """
    from tadarag.templates.library import load_template
    from tadarag.training.adapting.adapt import adapt as learn
    from tadarag.training.adapting.labels import read_labels
    from tadarag.training.adapting.parts import part
    from tadarag.training.recipes import find_recipe, read_recipe

    known = load_template(template, [session.base])
    labelled = read_labels(labels, pages, known)
    measured = read_labels(measure_on, pages, known) if measure_on else ()
    parts = part(labelled, held_back=held_back, measured_on=measured)
    folder = out or session.base / "train" / f"adapt-{known.name}"
    recipe = read_recipe(find_recipe(RECIPE, [session.base]))
    session.output.note(
        f"{counted(len(parts.learned), 'page')} to learn from, {len(parts.chosen_on)} for thresholds, {len(parts.held_back)} held back; "
        f"about {sum(stage.minutes for stage in recipe.stages):.0f} minutes"
    )
    with shown_stages(session.output) as progress:
        done = learn(recipe, parts, known, folder, steps=steps, seed=seed, device=device, progress=progress)
    session.output.result(_document(done), _lines(done))


def _document(done: Adapted) -> dict[str, Any]:
    return {
        "extractor": str(done.extractor),
        "n_learned": done.n_learned,
        "n_chosen_on": done.n_chosen_on,
        "n_held_back": done.n_held_back,
        **{name: done.figures[name] for name in ("before", "after")},
    }


def _lines(done: Adapted) -> Iterator[str]:
    rows: list[tuple[str, ...]] = [(f"F1 on {counted(done.n_held_back, 'page')} held back", "before", "after", "gain")]
    for what in ("entities", "relations"):
        before, after = (done.figures[name].get(what) for name in ("before", "after"))
        if before and after:
            rows.append((what, *(f"{100 * value:.1f}" for value in (before["f1"], after["f1"], after["f1"] - before["f1"]))))
    yield from table(rows)
    yield f"use it: tadarag ingest FOLDER --tier small:{done.extractor}"
