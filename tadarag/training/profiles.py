"""Profiles of a recipe: other settings that it can be run with, such as a few minutes that show whether two runs agree."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from tadarag.templates.draft import Place
from tadarag.templates.nodes import NodeReader
from tadarag.training.recipe_values import mapping_value, minutes_value

_NAME = re.compile(r"[a-z0-9][\w-]*")
_OPTIONAL = ("inputs", "parameters", "minutes", "left_out")


@dataclass(frozen=True, slots=True, kw_only=True)
class StageChange:
    """What a profile changes of a stage.

    inputs, minutes: in the place of the stage's, None leaves them. parameters: those that differ. is_left_out: the stage is not performed.
    """

    stage: str
    inputs: tuple[str, ...] | None
    parameters: Mapping[str, Any]
    minutes: float | None
    is_left_out: bool
    place: Place


@dataclass(frozen=True, slots=True)
class Profile:
    """A profile by its name; stages that it does not change stay as they are."""

    name: str
    changes: tuple[StageChange, ...]
    place: Place


def read_profiles(nodes: NodeReader, root: Any) -> Iterator[Profile]:
    """The profiles that a mapping NAME: {STAGE: {inputs, parameters, minutes, left_out}} states. Problems: bad and doubled names, and other keys."""
    seen: set[str] = set()
    for name, node in nodes.pairs(root, "write NAME: and the stages that it changes, one line for each"):
        if not _NAME.fullmatch(name.text):
            nodes.wrong(node, f"{name.text!r} is no name of a profile", "use lower case letters, digits, _ and -")
        if name.text in seen:
            nodes.wrong(node, f"the profile {name.text!r} stands here twice", "keep one of them")
        seen.add(name.text)
        yield Profile(name.text, tuple(_changes(nodes, node)), name.place)


def _changes(nodes: NodeReader, root: Any) -> Iterator[StageChange]:
    seen: set[str] = set()
    for stage, node in nodes.pairs(root, "write STAGE: and what is other, such as {parameters: {steps: 20}, minutes: 1}"):
        if stage.text in seen:
            nodes.wrong(node, f"the stage {stage.text!r} stands here twice", "keep one of them")
        seen.add(stage.text)
        fields = nodes.mapping(node, required=(), optional=_OPTIONAL)
        yield StageChange(
            stage=stage.text,
            inputs=nodes.texts(fields["inputs"]) if "inputs" in fields else None,
            parameters=mapping_value(nodes, fields["parameters"]) if "parameters" in fields else {},
            minutes=minutes_value(nodes, fields["minutes"]) if "minutes" in fields else None,
            is_left_out=nodes.boolean(fields["left_out"]) if "left_out" in fields else False,
            place=stage.place,
        )
