"""Two runs side by side: what they were made from, what that took, what came out, and the figures in which they differ."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from tadarag.errors import UsageError
from tadarag.training.figures import FigureDifference, figure_differences
from tadarag.training.manifest import FILE_NAME, FileHash, Manifest, StageRecord, hash_files, read_manifest
from tadarag.training.recipes import Recipe, parse_recipe, with_profile

Kind = Literal["recipe", "seed", "parameter", "data", "code", "machine", "package", "cost", "stage", "artefact"]
_MISSING = "-"


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """Something that two runs do not share. stage: "" for the run as a whole; what: names it; left, right: as a person reads them."""

    kind: Kind
    stage: str
    what: str
    left: str
    right: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Comparison:
    """What two runs do not share, and how many artefacts they do."""

    differences: tuple[Difference, ...]
    figures: tuple[FigureDifference, ...]
    n_same_artefacts: int

    @property
    def artefacts(self) -> tuple[Difference, ...]:
        """The differences that are artefacts."""
        return tuple(one for one in self.differences if one.kind == "artefact")


def manifest_in(folder: Path) -> Manifest:
    """The manifest of a run. Raises UsageError where there is none, TrainingError where it cannot be read."""
    manifest = read_manifest(folder)
    if manifest is None:
        raise UsageError(f"there is no run in {folder}: it has no {FILE_NAME}", "run a recipe first: tadarag train run RECIPE")
    return manifest


def recipe_of(manifest: Manifest, file: Path | None = None) -> Recipe:
    """The recipe as it was run, with its profile. file: where modules of its own lie beside it. Raises TrainingError."""
    recipe = parse_recipe(manifest.recipe_text, file or Path(f"{manifest.recipe}.yaml"))
    return with_profile(recipe, manifest.profile) if manifest.profile else recipe


def compare_runs(left: Path, right: Path) -> Comparison:
    """Compare two runs by their manifests; artefacts as they are on the disk now. Raises UsageError, TrainingError."""
    ours, theirs = manifest_in(left), manifest_in(right)
    differences = [*_of_runs(ours, theirs)]
    figures: list[FigureDifference] = []
    n_same = 0
    for name in dict.fromkeys((*ours.stages, *theirs.stages)):
        one, other = ours.stages.get(name), theirs.stages.get(name)
        if one is None or other is None:
            differences.append(Difference(kind="stage", stage=name, what="was made", left=_yes(one), right=_yes(other)))
            continue
        differences += _of_stages(name, one, other)
        now = {file.path: file for file in hash_files(left / name)}, {file.path: file for file in hash_files(right / name)}
        changed = [path for path in sorted({*now[0], *now[1]}) if now[0].get(path) != now[1].get(path)]
        n_same += len({*now[0], *now[1]}) - len(changed)
        for path in changed:
            differences.append(_of_artefact(name, path, now[0].get(path), now[1].get(path)))
            if path in now[0] and path in now[1]:
                figures += figure_differences(f"{name}/{path}", left / name / path, right / name / path)
    return Comparison(differences=tuple(differences), figures=tuple(figures), n_same_artefacts=n_same)


def _of_runs(ours: Manifest, theirs: Manifest) -> Iterator[Difference]:
    for what, left, right in (
        ("name", ours.recipe, theirs.recipe),
        ("text", ours.recipe_sha256[:12], theirs.recipe_sha256[:12]),
        ("profile", ours.profile or _MISSING, theirs.profile or _MISSING),
        ("licence", ours.licence, theirs.licence),
        ("ships", ours.ships, theirs.ships),
    ):
        if left != right:
            yield Difference(kind="recipe", stage="", what=what, left=_shown(left), right=_shown(right))
    for name in dict.fromkeys((*ours.data, *theirs.data)):
        one, other = ours.data.get(name), theirs.data.get(name)
        if one is None or other is None:
            left, right = (_MISSING if record is None else record.folder for record in (one, other))
            yield Difference(kind="data", stage="", what=name, left=left, right=right)
            continue
        if one.licence != other.licence:
            yield Difference(kind="data", stage="", what=f"{name}: licence", left=one.licence, right=other.licence)
        then = {file.path: file for file in one.files}, {file.path: file for file in other.files}
        for path in sorted({*then[0], *then[1]}):
            if then[0].get(path) != then[1].get(path):
                left, right = _file(then[0].get(path)), _file(then[1].get(path))
                yield Difference(kind="data", stage="", what=f"{name}: {path}", left=left, right=right)


def _of_stages(name: str, one: StageRecord, other: StageRecord) -> Iterator[Difference]:
    def differing(kind: Kind, left: Mapping[str, Any], right: Mapping[str, Any]) -> Iterator[Difference]:
        for key in dict.fromkeys((*left, *right)):
            if left.get(key) != right.get(key) or (key in left) != (key in right):
                shown = (_shown(side[key]) if key in side else _MISSING for side in (left, right))
                yield Difference(kind=kind, stage=name, what=key, left=next(shown), right=next(shown))

    yield from differing("seed", {"seed": one.seed}, {"seed": other.seed})
    yield from differing("parameter", _leaves(one.parameters), _leaves(other.parameters))
    yield from differing("code", _code(one), _code(other))
    yield from differing("machine", {"device": one.device, **one.machine}, {"device": other.device, **other.machine})
    yield from differing("package", one.packages, other.packages)
    yield from differing("cost", _costs(one), _costs(other))


def _of_artefact(stage: str, path: str, one: FileHash | None, other: FileHash | None) -> Difference:
    return Difference(kind="artefact", stage=stage, what=path, left=_file(one), right=_file(other))


def _leaves(parameters: Mapping[str, Any], path: tuple[str, ...] = ()) -> dict[str, Any]:
    """The parameters with mappings in mappings laid out: a.b -> value."""
    found: dict[str, Any] = {}
    for key, value in parameters.items():
        found |= _leaves(value, (*path, key)) if isinstance(value, dict) and value else {".".join((*path, key)): value}
    return found


def _code(record: StageRecord) -> dict[str, str]:
    return {"function": record.run, "commit": record.code, "module": record.module_sha256[:12]}


def _costs(record: StageRecord) -> dict[str, float]:
    return {"seconds": record.seconds, "peak MiB": round(record.peak_bytes / 2**20)}


def _file(file: FileHash | None) -> str:
    return _MISSING if file is None else f"{file.sha256[:12]} ({file.bytes:,} bytes)"


def _shown(value: Any) -> str:
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)


def _yes(record: StageRecord | None) -> str:
    return "no" if record is None else "yes"
