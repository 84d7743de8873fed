"""Every language model keeps the contract; the OpenAI one against a real server on the loopback interface."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tadarag.models.language_model import LanguageModel
from tadarag.models.openai_model import OpenAIModel, Prices
from tadarag.testing.language_model_contract import LanguageModelContract
from tadarag.testing.scripted_endpoint import ScriptedEndpoint, Turn
from tadarag.testing.scripted_model import ScriptedModel

JSON = '{"answer": "21,300"}'


class TestScriptedModel(LanguageModelContract):
    @pytest.fixture
    def model(self) -> LanguageModel:
        return ScriptedModel("It has 21,300 inhabitants [1].", price=0.001)

    @pytest.fixture
    def json_model(self) -> LanguageModel:
        return ScriptedModel(JSON)


class TestOpenAIModel(LanguageModelContract):
    @pytest.fixture
    def model(self) -> Iterator[LanguageModel]:
        with ScriptedEndpoint([Turn()]) as endpoint:
            yield OpenAIModel("scripted", base_url=endpoint.url)

    @pytest.fixture
    def json_model(self) -> Iterator[LanguageModel]:
        with ScriptedEndpoint([Turn(text=JSON)]) as endpoint:
            yield OpenAIModel("scripted", base_url=endpoint.url)


class TestOpenAIModelWithoutOptions(LanguageModelContract):
    """An endpoint that refuses response_format, stream_options and the system role."""

    @pytest.fixture
    def model(self) -> Iterator[LanguageModel]:
        with ScriptedEndpoint([Turn(refuses=("response_format", "stream_options", "system"))]) as endpoint:
            yield OpenAIModel("scripted", base_url=endpoint.url, prices=Prices(prompt=1.0, completion=2.0))

    @pytest.fixture
    def json_model(self) -> Iterator[LanguageModel]:
        with ScriptedEndpoint([Turn(text=JSON, refuses=("response_format", "stream_options", "system"))]) as endpoint:
            yield OpenAIModel("scripted", base_url=endpoint.url)
