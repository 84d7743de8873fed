"""A retriever for LlamaIndex's query engines, chat engines and fusion retrievers."""

from __future__ import annotations

import asyncio
from collections.abc import Collection

from tadarag.errors import UsageError
from tadarag.integrations.extras import needs_extra
from tadarag.integrations.host_filters import Condition, filters_of, refused
from tadarag.integrations.layer_choice import chosen_layers
from tadarag.integrations.llama_index.nodes import node_of
from tadarag.integrations.passage_metadata import passage_metadata
from tadarag.knowledge_base import KnowledgeBase
from tadarag.values import Filters, Hit

with needs_extra("llama-index"):
    from llama_index.core.callbacks import CallbackManager
    from llama_index.core.retrievers import BaseRetriever
    from llama_index.core.schema import NodeWithScore, QueryBundle
    from llama_index.core.vector_stores import FilterCondition, MetadataFilters


class TadaragRetriever(BaseRetriever):
    """The passages of a base that bear on a query, as scored text nodes; `passage_metadata` says what their metadata holds.

    similarity_top_k: passages at most. filters: of a base, or LlamaIndex's metadata filters over source, language, domain and date.
    layers: those that count, by the names that nodes carry (`KnowledgeBase.LAYERS`), all of them by default.
    The query's own text is searched with the base's encoder; an embedding that a query bundle carries is not looked at.
    """

    def __init__(
        self,
        knowledge_base: KnowledgeBase,
        *,
        similarity_top_k: int = 10,
        filters: Filters | MetadataFilters | None = None,
        layers: Collection[str] | None = None,
        callback_manager: CallbackManager | None = None,
        verbose: bool = False,
    ) -> None:
        if similarity_top_k < 1:
            raise UsageError(f"similarity_top_k is {similarity_top_k}", "ask for at least one passage")
        self._base = knowledge_base
        self._limit = similarity_top_k
        self._filters = filters if isinstance(filters, Filters) else _filters(filters)
        self._layers = chosen_layers(layers)
        super().__init__(callback_manager=callback_manager, verbose=verbose)

    def _retrieve(self, query_bundle: QueryBundle) -> list[NodeWithScore]:
        hits = self._base.search(query_bundle.query_str, limit=self._limit, filters=self._filters, layers=self._layers)
        return [_scored(hit) for hit in hits]

    async def _aretrieve(self, query_bundle: QueryBundle) -> list[NodeWithScore]:
        return await asyncio.to_thread(self._retrieve, query_bundle)


def _scored(hit: Hit) -> NodeWithScore:
    return NodeWithScore(node=node_of(hit.passage.text, passage_metadata(hit)), score=hit.score)


def _filters(stated: MetadataFilters | None) -> Filters:
    if stated is None:
        return Filters()
    if stated.condition == FilterCondition.NOT or (stated.condition == FilterCondition.OR and len(stated.filters) > 1):
        raise refused(f"conditions under {stated.condition.value.upper()}")
    conditions = []
    for one in stated.filters:
        if isinstance(one, MetadataFilters):
            raise refused("nested filters")
        conditions.append(Condition(one.key, one.operator.value, one.value))
    return filters_of(conditions)
