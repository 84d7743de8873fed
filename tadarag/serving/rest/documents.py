"""Documents: the list, one with its outline, text and memory, a passage in its place, deletion."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query
from starlette.responses import Response

from tadarag.answer_json import passage_json
from tadarag.base_json import document_json, outline_json
from tadarag.serving.json_response import json_response
from tadarag.serving.problems import Rejected, absent_if_unknown
from tadarag.serving.schemas.documents import Deleted, DocumentList, MemoryResult, OutlineResult, PassageResult, TextResult
from tadarag.serving.schemas.form import MOST_CHARACTERS, Name
from tadarag.serving.service import Service, ServiceOf
from tadarag.serving.uploads import remove_uploads
from tadarag.stored_memory import memory_record
from tadarag.values import Filters, Record, Span

router = APIRouter(tags=["documents"])
Source = Annotated[Name, Query(description="a name as the list of documents gives it")]
_MOST_OFFSET = 2**40


@router.get("/documents", response_model=DocumentList)
async def documents(
    service: ServiceOf,
    source: Annotated[list[str], Query(max_length=100, description="glob patterns of names")] = [],  # noqa: B006 (FastAPI copies it)
    offset: Annotated[int, Query(ge=0, le=_MOST_OFFSET)] = 0,
    limit: Annotated[int, Query(ge=1, le=1000)] = 100,
) -> Response:
    """The documents of the base by name."""
    found = await service.read(lambda: service.base.list(Filters(sources=tuple(source))))
    rows = [document_json(info) for info in found[offset : offset + limit]]
    return json_response({"n_documents": len(found), "documents": rows})


@router.get("/document", response_model=OutlineResult)
async def document(source: Source, service: ServiceOf) -> Response:
    """A document with its outline."""
    record = await _record(service, source)
    return json_response(await service.read(lambda: outline_json(record, service.base.outline(record), builder=service.base.builder)))


@router.get("/document/text", response_model=TextResult)
async def text(source: Source, service: ServiceOf) -> Response:
    """The text of a document, as data."""
    record = await _record(service, source)
    stored = record.document
    return json_response(
        {
            "source": str(record.source),
            "content": record.content,
            "title": stored.title,
            "date": stored.date,
            "language": stored.language,
            "media_type": stored.media_type,
            "text": stored.text,
        }
    )


@router.get("/document/memories", response_model=MemoryResult)
async def memories(source: Source, service: ServiceOf) -> Response:
    """A document's memory: outline, chunks and core statements, with their scores."""
    record = await _record(service, source)
    return json_response({"memory": await service.read(lambda: memory_record(record, service.base.builder))})


@router.get("/document/passage", response_model=PassageResult)
async def passage(
    source: Source,
    start: Annotated[int, Query(ge=0, le=_MOST_OFFSET)],
    end: Annotated[int, Query(ge=0, le=_MOST_OFFSET)],
    service: ServiceOf,
    content: Annotated[str, Query(max_length=MOST_CHARACTERS, description="the hash of the document as it was cited")] = "",
) -> Response:
    """What stands at a place of a document, with page, headings and the core statement: where a citation leads."""
    if start >= end:
        raise Rejected(422, f"the place from {start} to {end} is empty", "give the span of a citation", kind="InvalidRequest")
    with absent_if_unknown():
        found = await service.read(lambda: service.base.passage(source, Span(start, end), content=content))
    return json_response(passage_json(found))


@router.delete("/document", response_model=Deleted)
async def delete(source: Source, service: ServiceOf) -> Response:
    """Remove a document, or all that came from a file or folder. Uploaded files go with it; a person's own files are never touched."""
    service.check_writable()

    def remove() -> list[str]:
        deleted = service.base.delete(source)
        remove_uploads(service.folder, deleted, [info.source for info in service.base.list()])
        return [str(one) for one in deleted]

    with absent_if_unknown():
        return json_response({"deleted": await service.answering.run(remove)})


async def _record(service: Service, source: str) -> Record:
    with absent_if_unknown():
        return await service.read(lambda: service.base.record(source))
