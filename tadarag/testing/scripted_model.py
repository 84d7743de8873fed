"""A language model that says what a script tells it, so that tests of the model path are exact."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

from tadarag.errors import ContextOverflow, UsageError
from tadarag.models.language_model import Finish, Message, ModelEvent, Sampling, Tokens

Script = str | Callable[[Sequence[Message]], str]


class ScriptedModel:
    """Replies with the next entry of its script (the last one again and again); an entry may be computed from the messages.

    context_tokens: more words than this in the messages raise ContextOverflow. calls: the messages of every call, in order; samplings:
    how their replies were to be drawn.
    A token is a word with its leading space, so counts are exact.
    """

    def __init__(
        self,
        *script: Script,
        name: str = "scripted",
        context_tokens: int | None = None,
        price: float | None = None,
        finish: Finish = "stop",
    ) -> None:
        if not script:
            raise UsageError("a scripted model without a script", "give it at least one reply")
        self._script = script
        self._name = name
        self._context_tokens = context_tokens
        self._price = price
        self._finish = finish
        self.calls: list[tuple[Message, ...]] = []
        self.samplings: list[Sampling | None] = []

    @property
    def name(self) -> str:
        """The name it was given."""
        return self._name

    def stream(
        self, messages: Sequence[Message], *, max_tokens: int, schema: Mapping[str, Any] | None = None, sampling: Sampling | None = None
    ) -> Iterator[ModelEvent]:
        """The scripted reply, one word at a time."""
        if max_tokens < 1:
            raise UsageError(f"max_tokens is {max_tokens}", "allow at least one token")
        self.calls.append(tuple(messages))
        self.samplings.append(sampling)
        prompt = sum(self.count_tokens(message.content)[0] for message in messages)
        if self._context_tokens is not None and prompt > self._context_tokens:
            raise ContextOverflow(f"{prompt} tokens do not fit {self._context_tokens}", "use fewer passages")
        entry = self._script[min(len(self.calls), len(self._script)) - 1]
        words = _words(entry if isinstance(entry, str) else entry(messages))
        for word in words[:max_tokens]:
            yield ModelEvent(kind="text", text=word)
        finish: Finish = "length" if len(words) > max_tokens else self._finish
        tokens = Tokens(prompt=prompt, completion=min(len(words), max_tokens), are_estimates=False)
        yield ModelEvent(kind="done", finish=finish, tokens=tokens)

    def count_tokens(self, text: str) -> tuple[int, bool]:
        """Words of the text, exactly."""
        return len(_words(text)), False

    def cost(self, tokens: Tokens) -> float | None:
        """Tokens times the price it was given, None without one."""
        return None if self._price is None else self._price * (tokens.prompt + tokens.completion)

    def likelihoods(self, prompt: str, continuation: str) -> tuple[float, ...] | None:
        """Zero for every word: a script is certain."""
        return (0.0,) * len(_words(continuation))


def _words(text: str) -> list[str]:
    """The text cut before each space; joined, they give the text again."""
    pieces = text.split(" ")
    return [pieces[0], *(f" {piece}" for piece in pieces[1:])] if text else []
