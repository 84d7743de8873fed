"""tadarag inside LlamaIndex: retriever, postprocessor, graph store, ingest of its documents, and its models for us."""

from tadarag.integrations.llama_index.documents import ingest_llama_documents
from tadarag.integrations.llama_index.encoder import LlamaIndexEncoder
from tadarag.integrations.llama_index.graph_store import TadaragGraphStore
from tadarag.integrations.llama_index.language_model import LlamaIndexModel
from tadarag.integrations.llama_index.postprocessor import TadaragPostprocessor
from tadarag.integrations.llama_index.retriever import TadaragRetriever

__all__ = [
    "LlamaIndexEncoder",
    "LlamaIndexModel",
    "TadaragGraphStore",
    "TadaragPostprocessor",
    "TadaragRetriever",
    "ingest_llama_documents",
]
