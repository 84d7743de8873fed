"""Recipes: how a model is made, as a YAML file says it, read strictly and with its stages in order."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from hashlib import sha256
from pathlib import Path, PurePath
from typing import Any

import yaml

from tadarag.content import content_file, content_folder
from tadarag.errors import ContentMissing, TrainingError, UsageError
from tadarag.nearest import nearest
from tadarag.templates.draft import Place
from tadarag.templates.nodes import NodeReader
from tadarag.training.licences import why_not_shipped
from tadarag.training.profiles import Profile, StageChange, read_profiles
from tadarag.training.recipe_values import mapping_value, minutes_value

FOLDER = "pipelines/train"
_NAME = re.compile(r"[A-Za-z0-9][\w-]*")
_FUNCTION = re.compile(r"[^\W\d]\w*(\.[^\W\d]\w*)*:[^\W\d]\w*")
_REQUIRED = ("name", "description", "licence", "stages")
_OPTIONAL = ("data", "seed", "ships", "profiles")
_STAGE_REQUIRED = ("name", "run")
_STAGE_OPTIONAL = ("inputs", "measured", "parameters", "extra", "minutes", "checkpoints")
_DATA_REQUIRED = ("folder",)
_DATA_OPTIONAL = ("files", "licence")


@dataclass(frozen=True, slots=True, kw_only=True)
class DataSource:
    """Files that a recipe reads: those in `folder` (relative to the data folder) that match one of the patterns `files`."""

    name: str
    folder: str
    files: tuple[str, ...]
    licence: str
    place: Place


@dataclass(frozen=True, slots=True, kw_only=True)
class Stage:
    """A step of a recipe: the function "module:function" makes artefacts from inputs (names of stages or data) and parameters.

    measured: those of the inputs that nothing is learnt from; they are only measured on, or prepared for that.
    extra: what to install besides, as in `pip install tadarag[EXTRA]`. minutes: expected, of one CPU; 0 if the recipe does not say.
    keeps_checkpoints: whether a stage that was stopped is given again what it had written.
    """

    name: str
    run: str
    inputs: tuple[str, ...]
    measured: tuple[str, ...]
    parameters: Mapping[str, Any]
    extra: str
    minutes: float
    keeps_checkpoints: bool
    place: Place


@dataclass(frozen=True, slots=True, kw_only=True)
class Recipe:
    """A recipe with its stages in the order in which they are performed: inputs first, otherwise as the file has them.

    ships: whether what it makes may be handed on; then it learns from no data whose licence forbids that. text: of the file. profiles: other
    settings to run it with; profile: the one that it has, "" for its own.
    """

    name: str
    description: str
    licence: str
    ships: bool
    seed: int
    data: tuple[DataSource, ...]
    stages: tuple[Stage, ...]
    text: str
    file: Path
    profiles: tuple[Profile, ...] = ()
    profile: str = ""

    @property
    def minutes(self) -> float:
        """Expected of all stages, of one CPU."""
        return sum(stage.minutes for stage in self.stages)

    @property
    def sha256(self) -> str:
        """Of its text."""
        return sha256(self.text.encode("utf-8")).hexdigest()


def find_recipe(name: str, user_folders: Sequence[Path] = ()) -> Path:
    """The file of a recipe: a path to a YAML file, or a name, the user's own first. Raises UsageError."""
    if name.endswith(".yaml"):
        if not Path(name).is_file():
            raise UsageError(f"there is no file {name}", "name a file, or a recipe as `tadarag train list` shows it")
        return Path(name)
    try:
        return content_file(FOLDER, f"{name}.yaml", user_folders=user_folders)
    except ContentMissing as error:
        known = [file.stem for file in recipe_files(user_folders)]
        raise UsageError(f"there is no recipe {name!r}", nearest(name, known)) from error


def recipe_files(user_folders: Sequence[Path] = ()) -> list[Path]:
    """The files of all recipes that have a name, sorted by it; the user's own hide shipped ones of the same name."""
    found: dict[str, Path] = {}
    for folder in (content_folder(FOLDER), *(root / FOLDER for root in reversed(user_folders))):
        found |= {file.stem: file for file in folder.glob("*.yaml")}
    return [file for _, file in sorted(found.items())]


