"""One stage of a recipe: finding its function, performing it in a folder of its own, and keeping what it made."""

from __future__ import annotations

import importlib
import random
import re
import shutil
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, redirect_stdout
from importlib.metadata import PackageNotFoundError, distribution, requires
from importlib.util import find_spec
from pathlib import Path

from tadarag.errors import TadaragError, TrainingError
from tadarag.nearest import nearest
from tadarag.training.disk_space import full_disk, is_full
from tadarag.training.manifest import FileHash, hash_file, hash_files
from tadarag.training.recipes import Recipe, Stage
from tadarag.training.stage_run import StageRun

UNFINISHED = ".unfinished"
_PACKAGE = re.compile(r"[\w.-]+")

StageFunction = Callable[[StageRun], None]


@contextmanager
def modules_beside(recipe: Recipe) -> Iterator[None]:
    """While open, modules in the recipe's own folder can be imported; those that are installed go first."""
    folder = str(recipe.file.resolve().parent)
    sys.path.append(folder)
    importlib.invalidate_caches()
    try:
        yield
    finally:
        sys.path.remove(folder)


def module_hash(stage: Stage) -> str:
    """SHA-256 of the file that holds the stage's function. Raises TrainingError when there is no such module; imports only its parents."""
    module = stage.run.partition(":")[0]
    try:
        spec = find_spec(module)
    except ModuleNotFoundError:  # a parent is missing
        spec = None
    if spec is None or not spec.origin or not Path(spec.origin).is_file():
        raise TrainingError(
            f"{stage.place}: stage {stage.name!r} runs {stage.run}, and there is no module {module}",
            "check its name; a module of your own lies beside the recipe, or is installed",
        )
    return hash_file(Path(spec.origin), module).sha256


def load_function(stage: Stage) -> StageFunction:
    """The function of a stage. Raises TrainingError when its extra is not installed or its module has no such function."""
    module_name, _, name = stage.run.partition(":")
    missing = missing_packages(stage.extra)
    if missing:
        raise _not_installed(stage, missing[0])
    try:
        module = importlib.import_module(module_name)
    except ModuleNotFoundError as error:
        raise _not_installed(stage, error.name or module_name) from error
    function = getattr(module, name, None)
    if not callable(function):
        known = [key for key, value in vars(module).items() if callable(value) and getattr(value, "__module__", "") == module_name]
        raise TrainingError(f"{stage.place}: module {module_name} has no function {name!r}", nearest(name, known))
    found: StageFunction = function
    return found


def missing_packages(extra: str) -> list[str]:
    """Packages of an extra of tadarag that are not installed; none where tadarag runs from a bare checkout and cannot know."""
    try:
        lines = requires("tadarag") or []
    except PackageNotFoundError:
        return []
    names = [str(_PACKAGE.match(line)[0]) for line in lines if re.search(rf"extra == ['\"]{re.escape(extra)}['\"]", line)]  # type: ignore[index]
    return [name for name in names if extra and not _is_installed(name)]


def perform(stage: Stage, function: StageFunction, given: StageRun, *, fingerprint: str) -> tuple[tuple[FileHash, ...], float]:
    """Let a stage make its artefacts in `given.folder`; returns them and the seconds it took. `keep` then puts them in their place.

    fingerprint: of all that the artefacts depend on; what a stopped stage left is only used again when it is the same. Raises TrainingError
    when the stage fails, the disk being full among the causes, or leaves no file, and any TadaragError of the stage itself.
    """
    _prepare(given.folder, fingerprint, goes_on=stage.keeps_checkpoints)
    _fix_seeds(given.seed)
    started = time.monotonic()
    try:
        with redirect_stdout(sys.stderr):  # stdout is for the result
            function(given)
    except TadaragError:
        raise
    except ModuleNotFoundError as error:
        raise _not_installed(stage, error.name or stage.run) from error
    except Exception as error:  # a stage is anyone's code: whatever it raises is told with the stage's name
        if is_full(error, given.folder):
            raise full_disk(given.folder, f"stage {stage.name!r} failed: {error}", _what_is_kept(stage)) from error
        raise TrainingError(
            f"stage {stage.name!r} failed: {type(error).__name__}: {error}",
            "mend it and run the same command: finished stages are kept; --verbose shows where it failed",
        ) from error
    seconds = time.monotonic() - started
    files = hash_files(given.folder)
    if not files:
        raise TrainingError(f"stage {stage.name!r} left no file", f"let {stage.run} write its artefacts into run.folder")
    return files, seconds


def keep(stage: Stage, out: Path) -> None:
    """Move what a stage has made from its unfinished folder to its own, in the place of what was there."""
    unfinished = out / UNFINISHED / stage.name
    if (out / stage.name).exists():
        shutil.rmtree(out / stage.name)
    unfinished.replace(out / stage.name)
    _note(unfinished).unlink()


def _what_is_kept(stage: Stage) -> str:
    again = "from its last checkpoint" if stage.keeps_checkpoints else "anew, after removing what it has written"
    return f"finished stages are kept, and {stage.name!r} begins {again}"


def _prepare(folder: Path, fingerprint: str, *, goes_on: bool) -> None:
    """Leave the folder as it is if the stage goes on and would make the same as before, else empty it."""
    note = _note(folder)
    if not (goes_on and folder.is_dir() and note.is_file() and note.read_text(encoding="utf-8") == fingerprint):
        if folder.exists():
            shutil.rmtree(folder)
        folder.mkdir(parents=True)
        note.write_text(fingerprint, encoding="utf-8")


def _note(folder: Path) -> Path:
    return folder.with_name(f"{folder.name}.fingerprint")


def _fix_seeds(seed: int) -> None:
    """For a stage that draws from the global generators; torch is seeded by the stages that use it."""
    import numpy as np

    random.seed(seed)
    np.random.seed(seed % 2**32)


def _not_installed(stage: Stage, package: str) -> TrainingError:
    extra = f"pip install 'tadarag[{stage.extra}]'" if stage.extra else f"install what {stage.run} imports"
    return TrainingError(f"stage {stage.name!r} needs {package}, which is not installed", extra)


def _is_installed(package: str) -> bool:
    try:
        distribution(package)
    except PackageNotFoundError:
        return False
    return True
