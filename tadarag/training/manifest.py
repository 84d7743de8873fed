"""The manifest of a run: every artefact with its hash, and what each stage made it from."""

from __future__ import annotations

import json
import os
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from hashlib import file_digest, sha256
from pathlib import Path
from typing import Any

from tadarag.errors import TrainingError

FILE_NAME = "manifest.json"
SCHEMA = "tadarag-train/1"


@dataclass(frozen=True, slots=True, order=True)
class FileHash:
    """A file as it was: its path in its folder with "/" between parts, its size and SHA-256 in hex."""

    path: str
    bytes: int
    sha256: str


@dataclass(frozen=True, slots=True, kw_only=True)
class DataRecord:
    """Data that a run read: the folder inside the data folder, its licence as the recipe states it, and the files."""

    folder: str
    licence: str
    files: tuple[FileHash, ...]

    @property
    def digest(self) -> str:
        """One hash of all files."""
        return digest_of(self.files)


@dataclass(frozen=True, slots=True, kw_only=True)
class StageRecord:
    """What a stage was made from, by whom, and what it made.

    inputs: name -> digest of that stage's artefacts or of that data. code: commit or version of tadarag; module_sha256: of the file that
    holds the stage's function. seconds: of its last start. files: the artefacts, by their path in the stage's folder.
    """

    run: str
    inputs: Mapping[str, str]
    parameters: Mapping[str, Any]
    seed: int
    device: str
    code: str
    module_sha256: str
    machine: Mapping[str, str | int]
    seconds: float
    files: tuple[FileHash, ...]

    @property
    def digest(self) -> str:
        """One hash of all artefacts."""
        return digest_of(self.files)


@dataclass(frozen=True, slots=True, kw_only=True)
class Manifest:
    """A run of a recipe as far as it has come."""

    recipe: str
    recipe_sha256: str
    licence: str
    data: Mapping[str, DataRecord]
    stages: Mapping[str, StageRecord]

    def with_stage(self, name: str, record: StageRecord) -> Manifest:
        """The manifest after a stage was performed."""
        return replace(self, stages={**self.stages, name: record})

    def write(self, folder: Path) -> None:
        """Replace the manifest in that folder, whole or not at all."""
        document = {
            "schema": SCHEMA,
            "recipe": self.recipe,
            "recipe_sha256": self.recipe_sha256,
            "licence": self.licence,
            "data": {name: {**asdict(record), "sha256": record.digest} for name, record in self.data.items()},
            "stages": {name: {**asdict(record), "sha256": record.digest} for name, record in self.stages.items()},
        }
        draft = folder / f".{FILE_NAME}"
        draft.write_text(json.dumps(document, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
        os.replace(draft, folder / FILE_NAME)


def read_manifest(folder: Path) -> Manifest | None:
    """The manifest in a folder, None where there is none. Raises TrainingError for a file that is no manifest."""
    file = folder / FILE_NAME
    if not file.is_file():
        return None
    try:
        document = json.loads(file.read_text(encoding="utf-8"))
        if document["schema"] != SCHEMA:
            raise ValueError(f"its schema is {document['schema']!r}")
        return Manifest(
            recipe=document["recipe"],
            recipe_sha256=document["recipe_sha256"],
            licence=document["licence"],
            data={name: DataRecord(**_record(entry)) for name, entry in document["data"].items()},
            stages={name: StageRecord(**_record(entry)) for name, entry in document["stages"].items()},
        )
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise TrainingError(
            f"{file} is no manifest of a run: {type(error).__name__} {error}", "remove it and run the recipe again, with another --out"
        ) from error


def hash_files(folder: Path, patterns: Sequence[str] = ("**/*",)) -> tuple[FileHash, ...]:
    """The files of a folder that match a pattern, hidden ones left out, sorted by path."""
    found = {file.relative_to(folder).as_posix(): file for pattern in patterns for file in folder.glob(pattern) if file.is_file()}
    return tuple(hash_file(file, name) for name, file in sorted(found.items()) if not any(part.startswith(".") for part in name.split("/")))


def hash_file(file: Path, name: str) -> FileHash:
    """What a file is now, under that path."""
    with file.open("rb") as stream:
        return FileHash(name, file.stat().st_size, file_digest(stream, "sha256").hexdigest())


def digest_of(files: Iterable[FileHash]) -> str:
    """One hash of files: SHA-256 of their paths and hashes in order."""
    return sha256(json.dumps([[file.path, file.sha256] for file in sorted(files)]).encode()).hexdigest()


def _record(entry: Mapping[str, Any]) -> dict[str, Any]:
    """The fields of a record; its digest is computed, never read."""
    fields = {key: value for key, value in entry.items() if key != "sha256"}
    return {**fields, "files": tuple(FileHash(**file) for file in fields["files"])}
