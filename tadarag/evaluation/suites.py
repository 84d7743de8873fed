"""A suite is data: what is measured, on which sets, in which forms, with which systems, and what is pooled."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal, get_args

import yaml

from tadarag.content import content_file, content_folder
from tadarag.errors import UsageError
from tadarag.evaluation.beir import DatasetFiles

Task = Literal["retrieval", "answers", "silence"]
TASKS: tuple[Task, ...] = get_args(Task)
_FOLDER = "eval/suites"
_SET_KEYS = {"name", "corpus", "queries", "qrels"}
_OWN_KEYS = {"name", "documents", "questions"}
_OPTIONAL_KEYS = {"triples", "part", "limit"}
_PARTS = ("train", "dev")
_LIST_KEYS = ("systems", "headline")
_SUITE_KEYS = {
    "description",
    "description_zh",
    "task",
    "titles",
    "sets",
    "pools",
    "systems",
    "headline",
    "pipeline",
    "long_answers",
    "judge",
    "data",
}
_SAMPLES = "samples"


@dataclass(frozen=True, slots=True, kw_only=True)
class SetPaths:
    """One data set of a suite: paths relative to the data folder, with forward slashes.

    documents, questions: instead of corpus, queries and qrels, a folder of a person's own documents and a file of questions about them.
    triples: a file of triples of the corpus that a language model made, "" where there is none. part: "train" for a set on which
    thresholds are chosen and nothing is reported. limit: that many of its questions, a fixed sample; 0 for all.
    """

    name: str
    corpus: str = ""
    queries: str = ""
    qrels: str = ""
    documents: str = ""
    questions: str = ""
    triples: str = ""
    part: str = "dev"
    limit: int = 0

    @property
    def is_own(self) -> bool:
        """Whether these are a person's own documents and questions."""
        return bool(self.documents)

    def files(self, data_folder: Path) -> DatasetFiles:
        """The files themselves."""
        return DatasetFiles(
            name=self.name, corpus=data_folder / self.corpus, queries=data_folder / self.queries, qrels=data_folder / self.qrels
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Suite:
    """Data sets to run one after the other, and pools: names of sets whose questions are also judged together.

    titles: in which forms, with titles (True), without (False) or both. systems: those to run, () for all of the task's. headline: the
    measures that tables and plots show first, () for the task's. long_answers: also BLEU and METEOR. judge: also a language model's
    marks, where one is set. folder: what its paths are relative to where no data folder is named: the suite's own folder, that of the shipped
    samples for `data: samples`, or None.
    """

    name: str
    sets: tuple[SetPaths, ...]
    pools: Mapping[str, tuple[str, ...]]
    description: str = ""
    description_zh: str = ""
    task: Task = "retrieval"
    titles: tuple[bool, ...] = (True,)
    systems: tuple[str, ...] = ()
    headline: tuple[str, ...] = ()
    pipeline: str = "default"
    long_answers: bool = False
    judge: bool = False
    folder: Path | None = field(default=None, compare=False)


def load_suite(name: str, *, user_folder: Path | None = None) -> Suite:
    """Read a suite: `NAME` as a file or as a folder with a suite.yaml, else `eval/suites/NAME.yaml`, the one in `user_folder` first.

    Raises ContentMissing with the suites that exist, UsageError for a malformed one.
    """
    place = (user_folder or Path()) / name
    file = place / "suite.yaml" if place.is_dir() else place
    if file.suffix in (".yaml", ".yml") and file.is_file():
        label = file.parent.resolve().name if file.stem == "suite" else file.stem
        return _read(label, file, folder=file.parent.resolve())
    return _read(name, content_file(_FOLDER, f"{name}.yaml", user_folders=[user_folder] if user_folder else []), folder=None)


def parse_suite(name: str, text: str, *, folder: Path | None = None) -> Suite:
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
    task = content.get("task", "retrieval")
    if task not in TASKS:
        raise _malformed(name, f"the task {task!r} is none of {', '.join(TASKS)}")
    if task != "answers" and any(entry.is_own for entry in sets):
        raise _malformed(name, "documents and questions of one's own need task: answers")
    if content.get("data", _SAMPLES) != _SAMPLES:
        raise _malformed(name, f"data is {content['data']!r}, not {_SAMPLES}")
    lists = {key: tuple(map(str, content.get(key) or ())) for key in _LIST_KEYS}
    return Suite(
        name=name,
        sets=sets,
        pools=_pools(name, content.get("pools") or {}, names),
        description=str(content.get("description", "")),
        description_zh=str(content.get("description_zh", "")),
        task=task,
        titles=_titles(name, content.get("titles", True)),
        pipeline=str(content.get("pipeline", "default")),
        long_answers=bool(content.get("long_answers", False)),
        judge=bool(content.get("judge", False)),
        folder=content_folder("data/samples") if "data" in content else folder,
        **lists,
    )


def _read(name: str, file: Path, *, folder: Path | None) -> Suite:
    return parse_suite(name, file.read_text(encoding="utf-8"), folder=folder)


def _pools(name: str, content: Mapping[str, Sequence[Any]], names: Sequence[str]) -> dict[str, tuple[str, ...]]:
    pools = {str(pool): tuple(map(str, members)) for pool, members in content.items()}
    for pool, members in pools.items():
        if missing := [member for member in members if member not in names]:
            raise _malformed(name, f"pool {pool!r} names the unknown set {missing[0]!r}")
    return pools


def _titles(name: str, content: Any) -> tuple[bool, ...]:
    forms = tuple(content) if isinstance(content, list) else (content,)
    if not forms or not all(isinstance(form, bool) for form in forms) or len(set(forms)) < len(forms):
        raise _malformed(name, f"titles is {content!r}, not true, false or [true, false]")
    return forms


def _set_paths(suite: str, entry: Any) -> SetPaths:
    if not isinstance(entry, dict) or "name" not in entry:
        raise _malformed(suite, "a set needs a name")
    keys = set(entry) - _OPTIONAL_KEYS
    if keys not in (_SET_KEYS, _OWN_KEYS, {"name"}):
        raise _malformed(
            suite, f"a set needs exactly the keys {', '.join(sorted(_SET_KEYS))}; or name alone; or {', '.join(sorted(_OWN_KEYS))}"
        )
    part, limit = entry.get("part", "dev"), entry.get("limit", 0)
    if part not in _PARTS or isinstance(limit, bool) or not isinstance(limit, int) or limit < 0:
        raise _malformed(suite, f"{entry['name']}: part is train or dev, limit a number of questions")
    paths = {key: str(value) for key, value in entry.items() if key not in ("part", "limit")}
    if keys == {"name"}:
        paths |= _usual_places(paths["name"])
    for key in set(paths) - {"name"}:
        if Path(paths[key]).is_absolute() or ".." in Path(paths[key]).parts:
            raise _malformed(suite, f"{paths[key]!r} is not inside the data folder")
    return SetPaths(**paths, part=part, limit=limit)


def _usual_places(name: str) -> dict[str, str]:
    """Where a set in BEIR layout keeps its files in a folder of its own."""
    return {"corpus": f"{name}/corpus.jsonl.gz", "queries": f"{name}/queries.jsonl.gz", "qrels": f"{name}/qrels/dev.tsv"}


def _malformed(name: str, problem: str) -> UsageError:
    return UsageError(
        f"suite {name}: {problem}",
        "keys: description, task, titles, sets (name, corpus, queries, qrels; or name alone; or name, documents, questions), "
        "pools (name: [sets]), systems, headline, pipeline, long_answers, judge, data",
    )
