"""The language model of the settings: none unless named, and held to its budget."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import pytest

from tadarag.cli.model import Budgeted, language_model
from tadarag.cli.settings import Settings
from tadarag.errors import Refused, UsageError
from tadarag.models.language_model import Message, ModelEvent, Sampling, Tokens


class Echo:
    """A model that counts words, repeats the prompt up to max_tokens words, and remembers what it was allowed."""

    name = "echo"

    def __init__(self) -> None:
        self.allowed: list[int] = []

    def stream(
        self, messages: Sequence[Message], *, max_tokens: int, schema: Mapping[str, Any] | None = None, sampling: Sampling | None = None
    ) -> Iterator[ModelEvent]:
        self.allowed.append(max_tokens)
        words = messages[-1].content.split()[:max_tokens]
        yield ModelEvent(kind="text", text=" ".join(words))
        prompt = sum(len(message.content.split()) for message in messages)
        yield ModelEvent(kind="done", tokens=Tokens(prompt=prompt, completion=len(words), are_estimates=False))

    def count_tokens(self, text: str) -> tuple[int, bool]:
        return len(text.split()), False

    def cost(self, tokens: Tokens) -> float | None:
        return None

    def likelihoods(self, prompt: str, continuation: str) -> tuple[float, ...] | None:
        return None


_THREE_WORDS = [Message("user", "one two three")]


def test_without_a_name_there_is_no_model() -> None:
    assert language_model(Settings()) is None


def test_an_endpoint_without_a_model_name_is_an_error() -> None:
    with pytest.raises(UsageError, match=r"model\.name is not"):
        language_model(Settings(model_url="http://127.0.0.1:9/v1"))


def test_a_named_model_is_made_without_calling_anything() -> None:
    model = language_model(Settings(model_name="small", model_url="http://127.0.0.1:9/v1"))
    assert model is not None
    assert model.name == "small"


def test_a_budget_of_zero_is_no_budget() -> None:
    assert not isinstance(language_model(Settings(model_name="small")), Budgeted)
    assert isinstance(language_model(Settings(model_name="small", budget_tokens=9)), Budgeted)


def test_the_reply_is_shortened_to_what_the_budget_leaves() -> None:
    echo = Echo()
    list(Budgeted(echo, budget_tokens=5).stream(_THREE_WORDS, max_tokens=100))
    assert echo.allowed == [2]


def test_a_call_that_the_budget_does_not_allow_is_refused_before_it_is_made() -> None:
    echo = Echo()
    model = Budgeted(echo, budget_tokens=8)
    list(model.stream(_THREE_WORDS, max_tokens=3))
    with pytest.raises(Refused, match="budget of 8 tokens"):
        list(model.stream(_THREE_WORDS, max_tokens=3))
    assert echo.allowed == [3]
