"""Any OpenAI-compatible endpoint through the official client, with retries, limits and what such endpoints lack."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from random import Random
from typing import TYPE_CHECKING, Any

from tadarag.errors import ContextOverflow, EndpointError, UsageError
from tadarag.models.egress import check_endpoint, guarded_client
from tadarag.models.language_model import Finish, Message, ModelEvent, Sampling, Tokens, estimate_tokens

if TYPE_CHECKING:
    from openai import OpenAI

OPENAI = "https://api.openai.com/v1"
"""Where a model is whose endpoint is not stated; named here, so that nothing in the environment says where calls go."""
_OVERFLOW = (
    "context length",
    "context_length",
    "maximum context",
    "context window",
    "too many tokens",
    "prompt is too long",
    "exceeds the model",
)
_OPTIONAL = {
    "stream_options": "stream_options",
    "response_format": "response_format",
    "json_schema": "response_format",
    "repetition_penalty": "repetition_penalty",
    "seed": "seed",
    "top_p": "top_p",
}
_LOADING = threading.Lock()
"""Held while a thread that is the first to call a model imports the client."""
BACKOFF_SECONDS = 0.5
MAX_BACKOFF_SECONDS = 20.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """timeout_seconds: without a byte. max_seconds: for a whole reply. max_attempts: calls in all, the first included."""

    timeout_seconds: float = 60.0
    max_seconds: float = 180.0
    max_attempts: int = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class Prices:
    """Money for a million tokens in and out."""

    prompt: float
    completion: float


@dataclass(slots=True)
class _Abilities:
    """What the endpoint has not refused so far."""

    refused: set[str] = field(default_factory=set)
    has_system_role: bool = True


class _Retry(Exception):
    def __init__(self, reason: str, wait: float | None = None) -> None:
        super().__init__(reason)
        self.wait = wait


class OpenAIModel:
    """A chat model behind an OpenAI-compatible endpoint. A class because it keeps the client and what the endpoint refused.

    api_key: "" for local endpoints. prices: None when unknown, so that the cost is unknown and never 0. sleep, random: for tests.
    base_url: its endpoint, OpenAI's own by default; nothing else is contacted, whatever it answers (`models.egress`).
    """

    def __init__(
        self,
        model: str,
        *,
        base_url: str | None = None,
        api_key: str = "",
        limits: Limits = Limits(),
        prices: Prices | None = None,
        sleep: Callable[[float], None] = time.sleep,
        random: Random | None = None,
    ) -> None:
        self._model = model
        self._endpoint = base_url or OPENAI
        self._api_key = api_key
        self._limits = limits
        self._prices = prices
        self._sleep = sleep
        self._random = random or Random()
        self._abilities = _Abilities()
        self._client: OpenAI | None = None

    @property
    def name(self) -> str:
        """The model's name at the endpoint."""
        return self._model

    def count_tokens(self, text: str) -> tuple[int, bool]:
        """An estimate: the endpoint's tokenizer is not known here."""
        return estimate_tokens(text), True

    def cost(self, tokens: Tokens) -> float | None:
        """Money for a call, None when no prices were configured."""
        if self._prices is None:
            return None
        return (tokens.prompt * self._prices.prompt + tokens.completion * self._prices.completion) / 1_000_000

    def likelihoods(self, prompt: str, continuation: str) -> tuple[float, ...] | None:
        """None: chat endpoints do not score given text."""
        return None

    def stream(
        self, messages: Sequence[Message], *, max_tokens: int, schema: Mapping[str, Any] | None = None, sampling: Sampling | None = None
    ) -> Iterator[ModelEvent]:
        """Stream a reply; a failure before the first text is tried again, one after it ends the reply as "interrupted"."""
        if max_tokens < 1:
            raise UsageError(f"max_tokens is {max_tokens}", "allow at least one token")
        deadline = time.monotonic() + self._limits.max_seconds
        reasons: list[str] = []
        for attempt in range(self._limits.max_attempts):
            reply = _Reply(self, messages, max_tokens, deadline)
            try:
                yield from reply.events(self._open(messages, max_tokens, schema, sampling or Sampling()))
                return
            except _Retry as failure:
                reasons.append(str(failure))
                if attempt + 1 < self._limits.max_attempts and time.monotonic() < deadline:
                    self._sleep(self._wait(attempt, failure.wait))
                elif time.monotonic() >= deadline:
                    break
        raise EndpointError(
            f"the model {self._model!r} gave no answer in {len(reasons)} tries; the last: {reasons[-1]}",
            "check that the endpoint runs and accepts this model, or ask without a model: --pipeline default",
        )

    def _wait(self, attempt: int, told: float | None) -> float:
        """Seconds before the next try: what the endpoint told, else exponential with full jitter (AWS architecture blog, 2015)."""
        if told is not None:
            return min(told, MAX_BACKOFF_SECONDS)
        return float(self._random.uniform(0.1, min(MAX_BACKOFF_SECONDS, BACKOFF_SECONDS * 2**attempt)))

    def _open(self, messages: Sequence[Message], max_tokens: int, schema: Mapping[str, Any] | None, sampling: Sampling) -> Any:
        """The open stream of chunks. Options that the endpoint refuses are left out and the call is made again at once."""
        with _LOADING:
            import httpx  # noqa: F401 (the client looks for it among the loaded modules, and must not find it half loaded by another thread)
            import openai  # heavy: only when a model is called

            if self._client is None:
                client: Any = guarded_client([check_endpoint(self._endpoint)], timeout_seconds=self._limits.timeout_seconds)
                self._client = openai.OpenAI(
                    api_key=self._api_key or "none",
                    base_url=self._endpoint,
                    timeout=self._limits.timeout_seconds,
                    max_retries=0,
                    http_client=client,
                )
        for _ in range(len(_OPTIONAL) + 2):
            try:
                return self._client.chat.completions.create(**self._request(messages, max_tokens, schema), **self._drawn(sampling))
            except openai.BadRequestError as error:
                if not self._learn(str(error).lower(), uses_system=any(message.role == "system" for message in messages)):
                    raise self._refusal(error) from None
            except (openai.RateLimitError, openai.InternalServerError, openai.ConflictError) as error:
                raise _Retry(f"HTTP {error.status_code}", _retry_after(error)) from None
            except (openai.APITimeoutError, openai.APIConnectionError) as error:
                if isinstance(error.__cause__, EndpointError):  # from the guard of the connection
                    raise error.__cause__ from None
                raise _Retry(f"no connection ({type(error).__name__})") from None
            except openai.APIStatusError as error:
                raise self._refusal(error) from None
        raise EndpointError(f"the endpoint of {self._model!r} refuses every form of the request", "check its version and its logs")

    def _request(self, messages: Sequence[Message], max_tokens: int, schema: Mapping[str, Any] | None) -> dict[str, Any]:
        turns = list(messages)
        if schema is not None and "response_format" in self._abilities.refused:
            turns[-1] = Message(
                turns[-1].role, f"{turns[-1].content}\n\nReply with JSON only, following this schema:\n{json.dumps(dict(schema))}"
            )
        request: dict[str, Any] = {
            "model": self._model,
            "messages": [
                {"role": turn.role, "content": turn.content} for turn in _without_system(turns, keep=self._abilities.has_system_role)
            ],
            "max_tokens": max_tokens,
            "stream": True,
        }
        if "stream_options" not in self._abilities.refused:
            request["stream_options"] = {"include_usage": True}
        if schema is not None and "response_format" not in self._abilities.refused:
            request["response_format"] = {"type": "json_schema", "json_schema": {"name": "reply", "schema": dict(schema), "strict": True}}
        return request

    def _drawn(self, sampling: Sampling) -> dict[str, Any]:
        """The options of a request that say how its reply is drawn: those that differ from what every endpoint does by itself."""
        options: dict[str, Any] = {"temperature": sampling.temperature}
        if sampling.top_p != 1.0 and "top_p" not in self._abilities.refused:
            options["top_p"] = sampling.top_p
        if sampling.seed is not None and "seed" not in self._abilities.refused:
            options["seed"] = sampling.seed
        if sampling.repetition_penalty != 1.0 and "repetition_penalty" not in self._abilities.refused:
            options["extra_body"] = {"repetition_penalty": sampling.repetition_penalty}
        return options

    def _learn(self, complaint: str, *, uses_system: bool) -> bool:
        """Note what a 400 complains about; False when there is nothing to leave out."""
        if any(phrase in complaint for phrase in _OVERFLOW):
            return False
        for phrase, option in _OPTIONAL.items():
            if phrase in complaint and option not in self._abilities.refused:
                self._abilities.refused.add(option)
                return True
        if "system" in complaint and uses_system and self._abilities.has_system_role:
            self._abilities.has_system_role = False
            return True
        return False

    def _refusal(self, error: Exception) -> EndpointError:
        complaint = str(error)
        status = getattr(error, "status_code", "?")
        if any(phrase in complaint.lower() for phrase in _OVERFLOW) or status == 413:
            return ContextOverflow(
                f"the question and its passages do not fit the context of {self._model!r}", "use fewer passages or a larger model"
            )
        shown = complaint.replace(self._api_key, "***")[:300] if self._api_key else complaint[:300]
        if status in (401, 403):
            return EndpointError(f"the endpoint of {self._model!r} refused the key (HTTP {status})", "set the key of this endpoint")
        if status == 404:
            return EndpointError(
                f"the endpoint does not know the model {self._model!r} (HTTP 404)", "check the model's name and the base URL"
            )
        return EndpointError(f"the endpoint of {self._model!r} refused the request (HTTP {status}): {shown}", "check the model's settings")


