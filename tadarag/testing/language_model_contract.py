"""What every language model promises; inherit it and give the `model` fixture."""

from __future__ import annotations

import json

import pytest

from tadarag.models.language_model import LanguageModel, Message, Tokens

_ASK = (Message("system", "Answer shortly."), Message("user", "What is the population of Velmouth?"))
_SCHEMA = {"type": "object", "properties": {"answer": {"type": "string"}}, "required": ["answer"]}


class LanguageModelContract:
    """Tests that hold for every implementation. `model` answers anything; `json_model` answers JSON where a schema is given."""

    @pytest.fixture
    def model(self) -> LanguageModel:
        raise NotImplementedError

    @pytest.fixture
    def json_model(self) -> LanguageModel:
        raise NotImplementedError

    def test_a_reply_is_text_and_then_one_done(self, model: LanguageModel) -> None:
        events = list(model.stream(_ASK, max_tokens=50))
        assert [event.kind for event in events[:-1]] == ["text"] * (len(events) - 1)
        assert events[-1].kind == "done"
        assert len(events) > 1

    def test_the_end_says_what_was_used(self, model: LanguageModel) -> None:
        tokens = list(model.stream(_ASK, max_tokens=50))[-1].tokens
        assert tokens is not None
        assert tokens.prompt > 0
        assert tokens.completion > 0

    def test_the_same_messages_can_be_sent_twice(self, model: LanguageModel) -> None:
        first = "".join(event.text for event in model.stream(_ASK, max_tokens=50))
        assert "".join(event.text for event in model.stream(_ASK, max_tokens=50)) == first

    def test_a_reply_longer_than_its_limit_is_said_to_be_cut(self, model: LanguageModel) -> None:
        assert list(model.stream(_ASK, max_tokens=1))[-1].finish == "length"

    def test_a_schema_gives_json(self, json_model: LanguageModel) -> None:
        text = "".join(event.text for event in json_model.stream(_ASK, max_tokens=50, schema=_SCHEMA))
        assert isinstance(json.loads(text)["answer"], str)

    def test_counting_tokens_is_deterministic_and_grows_with_the_text(self, model: LanguageModel) -> None:
        short, long = model.count_tokens("one two"), model.count_tokens("one two three four five six seven eight")
        assert short == model.count_tokens("one two")
        assert 0 < short[0] < long[0]

    def test_a_cost_is_unknown_or_grows_with_the_tokens(self, model: LanguageModel) -> None:
        small = model.cost(Tokens(prompt=10, completion=10, are_estimates=False))
        large = model.cost(Tokens(prompt=1000, completion=1000, are_estimates=False))
        assert (small is None and large is None) or (small is not None and large is not None and 0 < small < large)

    def test_likelihoods_are_not_positive_or_not_told(self, model: LanguageModel) -> None:
        scores = model.likelihoods("The sky is", " blue today")
        assert scores is None or (len(scores) > 0 and all(score <= 0 for score in scores))

    def test_a_model_has_a_name(self, model: LanguageModel) -> None:
        assert model.name
