"""Search, and answers in one piece or as server-sent events."""

from __future__ import annotations

from collections.abc import AsyncIterator

from fastapi import APIRouter
from fastapi.responses import StreamingResponse
from starlette.responses import Response

from tadarag.answer_json import answer_json, event_json, search_json, with_schema
from tadarag.errors import TadaragError
from tadarag.knowledge_base import KnowledgeBase
from tadarag.serving.answer_stream import AnswerStream
from tadarag.serving.json_response import event_bytes, json_response
from tadarag.serving.problems import Rejected, absent_if_unknown, rejected
from tadarag.serving.schemas.answers import AnswerResult, AskBody, SearchBody, SearchResult
from tadarag.serving.service import Service, ServiceOf, ask_and_keep
from tadarag.values import Answer, AnswerEvent

EVENTS = "text/event-stream"
router = APIRouter(tags=["questions"])


@router.post("/search", response_model=SearchResult)
async def search(body: SearchBody, service: ServiceOf) -> Response:
    """The passages that bear on a query, best first, with the layers and the path by which each was found."""
    layers = KnowledgeBase.LAYERS if body.layers is None else frozenset(body.layers)
    filters = body.filters.filters()
    hits = await service.read(lambda: service.base.search(body.query, limit=body.limit, filters=filters, layers=layers))
    return json_response(search_json(body.query, hits))


@router.post(
    "/ask",
    response_model=AnswerResult,
    responses={200: {"description": "The answer; with `stream` its events.", "content": {EVENTS: {"schema": {"type": "string"}}}}},
)
async def ask(body: AskBody, service: ServiceOf) -> Response:
    """Answer from the documents; every citation in the answer has been checked against the stored text.

    With `stream`, server-sent events: "text" as a model writes it (unchecked: `is_checked` is false), "checked" or "withdrawn" for each
    statement, then "done" with the answer; "error" with a problem where it failed on the way. The answer is kept for feedback under its `id`.
    """
    pipeline = service.check_pipeline(body.pipeline)
    layers = KnowledgeBase.LAYERS if body.layers is None else frozenset(body.layers)
    filters = body.filters.filters()

    def make(on_event: object = None) -> Answer:
        tell = on_event if callable(on_event) else None
        return ask_and_keep(
            service, body.question, pipeline=pipeline, filters=filters, with_graph=body.with_graph, layers=layers, on_event=tell
        )

    if not body.stream:
        return json_response(answer_json(await service.answering.run(make)))
    stream = AnswerStream(service.answering, make)
    first = await stream.start()
    return StreamingResponse(_events(service, stream, first), media_type=EVENTS, headers={"X-Accel-Buffering": "no"})


@router.get("/answers/{answer_id}", response_model=AnswerResult)
async def kept_answer(answer_id: str, service: ServiceOf) -> Response:
    """An answer that was given; it goes when a document that it quotes goes or changes."""
    with absent_if_unknown():
        kept = await service.read(lambda: service.base.kept_answer(answer_id))
    if kept is None:
        raise Rejected(404, f"no answer {answer_id[:40]!r} is kept", "ask again")
    return json_response(kept)


def stream_event(event: AnswerEvent) -> bytes:
    """One event as it is sent."""
    return event_bytes(event.kind, with_schema({"is_checked": event.kind != "text", **event_json(event)}))


async def _events(service: Service, stream: AnswerStream, first: AnswerEvent | None) -> AsyncIterator[bytes]:
    try:
        yield b": the answer is being made\n\n" if first is None else stream_event(first)
        async for event in stream.rest():
            yield b": still\n\n" if event is None else stream_event(event)
    except (TadaragError, Rejected) as error:
        refusal = error if isinstance(error, Rejected) else rejected(error, service.folder)
        yield event_bytes("error", with_schema({"error": refusal.problem.model_dump()}))
    finally:
        stream.leave()
