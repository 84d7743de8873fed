"""Any sentence-transformers model as an Encoder; sentences are encoded as texts of their own."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from threading import Lock
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from tadarag.errors import ModelError
from tadarag.models.encoder import Kind, check_spans, unit_vector
from tadarag.values import Encoded, Span

if TYPE_CHECKING:
    from sentence_transformers import SentenceTransformer


class SentenceTransformersEncoder:
    """A local model by folder or name, in float32 on the CPU, one text a run.

    query_prefix, passage_prefix: what the model expects before a text, such as "query: ". Needs the extra `sentence-transformers`;
    the model is loaded here, at once. Raises ModelError when either is missing.
    """

    def __init__(self, model: str, *, query_prefix: str = "", passage_prefix: str = "") -> None:
        self._name = model
        self._prefixes: dict[Kind, str] = {"query": query_prefix, "passage": passage_prefix}
        self._model = _load(model)
        self._running = Lock()  # torch spreads one run over the cores; runs beside each other only compete for them
        self._fingerprint = self._hash()
        self._dimension = len(self._encode("dimension"))  # the library's own name for it has changed between versions

    @property
    def fingerprint(self) -> str:
        """sha256 over the weights, in the order of their names, and the prefixes."""
        return self._fingerprint

    @property
    def trunk(self) -> str:
        """Empty: it returns no states."""
        return ""

    @property
    def dimension(self) -> int:
        """Floats in a vector."""
        return self._dimension

    def read(self, text: str, sentence_spans: Sequence[Span] = (), *, kind: Kind = "passage") -> Encoded:
        """See `Encoder.read`. Every sentence costs a run; one without any letter or sign gets the vector of the whole text."""
        check_spans(text, sentence_spans)
        vector = self._encode(self._prefixes[kind] + text)
        sentences = [span.of(text) for span in sentence_spans]
        rows = [self._encode(self._prefixes[kind] + sentence) if sentence.strip() else vector for sentence in sentences]
        return Encoded(vector=vector, sentence_vectors=np.array(rows, np.float32).reshape(len(rows), self.dimension))

    def count_tokens(self, text: str) -> int:
        """Tokens of the model's own tokenizer, uncut, without marks."""
        return len(self._model.tokenizer.encode(text, add_special_tokens=False, truncation=False, verbose=False))

    def _encode(self, text: str) -> NDArray[np.float32]:
        with self._running:
            raw: NDArray[Any] = self._model.encode([text], batch_size=1, convert_to_numpy=True, show_progress_bar=False)
        return unit_vector(raw[0].astype(np.float32), self._name)

    def _hash(self) -> str:
        digest = hashlib.sha256(repr(sorted(self._prefixes.items())).encode())
        for name, weight in sorted(self._model.state_dict().items()):
            digest.update(name.encode())
            digest.update(weight.detach().cpu().contiguous().numpy().tobytes())
        return digest.hexdigest()


def _load(model: str) -> SentenceTransformer:
    try:
        from sentence_transformers import SentenceTransformer
    except ImportError as error:
        raise ModelError(
            f"sentence-transformers cannot be imported: {error}", "run: pip install 'tadarag[sentence-transformers]'"
        ) from error
    try:
        return SentenceTransformer(model, device="cpu").float()
    except (OSError, ValueError) as error:
        raise ModelError(
            f"the sentence-transformers model {model!r} cannot be loaded: {error}", "give the folder of a downloaded model"
        ) from error
