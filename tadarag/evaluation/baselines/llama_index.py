"""LlamaIndex as its own pages set it up: a VectorStoreIndex, and a QueryFusionRetriever over that and BM25; with the product's encoder."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from llama_index.core import VectorStoreIndex
from llama_index.core.base.base_retriever import BaseRetriever
from llama_index.core.base.embeddings.base import BaseEmbedding
from llama_index.core.bridge.pydantic import PrivateAttr
from llama_index.core.llms import MockLLM
from llama_index.core.schema import TextNode
from numpy.typing import NDArray

from tadarag.evaluation.baselines.corpus import Corpus, chunk_vectors
from tadarag.evaluation.measures import RANKING_DEPTH
from tadarag.models.encoder import Encoder, Kind

_CJK_OR_WORD = r"(?u)[\u3400-\u9fff]|[^\W\u3400-\u9fff]{2,}"  # LlamaIndex's own pattern takes a run of Chinese for one word


class EncoderEmbedding(BaseEmbedding):  # type: ignore[misc]
    """The product's encoder as a LlamaIndex embedding."""

    _encoder: Encoder = PrivateAttr()

    def __init__(self, encoder: Encoder) -> None:
        super().__init__(model_name="tadarag")
        self._encoder = encoder

    def _read(self, text: str, kind: Kind) -> list[float]:
        return [float(number) for number in self._encoder.read(text, (), kind=kind).vector]

    def _get_query_embedding(self, query: str) -> list[float]:
        return self._read(query, "query")

    async def _aget_query_embedding(self, query: str) -> list[float]:
        return self._read(query, "query")

    def _get_text_embedding(self, text: str) -> list[float]:
        return self._read(text, "passage")


class VectorRanker:
    """`VectorStoreIndex(nodes).as_retriever()` over the product's chunks and their vectors; everything else is LlamaIndex's default."""

    def __init__(self, corpus: Corpus) -> None:
        self._retriever = _vector_retriever(_nodes(corpus), corpus.encoder)

    def rank(self, question: str, query: NDArray[np.float32]) -> Sequence[str]:
        """The passages of the chunks that are found; LlamaIndex reads the question itself."""
        return _passages(self._retriever, question)


class HybridRanker:
    """A QueryFusionRetriever in reciprocal rank mode over the vector retriever and a BM25Retriever, as LlamaIndex's page on hybrid search has it.

    One query, not several: no language model rewrites it. A character of Chinese is a word; by the default pattern a clause would be one.
    """

    def __init__(self, corpus: Corpus) -> None:
        from llama_index.core.retrievers import QueryFusionRetriever
        from llama_index.retrievers.bm25 import BM25Retriever

        nodes = _nodes(corpus)
        lexical = BM25Retriever.from_defaults(nodes=nodes, similarity_top_k=2 * RANKING_DEPTH, token_pattern=_CJK_OR_WORD)
        self._retriever = QueryFusionRetriever(
            [_vector_retriever(nodes, corpus.encoder), lexical],
            llm=MockLLM(),  # with one query no model is asked, but the retriever wants to hold one
            mode="reciprocal_rerank",
            similarity_top_k=2 * RANKING_DEPTH,
            num_queries=1,
            use_async=False,
        )

    def rank(self, question: str, query: NDArray[np.float32]) -> Sequence[str]:
        """The passages of the chunks that are found; LlamaIndex reads the question itself."""
        return _passages(self._retriever, question)


def _vector_retriever(nodes: Sequence[TextNode], encoder: Encoder) -> BaseRetriever:
    index = VectorStoreIndex(nodes=list(nodes), embed_model=EncoderEmbedding(encoder))
    return index.as_retriever(similarity_top_k=2 * RANKING_DEPTH)  # a long passage may take several places; its best one counts


def _nodes(corpus: Corpus) -> list[TextNode]:
    return [
        TextNode(
            id_=f"{identifier}#{number}",
            text=chunk.span.of(record.document.text),
            metadata={"title": record.document.title} if record.document.title else {},
            embedding=chunk_vectors(vectors).tolist(),
        )
        for identifier, record in zip(corpus.passages.ids, corpus.records, strict=True)
        for number, (chunk, vectors) in enumerate(zip(record.chunks, record.vectors, strict=True))
    ]


def _passages(retriever: BaseRetriever, question: str) -> list[str]:
    return list(dict.fromkeys(found.node.node_id.rpartition("#")[0] for found in retriever.retrieve(question)))