@dataclass(slots=True)
class _Reply:
    """One reply as it comes in."""

    model: OpenAIModel
    messages: Sequence[Message]
    max_tokens: int
    deadline: float
    text: str = ""

    def events(self, chunks: Any) -> Iterator[ModelEvent]:
        """Text events and the closing one. Raises _Retry when the stream fails before any text."""
        import httpx
        import openai

        finish: Finish | None = None
        counted: Tokens | None = None
        try:
            for chunk in chunks:
                counted = _usage_of(chunk) or counted
                if finish is None:
                    piece, ended = _content_of(chunk)
                    if piece:
                        self.text += piece
                        yield ModelEvent(kind="text", text=piece)
                    finish = ended or self._limit()
                    if finish in ("length", "time") and ended is None:
                        break
        except (openai.OpenAIError, httpx.HTTPError, ValueError) as error:  # ValueError: a chunk that is no JSON
            if not self.text:
                raise _Retry(f"the stream broke ({type(error).__name__})") from None
            finish = finish or "interrupted"
        finally:
            close = getattr(chunks, "close", None)
            if close is not None:
                close()
        if not self.text and finish is None:
            raise _Retry("an empty reply")
        yield ModelEvent(kind="done", finish=finish or "interrupted", tokens=counted or self._estimate())

    def _limit(self) -> Finish | None:
        if time.monotonic() > self.deadline:
            return "time"
        # An endpoint that ignores max_tokens: estimates may be off by half, so only twice the limit proves it.
        return "length" if estimate_tokens(self.text) > 2 * self.max_tokens else None

    def _estimate(self) -> Tokens:
        prompt = sum(estimate_tokens(message.content) for message in self.messages)
        return Tokens(prompt=prompt, completion=estimate_tokens(self.text), are_estimates=True)


