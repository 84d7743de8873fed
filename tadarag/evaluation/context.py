"""What of a ranking a reader is given: the best passages that fit a budget of tokens, the same for every system."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from tadarag.evaluation.beir import Passages

CONTEXT_TOKENS = 1_200
MAX_PASSAGES = 10  # what the default recipe reads


class Contexts:
    """Cuts rankings to a budget; each passage is counted once however many systems rank it."""

    def __init__(self, passages: Passages, count_tokens: Callable[[str], int], *, budget: int = CONTEXT_TOKENS) -> None:
        self._texts = {
            identifier: f"{title}\n{text}" if title else text
            for identifier, title, text in zip(passages.ids, passages.titles, passages.texts, strict=True)
        }
        self._count_tokens = count_tokens
        self._counts: dict[str, int] = {}
        self._budget = budget

    def tokens(self, passage: str) -> int:
        """Tokens of a passage with its title."""
        if passage not in self._counts:
            self._counts[passage] = self._count_tokens(self._texts[passage])
        return self._counts[passage]

    def fitting(self, ranking: Sequence[str]) -> tuple[tuple[str, ...], int]:
        """The first passages, ten at most, until one does not fit any more; the best one always, cut to the budget; and their tokens."""
        total, taken = 0, 0
        for passage in ranking[:MAX_PASSAGES]:
            if taken and total + self.tokens(passage) > self._budget:
                break
            total += self.tokens(passage)
            taken += 1
        return tuple(ranking[:taken]), min(total, self._budget)
