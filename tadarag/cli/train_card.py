"""The command `train card`: the card of what a run has made."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from tadarag.cli.session import Session, with_session
from tadarag.cli.train_options import RunArgument, has_manifest, run_folder


@with_session
def card(
    session: Session,
    run: RunArgument,
    out: Annotated[
        Path | None,
        typer.Option("--out", metavar="FILE", help="Where the card goes, pictures beside it. Default: MODEL_CARD.md in the run."),
    ] = None,
) -> None:
    """Write the card of what a run has made, in Markdown.

    It says from the manifest what was made from which data under which licences, with which parameters, seed, code and machine, and holds all
    hashes, the figures of JSON artefacts, the curves of the log as pictures, and what the spike monitor saw. What must not be shipped is
    marked at its head. A run whose files have changed gets none.
    """
    from tadarag.training.run_card import FILE_NAME, run_card

    folder = run_folder(session, run, has_manifest)
    made = run_card(folder)
    file = out or folder / FILE_NAME
    written = {file: made.text, **{file.parent / name: picture for name, picture in made.pictures.items()}}
    file.parent.mkdir(parents=True, exist_ok=True)
    for path, text in written.items():
        path.write_text(text, encoding="utf-8")
    session.output.result({"card": str(file), "pictures": [str(path) for path in written][1:]}, map(str, written))
