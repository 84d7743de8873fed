"""The corpus graph: names, neighbours, paths, aliases, and names that are not one thing."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query
from starlette.responses import Response

from tadarag.answer_json import Json
from tadarag.graph_json import aliases_json, entity_json, paths_json, thing_json
from tadarag.serving.json_response import json_response
from tadarag.serving.problems import absent_if_unknown
from tadarag.serving.schemas.form import Name, OptionalName
from tadarag.serving.schemas.graph import AliasesResult, NamesResult, NeighboursResult, PathResult, UnmergeBody, UnmergeResult
from tadarag.serving.service import ServiceOf

router = APIRouter(prefix="/graph", tags=["graph"])
Types = Annotated[list[str], Query(alias="type", max_length=50, description="only things of these types")]
Limit = Annotated[int, Query(ge=1, le=1000)]
InSource = Annotated[OptionalName, Query(description="the bearer of the name in this document")]


@router.get("/names", response_model=NamesResult)
async def names(
    service: ServiceOf,
    text: Annotated[Name, Query(description="a part of a name")],
    types: Types = [],  # noqa: B006 (FastAPI copies it)
    limit: Limit = 50,
) -> Response:
    """The things of which some name holds the text, those of most documents first."""
    _, things = await service.read(lambda: service.base.search_names(text, types=types, limit=limit))
    return json_response({"things": [thing_json(thing) for thing in things]})


@router.get("/neighbours", response_model=NeighboursResult)
async def neighbours(
    service: ServiceOf,
    name: Name,
    depth: Annotated[int, Query(ge=1, le=4)] = 1,
    kind: Annotated[OptionalName, Query(alias="type", description="the bearer of the name that is of this type")] = "",
    source: InSource = "",
    as_of: Annotated[OptionalName, Query(description="only facts that hold then: an ISO date")] = "",
) -> Response:
    """A thing with its names, facts and contradictions, each with its sentence, and what is up to `depth` facts away."""
    with absent_if_unknown():
        view, thing = await service.read(lambda: service.base.thing(name, kind=kind, source=source, depth=depth))
    return json_response(await service.read(lambda: entity_json(view, thing, depth=depth, as_of=as_of)))


@router.get("/path", response_model=PathResult)
async def path(
    service: ServiceOf,
    one: Annotated[Name, Query(alias="from")],
    other: Annotated[Name, Query(alias="to")],
    from_source: InSource = "",
    to_source: InSource = "",
    max_hops: Annotated[int, Query(ge=1, le=8)] = 4,
    limit: Annotated[int, Query(ge=1, le=20)] = 3,
) -> Response:
    """The shortest chains of facts and shared sentences between two names."""
    ends = (one, from_source or None), (other, to_source or None)
    with absent_if_unknown():
        found = await service.read(lambda: service.base.chains(*ends, max_hops=max_hops, limit=limit))
    return json_response(paths_json(found.one, found.other, found.paths))


@router.get("/aliases", response_model=AliasesResult)
async def aliases(
    service: ServiceOf,
    name: OptionalName = "",
    types: Types = [],  # noqa: B006 (FastAPI copies it)
    limit: Limit = 50,
) -> Response:
    """The names that are taken for one thing, with the sentences that say so; without `name`, all of them."""

    def find() -> Json:
        view, chosen = service.base.aliases(name, types=types)
        return aliases_json(view, chosen[:limit], n_things=len(chosen))

    with absent_if_unknown():
        return json_response(await service.read(find))


@router.post("/unmerge", response_model=UnmergeResult)
async def unmerge(body: UnmergeBody, service: ServiceOf) -> Response:
    """Decide that two names, or two bearers of one name, are not one thing, or withdraw that with `undo`."""
    service.check_writable()
    await service.answering.run(lambda: service.base.unmerge(body.name, body.other, source=body.source, undo=body.undo))
    return json_response({"name": body.name, "other": body.other, "source": body.source, "undone": body.undo})
