"""tadarag inside Haystack: a retriever and a writer as components of a pipeline."""

from __future__ import annotations

import asyncio
from threading import Lock
from typing import Any

from tadarag.errors import UsageError
from tadarag.integrations.extras import needs_extra
from tadarag.integrations.host_documents import HostDocument, ingest_host_documents
from tadarag.integrations.host_filters import Condition, filters_of, refused
from tadarag.integrations.layer_choice import chosen_layers
from tadarag.integrations.passage_metadata import passage_id, passage_metadata
from tadarag.knowledge_base import KnowledgeBase
from tadarag.plugins import load_plugin
from tadarag.values import Filters, Hit

with needs_extra("haystack"):
    from haystack import Document, component, default_from_dict, default_to_dict

__all__ = ["TadaragRetriever", "TadaragWriter"]


@component
class TadaragRetriever:
    """The passages of a base that bear on a query, best first, as Haystack documents; `passage_metadata` says what their meta holds.

    base: the folder whose documents it keeps, or the base's own. encoder: the entry point of the encoder that it was made with. top_k: passages at
    most. filters: Haystack's filters over source, language, domain and date, joined by AND; those of a run replace these. layers: those that
    count, by the names that meta carries (`KnowledgeBase.LAYERS`), all of them by default. The base is opened to be read only, by `warm_up`
    or the first run.
    """

    def __init__(
        self,
        base: str,
        top_k: int = 10,
        filters: dict[str, Any] | None = None,
        encoder: str = "shipped",
        layers: list[str] | None = None,
    ) -> None:
        _check_top_k(top_k)
        _filters(filters)  # a wrong filter, or layer, is told of when the pipeline is built
        chosen_layers(layers)
        self.base = str(base)
        self.top_k = top_k
        self.filters = filters
        self.encoder = encoder
        self.layers = layers
        self._opened = _OpenedBase(self.base, encoder, read_only=True)

    def warm_up(self) -> None:
        """Open the base. Raises BaseMissing where there is none, EncoderMismatch where another encoder made it."""
        self._opened.base()

    def close(self) -> None:
        """Close the base; the next run opens it again."""
        self._opened.close()

    def to_dict(self) -> dict[str, Any]:
        """The component as Haystack writes it into a pipeline's YAML: the folder's name stands for the base."""
        data: dict[str, Any] = default_to_dict(
            self, base=self.base, top_k=self.top_k, filters=self.filters, encoder=self.encoder, layers=self.layers
        )
        return data

    @classmethod
    def from_dict(cls, data: dict[str, Any]) -> TadaragRetriever:
        """The inverse of `to_dict`."""
        made: TadaragRetriever = default_from_dict(cls, data)
        return made

    @component.output_types(documents=list[Document])
    def run(self, query: str, top_k: int | None = None, filters: dict[str, Any] | None = None) -> dict[str, list[Document]]:
        """Search. Raises UsageError for filters that a search cannot keep."""
        limit = self.top_k if top_k is None else top_k
        _check_top_k(limit)
        chosen = _filters(self.filters if filters is None else filters)
        hits = self._opened.base().search(query, limit=limit, filters=chosen, layers=chosen_layers(self.layers))
        return {"documents": [_document(hit) for hit in hits]}

    @component.output_types(documents=list[Document])
    async def run_async(self, query: str, top_k: int | None = None, filters: dict[str, Any] | None = None) -> dict[str, list[Document]]:
        """`run` in a thread."""
        return await asyncio.to_thread(self.run, query, top_k, filters)


@component
class TadaragWriter:
    """Takes Haystack documents into a base; `ingest_host_documents` says how they are named and joined.

    base: the folder, in which a base is made where there is none. encoder: the entry point of its encoder. root: under which names stand.
    Give it what converters make, not what splitters make: documents are cut here, with their headings.
    """

    def __init__(self, base: str, encoder: str = "shipped", root: str = "haystack") -> None:
        self.base = str(base)
        self.encoder = encoder
        self.root = root
        self._opened = _OpenedBase(self.base, encoder, read_only=False)

    def warm_up(self) -> None:
        """Open the base, or make it."""
        self._opened.base()

    def close(self) -> None:
        """Close the base; the next run opens it again."""
        self._opened.close()

    def to_dict(self) -> dict[str, Any]:
        """The component as Haystack writes it into a pipeline's YAML."""
        data: dict[str, Any] = default_to_dict(self, base=self.base, encoder=self.encoder, root=self.root)
        return data

    @classmethod
    def from_dict(cls, data: dict[str, Any]) -> TadaragWriter:
        """The inverse of `to_dict`."""
        made: TadaragWriter = default_from_dict(cls, data)
        return made

    @component.output_types(documents_written=int, unchanged=int, failed=list[str])
    def run(self, documents: list[Document]) -> dict[str, Any]:
        """Take the documents in: how many were new or changed, how many were there already, and a line for each that could not be read.

        Documents without text (pictures) are among the failed. Raises BaseBusy while another process writes.
        """
        texts = [HostDocument(text=one.content, metadata=one.meta, id=one.id) for one in documents if one.content is not None]
        report = ingest_host_documents(self._opened.base(), texts, root=self.root)
        failed = [f"{one.id} has no text" for one in documents if one.content is None]
        failed += [f"{source}: {reason} ({do})" for source, reason, do in report.quarantined]
        return {"documents_written": len(report.added) + len(report.replaced), "unchanged": report.unchanged, "failed": failed}


class _OpenedBase:
    """A base that is opened when it is first needed, once however many threads ask; copies of a component open their own."""

    def __init__(self, folder: str, encoder: str, *, read_only: bool) -> None:
        self._folder, self._encoder, self._read_only = folder, encoder, read_only
        self._base: KnowledgeBase | None = None
        self._opening = Lock()

    def base(self) -> KnowledgeBase:
        with self._opening:
            if self._base is None:
                encoder = load_plugin("tadarag.encoders", self._encoder)()
                self._base = KnowledgeBase.open(self._folder, encoder=encoder, read_only=self._read_only)
            return self._base

    def close(self) -> None:
        with self._opening:
            if self._base is not None:
                self._base.close()
                self._base = None

    def __deepcopy__(self, memo: dict[int, Any]) -> _OpenedBase:
        return _OpenedBase(self._folder, self._encoder, read_only=self._read_only)

    def __reduce__(self) -> tuple[Any, ...]:
        return _reopened, (self._folder, self._encoder, self._read_only)


def _reopened(folder: str, encoder: str, read_only: bool) -> _OpenedBase:
    return _OpenedBase(folder, encoder, read_only=read_only)


def _document(hit: Hit) -> Document:
    return Document(
        id=passage_id(hit.passage.source, hit.passage.chunk), content=hit.passage.text, meta=passage_metadata(hit), score=hit.score
    )


def _check_top_k(top_k: int) -> None:
    if top_k < 1:
        raise UsageError(f"top_k is {top_k}", "ask for at least one passage")


def _filters(stated: dict[str, Any] | None) -> Filters:
    return filters_of(_conditions(stated)) if stated else Filters()


def _conditions(stated: dict[str, Any]) -> list[Condition]:
    if "conditions" in stated:
        if stated.get("operator") != "AND":
            raise refused(f"conditions under {stated.get('operator')}")
        return [condition for inner in stated["conditions"] for condition in _conditions(inner)]
    if not {"field", "operator", "value"} <= stated.keys():
        raise refused(f"{stated!r}, which is no condition")
    return [Condition(stated["field"], stated["operator"], stated["value"])]
