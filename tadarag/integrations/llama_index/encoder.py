"""Any LlamaIndex embedding as the encoder of a base."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from tadarag.errors import EndpointError
from tadarag.integrations.extras import needs_extra
from tadarag.models.encoder import Kind, check_spans, unit_vector
from tadarag.models.language_model import estimate_tokens
from tadarag.values import Encoded, Span

with needs_extra("llama-index"):
    from llama_index.core.base.embeddings.base import BaseEmbedding


class LlamaIndexEncoder:
    """Encodes with a LlamaIndex embedding; each sentence is read as a text of its own, one text a call.

    name: what stands behind the embedding, and so behind every vector: another name means that the base must be indexed again. By default the
    class and model name; give one that names the version where that says too little. max_characters: longer texts are cut, since
    endpoints refuse instead of cutting; the default suits 8,192 tokens of Chinese. Whether equal texts get equal bytes is the model's doing.
    """

    def __init__(self, embedding: BaseEmbedding, *, name: str = "", max_characters: int = 8000) -> None:
        self._embedding = embedding
        self._name = name or f"{embedding.class_name()}/{embedding.model_name}"
        self._max_characters = max_characters
        self._dimension: int | None = None

    @property
    def fingerprint(self) -> str:
        """sha256 over the name and the length at which texts are cut."""
        return hashlib.sha256(repr(("llama-index", self._name, self._max_characters)).encode()).hexdigest()

    @property
    def trunk(self) -> str:
        """Empty: it returns no states."""
        return ""

    @property
    def dimension(self) -> int:
        """Floats in a vector; a short text is encoded to learn it when nothing has been read yet."""
        if self._dimension is None:
            self._dimension = len(self._vector("dimension", "passage"))
        return self._dimension

    def read(self, text: str, sentence_spans: Sequence[Span] = (), *, kind: Kind = "passage") -> Encoded:
        """See `Encoder.read`; a sentence that is blank or cut off gets the text's vector. Raises EndpointError where the embedding fails."""
        check_spans(text, sentence_spans)
        vector = self._vector(text[: self._max_characters], kind)
        rows = [
            self._vector(span.of(text), kind) if span.end <= self._max_characters and span.of(text).strip() else vector
            for span in sentence_spans
        ]
        return Encoded(vector=vector, sentence_vectors=np.array(rows, np.float32).reshape(len(rows), len(vector)))

    def count_tokens(self, text: str) -> int:
        """An estimate, since the tokenizer is not at hand."""
        return estimate_tokens(text)

    def _vector(self, text: str, kind: Kind) -> NDArray[np.float32]:
        encode = self._embedding.get_query_embedding if kind == "query" else self._embedding.get_text_embedding
        try:
            raw = encode(text or " ")  # endpoints refuse ""
        except Exception as error:  # the errors of embeddings have no common root
            raise EndpointError(
                f"the LlamaIndex embedding {self._name} failed: {type(error).__name__} ({error})", "check its model, address and key"
            ) from error
        return unit_vector(np.array(raw, np.float32), self._name)
