"""The manifest of a run: every artefact with its hash, and what each stage made it from."""

from __future__ import annotations

import gzip
import json
import os
import zlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
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
class Parent:
    """The stage of another run that made data: its recipe, the hash of its text, whether it ships what it makes; the hash of what that was."""

    recipe: str
    recipe_sha256: str
    ships: bool | None
    stage: str
    digest: str


@dataclass(frozen=True, slots=True, kw_only=True)
class DataRecord:
    """Data that a run read: the folder inside the data folder, its licence as the recipe states it, and the files.

    parent: where they lie in another run, what made them.
    """

    folder: str
    licence: str
    files: tuple[FileHash, ...]
    parent: Parent | None = None

    @property
    def digest(self) -> str:
        """One hash of all files."""
        return digest_of(self.files)


@dataclass(frozen=True, slots=True, kw_only=True)
class StageRecord:
    """What a stage was made from, by whom, and what it made.

    inputs: name -> digest of that stage's artefacts or of that data. code: commit or version of tadarag; module_sha256: of the file that
    holds the stage's function. seconds, peak_bytes: time and most memory of the process, since the stage was last started; 0 bytes where the
    system does not tell. packages: name -> version of all that was imported. records: lines of each artefact in JSON lines. files: the
    artefacts, by their path in the stage's folder.
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
    peak_bytes: int = 0
    packages: Mapping[str, str] = field(default_factory=dict)
    records: Mapping[str, int] = field(default_factory=dict)

    @property
    def digest(self) -> str:
        """One hash of all artefacts."""
        return digest_of(self.files)


@dataclass(frozen=True, slots=True, kw_only=True)
class Manifest:
    """A run of a recipe as far as it has come.

    recipe_text: the recipe's file; profile: the one that it was run with, "" for none; ships: whether what it makes does, None if it was not
    said.
    """

    recipe: str
    recipe_sha256: str
    licence: str
    data: Mapping[str, DataRecord]
    stages: Mapping[str, StageRecord]
    recipe_text: str = ""
    ships: bool | None = None
    profile: str = ""

    def with_stage(self, name: str, record: StageRecord) -> Manifest:
        """The manifest after a stage was performed."""
        return replace(self, stages={**self.stages, name: record})

    def write(self, folder: Path) -> None:
        """Replace the manifest in that folder, whole or not at all."""
        draft = folder / f".{FILE_NAME}"
        draft.write_bytes(self._text().encode("utf-8"))
        os.replace(draft, folder / FILE_NAME)

    def is_what_stands_in(self, folder: Path) -> bool:
        """Whether the file there is, to the byte, what is written for this manifest; its own hash is part of that."""
        return (folder / FILE_NAME).read_bytes() == self._text().encode("utf-8")

    def _text(self) -> str:
        document: dict[str, Any] = {
            "schema": SCHEMA,
            "recipe": self.recipe,
            "recipe_sha256": self.recipe_sha256,
            "recipe_text": self.recipe_text,
            **({"profile": self.profile} if self.profile else {}),
            "licence": self.licence,
            "ships": self.ships,
            "data": {name: {**asdict(record), "sha256": record.digest} for name, record in self.data.items()},
            "stages": {name: {**asdict(record), "sha256": record.digest} for name, record in self.stages.items()},
        }
        document["sha256"] = sha256(json.dumps(document, sort_keys=True).encode()).hexdigest()
        return json.dumps(document, indent=1, ensure_ascii=False) + "\n"


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
            recipe_text=document.get("recipe_text", ""),
            licence=document["licence"],
            ships=document.get("ships"),
            profile=document.get("profile", ""),
            data={name: _data(entry) for name, entry in document["data"].items()},
            stages={name: StageRecord(**_record(entry)) for name, entry in document["stages"].items()},
        )
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise TrainingError(
            f"{file} is no manifest of a run: {type(error).__name__} {error}", "remove it and run the recipe again, with another --out"
        ) from error


def parent_of(folder: Path) -> Parent | None:
    """What made the files of a folder, if it is that of a stage of a run."""
    try:
        manifest = read_manifest(folder.parent)
    except TrainingError:  # a file of that name that is somebody else's: then the folder is no stage's
        return None
    if manifest is None or folder.name not in manifest.stages:
        return None
    return Parent(
        recipe=manifest.recipe,
        recipe_sha256=manifest.recipe_sha256,
        ships=manifest.ships,
        stage=folder.name,
        digest=manifest.stages[folder.name].digest,
    )


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


def records_in(folder: Path, files: Iterable[FileHash]) -> dict[str, int]:
    """Path -> number of lines, of the files in JSON lines that can be read."""
    counts = {file.path: _n_lines(folder / file.path) for file in files if file.path.endswith((".jsonl", ".jsonl.gz"))}
    return {path: count for path, count in counts.items() if count is not None}


def _n_lines(file: Path) -> int | None:
    try:
        with gzip.open(file, "rb") if file.suffix == ".gz" else file.open("rb") as lines:
            return sum(1 for _ in lines)
    except (gzip.BadGzipFile, EOFError, zlib.error):  # an artefact may be anything, whatever its name
        return None


def _data(entry: Mapping[str, Any]) -> DataRecord:
    fields = _record(entry)
    return DataRecord(**{**fields, "parent": Parent(**fields["parent"]) if fields.get("parent") else None})


def _record(entry: Mapping[str, Any]) -> dict[str, Any]:
    """The fields of a record; its digest is computed, never read."""
    fields = {key: value for key, value in entry.items() if key != "sha256"}
    return {**fields, "files": tuple(FileHash(**file) for file in fields["files"])}
