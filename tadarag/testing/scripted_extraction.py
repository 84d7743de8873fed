"""Models that extract by a word list, so that tests of extractors without weights are exact: they reply as a careful model would."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from typing import Any

from tadarag.models.language_model import Message

NAMES: Mapping[str, str] = {
    "Marie Curie": "person",
    "University of Paris": "organization",
    "Müller GmbH": "organization",
    "Geneva": "location",
    "王伟": "person",
    "世界卫生组织": "organization",
    "日内瓦": "location",
    "Ilse Mennick": "person",
    "Ostrevir Yard": "organization",
    "Quillen": "location",
    "晨星建设公司": "organization",
}
FACTS: Sequence[tuple[str, str, str]] = (
    ("Marie Curie", "member_of", "University of Paris"),
    ("王伟", "member_of", "世界卫生组织"),
    ("Ilse Mennick", "leads", "Ostrevir Yard"),
)


def passage_of(messages: Sequence[Message]) -> str:
    """The passage of a question about a chunk: what stands between its two fences."""
    lines = messages[-1].content.split("\n")
    fence = next(line for line in lines if line.startswith("=== ") and lines.count(line) == 2)
    first = lines.index(fence)
    return "\n".join(lines[first + 1 : lines.index(fence, first + 1)])


def careful_reply(messages: Sequence[Message]) -> str:
    """The names and facts of the word list that the passage holds, as JSON."""
    passage = passage_of(messages)
    names = {name: label for name, label in NAMES.items() if name in passage}
    return json.dumps(
        {
            "entities": [{"name": name, "type": label} for name, label in names.items()],
            "relations": [
                {"head": head, "relation": relation, "tail": tail} for head, relation, tail in FACTS if {head, tail} <= names.keys()
            ],
        },
        ensure_ascii=False,
    )


class WordListGliner:
    """An object of GLiNER's shape that finds the word list. labels: what it was asked for, call by call."""

    def __init__(self) -> None:
        self.labels: list[list[str]] = []

    def predict_entities(
        self, text: str, labels: list[str], flat_ner: bool = True, threshold: float = 0.5, multi_label: bool = False
    ) -> list[dict[str, Any]]:
        """The names of the list whose types are asked for, in the order of the text."""
        self.labels.append(labels)
        found = [
            {"start": match.start(), "end": match.end(), "text": match[0], "label": label, "score": 0.913}
            for name, label in NAMES.items()
            if label in labels
            for match in re.finditer(re.escape(name), text)
        ]
        return sorted(found, key=lambda one: one["start"])
