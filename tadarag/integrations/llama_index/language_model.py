"""Any LlamaIndex LLM as the language model of a base: answers, memories and extraction can be written by it."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import Any

from tadarag.errors import ContextOverflow, EndpointError, UsageError
from tadarag.integrations.extras import needs_extra
from tadarag.models.language_model import Finish, Message, ModelEvent, Sampling, Tokens, estimate_tokens

with needs_extra("llama-index"):
    from llama_index.core.llms import ChatMessage, ChatResponse, MessageRole
    from llama_index.core.llms.llm import LLM

_OVERFLOW = ("context length", "context_length", "maximum context", "context window", "too many tokens", "prompt is too long")
_CUT = frozenset({"length", "max_tokens", "MAX_TOKENS"})
_UNNAMED = "unknown"
OPTIONS = ("max_tokens", "temperature", "top_p", "seed")
"""What an LLM can be told beside the messages."""


class LlamaIndexModel:
    """Writes with a LlamaIndex LLM, streamed where it can stream.

    name: what it is called in an answer's usage and under which its replies are recorded; by default the model's name, else its class.
    options: which of these the LLM takes beside the messages; most ignore those that they do not know, a few refuse them. A reply that does not keep
    to its limit is cut at about twice that.
    """

    def __init__(self, llm: LLM, *, name: str = "", options: Collection[str] = OPTIONS) -> None:
        self._llm = llm
        self._options = frozenset(options)
        stated = llm.metadata.model_name
        self._name = name or (llm.class_name() if stated == _UNNAMED else stated)

    @property
    def name(self) -> str:
        """The name it was given, the model's, or that of its class."""
        return self._name

    def count_tokens(self, text: str) -> tuple[int, bool]:
        """An estimate: the model's tokenizer is not known here."""
        return estimate_tokens(text), True

    def cost(self, tokens: Tokens) -> float | None:
        """None: LlamaIndex states no prices."""
        return None

    def likelihoods(self, prompt: str, continuation: str) -> tuple[float, ...] | None:
        """None: chat models do not score given text."""
        return None

    def stream(
        self, messages: Sequence[Message], *, max_tokens: int, schema: Mapping[str, Any] | None = None, sampling: Sampling | None = None
    ) -> Iterator[ModelEvent]:
        """See `LanguageModel.stream`; a schema is asked for in words."""
        if max_tokens < 1:
            raise UsageError(f"max_tokens is {max_tokens}", "allow at least one token")
        asked = _chat_messages(messages, schema)
        options = {name: value for name, value in _options(max_tokens, sampling or Sampling()).items() if name in self._options}
        text, finish, counted = "", "stop", None
        for reply in self._replies(asked, options):
            counted = _counted(reply) or counted
            finish = "length" if _is_cut(reply.raw) else finish
            piece = reply.delta if reply.delta is not None else ""
            if piece:
                text += piece
                yield ModelEvent(kind="text", text=piece)
            if estimate_tokens(text) > 2 * max_tokens:  # estimates may be off by half, so only twice the limit proves it
                finish = "length"
                break
        if not text:
            raise EndpointError(f"the LlamaIndex model {self._name} gave an empty reply", "check the model with a question of your own")
        estimate = Tokens(
            prompt=sum(estimate_tokens(one.content or "") for one in asked), completion=estimate_tokens(text), are_estimates=True
        )
        yield ModelEvent(kind="done", finish=_finish(finish), tokens=counted or estimate)

    def _replies(self, messages: Sequence[ChatMessage], options: Mapping[str, Any]) -> Iterator[ChatResponse]:
        """The pieces of a reply, or all of it as one where the model cannot stream. Raises EndpointError, ContextOverflow."""
        try:
            try:
                yield from self._llm.stream_chat(messages, **options)
            except NotImplementedError:
                whole = self._llm.chat(messages, **options)
                whole.delta = whole.message.content
                yield whole
        except Exception as error:  # the errors of LLMs have no common root
            raise self._failure(error) from error

    def _failure(self, error: Exception) -> EndpointError:
        if any(phrase in str(error).lower() for phrase in _OVERFLOW):
            return ContextOverflow(
                f"the question and its passages do not fit the context of {self._name!r}", "use fewer passages or a larger model"
            )
        return EndpointError(
            f"the LlamaIndex model {self._name} failed: {type(error).__name__} ({error})", "check its model, address and key"
        )


def _chat_messages(messages: Sequence[Message], schema: Mapping[str, Any] | None) -> list[ChatMessage]:
    turns = [ChatMessage(role=MessageRole(one.role), content=one.content) for one in messages]
    if schema is not None:
        asked = f"{messages[-1].content}\n\nReply with JSON only, following this schema:\n{json.dumps(dict(schema))}"
        turns[-1] = ChatMessage(role=turns[-1].role, content=asked)
    return turns


def _options(max_tokens: int, sampling: Sampling) -> dict[str, Any]:
    """What an LLM is told beside the messages: only what differs from what every endpoint does by itself."""
    options: dict[str, Any] = {"max_tokens": max_tokens, "temperature": sampling.temperature}
    if sampling.top_p != 1.0:
        options["top_p"] = sampling.top_p
    if sampling.seed is not None:
        options["seed"] = sampling.seed
    return options


def _finish(finish: str) -> Finish:
    return "length" if finish == "length" else "stop"


def _counted(reply: ChatResponse) -> Tokens | None:
    """The tokens that the host reports with a reply; None where it reports none."""
    for stated in (reply.additional_kwargs, reply.message.additional_kwargs, _member(reply.raw, "usage")):
        prompt, completion = _member(stated, "prompt_tokens"), _member(stated, "completion_tokens")
        if isinstance(prompt, int) and isinstance(completion, int):
            return Tokens(prompt=prompt, completion=completion, are_estimates=False)
    return None


def _is_cut(raw: Any) -> bool:
    """Whether an endpoint's own reply says that it ended at its limit, in the words of OpenAI, Ollama, Anthropic or Google."""
    choices = _member(raw, "choices") or []
    stated = [_member(one, name) for one in (raw, *choices[:1]) for name in ("finish_reason", "done_reason", "stop_reason")]
    return any(str(getattr(reason, "name", reason)) in _CUT for reason in stated if reason)


def _member(value: Any, name: str) -> Any:
    return value.get(name) if isinstance(value, Mapping) else getattr(value, name, None)
