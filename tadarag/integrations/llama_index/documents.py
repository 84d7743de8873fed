"""LlamaIndex documents, from any of its readers, become documents of a base."""

from __future__ import annotations

from collections.abc import Iterable

from tadarag.integrations.extras import needs_extra
from tadarag.integrations.host_documents import HostDocument, ingest_host_documents
from tadarag.knowledge_base import KnowledgeBase
from tadarag.reports import IngestReport

with needs_extra("llama-index"):
    from llama_index.core.schema import BaseNode, MetadataMode


def ingest_llama_documents(knowledge_base: KnowledgeBase, documents: Iterable[BaseNode], *, root: str = "llama-index") -> IngestReport:
    """Take in LlamaIndex documents or nodes; `ingest_host_documents` says how they are named and joined.

    Without a path in the metadata the name is the document's id, so give documents ids of your own if they are to be replaced later.
    """
    taken = (HostDocument(text=one.get_content(MetadataMode.NONE), metadata=one.metadata, id=one.node_id) for one in documents)
    return ingest_host_documents(knowledge_base, taken, root=root)
