"""tadarag inside LangChain: a retriever, and documents in both directions."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from tadarag.integrations.extras import needs_extra
from tadarag.integrations.host_documents import HostDocument, ingest_host_documents
from tadarag.integrations.layer_choice import chosen_layers
from tadarag.integrations.passage_metadata import passage_id, passage_metadata
from tadarag.knowledge_base import KnowledgeBase
from tadarag.reports import IngestReport
from tadarag.values import Filters

with needs_extra("langchain"):
    from langchain_core.callbacks import CallbackManagerForRetrieverRun
    from langchain_core.document_loaders import BaseLoader
    from langchain_core.documents import Document
    from langchain_core.retrievers import BaseRetriever
    from pydantic import Field

__all__ = ["TadaragLoader", "TadaragRetriever", "ingest_langchain_documents"]


class TadaragRetriever(BaseRetriever):
    """The passages of a base that bear on a query, best first; `passage_metadata` says what their metadata holds.

    k: passages at most; `invoke(query, k=3)` overrides it. filters: of a base. layers: those that count, by the names that metadata carries
    (`KnowledgeBase.LAYERS`), all of them by default. Ids stay while the passages do. Asynchronous calls run in
    LangChain's executor: a base may be searched by several threads.
    """

    knowledge_base: KnowledgeBase = Field(exclude=True)
    k: int = Field(default=10, ge=1)
    filters: Filters = Filters()
    layers: frozenset[str] | None = None

    def model_post_init(self, context: Any, /) -> None:
        """Raises UsageError for a layer that there is not."""
        super().model_post_init(context)
        chosen_layers(self.layers)

    def _get_relevant_documents(self, query: str, *, run_manager: CallbackManagerForRetrieverRun, k: int | None = None) -> list[Document]:
        hits = self.knowledge_base.search(query, limit=k or self.k, filters=self.filters, layers=chosen_layers(self.layers))
        return [
            Document(id=passage_id(hit.passage.source, hit.passage.chunk), page_content=hit.passage.text, metadata=passage_metadata(hit))
            for hit in hits
        ]


class TadaragLoader(BaseLoader):
    """The documents of a base, whole and with the text that citations count in, sorted by source; one is read at a time."""

    def __init__(self, knowledge_base: KnowledgeBase, *, filters: Filters = Filters()) -> None:
        self._base = knowledge_base
        self._filters = filters

    def lazy_load(self) -> Iterator[Document]:
        """Each present document that passes the filters; one that is removed meanwhile ends the iteration with a UsageError."""
        for info in self._base.list(self._filters):
            document = self._base.document(info.source)
            metadata = {
                "source": str(info.source),
                "content": info.content,
                "title": document.title,
                "date": document.date,
                "language": document.language,
                "domain": info.domain,
                "media_type": document.media_type,
            }
            yield Document(id=str(info.source), page_content=document.text, metadata=metadata)


def ingest_langchain_documents(
    knowledge_base: KnowledgeBase, documents: BaseLoader | Iterable[Document], *, root: str = "langchain"
) -> IngestReport:
    """Take in what a loader loads, or documents themselves; `ingest_host_documents` says how they are named and joined.

    Load whole documents: they are cut here, with their headings, so a text splitter before this loses what cuts are made by.
    """
    loaded = documents.lazy_load() if isinstance(documents, BaseLoader) else documents
    taken = (HostDocument(text=one.page_content, metadata=one.metadata, id=one.id or "") for one in loaded)
    return ingest_host_documents(knowledge_base, taken, root=root)
