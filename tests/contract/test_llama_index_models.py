"""LlamaIndex's LLMs and embeddings keep our contracts through their adapters."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pytest

pytest.importorskip("llama_index.core", reason="the extra llama-index is not installed")

from llama_index.core.base.embeddings.base import BaseEmbedding
from llama_index.core.bridge.pydantic import Field
from llama_index.core.embeddings import MockEmbedding
from llama_index.core.llms import (
    ChatMessage,
    ChatResponse,
    ChatResponseGen,
    CompletionResponse,
    CompletionResponseGen,
    CustomLLM,
    LLMMetadata,
    MockLLM,
)

from tadarag import ContextOverflow, EncoderBroken, EndpointError, KnowledgeBase, UsageError
from tadarag.integrations.llama_index import LlamaIndexEncoder, LlamaIndexModel
from tadarag.models.encoder import Encoder
from tadarag.models.language_model import LanguageModel, Message, ModelEvent, Sampling, Tokens
from tadarag.testing.encoder_contract import EncoderContract
from tadarag.testing.hashing_encoder import HashingEncoder
from tadarag.testing.language_model_contract import LanguageModelContract

ASK = (Message("system", "Answer shortly."), Message("user", "How high is the lighthouse?"))


class Scripted(CustomLLM):
    """A host's LLM that writes one reply word by word, keeps to `max_tokens` as endpoints do, and remembers what it was told."""

    reply: str
    streams: bool = True
    failure: str = ""
    told: list[dict[str, Any]] = Field(default_factory=list)

    @property
    def metadata(self) -> LLMMetadata:
        return LLMMetadata(model_name="lighthouse-1")

    def complete(self, prompt: str, formatted: bool = False, **options: Any) -> CompletionResponse:
        self._tell(prompt, options)
        return CompletionResponse(text=self.reply)

    def stream_complete(self, prompt: str, formatted: bool = False, **options: Any) -> CompletionResponseGen:
        if not self.streams:
            raise NotImplementedError
        self._tell(prompt, options)
        words = self.reply.split(" ")

        def pieces() -> CompletionResponseGen:
            text = ""
            for number, word in enumerate(words[: options["max_tokens"]], start=1):
                piece = word if number == 1 else f" {word}"
                text += piece
                is_last = number == min(len(words), options["max_tokens"])
                reason = ("length" if len(words) > number else "stop") if is_last else None
                usage = {"prompt_tokens": 7, "completion_tokens": number} if is_last else {}
                raw = {"choices": [{"finish_reason": reason}]}
                yield CompletionResponse(text=text, delta=piece, raw=raw, additional_kwargs=usage)

        return pieces()

    def _tell(self, prompt: str, options: dict[str, Any]) -> None:
        self.told.append({"prompt": prompt, **options})
        if self.failure:
            raise RuntimeError(self.failure)


class Silent(MockLLM):
    """A host's LLM whose streams hold nothing."""

    def stream_chat(self, messages: Sequence[ChatMessage], **options: Any) -> ChatResponseGen:
        nothing: list[ChatResponse] = []
        return iter(nothing)  # type: ignore[return-value]


def last(model: LanguageModel, **options: Any) -> ModelEvent:
    return list(model.stream(ASK, max_tokens=50, **options))[-1]


class TestMockLLM(LanguageModelContract):
    """LlamaIndex's own mock, which repeats the prompt; asked for JSON it has none to repeat, so a script answers there."""

    @pytest.fixture
    def model(self) -> LanguageModel:
        return LlamaIndexModel(MockLLM())

    @pytest.fixture
    def json_model(self) -> LanguageModel:
        return LlamaIndexModel(Scripted(reply='{"answer": "21,300"}'))


class TestScriptedLLM(LanguageModelContract):
    @pytest.fixture
    def model(self) -> LanguageModel:
        return LlamaIndexModel(Scripted(reply="It has 21,300 inhabitants [1]."))

    @pytest.fixture
    def json_model(self) -> LanguageModel:
        return LlamaIndexModel(Scripted(reply='{"answer": "21,300"}', streams=False))


def test_tokens_and_the_end_are_taken_from_the_host_where_it_reports_them() -> None:
    model = LlamaIndexModel(Scripted(reply="one two three four"))
    assert last(model).tokens == Tokens(prompt=7, completion=4, are_estimates=False)
    assert last(model).finish == "stop"
    assert list(model.stream(ASK, max_tokens=3))[-1].finish == "length"


def test_limit_and_sampling_are_handed_over() -> None:
    llm = Scripted(reply="one")
    last(LlamaIndexModel(llm), sampling=Sampling(temperature=0.7, top_p=0.9, seed=3))
    assert {key: llm.told[0][key] for key in ("max_tokens", "temperature", "top_p", "seed")} == {
        "max_tokens": 50,
        "temperature": 0.7,
        "top_p": 0.9,
        "seed": 3,
    }


