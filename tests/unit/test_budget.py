"""Budgets: amounts of tokens or money, of which calls under way are set aside at their most."""

from __future__ import annotations

import pytest

from tadarag.budget import Budget, Purse, most_tokens, parse_budget
from tadarag.components import template_of
from tadarag.errors import UsageError
from tadarag.extraction.llm_prompt import Question, ask_about
from tadarag.extraction.llm_units import LlmUnits
from tadarag.ledger import Meter, call_spent
from tadarag.models.language_model import Tokens
from tadarag.models.openai_model import OpenAIModel
from tadarag.readings import reply_key
from tadarag.testing.scripted_model import ScriptedModel
from tadarag.testing.unit_extractor_contract import unit_of_lines

UNITS = LlmUnits(model=ScriptedModel("{}", price=0.001))


def question(text: str) -> Question:
    return ask_about(unit_of_lines(text), template_of("news", None))


ONE, TWO = question("One."), question("Two.")
MOST = most_tokens(UNITS.model, ONE)
N_MOST = MOST.prompt + MOST.completion


def nothing_known(key: str) -> bool:
    return False


@pytest.mark.parametrize(
    ("text", "budget"),
    [
        ("0.50", Budget(money=0.5)),
        ("2", Budget(money=2.0)),
        ("2,5", Budget(money=2.5)),
        ("20000 tokens", Budget(tokens=20_000)),
        ("20k tokens", Budget(tokens=20_000)),
        ("1.5M t", Budget(tokens=1_500_000)),
        ("1 token", Budget(tokens=1)),
    ],
)
def test_amounts_are_money_unless_they_say_tokens(text: str, budget: Budget) -> None:
    assert parse_budget(text) == budget


@pytest.mark.parametrize("text", ["", "much", "20k", "-1", "1 2", "5 euros"])
def test_what_is_no_amount_is_refused(text: str) -> None:
    with pytest.raises(UsageError, match="is no budget"):
        parse_budget(text)


def test_calls_are_allowed_until_the_most_that_they_can_take_is_above_the_budget() -> None:
    purse = Purse(Budget(tokens=2 * N_MOST - 1), Meter())
    assert purse.allows(UNITS, [ONE], nothing_known)
    assert not purse.allows(UNITS, [TWO], nothing_known)


def test_what_was_set_aside_comes_back_when_the_call_took_less() -> None:
    meter = Meter()
    purse = Purse(Budget(tokens=2 * N_MOST - 1), meter)
    purse.allows(UNITS, [ONE], nothing_known)
    meter.add(call_spent("llm", Tokens(prompt=3, completion=2, are_estimates=False), 0.005), key=reply_key(UNITS, ONE))
    assert purse.allows(UNITS, [TWO], nothing_known)


def test_a_question_that_is_asked_twice_or_recorded_takes_nothing_more() -> None:
    purse = Purse(Budget(tokens=N_MOST), Meter())
    assert purse.allows(UNITS, [ONE, ONE], nothing_known)
    assert purse.allows(UNITS, [ONE], nothing_known)
    assert purse.allows(UNITS, [TWO], lambda key: True)
    assert not purse.allows(UNITS, [TWO], nothing_known)


def test_money_is_counted_by_the_prices() -> None:
    purse = Purse(Budget(money=0.001 * N_MOST), Meter())
    assert purse.allows(UNITS, [ONE], nothing_known)
    assert not purse.allows(UNITS, [TWO], nothing_known)


def test_money_without_prices_is_refused_with_what_to_set() -> None:
    unpriced = LlmUnits(model=OpenAIModel("some-model"))
    with pytest.raises(UsageError, match="prices of 'some-model' are not known"):
        Purse(Budget(money=1.0), Meter()).allows(unpriced, [ONE], nothing_known)


def test_a_prompt_counted_by_another_tokenizer_is_taken_for_longer() -> None:
    own, unknown = most_tokens(UNITS.model, ONE), most_tokens(OpenAIModel("some-model"), ONE)
    assert own.prompt == sum(UNITS.model.count_tokens(message.content)[0] for message in ONE.messages)
    assert unknown.prompt > sum(OpenAIModel("x").count_tokens(message.content)[0] for message in ONE.messages)


def test_without_a_budget_everything_is_allowed() -> None:
    assert Purse(None, Meter()).allows(UNITS, [ONE] * 1000, nothing_known)


def test_an_empty_budget_allows_nothing_new() -> None:
    assert not Purse(Budget(tokens=0), Meter()).allows(UNITS, [ONE], nothing_known)
