"""The seam to a model that writes text, as mom needs it: one question, one reply, with its sampling settings and an honest count."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol


class CannotRead(Exception):
    """The model can never read this text (it does not fit its context): the builder without a model reads it instead.

    A model that is only out of reach for now raises an error of its own, which the builder lets through: a memory must not depend on luck.
    """


@dataclass(frozen=True, slots=True, kw_only=True)
class Sampling:
    """How a reply is drawn; the same settings are asked for the same reply. max_tokens: where it is cut."""

    temperature: float
    top_p: float = 1.0
    seed: int = 0
    max_tokens: int = 2048
    repetition_penalty: float = 1.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Completion:
    """A reply and the tokens it took. are_estimates: the model did not count them. is_cut: it was cut at its limit."""

    text: str
    prompt_tokens: int
    completion_tokens: int
    are_estimates: bool
    is_cut: bool = False


class LanguageModel(Protocol):
    """Writes a reply to one question. Raises CannotRead for a text that does not fit."""

    @property
    def name(self) -> str:
        """Names the model in fingerprints and notes."""
        ...

    def complete(self, system: str, user: str, sampling: Sampling) -> Completion:
        """The reply to `user` under the instructions `system`."""
        ...

    def count_tokens(self, text: str) -> tuple[int, bool]:
        """Number of tokens of a text, and whether that is an estimate."""
        ...


class LikelihoodModel(LanguageModel, Protocol):
    """A model that also says how likely given text is: what judges memories (mom.md 2 and 3)."""

    def likelihoods(self, prompt: str, continuation: str) -> tuple[float, ...]:
        """Natural log likelihood of each token of `continuation` after `prompt`."""
        ...

    def choice_logits(self, prompt: str, choices: Sequence[str]) -> tuple[float, ...]:
        """For each choice the logit of its first token as the next one after `prompt`."""
        ...
