"""The language model that the settings name, held to the budget that they set."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from tadarag.cli.settings import Settings
from tadarag.errors import Refused, UsageError

if TYPE_CHECKING:
    from tadarag.models.language_model import LanguageModel, Message, ModelEvent, Sampling, Tokens
    from tadarag.models.openai_model import Prices


def language_model(settings: Settings) -> LanguageModel | None:
    """The model behind the endpoint that is set, or None when none is. Raises UsageError for a model without a name."""
    if not settings.model_name:
        if settings.model_url:
            raise UsageError(
                "model.url is set, but model.name is not", "name the model too: TADARAG_MODEL_NAME, or model.name in tadarag.toml"
            )
        return None
    from tadarag.models.egress import check_endpoint
    from tadarag.models.openai_model import OPENAI, OpenAIModel

    model = OpenAIModel(
        settings.model_name,
        base_url=check_endpoint(settings.model_url or OPENAI),
        api_key=settings.model_api_key,
        prices=_prices(settings),
    )
    return Budgeted(model, budget_tokens=settings.budget_tokens) if settings.budget_tokens else model


def _prices(settings: Settings) -> Prices | None:
    """The prices that the settings name; None where they name none. Raises UsageError for one without the other, and for what is no number."""
    from tadarag.models.openai_model import Prices

    stated = {"model.price_in": settings.model_price_in, "model.price_out": settings.model_price_out}
    if not any(stated.values()):
        return None
    amounts = []
    for name, text in stated.items():
        if not re.fullmatch(r"\d+(?:\.\d+)?", text.strip()):
            raise UsageError(f"{name} is {text!r}", "give the price of a million tokens as a number, for both directions")
        amounts.append(float(text))
    return Prices(prompt=amounts[0], completion=amounts[1])


class Budgeted:
    """A language model that refuses a call which could take the tokens of this run above a budget."""

    def __init__(self, model: LanguageModel, *, budget_tokens: int) -> None:
        self._model = model
        self._budget = budget_tokens
        self._spent = 0

    @property
    def name(self) -> str:
        """The name of the model."""
        return self._model.name

    def stream(
        self, messages: Sequence[Message], *, max_tokens: int, schema: Mapping[str, Any] | None = None, sampling: Sampling | None = None
    ) -> Iterator[ModelEvent]:
        """As the model's own; the reply is shortened to what the budget leaves. Raises Refused before a call that leaves no reply."""
        prompt = sum(self._model.count_tokens(message.content)[0] for message in messages)
        left = self._budget - self._spent - prompt
        if left < 1:
            raise Refused(
                f"the budget of {self._budget} tokens does not allow this call: {self._spent} are spent and the prompt needs about {prompt}",
                "raise budget_tokens (TADARAG_BUDGET_TOKENS), or ask without a model: --pipeline default",
            )
        for event in self._model.stream(messages, max_tokens=min(max_tokens, left), schema=schema, sampling=sampling):
            if event.tokens is not None:
                self._spent += event.tokens.prompt + event.tokens.completion
            yield event

    def count_tokens(self, text: str) -> tuple[int, bool]:
        """As the model's own."""
        return self._model.count_tokens(text)

    def cost(self, tokens: Tokens) -> float | None:
        """As the model's own."""
        return self._model.cost(tokens)

    def likelihoods(self, prompt: str, continuation: str) -> tuple[float, ...] | None:
        """As the model's own."""
        return self._model.likelihoods(prompt, continuation)
