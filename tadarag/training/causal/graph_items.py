"""What policy B learns from: a question with its source text, the graph that a teacher gave, and the answer."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from tadarag.errors import TrainingError

_NEEDED = ("question", "source", "graph", "answer")


@dataclass(frozen=True, slots=True, kw_only=True)
class GraphItem:
    """One item. graph: tuples in the wire format, with their end mark. evidence: the sentences that state the answer, as they stand in the source.

    domain, task: names of a template and of one of its tasks.
    """

    question: str
    source: str
    graph: str
    answer: str
    evidence: tuple[str, ...] = ()
    domain: str = "general_knowledge"
    task: str = "fact"


def write_items(items: Iterable[GraphItem], file: Path) -> None:
    """One JSON object a line."""
    file.write_text("".join(json.dumps(asdict(item), ensure_ascii=False) + "\n" for item in items), "utf-8")


def read_items(file: Path) -> list[GraphItem]:
    """The items of such a file. Raises TrainingError that names the line of a row that is none."""
    found = []
    for number, line in enumerate(file.read_text("utf-8").splitlines(), start=1):
        try:
            found.append(_item(json.loads(line)))
        except (ValueError, TypeError) as error:
            raise TrainingError(
                f"{file.name}:{number}: this is no item with a graph: {error}", f"write an object with the texts {', '.join(_NEEDED)}"
            ) from error
    if not found:
        raise TrainingError(f"{file.name} holds no item", "write one JSON object a line")
    return found


def reward_columns(items: Iterable[GraphItem]) -> dict[str, list[Any]]:
    """The columns that reward functions read (`tadarag.training.rewards.trl_functions`), a row an item."""
    rows = list(items)
    return {
        "question": [item.question for item in rows],
        "source": [item.source for item in rows],
        "gold_answer": [item.answer for item in rows],
        "gold_evidence": [list(item.evidence) for item in rows],
        "domain": [item.domain for item in rows],
        "task": [item.task for item in rows],
    }


def _item(row: Mapping[str, Any]) -> GraphItem:
    missing = [name for name in _NEEDED if not isinstance(row.get(name), str) or not row[name].strip()]
    if missing:
        raise ValueError(f"the text {missing[0]!r} is missing")
    return GraphItem(**{**row, "evidence": tuple(row.get("evidence", ()))})