def read_recipe(file: Path) -> Recipe:
    """Read and check a recipe. Raises TrainingError that names the first problem with its file and line, and OSError."""
    try:
        text = file.read_bytes().decode("utf-8")  # line ends as they are: the text's hash is the file's
    except UnicodeDecodeError as error:
        raise TrainingError(f"{file}:1: this file is not UTF-8: {error.reason}", "save it as UTF-8") from error
    return parse_recipe(text, file)


def parse_recipe(text: str, file: Path) -> Recipe:
    """Check the text of a recipe as if it stood in that file. Raises TrainingError that names the first problem with file and line."""
    nodes = NodeReader(file)
    root = nodes.root(text)
    fields = {} if nodes.problems else nodes.mapping(root, required=_REQUIRED, optional=_OPTIONAL)
    data = tuple(_data(nodes, fields["data"])) if "data" in fields else ()
    stages = [_stage(nodes, node) for node in nodes.elements(fields["stages"])] if "stages" in fields else []
    recipe = Recipe(
        name=_name(nodes, fields["name"]) if "name" in fields else "",
        description=nodes.text(fields["description"]) if "description" in fields else "",
        licence=nodes.text(fields["licence"]) if "licence" in fields else "",
        ships=nodes.boolean(fields["ships"]) if "ships" in fields else False,
        seed=nodes.integer(fields["seed"]) if "seed" in fields else 13,
        data=data,
        stages=tuple(stages),
        text=text,
        file=file,
        profiles=tuple(read_profiles(nodes, fields["profiles"])) if "profiles" in fields else (),
    )
    if recipe.name and recipe.name != file.stem:
        nodes.wrong(fields["name"], f"the recipe {recipe.name!r} stands in {file.name}", f"name the file {recipe.name}.yaml")
    if nodes.problems:
        first = min(nodes.problems)
        raise TrainingError(str(first), first.do)
    if not stages:
        raise TrainingError(f"{nodes.place(fields['stages'])}: this recipe has no stage", "add one: its name, and run: module:function")
    _check_names(recipe)
    _check_licences(recipe)
    recipe = replace(recipe, stages=tuple(_ordered(recipe)))
    for profile in recipe.profiles:
        with_profile(recipe, profile.name)
    return recipe


def with_profile(recipe: Recipe, name: str) -> Recipe:
    """The recipe as one of its profiles has it: what that makes does not ship, and data that none of its stages reads are not asked for.

    Raises UsageError for a profile that the recipe has not, TrainingError for one that changes what is not there.
    """
    profile = next((one for one in recipe.profiles if one.name == name), None)
    if profile is None:
        do = nearest(name, [one.name for one in recipe.profiles]) if recipe.profiles else "run it without --profile"
        raise UsageError(f"the recipe {recipe.name!r} has no profile {name!r}", do)
    if len([one for one in profile.changes if one.is_left_out]) == len(recipe.stages):
        raise TrainingError(f"{profile.place}: the profile {name!r} leaves out all stages", "keep one of them at least")
    stages = {stage.name: stage for stage in recipe.stages}
    for change in profile.changes:
        if change.stage not in stages:
            raise TrainingError(f"{change.place}: the recipe has no stage {change.stage!r}", nearest(change.stage, stages))
        if change.is_left_out:
            del stages[change.stage]
        else:
            stages[change.stage] = _changed(stages[change.stage], change)
    read = {one for stage in stages.values() for one in stage.inputs}
    changed = replace(
        recipe, profile=name, ships=False, stages=tuple(stages.values()), data=tuple(one for one in recipe.data if one.name in read)
    )
    _check_names(changed)
    return replace(changed, stages=tuple(_ordered(changed)))


def _changed(stage: Stage, change: StageChange) -> Stage:
    """The stage as a profile has it."""
    return replace(
        stage,
        inputs=stage.inputs if change.inputs is None else change.inputs,
        measured=tuple(one for one in stage.measured if change.inputs is None or one in change.inputs),
        parameters={**stage.parameters, **change.parameters},
        minutes=stage.minutes if change.minutes is None else change.minutes,
        place=stage.place if change.inputs is None else change.place,
    )


