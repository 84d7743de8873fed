"""How a question is answered: a recipe read from pipelines/answer/NAME.yaml."""

from __future__ import annotations

import difflib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal, get_args

from tadarag.content import content_file, content_folder
from tadarag.errors import ContentMissing, UsageError

AnswererName = Literal["extractive", "trained", "llm", "evidence"]
SelectorName = Literal["formula", "learned", "llm"]
GraphScores = Literal["formula", "learned"]
DEFAULT_SELECTOR: SelectorName = "learned"
"""What puts candidates in order where nothing else is said."""
DEFAULT_GRAPH_SCORES: GraphScores = "learned"
"""What scores the candidates of a question graph where nothing else is said."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Pipeline:
    """A recipe: how many passages are retrieved, whether a clear first stage may skip the links, what puts candidates in order, who answers, from
    how many tokens.

    facts: whether the answerer is given what the passages state as facts, beside the passages. graph_scores: what scores these.
    """

    name: str
    limit: int = 10
    early_exit: bool = True
    selector: SelectorName = DEFAULT_SELECTOR
    answerer: AnswererName = "trained"
    max_context_tokens: int = 3000
    facts: bool = False
    graph_scores: GraphScores = DEFAULT_GRAPH_SCORES


def load_pipeline(name: str, *, user_folders: Sequence[Path] = ()) -> Pipeline:
    """Read a recipe by name, the user's own first. Raises UsageError naming file and key."""
    import yaml

    try:
        path = content_file("pipelines/answer", f"{name}.yaml", user_folders=user_folders)
    except ContentMissing as error:
        known = sorted(path.stem for path in content_folder("pipelines/answer").glob("*.yaml"))
        raise UsageError(f"there is no pipeline {name!r}", f"choose one of: {', '.join(known)}") from error
    try:
        value = yaml.safe_load(path.read_text("utf-8")) or {}
    except yaml.YAMLError as error:
        raise UsageError(f"{path.name} is not YAML ({error})", "mend the file") from error
    retrieval = _checked(value.pop("retrieval", {}), {"limit": int, "early_exit": bool, "selector": str}, path)
    rest = _checked(value, {"answerer": str, "max_context_tokens": int, "facts": bool, "graph_scores": str, "description": str}, path)
    rest.pop("description", None)
    for key, names in (("selector", SelectorName), ("answerer", AnswererName), ("graph_scores", GraphScores)):
        _check_name(key, {**retrieval, **rest}, get_args(names), path)
    return Pipeline(name=name, **retrieval, **rest)


def _check_name(key: str, given: Mapping[str, Any], names: Sequence[str], path: Path) -> None:
    if key in given and given[key] not in names:
        raise UsageError(f"{path.name}: {key} is {given[key]!r}", f"choose one of: {', '.join(names)}")


def _checked(value: Any, kinds: dict[str, type], path: Path) -> dict[str, Any]:
    if not isinstance(value, dict):
        raise UsageError(f"{path.name}: expected keys, found {value!r}", f"use the keys {', '.join(kinds)}")
    for key, given in value.items():
        if key not in kinds:
            nearest = difflib.get_close_matches(str(key), kinds, n=1)
            raise UsageError(
                f"{path.name}: unknown key {key!r}", f"did you mean {nearest[0]!r}?" if nearest else f"known keys: {', '.join(kinds)}"
            )
        if not isinstance(given, kinds[key]):
            raise UsageError(f"{path.name}: {key} is {given!r}", f"give a {kinds[key].__name__}")
    return dict(value)
