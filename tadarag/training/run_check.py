"""Checks a run against its manifest: every file by its hash, the recipe's and the manifest's own too, and every stage by what it was made from."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from tadarag.training.manifest import FILE_NAME, FileHash, Manifest, hash_file, hash_files
from tadarag.training.run_comparison import manifest_in


@dataclass(frozen=True, slots=True, order=True)
class Mismatch:
    """A file that is not as the manifest says, or a stage; and how.

    path: in the run's folder; of data, in the data folder; of the recipe, as it was given.
    """

    path: str
    happened: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Verification:
    """The result of a check: files of artefacts and data that were compared, whether the recipe's was, and what does not agree."""

    recipe: str
    has_recipe: bool
    n_artefacts: int
    n_data_files: int
    mismatches: tuple[Mismatch, ...]


def verify_run(folder: Path, data_folder: Path | None = None, recipe_file: Path | None = None) -> Verification:
    """Compare manifest and artefacts of a run, and data and recipe if it is said where they are. Raises UsageError, TrainingError."""
    manifest = manifest_in(folder)
    mismatches = [*_of_manifest(manifest, folder), *_of_artefacts(manifest, folder), *_of_inputs(manifest)]
    n_data_files = 0
    if data_folder is not None:
        mismatches += _of_data(manifest, data_folder)
        n_data_files = sum(len(record.files) for record in manifest.data.values())
    if recipe_file is not None:
        mismatches += _of_recipe(manifest, recipe_file)
    return Verification(
        recipe=manifest.recipe,
        has_recipe=recipe_file is not None,
        n_artefacts=sum(len(record.files) for record in manifest.stages.values()),
        n_data_files=n_data_files,
        mismatches=tuple(mismatches),
    )


def _of_manifest(manifest: Manifest, folder: Path) -> Iterator[Mismatch]:
    if not manifest.is_what_stands_in(folder):
        yield Mismatch(FILE_NAME, "is not as it was written: it was changed since, or an earlier version wrote it; run the recipe again")


def _of_recipe(manifest: Manifest, file: Path) -> Iterator[Mismatch]:
    now = hash_file(file, file.name).sha256
    if now != manifest.recipe_sha256:
        yield Mismatch(str(file), f"has the hash {now[:12]}…; the manifest says {manifest.recipe_sha256[:12]}…: the recipe has changed")


def _of_artefacts(manifest: Manifest, folder: Path) -> Iterator[Mismatch]:
    for name, record in manifest.stages.items():
        found = hash_files(folder / name)
        yield from _differences(name, record.files, found)
        known = {file.path for file in record.files}
        yield from (Mismatch(f"{name}/{file.path}", "is not in the manifest") for file in found if file.path not in known)


def _of_data(manifest: Manifest, data_folder: Path) -> Iterator[Mismatch]:
    for record in manifest.data.values():
        folder = data_folder / record.folder
        found = [hash_file(folder / file.path, file.path) for file in record.files if (folder / file.path).is_file()]
        yield from _differences(record.folder, record.files, found)


def _of_inputs(manifest: Manifest) -> Iterator[Mismatch]:
    """Stages that were made from something else than what the manifest holds now: a run was stopped half-way."""
    digests = {name: record.digest for name, record in manifest.data.items()}
    digests |= {name: record.digest for name, record in manifest.stages.items()}
    for name, record in manifest.stages.items():
        for source, digest in record.inputs.items():
            if digests.get(source) != digest:
                yield Mismatch(name, f"was made from another {source}; run the recipe again")


def _differences(folder: str, recorded: Iterable[FileHash], found: Iterable[FileHash]) -> Iterator[Mismatch]:
    now = {file.path: file for file in found}
    for file in recorded:
        path = file.path if folder == "." else f"{folder}/{file.path}"
        if file.path not in now:
            yield Mismatch(path, "is missing")
        elif now[file.path].bytes != file.bytes:
            yield Mismatch(path, f"has {now[file.path].bytes} bytes; the manifest says {file.bytes}")
        elif now[file.path].sha256 != file.sha256:
            yield Mismatch(path, f"has the hash {now[file.path].sha256[:12]}…; the manifest says {file.sha256[:12]}…")
