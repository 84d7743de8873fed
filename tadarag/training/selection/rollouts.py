"""What a policy made of one item when it was asked several times, and what that says of the item's label."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Rollouts:
    """The samples of one item. answers: normalised, one a sample; is_right: whether each was right. kind: the type of question.

    n_right_without_context: how many of the base answerer's tries with an empty context were right. Raises ValueError when there is no
    sample, or not one verdict for each.
    """

    item: str
    answers: tuple[str, ...]
    is_right: tuple[bool, ...]
    domain: str = ""
    kind: str = ""
    n_right_without_context: int = 0

    def __post_init__(self) -> None:
        if not self.answers or len(self.answers) != len(self.is_right):
            raise ValueError(
                f"{self.item}: {len(self.answers)} answers and {len(self.is_right)} verdicts; there must be one for each, and one at least"
            )

    @property
    def n(self) -> int:
        """How many samples there are."""
        return len(self.is_right)

    @property
    def p(self) -> float:
        """The share that was right."""
        return sum(self.is_right) / self.n

    @property
    def label_doubt(self) -> float:
        """A proxy for a wrong label, in [0, 1]: the share of the commonest wrong answer less the share that was right, not below 0.

        A policy that keeps to one other answer contradicts the label; one that is wrong in many ways only finds the item hard. A mistake that the
        policy makes systematically looks the same, so this counts doubts and proves none.
        """
        wrong = Counter(answer for answer, is_right in zip(self.answers, self.is_right, strict=True) if not is_right)
        return max(0.0, max(wrong.values(), default=0) / self.n - self.p)