def _content_of(chunk: Any) -> tuple[str, Finish | None]:
    choices = getattr(chunk, "choices", None) or []
    if not choices:
        return "", None
    piece = getattr(getattr(choices[0], "delta", None), "content", None) or ""
    reason = getattr(choices[0], "finish_reason", None)
    return piece, None if reason is None else "length" if reason == "length" else "stop"


def _usage_of(chunk: Any) -> Tokens | None:
    usage = getattr(chunk, "usage", None)
    if usage is None or getattr(usage, "prompt_tokens", None) is None:
        return None
    return Tokens(prompt=int(usage.prompt_tokens), completion=int(usage.completion_tokens or 0), are_estimates=False)


def _without_system(messages: Sequence[Message], *, keep: bool) -> list[Message]:
    """The messages; where the endpoint has no system role, its text stands at the head of the first user message."""
    if keep:
        return list(messages)
    instructions = "\n\n".join(message.content for message in messages if message.role == "system")
    turns = [message for message in messages if message.role != "system"]
    if instructions and turns:
        turns[0] = Message(turns[0].role, f"{instructions}\n\n{turns[0].content}")
    return turns


def _retry_after(error: Any) -> float | None:
    value = error.response.headers.get("retry-after", "")
    return float(value) if value.replace(".", "", 1).isdigit() else None
