"""The control that a selector knows a question's candidates and not the base: foreign passages must leave its best passages alone."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from tadarag.models.encoder import Encoder
from tadarag.retrieval.layers import scope_of
from tadarag.retrieval.ranking import best
from tadarag.retrieval.retrieve import score, select
from tadarag.retrieval.selector import FormulaSelector, Selector
from tadarag.routing.questions import route_question
from tadarag.store.protocol import Snapshot

TOP = 5


def undisturbed(questions: Sequence[str], own: Snapshot, mixed: Snapshot, encoder: Encoder, selector: Selector) -> dict[str, float]:
    """The share of questions, in [0, 1], that find the same five passages, in whatever order, after foreign ones were mixed in.

    By system: "formula" and "trained", whose selector is given. mixed: a base with the documents of `own` and foreign ones.
    """
    selectors: dict[str, Selector] = {"formula": FormulaSelector(), "trained": selector}
    same = dict.fromkeys(selectors, 0)
    for question in questions:
        alone, among = (_first(question, snapshot, encoder, selectors) for snapshot in (own, mixed))
        for name in selectors:
            same[name] += alone[name] == among[name]
    return {name: count / max(1, len(questions)) for name, count in same.items()}


def _first(question: str, snapshot: Snapshot, encoder: Encoder, selectors: Mapping[str, Selector]) -> dict[str, frozenset[tuple[str, str]]]:
    """The first five passages by each selector."""
    route, vector = route_question(question), np.asarray(encoder.read(question, (), kind="query").vector, np.float32)
    scored = score(question, vector, snapshot, task=route.task, scope=scope_of(question, route))
    found: dict[str, frozenset[tuple[str, str]]] = {}
    for name, selector in selectors.items():
        selected = select(scored, snapshot, selector)
        order = best(selected.scores, TOP, keys=snapshot.rows.keys, allowed=scored.stage.allowed & (selected.scores > 0))
        passages = [snapshot.passage(row) for row in order.tolist()]
        found[name] = frozenset((passage.source.path, passage.chunk) for passage in passages)
    return found
