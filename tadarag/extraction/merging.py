"""Names that a model found in a sentence and what rules find there, as one row of finds that do not touch each other."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from tadarag.extraction.found import Found
from tadarag.extraction.rules import without_parts
from tadarag.findings import FoundName

_IDENTIFIER = "identifier"
_FAMILY = {"time": "time", "number": "number", "money": "number", "percent": "number", "quantity": "number", _IDENTIFIER: _IDENTIFIER}
"""Kinds of values, and the core type that stands for each; identifiers have none, for a thing of any type may be told by one."""
_TITLE, _UNKNOWN = "title", "name"


@dataclass(frozen=True, slots=True, kw_only=True)
class Merged:
    """A find that stays. names: the indexes of the model's names that it stands for; a value may stand for several."""

    found: Found
    label: str = ""
    probability: float = 1.0
    names: tuple[int, ...] = ()


def merge(text: str, names: Sequence[tuple[int, FoundName]], by_rules: Sequence[Found]) -> list[Merged]:
    """One sentence's finds, in order of place.

    text: the document's. names: with the index of each, none touching another. by_rules: none touching another.
    Values are the rules' work: a model's name that equals a value, lies inside it or crosses it stands for the value, which keeps its own
    range, kind and normal form and takes the label of an equal name that agrees about times and numbers. A name around values stays, and
    takes over the normal form of a single one if both are times or both are numbers. Other finds of the rules stay, for links live
    on them: titles as such where no name of the model touches them, the rest as names of unknown kind; of one that the model's names cut
    into, what is left stays if it is two words or more.
    """
    values = {found: Merged(found=found) for found in by_rules if found.kind in _FAMILY}
    kept: list[Merged] = []
    for index, name in names:
        touching = [value for value in values if value.start < name.span.end and name.span.start < value.end]
        if all(_is_inside(value, name) for value in touching):
            kept.append(_around(index, name, touching))
            for value in touching:
                del values[value]
            continue
        value = touching[0]
        known = values[value]
        is_told = (value.start, value.end) == (name.span.start, name.span.end) and _FAMILY[value.kind] in (name.kind, _IDENTIFIER)
        values[value] = replace(
            known,
            label=name.label if is_told else known.label,
            probability=name.probability if is_told else known.probability,
            names=(*known.names, index),
        )
    titles = [found for found in by_rules if found.kind == _TITLE and not any(_touches(found, one.found) for one in kept)]
    unknown = _unread(text, [found for found in by_rules if found.kind not in (_TITLE, *_FAMILY)], [one.found for one in kept])
    others = [Merged(found=found) for found in [*titles, *unknown]]
    return sorted([*kept, *values.values(), *others], key=lambda one: one.found)


def _is_inside(value: Found, name: FoundName) -> bool:
    """Whether a value lies in a name that is more than the value."""
    start, end = name.span.start, name.span.end
    return start <= value.start and value.end <= end and (value.start, value.end) != (start, end)


def _around(index: int, name: FoundName, values: Sequence[Found]) -> Merged:
    kind, normal = name.kind, ""
    if len(values) == 1 and _FAMILY[values[0].kind] == name.kind:
        kind, normal = values[0].kind, values[0].normal
    found = Found(name.span.start, name.span.end, kind, normal)
    return Merged(found=found, label=name.label, probability=name.probability, names=(index,))


def _unread(text: str, by_rules: Sequence[Found], read: Sequence[Found]) -> list[Found]:
    """The rules' names as far as the model has not read them, of unknown kind."""
    whole = {(found.start, found.end) for found in by_rules}
    left = without_parts(text, by_rules, read)
    return [
        found._replace(kind=_UNKNOWN) for found in left if (found.start, found.end) in whole or " " in text[found.start : found.end].strip()
    ]


def _touches(one: Found, other: Found) -> bool:
    return one.start < other.end and other.start < one.end
