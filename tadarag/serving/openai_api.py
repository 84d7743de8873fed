"""The OpenAI-compatible interface: answer pipelines are models, and only checked text is ever sent."""

from __future__ import annotations

import time
from collections.abc import AsyncIterator
from typing import Annotated, Any, Literal
from uuid import uuid4

from fastapi import APIRouter
from fastapi.responses import StreamingResponse
from pydantic import BaseModel, ConfigDict, Field
from starlette.responses import Response

from tadarag.answer_json import Json
from tadarag.errors import TadaragError
from tadarag.serving.answer_stream import AnswerStream
from tadarag.serving.chat import checked_chunks, completion, first_chunk, usage_chunk
from tadarag.serving.conversation import last_question, question_of
from tadarag.serving.json_response import json_bytes
from tadarag.serving.problems import Rejected, openai_error, rejected
from tadarag.serving.recipes import MODEL, models_of
from tadarag.serving.schemas.form import MOST_CHARACTERS
from tadarag.serving.service import Service, ServiceOf, ask_and_keep
from tadarag.values import AnswerEvent

router = APIRouter(prefix="/v1", tags=["openai"])


class TextPart(BaseModel):
    """A part of a message; only text is read."""

    type: str
    text: str = Field("", max_length=100_000)


class ChatMessage(BaseModel):
    """A message. The last one of the user is the question; turns before it give it the names that it leans on. Other roles are not read."""

    role: Literal["system", "developer", "user", "assistant", "tool", "function"]
    content: Annotated[str, Field(max_length=100_000)] | Annotated[list[TextPart], Field(max_length=100)] | None = None

    def text(self) -> str:
        """All its text."""
        if isinstance(self.content, str):
            return self.content
        return "\n".join(part.text for part in self.content or ())


class StreamOptions(BaseModel):
    """What a stream ends with."""

    include_usage: bool = False


class ChatBody(BaseModel):
    """A chat completion. What changes how a model writes (temperature and the like) is accepted and has no effect on extractive pipelines."""

    model_config = ConfigDict(extra="ignore")

    model: Annotated[str, Field(max_length=200)] = MODEL
    messages: Annotated[list[ChatMessage], Field(min_length=1, max_length=1000)]
    stream: bool = False
    stream_options: StreamOptions | None = None
    n: int | None = None
    tools: list[Any] | None = None
    response_format: dict[str, Any] | None = None


class ModelForm(BaseModel):
    """A model: a pipeline of this server."""

    id: str
    object: Literal["model"] = "model"
    created: int = 0
    owned_by: str = "tadarag"


class ModelList(BaseModel):
    """All models."""

    object: Literal["list"] = "list"
    data: list[ModelForm]


@router.get("/models")
async def models(service: ServiceOf) -> ModelList:
    """The answer pipelines, as models: "tadarag" is the server's own choice."""
    return ModelList(data=[ModelForm(id=name) for name in models_of(service.pipelines, default=service.pipeline)])


@router.get("/models/{model}")
async def model(model: str, service: ServiceOf) -> ModelForm:
    """One model."""
    _pipeline(service, model)
    return ModelForm(id=model)


@router.post("/chat/completions", response_model=dict[str, Any])
async def chat_completions(body: ChatBody, service: ServiceOf) -> Response:
    """Answer the last message of the user from the documents.

    A question that leans on the turns before it ("When did she retire?") gets the names of the last ones, by rules and without a model;
    `tadarag.question` of the reply is what was asked of the documents. Nothing else of earlier messages is read.

    The text carries markers such as [1]; `message.annotations` holds a citation for each. A stream sends the statements once they have been
    checked, each as one delta, and never text that has not; the citations come with the last delta.
    """
    pipeline, question = _pipeline(service, body.model), _question(body)
    created = int(time.time())

    def make(on_event: object = None) -> Any:
        return ask_and_keep(service, question, pipeline=pipeline, on_event=on_event if callable(on_event) else None)

    if not body.stream:
        answer = await service.answering.run(make)
        document = completion(answer, model=body.model, created=created, prompt=question)
        return Response(json_bytes(document), media_type="application/json")
    stream = AnswerStream(service.answering, make)
    first = await stream.start()
    chunks = _chunks(service, stream, first, body, question=question, created=created)
    return StreamingResponse(chunks, media_type="text/event-stream", headers={"X-Accel-Buffering": "no"})


def _pipeline(service: Service, model: str) -> str:
    known = models_of(service.pipelines, default=service.pipeline)
    if model not in known:
        raise Rejected(404, f"there is no model {model[:80]!r}", f"choose one of: {', '.join(known)}", param="model")
    return known[model]


def _question(body: ChatBody) -> str:
    if body.n not in (None, 1):
        raise Rejected(400, "n is not 1", "ask for one answer", param="n")
    if body.tools:
        raise Rejected(400, "these models call no tools", "leave tools away; the tools of this server are offered over MCP", param="tools")
    if body.response_format is not None and body.response_format.get("type", "text") != "text":
        raise Rejected(400, "these models write text", "leave response_format away", param="response_format")
    messages = [(message.role, message.text()) for message in body.messages]
    asked = last_question(messages)
    if not asked or len(asked) > MOST_CHARACTERS or "\0" in asked:
        raise Rejected(
            400,
            "the last message of the user is no question",
            f"send text of 1 to {MOST_CHARACTERS} characters with the role 'user'",
            param="messages",
        )
    return question_of(messages)


async def _chunks(
    service: Service, stream: AnswerStream, first: AnswerEvent | None, body: ChatBody, *, question: str, created: int
) -> AsyncIterator[bytes]:
    completion_id = uuid4().hex[:16]
    try:
        yield _sent(first_chunk(completion_id, model=body.model, created=created))
        answer = None if first is None else first.answer
        async for event in stream.rest():
            if event is None:
                yield b": the answer is being made\n\n"
            elif event.answer is not None:
                answer = event.answer
        if answer is None:
            raise Rejected(500, "the answer has no end", "see the log of the server")
        for chunk in checked_chunks(answer, completion_id, model=body.model, created=created):
            yield _sent(chunk)
        if body.stream_options is not None and body.stream_options.include_usage:
            yield _sent(usage_chunk(answer, completion_id, model=body.model, created=created, prompt=question))
    except (TadaragError, Rejected) as error:
        yield _sent(openai_error(error if isinstance(error, Rejected) else rejected(error, service.folder)))
    finally:
        stream.leave()
    yield b"data: [DONE]\n\n"


def _sent(document: Json) -> bytes:
    return b"data: " + json_bytes(document) + b"\n\n"
