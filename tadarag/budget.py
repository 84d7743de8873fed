"""What an ingest may spend on models: an amount of tokens or of money, and what of it is left while calls are under way."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from tadarag.errors import UsageError
from tadarag.extraction.llm_prompt import Question
from tadarag.ledger import Meter
from tadarag.models.language_model import LanguageModel, Tokens
from tadarag.readings import AskingUnits, reply_key

_AMOUNT = re.compile(r"(\d+(?:[.,]\d+)?)\s*(k|m)?\s*(tokens?|t)?", re.IGNORECASE)
_THOUSANDS = {"": 1, "k": 1_000, "m": 1_000_000}
_MISCOUNT = 1.15
"""A prompt is taken for this much longer where the model's own tokenizer is not known."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Budget:
    """tokens, in and out together, or money in the currency of the prices; one of the two."""

    tokens: int | None = None
    money: float | None = None

    def __str__(self) -> str:
        return f"{self.tokens:,} tokens" if self.tokens is not None else f"{self.money:g}"


def parse_budget(text: str) -> Budget:
    """ "20000 tokens", "20k tokens" and "1.5m t" are tokens; a bare number such as "0.50" is money. Raises UsageError."""
    found = _AMOUNT.fullmatch(text.strip())
    if found is None or (found[2] and not found[3]):
        raise UsageError(f"{text!r} is no budget", 'give money ("0.50") or tokens ("200k tokens")')
    amount = float(found[1].replace(",", ".")) * _THOUSANDS[(found[2] or "").lower()]
    return Budget(tokens=round(amount)) if found[3] else Budget(money=amount)


@dataclass(slots=True)
class Purse:
    """A budget while it is spent. A call that may be made is set aside at the most that it can take, until the meter has counted it.

    budget: None for no limit.
    """

    budget: Budget | None
    meter: Meter
    _set_aside: dict[str, float] = field(default_factory=dict)

    def allows(self, units: AskingUnits, questions: Sequence[Question], is_known: Callable[[str], bool]) -> bool:
        """Whether the budget holds all these calls, which are then set aside; recorded replies take nothing.

        Raises UsageError for money where the model has no prices.
        """
        if self.budget is None:
            return True
        self._set_aside = {key: amount for key, amount in self._set_aside.items() if not self.meter.was_asked(key)}
        wanted: dict[str, float] = {}
        for question in questions:
            key = reply_key(units, question)
            if key not in self._set_aside and not self.meter.was_asked(key) and not is_known(key):
                wanted[key] = self._amount(units.model, most_tokens(units.model, question))
        limit = self.budget.tokens if self.budget.tokens is not None else self.budget.money
        if not wanted:
            return True
        if self.spent + sum(self._set_aside.values()) + sum(wanted.values()) > (limit or 0):
            return False
        self._set_aside |= wanted
        return True

    @property
    def spent(self) -> float:
        """What has been paid so far, in the budget's own unit; what memories took counts too."""
        parts = self.meter.spent
        if self.budget is not None and self.budget.tokens is not None:
            return float(sum(part.prompt_tokens + part.completion_tokens for part in parts))
        return sum(part.cost or 0.0 for part in parts)

    def _amount(self, model: LanguageModel, tokens: Tokens) -> float:
        if self.budget is not None and self.budget.tokens is not None:
            return float(tokens.prompt + tokens.completion)
        cost = model.cost(tokens)
        if cost is None:
            raise UsageError(
                f"the budget is money, and the prices of {model.name!r} are not known",
                'set model.price_in and model.price_out, or give the budget in tokens: --budget "200k tokens"',
            )
        return cost


def most_tokens(model: LanguageModel, question: Question) -> Tokens:
    """The most that a call can take."""
    counts = [model.count_tokens(message.content) for message in question.messages]
    prompt, is_estimate = sum(count for count, _ in counts), any(estimate for _, estimate in counts)
    return Tokens(prompt=round(prompt * _MISCOUNT) if is_estimate else prompt, completion=question.max_tokens, are_estimates=is_estimate)
