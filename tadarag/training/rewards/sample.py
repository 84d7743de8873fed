"""What one reward is given for: a graph, the item that it was emitted for, and what the frozen answerer makes of it."""

from __future__ import annotations

from dataclasses import dataclass

from tadarag.span import Span
from tadarag.training.rewards.emitted import EmittedGraph

DEFAULT_BUDGET = 192
"""Tokens, where no template names a budget for the task."""
UNANSWERABLE, OVERVIEW = "unanswerable", "overview"


@dataclass(frozen=True, slots=True, kw_only=True)
class RewardItem:
    """A question with its source text and what is known of the answer; all spans count code points of `source`.

    answers: alternatives. task: a task type of the templates, or "unanswerable". budget: what the graph may take, in tokens. evidence: the gold
    evidence sentences. parts: the documents or passages that the source was joined from, () for one. baseline_recall: the evidence recall of a
    fixed heuristic graph, from which the policy's is counted. base_loss: mean loss of the answer without a graph, in nats a token.
    """

    question: str
    source: str
    answers: tuple[str, ...] = ()
    task: str = "fact"
    domain: str = ""
    budget: int = DEFAULT_BUDGET
    evidence: tuple[Span, ...] = ()
    parts: tuple[Span, ...] = ()
    baseline_recall: float = 0.0
    base_loss: float | None = None

    @property
    def is_answerable(self) -> bool:
        """Whether the source holds an answer."""
        return self.task != UNANSWERABLE


@dataclass(frozen=True, slots=True, kw_only=True)
class Sample:
    """What the terms of a reward are functions of. gain: L_base - L_graph under the frozen answerer, in nats; None where it was not asked."""

    graph: EmittedGraph
    item: RewardItem
    gain: float | None = None