def _data(nodes: NodeReader, root: Any) -> Iterator[DataSource]:
    for name, node in nodes.pairs(root, "write NAME: FOLDER, one line for each"):
        if not _NAME.fullmatch(name.text):
            nodes.wrong(node, f"{name.text!r} is no name of data", "use letters, digits, _ and -")
        fields: dict[str, Any] = {"folder": node}
        if not isinstance(node, yaml.ScalarNode):
            fields = nodes.mapping(node, required=_DATA_REQUIRED, optional=_DATA_OPTIONAL)
        folder = nodes.text(fields["folder"]) if "folder" in fields else ""
        files = nodes.texts(fields["files"]) if "files" in fields else ("**/*",)
        outside = [path for path in (folder, *files) if PurePath(path).is_absolute() or ".." in PurePath(path).parts]
        if outside:
            nodes.wrong(node, f"{outside[0]!r} is outside the data folder", "write a path relative to what --data-dir will name")
        yield DataSource(
            name=name.text,
            folder=folder,
            files=files,
            licence=nodes.text(fields["licence"]) if "licence" in fields else "",
            place=name.place,
        )


def _stage(nodes: NodeReader, node: Any) -> Stage:
    fields = nodes.mapping(node, required=_STAGE_REQUIRED, optional=_STAGE_OPTIONAL)
    run = nodes.text(fields["run"]) if "run" in fields else ""
    if run and not _FUNCTION.fullmatch(run):
        nodes.wrong(fields["run"], f"{run!r} is no function", "write module:function, such as my_stages:train")
    return Stage(
        name=_name(nodes, fields["name"]) if "name" in fields else "",
        run=run,
        inputs=nodes.texts(fields["inputs"]) if "inputs" in fields else (),
        measured=nodes.texts(fields["measured"]) if "measured" in fields else (),
        parameters=mapping_value(nodes, fields["parameters"]) if "parameters" in fields else {},
        extra=nodes.text(fields["extra"]) if "extra" in fields else "",
        minutes=minutes_value(nodes, fields["minutes"]) if "minutes" in fields else 0.0,
        keeps_checkpoints=nodes.boolean(fields["checkpoints"]) if "checkpoints" in fields else False,
        place=nodes.place(node),
    )


def _name(nodes: NodeReader, node: Any) -> str:
    name = nodes.text(node)
    if name and not _NAME.fullmatch(name):
        nodes.wrong(node, f"{name!r} is no name", "use letters, digits, _ and -: it names a folder")
    return name


def _check_names(recipe: Recipe) -> None:
    """Every name stands once, and every input names data or a stage. Raises TrainingError."""
    named = [*((source.name, source.place) for source in recipe.data), *((stage.name, stage.place) for stage in recipe.stages)]
    seen: set[str] = set()
    for name, place in named:
        if name in seen:
            raise TrainingError(f"{place}: the name {name!r} is taken", "give every stage and all data a name of their own")
        seen.add(name)
    for stage in recipe.stages:
        for name in stage.inputs:
            if name not in seen:
                raise TrainingError(
                    f"{stage.place}: stage {stage.name!r} needs {name!r}, which is no stage and no data", nearest(name, seen)
                )
        for name in stage.measured:
            if name not in stage.inputs:
                raise TrainingError(
                    f"{stage.place}: stage {stage.name!r} measures on {name!r}, which is none of its inputs", nearest(name, stage.inputs)
                )


def _check_licences(recipe: Recipe) -> None:
    """What ships learns from no data whose licence forbids that. Raises TrainingError."""
    if not recipe.ships:
        return
    for source in recipe.data:
        why = why_not_shipped(source.licence)
        for stage in recipe.stages:
            if why and source.name in stage.inputs and source.name not in stage.measured:
                raise TrainingError(
                    f"{source.place}: this recipe ships what it makes, and stage {stage.name!r} learns from {source.name!r}: {why}",
                    f"take {source.name} away, write ships: false, or, if the stage only measures on it, measured: [{source.name}] there",
                )


def _ordered(recipe: Recipe) -> Iterator[Stage]:
    """The stages, each after its inputs. Raises TrainingError for a cycle."""
    ready = {source.name for source in recipe.data}
    left = list(recipe.stages)
    while left:
        stage = next((stage for stage in left if ready.issuperset(stage.inputs)), None)
        if stage is None:
            raise _cycle_error(left)
        yield stage
        ready.add(stage.name)
        left.remove(stage)


def _cycle_error(left: Sequence[Stage]) -> TrainingError:
    """The error for stages of which each waits for another one of them."""
    waiting = {stage.name: stage for stage in left}
    path = [left[0].name]
    while len(set(path)) == len(path):
        path.append(next(name for name in waiting[path[-1]].inputs if name in waiting))
    cycle = path[path.index(path[-1]) :]
    return TrainingError(
        f"{waiting[cycle[0]].place}: stages need each other in a circle: {' needs '.join(cycle)}", "take one of these inputs away"
    )
