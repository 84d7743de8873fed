"""Any OpenAI-compatible /embeddings endpoint as an Encoder; sentences are sent as inputs of their own."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from tadarag.errors import EndpointError
from tadarag.models.egress import check_endpoint, guarded_client
from tadarag.models.encoder import Kind, check_spans, unit_vector
from tadarag.values import Encoded, Span

if TYPE_CHECKING:
    from openai import OpenAI

_BYTES_PER_TOKEN = 4  # of UTF-8 English; a Chinese character is 3 bytes and about one token, so it is counted on its own
_FIRST_CJK = "\u2e80"
_MAX_INPUTS = 256  # a request of more is refused by some servers (the original's limit is 2,048)


class OpenAIEncoder:
    """A remote embedding model.

    base_url, api_key: where and as whom, by default what OPENAI_BASE_URL and OPENAI_API_KEY say; local servers take any key. Nothing but
    base_url and what lies below it is contacted (`models.egress`), whatever the endpoint answers. query_prefix, passage_prefix: what the model expects before a
    text. max_characters: longer texts are cut before they are sent, since endpoints refuse instead of cutting; the default suits
    8,192 tokens of Chinese. A failed request is repeated `retries` times with growing pauses by the client, then raises EndpointError.
    Whether equal texts get equal bytes is the server's doing; the fingerprint covers the model's name and the prefixes only.
    """

    def __init__(
        self,
        model: str,
        *,
        base_url: str | None = None,
        api_key: str | None = None,
        query_prefix: str = "",
        passage_prefix: str = "",
        max_characters: int = 8000,
        timeout_seconds: float = 60,
        retries: int = 2,
    ) -> None:
        self._model = model
        self._prefixes: dict[Kind, str] = {"query": query_prefix, "passage": passage_prefix}
        self._max_characters = max_characters
        self._client = _open_client(base_url, api_key, timeout_seconds, retries)
        self._dimension: int | None = None

    @property
    def fingerprint(self) -> str:
        """sha256 over the model's name and the prefixes."""
        return hashlib.sha256(repr(("openai", self._model, sorted(self._prefixes.items()))).encode()).hexdigest()

    @property
    def trunk(self) -> str:
        """Empty: it returns no states."""
        return ""

    @property
    def dimension(self) -> int:
        """Floats in a vector; asked of the endpoint with a short text when nothing has been read yet."""
        if self._dimension is None:
            self._dimension = len(self._embed(["dimension"])[0])
        return self._dimension

    def read(self, text: str, sentence_spans: Sequence[Span] = (), *, kind: Kind = "passage") -> Encoded:
        """See `Encoder.read`. One request for the text and its sentences; a sentence that is blank or cut off gets the text's vector."""
        check_spans(text, sentence_spans)
        prefix = self._prefixes[kind]
        spoken = [span for span in sentence_spans if span.end <= self._max_characters and span.of(text).strip()]
        rows = self._embed([prefix + text[: self._max_characters], *(prefix + span.of(text) for span in spoken)])
        by_span = dict(zip(spoken, rows[1:], strict=True))
        sentence_rows = [by_span.get(span, rows[0]) for span in sentence_spans]
        return Encoded(vector=rows[0], sentence_vectors=np.array(sentence_rows, np.float32).reshape(len(sentence_rows), len(rows[0])))

    def count_tokens(self, text: str) -> int:
        """An estimate, since the tokenizer is not at hand: a CJK character is one token, four bytes of anything else are one."""
        n_cjk = sum(character >= _FIRST_CJK for character in text)
        n_other_bytes = sum(len(character.encode(errors="replace")) for character in text if character < _FIRST_CJK)
        return n_cjk + -(-n_other_bytes // _BYTES_PER_TOKEN)

    def close(self) -> None:
        """Close the connections to the endpoint."""
        self._client.close()

    def _embed(self, texts: Sequence[str]) -> list[NDArray[np.float32]]:
        rows: list[NDArray[np.float32]] = []
        for start in range(0, len(texts), _MAX_INPUTS):
            rows.extend(self._request([text or " " for text in texts[start : start + _MAX_INPUTS]]))  # endpoints refuse ""
        if len({len(row) for row in rows}) > 1:
            raise EndpointError(f"the endpoint of {self._model} gave vectors of different lengths", "check which model it serves")
        return rows

    def _request(self, texts: list[str]) -> list[NDArray[np.float32]]:
        from openai import OpenAIError

        where = f"{self._client.base_url}embeddings"
        remedy = "check the address, the key, the model's name and which model the endpoint serves"
        try:
            # floats, not base64: many compatible servers ignore the field or know only this value
            reply = self._client.embeddings.with_raw_response.create(model=self._model, input=texts, encoding_format="float")
            rows = _parse_rows(json.loads(reply.content), len(texts))
        except OpenAIError as error:
            if isinstance(error.__cause__, EndpointError):  # from the guard of the connection
                raise error.__cause__ from None
            raise EndpointError(f"{where} failed for model {self._model}: {error}", remedy) from error
        except ValueError as error:
            raise EndpointError(f"{where} gave a reply without usable vectors for model {self._model}: {error}", remedy) from error
        return [unit_vector(row, self._model) for row in rows]


def _parse_rows(reply: Any, n_texts: int) -> list[NDArray[np.float32]]:
    """The embeddings of a reply in the order of the texts; ValueError says what is wrong with it."""
    entries = reply.get("data") if isinstance(reply, dict) else None
    if not isinstance(entries, list) or not all(isinstance(entry, dict) for entry in entries):
        raise ValueError("it has no list of embeddings under `data`")
    by_index = {entry.get("index"): entry.get("embedding") for entry in entries}
    if len(entries) != n_texts or by_index.keys() != set(range(n_texts)):
        raise ValueError(f"it has {len(entries)} embeddings for {n_texts} texts")
    rows = []
    for index in range(n_texts):
        embedding = by_index[index]
        if not isinstance(embedding, list) or not embedding or not all(type(number) in (int, float) for number in embedding):
            raise ValueError(f"embedding {index} is not a list of numbers")
        rows.append(np.array(embedding, np.float32))
    return rows


def _open_client(base_url: str | None, api_key: str | None, timeout_seconds: float, retries: int) -> OpenAI:
    """Raises EndpointError without a key, UsageError for a base_url that is no address."""
    import httpx  # noqa: F401 (the client looks for it among the loaded modules)
    from openai import OpenAI, OpenAIError

    try:
        stated = OpenAI(base_url=base_url, api_key=api_key)  # also says what the environment states
    except OpenAIError as error:
        raise EndpointError(f"the endpoint cannot be used: {error}", "set OPENAI_API_KEY, or any key for a local server") from error
    stated.close()
    endpoint = check_endpoint(str(stated.base_url), setting="base_url (or OPENAI_BASE_URL)")
    client: Any = guarded_client([endpoint], timeout_seconds=timeout_seconds)
    return stated.with_options(http_client=client, timeout=timeout_seconds, max_retries=retries)
