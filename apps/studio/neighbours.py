"""Where the things around one thing are drawn: on an ellipse around it, in the order of its facts."""

from __future__ import annotations

import math
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from .safe_text import shortened
from .words import say

WIDTH = 1000
MOST = 12
_LONGEST_NAME = 24
_LONGEST_LABEL = 18


@dataclass(frozen=True, slots=True)
class End:
    """A thing beside another. source: a document that names it, "" where any may. says: what joins them. is_fact: stated, not only named with."""

    name: str
    kind: str
    source: str
    says: str
    is_fact: bool


def ends_of(facts: Sequence[Mapping[str, Any]], named_with: Sequence[Mapping[str, Any]]) -> tuple[End, ...]:
    """What is drawn around a thing, at most `MOST`: the other ends of its facts, then names that its sentences hold beside it.

    Both as `tadarag.graph_json` writes them.
    """
    stated: dict[tuple[str, str], list[Mapping[str, Any]]] = {}
    for fact in facts:
        stated.setdefault((fact["other"]["name"], fact["other"]["type"]), []).append(fact)
    ends = [
        End(name, kind, str(of_it[0]["source"]), ", ".join(dict.fromkeys(str(one["predicate"]).replace("_", " ") for one in of_it)), True)
        for (name, kind), of_it in stated.items()
    ]
    names = {end.name for end in ends}
    ends += [End(str(one["name"]), "name", "", say("same_sentence"), False) for one in named_with if one["name"] not in names]
    return tuple(ends[:MOST])


def drawing(thing: Mapping[str, Any], ends: Sequence[End]) -> tuple[list[dict[str, object]], list[dict[str, object]], int]:
    """Nodes, edges and height of the drawing of a thing and what is around it; the thing comes first, then the ends in order."""
    height = 140 if len(ends) <= 2 else 300 if len(ends) <= 4 else 460 if len(ends) <= 8 else 560
    centre = (WIDTH / 2, height / 2)
    nodes = [_node(-1, str(thing["name"]), str(thing["type"]), centre)]
    edges: list[dict[str, object]] = []
    first = 0.25 if len(ends) == 1 else 0.5 if len(ends) % 2 == 0 else 0.0  # few stand beside the thing, where there is room, not above it
    for index, end in enumerate(ends):
        angle = 2 * math.pi * (index + first) / len(ends) - math.pi / 2
        place = (centre[0] + (WIDTH / 2 - 150) * math.cos(angle), centre[1] + (height / 2 - 34) * math.sin(angle))
        nodes.append(_node(index, end.name, end.kind, place))
        edges.append(
            {"from": 0, "to": index + 1, "text": shortened(end.says, _LONGEST_LABEL) if end.is_fact else "", "is_fact": end.is_fact}
        )
    return nodes, edges, height


def _node(number: int, name: str, kind: str, place: tuple[float, float]) -> dict[str, object]:
    shown = shortened(name, _LONGEST_NAME)
    return {
        "id": number,
        "name": shown,
        "kind": kind,
        "x": round(place[0], 1),
        "y": round(place[1], 1),
        "width": round(30 + sum(17 if unicodedata.east_asian_width(one) in "WF" else 9.2 for one in shown), 1),
        "label": say("expand", name=shortened(name, 80)),
        "is_centre": number < 0,
    }
