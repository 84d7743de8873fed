"""The corpus graph as a property graph store of LlamaIndex, to be read by its property graph index and retrievers."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from threading import Lock
from typing import Any, NoReturn

from tadarag.errors import UsageError
from tadarag.integrations.extras import needs_extra
from tadarag.integrations.llama_index.nodes import node_of
from tadarag.integrations.llama_index.things import GraphOfThings, Statement, graph_of_things
from tadarag.integrations.passage_metadata import place_of
from tadarag.integrations.stored_passages import StoredPassages
from tadarag.knowledge_base import KnowledgeBase

with needs_extra("llama-index"):
    from llama_index.core.graph_stores.types import (
        TRIPLET_SOURCE_KEY,
        ChunkNode,
        EntityNode,
        LabelledNode,
        PropertyGraphStore,
        Relation,
        Triplet,
    )
    from llama_index.core.schema import BaseNode
    from llama_index.core.vector_stores.types import VectorStoreQuery

_TO_CHANGE = (
    "change the documents instead, and the graph follows: ingest_llama_documents(base, documents), base.delete(source), base.unmerge(name)"
)


class TadaragGraphStore(PropertyGraphStore):
    """A view of what the documents of a base state, always that of today; it can be read and not written.

    Nodes are things: the id is the name (with type and document where several have it), the label the type; ids are looked up by any name that
    a document uses, however it is written. A triplet carries its evidence: the sentence, its document and place, the probability, the
    dates between which it holds, and the id of its passage as source node, so that LlamaIndex's retrievers add the passage's text.
    The graph is kept in memory; after a change of the base only the documents that changed are read.
    """

    supports_structured_queries = False
    supports_vector_queries = False

    def __init__(self, knowledge_base: KnowledgeBase) -> None:
        self._base = knowledge_base
        self._view = knowledge_base.graph_reader()
        self._things: GraphOfThings | None = None
        self._reading = Lock()

    @property
    def client(self) -> KnowledgeBase:
        """The base."""
        return self._base

    def get(self, properties: dict[str, Any] | None = None, ids: list[str] | None = None) -> list[LabelledNode]:
        """Things that are called so, and passages by id; all things without ids. properties: one of them must be equal."""
        graph, stored = self._graph(), StoredPassages(self._base)
        if ids is None:
            nodes: list[LabelledNode] = [_entity(graph, number) for number in range(len(graph.ids))]
        else:
            nodes = [_entity(graph, number) for number in dict.fromkeys(number for one in ids for number in graph.called(one))]
            nodes += [node for one in dict.fromkeys(ids) if (node := _passage(stored, one)) is not None]
        return [node for node in nodes if not properties or _has_one(node.properties, properties)]

    def get_triplets(
        self,
        entity_names: list[str] | None = None,
        relation_names: list[str] | None = None,
        properties: dict[str, Any] | None = None,
        ids: list[str] | None = None,
    ) -> list[Triplet]:
        """Facts that pass all of the given conditions, in order of their evidence; none when no condition is given."""
        if not (entity_names or relation_names or properties or ids):
            return []
        graph, stored = self._graph(), StoredPassages(self._base)
        wanted = [graph.all_called(names) for names in (entity_names, ids) if names]
        found = (
            statement
            for statement in graph.statements
            if all(statement.head in things or statement.tail in things for things in wanted)
            and (not relation_names or statement.predicate in relation_names)
        )
        triplets = [_triplet(graph, statement, stored) for statement in found]
        return [triplet for triplet in triplets if not properties or any(_has_one(part.properties, properties) for part in triplet)]

    def get_rel_map(
        self, graph_nodes: list[LabelledNode], depth: int = 2, limit: int = 30, ignore_rels: list[str] | None = None
    ) -> list[Triplet]:
        """Facts at most `depth` steps away from the nodes, the nearest first, then the likeliest."""
        graph, stored = self._graph(), StoredPassages(self._base)
        start = graph.all_called([node.id for node in graph_nodes])
        found = _nearest(graph, start, depth=depth, ignored=frozenset(ignore_rels or ()))
        return [_triplet(graph, statement, stored) for statement, _ in zip(found, range(limit), strict=False)]

    def get_llama_nodes(self, node_ids: list[str]) -> list[BaseNode]:
        """The passages of those ids that are present, as the retriever gives them but for scores."""
        stored = StoredPassages(self._base)
        passages = (stored.passage(one) for one in dict.fromkeys(node_ids))
        return [node_of(passage.text, place_of(passage)) for passage in passages if passage is not None]

    async def aget_llama_nodes(self, node_ids: list[str]) -> list[BaseNode]:
        """`get_llama_nodes`."""
        return self.get_llama_nodes(node_ids)

    def get_schema(self, refresh: bool = False) -> dict[str, dict[str, int]]:
        """How many things of each type and facts of each relation there are."""
        return self._graph().counts()

    def structured_query(self, query: str, param_map: dict[str, Any] | None = None) -> NoReturn:
        """Raises UsageError: there is no query language."""
        raise UsageError(
            "the graph of a base answers no Cypher and no other query language",
            "use get, get_triplets or get_rel_map, or push the graph to Neo4j: tadarag graph push",
        )

    def vector_query(self, query: VectorStoreQuery, **kwargs: Any) -> NoReturn:
        """Raises UsageError: things have no vectors, passages have."""
        raise UsageError("the things of a base have no vectors", "retrieve passages with TadaragRetriever, or things by name with get")

    def upsert_nodes(self, nodes: Sequence[LabelledNode]) -> NoReturn:
        """Raises UsageError: the graph is what the documents state."""
        raise _read_only("nodes cannot be added")

    def upsert_relations(self, relations: list[Relation]) -> NoReturn:
        """Raises UsageError: the graph is what the documents state."""
        raise _read_only("relations cannot be added")

    def delete(
        self,
        entity_names: list[str] | None = None,
        relation_names: list[str] | None = None,
        properties: dict[str, Any] | None = None,
        ids: list[str] | None = None,
    ) -> NoReturn:
        """Raises UsageError: the graph is what the documents state."""
        raise _read_only("nothing can be deleted")

    def _graph(self) -> GraphOfThings:
        with self._reading:
            view = self._view()
            if self._things is None or self._things.view is not view:
                self._things = graph_of_things(view)
            return self._things


def _read_only(what: str) -> UsageError:
    return UsageError(f"the graph of a base is what its documents state; {what} in it", _TO_CHANGE)


def _entity(graph: GraphOfThings, number: int, passage: str = "") -> EntityNode:
    thing = graph.view.things[number]
    properties: dict[str, Any] = {
        "kind": thing.kind,
        "names": [name for name, _ in graph.view.names(thing)],
        "sources": [str(source) for source in thing.sources],
    }
    return EntityNode(name=graph.ids[number], label=thing.kind, properties=properties | ({TRIPLET_SOURCE_KEY: passage} if passage else {}))


def _passage(stored: StoredPassages, identifier: str) -> ChunkNode | None:
    passage = stored.passage(identifier)
    return None if passage is None else ChunkNode(text=passage.text, id_=identifier, properties=place_of(passage))


def _triplet(graph: GraphOfThings, statement: Statement, stored: StoredPassages) -> Triplet:
    fact, quote = statement.fact, statement.fact.evidence
    passage = stored.id_at(quote.source, quote.span)
    relation = Relation(
        label=statement.predicate,
        source_id=graph.ids[statement.head],
        target_id=graph.ids[statement.tail],
        properties={
            "evidence": quote.text,
            "source": str(quote.source),
            "content": fact.content,
            "start": quote.span.start,
            "end": quote.span.end,
            "probability": fact.probability,
            "valid_from": fact.valid_from,
            "valid_to": fact.valid_to,
            "n_stated": statement.n_stated,
            TRIPLET_SOURCE_KEY: passage,
        },
    )
    return _entity(graph, statement.head, passage), relation, _entity(graph, statement.tail, passage)


def _nearest(graph: GraphOfThings, start: frozenset[int], *, depth: int, ignored: frozenset[str]) -> Iterator[Statement]:
    reached, told = set(start), set[int]()
    for _ in range(depth):
        new = sorted(
            {number for thing in reached for number in graph.of_thing.get(thing, ())} - told,
            key=lambda number: (-graph.statements[number].fact.probability, number),
        )
        told.update(new)
        kept = [graph.statements[number] for number in new if graph.statements[number].predicate not in ignored]
        yield from kept
        reached = {end for statement in kept for end in (statement.head, statement.tail)}


def _has_one(properties: dict[str, Any], wanted: dict[str, Any]) -> bool:
    """As LlamaIndex's own store compares: one equal value is enough."""
    return any(properties.get(key) == value for key, value in wanted.items())