def test_an_llm_is_told_only_what_it_takes() -> None:
    llm = Scripted(reply="one")
    last(LlamaIndexModel(llm, options=["max_tokens"]))
    assert llm.told[0].keys() == {"prompt", "max_tokens"}


def test_a_schema_is_asked_for_in_words() -> None:
    llm = Scripted(reply="{}")
    last(LlamaIndexModel(llm), schema={"type": "object"})
    assert 'following this schema:\n{"type": "object"}' in llm.told[0]["prompt"]


def test_a_model_is_named_as_the_host_names_it() -> None:
    assert LlamaIndexModel(Scripted(reply="one")).name == "lighthouse-1"
    assert LlamaIndexModel(MockLLM()).name == "MockLLM"
    assert LlamaIndexModel(MockLLM(), name="mine").name == "mine"


def test_a_model_that_cannot_stream_answers_in_one_piece() -> None:
    events = list(LlamaIndexModel(Scripted(reply="one two", streams=False)).stream(ASK, max_tokens=50))
    assert [event.text for event in events] == ["one two", ""]


def test_failures_of_the_host_are_endpoint_errors_with_a_remedy() -> None:
    with pytest.raises(EndpointError, match=r"lighthouse-1 failed: RuntimeError \(no key\)") as caught:
        last(LlamaIndexModel(Scripted(reply="one", failure="no key")))
    assert caught.value.do
    with pytest.raises(EndpointError, match="empty reply"):
        last(LlamaIndexModel(Silent()))


def test_messages_that_do_not_fit_are_told_apart() -> None:
    with pytest.raises(ContextOverflow):
        last(LlamaIndexModel(Scripted(reply="one", failure="This model's maximum context length is 4096 tokens")))


def test_no_token_at_all_cannot_be_asked_for() -> None:
    with pytest.raises(UsageError):
        list(LlamaIndexModel(MockLLM()).stream(ASK, max_tokens=0))


def test_a_base_answers_with_a_model_of_the_host(tmp_path: Any) -> None:
    (tmp_path / "tarn.md").write_text("# Tarn\n\nThe lighthouse of Tarn is 41 metres high.\n")
    llm = Scripted(reply="The lighthouse of Tarn is 41 metres high [1].")
    encoder = LlamaIndexEncoder(Hashed())
    with KnowledgeBase.open(tmp_path, encoder=encoder, language_model=LlamaIndexModel(llm)) as base:
        base.ingest(tmp_path)
        answer = base.ask("How high is the lighthouse of Tarn?", pipeline="llm")
    assert answer.text == "The lighthouse of Tarn is 41 metres high. [1]"
    assert answer.citations[0].quote.endswith("The lighthouse of Tarn is 41 metres high.")
    assert answer.usage.model == "lighthouse-1"


class Hashed(BaseEmbedding):
    """A host's embedding: our hashing encoder behind LlamaIndex's interface; an empty text is refused as endpoints do."""

    model_name: str = "hashed"

    def _get_text_embedding(self, text: str) -> list[float]:
        if not text:
            raise ValueError("input must not be empty")
        vector: list[float] = HashingEncoder().read(text).vector.tolist()
        return [3.0 * value for value in vector]  # embeddings need not be of unit length

    def _get_query_embedding(self, query: str) -> list[float]:
        return self._get_text_embedding(query)

    async def _aget_query_embedding(self, query: str) -> list[float]:
        return self._get_query_embedding(query)


class TestLlamaIndexEncoder(EncoderContract):
    sentences_are_texts = True

    def make_encoder(self) -> Encoder:
        return LlamaIndexEncoder(Hashed())


def test_an_embedding_that_tells_nothing_apart_is_refused() -> None:
    with pytest.raises(EncoderBroken, match="MockEmbedding"):
        LlamaIndexEncoder(MockEmbedding(embed_dim=8)).read("any text")


def test_failures_of_an_embedding_are_endpoint_errors() -> None:
    class Broken(Hashed):
        def _get_text_embedding(self, text: str) -> list[float]:
            raise ConnectionError("refused")

    with pytest.raises(EndpointError, match=r"ConnectionError \(refused\)"):
        LlamaIndexEncoder(Broken()).read("any text")


def test_another_model_or_name_is_another_encoder() -> None:
    fingerprints = {
        LlamaIndexEncoder(Hashed()).fingerprint,
        LlamaIndexEncoder(Hashed(model_name="other")).fingerprint,
        LlamaIndexEncoder(Hashed(), name="hashed, version 2").fingerprint,
        LlamaIndexEncoder(Hashed(), max_characters=100).fingerprint,
    }
    assert len(fingerprints) == 4
