"""The seam to models that write text: messages in, events out, with an honest account of tokens and money."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal, Protocol

from tadarag.analysis import is_cjk

Role = Literal["system", "user", "assistant"]
# stop: the model ended by itself. length: the token limit. time: the time limit. interrupted: the stream broke after some text.
Finish = Literal["stop", "length", "time", "interrupted"]


@dataclass(frozen=True, slots=True)
class Message:
    """One turn of a conversation."""

    role: Role
    content: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Sampling:
    """How a reply is drawn, by default the likeliest. repetition_penalty: 1 for none; an endpoint that has none leaves it out."""

    temperature: float = 0.0
    top_p: float = 1.0
    seed: int | None = None
    repetition_penalty: float = 1.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Tokens:
    """How many tokens went in and came out; `are_estimates` when the tokenizer is unknown and the endpoint did not say."""

    prompt: int
    completion: int
    are_estimates: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class ModelEvent:
    """A piece of text, or the end with its reason and the tokens used. The last event is always "done", and there is one."""

    kind: Literal["text", "done"]
    text: str = ""
    finish: Finish = "stop"
    tokens: Tokens | None = None


class LanguageModel(Protocol):
    """Writes a continuation of a conversation. Raises EndpointError, or ContextOverflow when the messages do not fit."""

    @property
    def name(self) -> str:
        """What the model is called in an answer's usage."""
        ...

    def stream(
        self, messages: Sequence[Message], *, max_tokens: int, schema: Mapping[str, Any] | None = None, sampling: Sampling | None = None
    ) -> Iterator[ModelEvent]:
        """Text in pieces, then one "done".

        max_tokens: the reply is cut there, also when the endpoint does not keep to it. schema: a JSON schema that the reply should follow;
        a model that cannot be held to it is asked in words, so the caller still parses with care. sampling: kept to as far as
        the model can; None for the likeliest reply.
        """
        ...

    def count_tokens(self, text: str) -> tuple[int, bool]:
        """Number of tokens of a text, and whether that is an estimate."""
        ...

    def cost(self, tokens: Tokens) -> float | None:
        """Price of a call in the currency of the configured prices; None when the prices are not known."""
        ...

    def likelihoods(self, prompt: str, continuation: str) -> tuple[float, ...] | None:
        """Log likelihood of each token of `continuation` after `prompt`; None when the model does not tell."""
        ...


def estimate_tokens(text: str) -> int:
    """Tokens of a text under an unknown tokenizer: a character of Chinese each, else four characters a token, rounded up."""
    wide = sum(map(is_cjk, text))
    return wide + (len(text) - wide + 3) // 4
