"""Asks the questions of a set of the product's own retrieval, and keeps the features of their candidates."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

import numpy as np

from tadarag.retrieval.candidates import candidates_of
from tadarag.retrieval.features import FEATURES, candidate_features
from tadarag.retrieval.layers import scope_of
from tadarag.retrieval.ranking import best
from tadarag.retrieval.retrieve import score
from tadarag.retrieval.scored import Scored
from tadarag.routing.questions import route_question
from tadarag.training.selector.feature_file import Asked
from tadarag.training.selector.indexed import Indexed
from tadarag.training.selector.question_sets import Judged

DIRECT_DEPTH = 40
_TOLD_EVERY = 20


def ask_all(base: Indexed, questions: Sequence[Judged], report: Callable[[str], None]) -> Iterator[Asked]:
    """The candidates of each question, whether or not the product would follow links for it.

    A question's text is all that retrieval is given of it.
    """
    for number, question in enumerate(questions):
        if number % _TOLD_EVERY == 0:
            report(f"asking, {number} of {len(questions)}")
        yield _ask(base, question)


def _ask(base: Indexed, question: Judged) -> Asked:
    vector = np.asarray(base.encoder.read(question.text, (), kind="query").vector, np.float32)
    route = route_question(question.text)
    scope = scope_of(question.text, route)
    as_asked = score(question.text, vector, base.snapshot, scope=scope, task=route.task)
    linked = score(question.text, vector, base.snapshot, scope=scope) if as_asked.early_exit else as_asked
    candidates = candidates_of(linked, base.snapshot)
    return Asked(
        id=question.id,
        ids=() if candidates is None else tuple(base.passages[row] for row in candidates.rows.tolist()),
        gold=question.gold,
        features=np.zeros((0, len(FEATURES))) if candidates is None else candidate_features(candidates),
        formula=np.zeros(0) if candidates is None else candidates.formula,
        is_direct=as_asked.early_exit,
        direct=_direct(as_asked, base) if as_asked.early_exit else (),
        is_train=question.is_train,
    )


def _direct(scored: Scored, base: Indexed) -> tuple[str, ...]:
    """What the product finds without links, best first."""
    allowed = scored.stage.allowed & (scored.scores > 0)
    order = best(scored.scores, DIRECT_DEPTH, keys=base.snapshot.rows.keys, allowed=allowed)
    return tuple(base.passages[row] for row in order.tolist())
