"""A suite is data: a list of data sets, where their files lie in the data folder, and which of them are pooled."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from tadarag.content import content_file
from tadarag.errors import UsageError
from tadarag.evaluation.beir import DatasetFiles

_SET_KEYS = {"name", "corpus", "queries", "qrels"}
_SUITE_KEYS = {"description", "sets", "pools"}


@dataclass(frozen=True, slots=True, kw_only=True)
class SetPaths:
    """One data set of a suite: paths relative to the data folder, with forward slashes."""

    name: str
    corpus: str
    queries: str
    qrels: str

    def files(self, data_folder: Path) -> DatasetFiles:
        """The files themselves."""
        return DatasetFiles(
            name=self.name, corpus=data_folder / self.corpus, queries=data_folder / self.queries, qrels=data_folder / self.qrels
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Suite:
    """Data sets to run one after the other, and pools: names of sets whose questions are also judged together."""

    name: str
    sets: tuple[SetPaths, ...]
    pools: Mapping[str, tuple[str, ...]]


def load_suite(name: str) -> Suite:
    """Read `eval/suites/NAME.yaml`. Raises ContentMissing with the suites that exist, UsageError for a malformed one."""
    return parse_suite(name, content_file("eval/suites", f"{name}.yaml").read_text(encoding="utf-8"))


def parse_suite(name: str, text: str) -> Suite:
    """The suite that a YAML text describes; unknown keys, absolute paths and pools of unknown sets are refused."""
    try:
        content = yaml.safe_load(text)
    except yaml.YAMLError as error:
        raise UsageError(f"suite {name} is not YAML: {error}", "mend the file") from error
    if not isinstance(content, dict):
        raise _malformed(name, "it is not a mapping")
    if unknown := sorted(set(content) - _SUITE_KEYS):
        raise _malformed(name, f"unknown key {unknown[0]!r}")
    sets = tuple(_set_paths(name, entry) for entry in content.get("sets") or ())
    names = [entry.name for entry in sets]
    if not sets or len(set(names)) < len(names):
        raise _malformed(name, "it lists no set, or one twice")
    pools = {str(pool): tuple(map(str, members)) for pool, members in (content.get("pools") or {}).items()}
    for pool, members in pools.items():
        if missing := [member for member in members if member not in names]:
            raise _malformed(name, f"pool {pool!r} names the unknown set {missing[0]!r}")
    return Suite(name=name, sets=sets, pools=pools)


def _set_paths(suite: str, entry: Any) -> SetPaths:
    if not isinstance(entry, dict) or set(entry) != _SET_KEYS:
        raise _malformed(suite, f"a set needs exactly the keys {', '.join(sorted(_SET_KEYS))}")
    paths = {key: str(value) for key, value in entry.items()}
    for key in ("corpus", "queries", "qrels"):
        if Path(paths[key]).is_absolute() or ".." in Path(paths[key]).parts:
            raise _malformed(suite, f"{paths[key]!r} is not inside the data folder")
    return SetPaths(**paths)


def _malformed(name: str, problem: str) -> UsageError:
    return UsageError(f"suite {name}: {problem}", "keys: description, sets (name, corpus, queries, qrels), pools (name: [sets])")
