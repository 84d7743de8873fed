"""The command `train verify`: every file of a run against its manifest."""

from __future__ import annotations

from tadarag.cli.output import ExitCode
from tadarag.cli.session import Session, finish, with_session
from tadarag.cli.train_options import DataDir, RecipeFile, RunArgument, has_manifest, recipe_file, run_folder
from tadarag.cli.train_text import verification_lines


@with_session
def verify(session: Session, run: RunArgument, data_dir: DataDir = None, recipe: RecipeFile = None) -> None:
    """Check every file of a run against its manifest.

    Files are compared by their hashes: artefacts, the recipe, the manifest itself, and with --data-dir the data too. Exit status 1 when a
    file is missing, changed or unknown.
    """
    from tadarag.training.run_check import verify_run
    from tadarag.training.run_comparison import manifest_in

    folder = run_folder(session, run, has_manifest)
    verification = verify_run(folder, data_dir, recipe_file(session, recipe, manifest_in(folder).recipe))
    document = {
        "recipe": verification.recipe,
        "has_recipe": verification.has_recipe,
        "n_artefacts": verification.n_artefacts,
        "n_data_files": verification.n_data_files,
        "mismatches": [{"path": one.path, "happened": one.happened} for one in verification.mismatches],
    }
    session.output.result(document, verification_lines(verification))
    finish(ExitCode.FAILED if verification.mismatches else ExitCode.DONE)
