"""Reads YAML strictly: what is not as expected becomes a problem with its file and line, and the reading goes on."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import yaml

from tadarag.nearest import nearest
from tadarag.templates.draft import Place, Problem, Word

_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)  # libyaml where it is there: ten times as fast


class NodeReader:
    """Reads the nodes of one file and keeps the problems it meets; where there is one, the value returned is empty."""

    def __init__(self, file: Path) -> None:
        self._file = str(file)
        self.problems: list[Problem] = []

    def root(self, text: str) -> Any:
        """The top node of a text, None when the text is empty or no YAML."""
        try:
            return yaml.compose(text, Loader=_LOADER)
        except yaml.MarkedYAMLError as error:
            line = error.problem_mark.line + 1 if error.problem_mark else 1
            self._report(line, f"this is not YAML: {error.problem}", "mend that line")
        except yaml.reader.ReaderError as error:
            self._report(1, f"this is not YAML: {error.reason}", "remove that character")
        return None

    def wrong(self, node: Any, happened: str, do: str) -> None:
        """Note a problem at a node."""
        self._report(node.start_mark.line + 1 if node is not None else 1, happened, do)  # an empty file has no node

    def place(self, node: Any) -> Place:
        """Where a node stands."""
        return Place(self._file, node.start_mark.line + 1 if node is not None else 1)

    def mapping(self, node: Any, *, required: Sequence[str], optional: Sequence[str] = ()) -> dict[str, Any]:
        """Key -> value node. Problems: no mapping, an unknown or doubled key, a required key that is missing."""
        known = (*required, *optional)
        fields: dict[str, Any] = {}
        for key, value in self.pairs(node, f"write the keys {', '.join(known)}"):
            if key.text not in known:
                self._report(key.place.line, f"there is no key {key.text!r} here", nearest(key.text, known))
            elif key.text in fields:
                self._report(key.place.line, f"the key {key.text!r} stands here twice", "keep one of them")
            else:
                fields[key.text] = value
        missing = [name for name in required if name not in fields]
        if missing and isinstance(node, yaml.MappingNode):
            self.wrong(node, f"the key {missing[0]!r} is missing", "add it")
        return fields

    def pairs(self, node: Any, do: str) -> Iterator[tuple[Word, Any]]:
        """(key, value node) of a mapping with any keys, in order. Problem: no mapping."""
        if not isinstance(node, yaml.MappingNode):
            self.wrong(node, "here a mapping is expected", do)
            return
        for key, value in node.value:
            yield self.word(key), value

    def elements(self, node: Any) -> list[Any]:
        """The nodes of a list; nothing behind the key is an empty one. Problem: no list."""
        if isinstance(node, yaml.ScalarNode) and not node.value and not node.style:
            return []
        if not isinstance(node, yaml.SequenceNode):
            self.wrong(node, "here a list is expected", "write [one, two] or one line with a dash for each")
            return []
        return list(node.value)

    def text(self, node: Any) -> str:
        """A text that is not blank. Problem: anything else."""
        if not isinstance(node, yaml.ScalarNode) or not node.value.strip():
            self.wrong(node, "here a word or a text is expected", "write it in quotes if it holds : or #")
            return ""
        return str(node.value)

    def word(self, node: Any) -> Word:
        """A text with its place."""
        return Word(self.text(node), self.place(node))

    def texts(self, node: Any) -> tuple[str, ...]:
        """A list of texts."""
        return tuple(self.text(element) for element in self.elements(node))

    def words(self, node: Any) -> tuple[Word, ...]:
        """A list of texts with their places."""
        return tuple(self.word(element) for element in self.elements(node))

    def integer(self, node: Any) -> int:
        """A whole number of at least 0."""
        value = self.text(node)
        if value and not (value.isascii() and value.isdecimal()):
            self.wrong(node, f"{value!r} is not a whole number", "write a number such as 1")
            return 0
        return int(value or 0)

    def boolean(self, node: Any) -> bool:
        """true or false."""
        value = self.text(node)
        if value and value not in ("true", "false"):
            self.wrong(node, f"{value!r} is neither true nor false", "write true or false")
        return value == "true"

    def _report(self, line: int, happened: str, do: str) -> None:
        self.problems.append(Problem(Place(self._file, line), happened, do))
