"""Between a LlamaIndex retriever and its synthesizer: what no longer stands in the base is dropped, the rest is read in its context."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

from tadarag.integrations.extras import needs_extra
from tadarag.integrations.llama_index.nodes import node_of
from tadarag.integrations.passage_metadata import place_of
from tadarag.integrations.stored_passages import StoredPassages, passage_of, place_in
from tadarag.knowledge_base import KnowledgeBase
from tadarag.values import Record, Span

with needs_extra("llama-index"):
    from llama_index.core.bridge.pydantic import Field
    from llama_index.core.postprocessor.types import BaseNodePostprocessor
    from llama_index.core.schema import MetadataMode, NodeWithScore, QueryBundle


class TadaragPostprocessor(BaseNodePostprocessor):
    """Keeps nodes whose text stands in the base today, and widens them to what surrounds them under the same headings.

    Nodes may come from any retriever as long as they carry the metadata of `TadaragRetriever` (a vector store that was filled from it, a
    cache). One whose document was edited elsewhere gets its new place. neighbours: passages before and after that are added; nodes
    that then overlap become one, at the place and with the score of the best. keep_foreign: nodes that are not from a base pass unchanged.
    """

    knowledge_base: KnowledgeBase = Field(exclude=True)
    neighbours: int = Field(default=0, ge=0)
    keep_foreign: bool = True

    @classmethod
    def class_name(cls) -> str:
        """The name under which LlamaIndex traces it."""
        return "TadaragPostprocessor"

    def _postprocess_nodes(self, nodes: list[NodeWithScore], query_bundle: QueryBundle | None = None) -> list[NodeWithScore]:
        stored = StoredPassages(self.knowledge_base)
        kept: list[_Stretch | NodeWithScore] = []
        for scored in nodes:
            if place_in(scored.node.metadata) is None:
                kept += [scored] if self.keep_foreign else []
                continue
            found = _stretch(scored, stored, self.neighbours)
            if found is not None:
                kept = _added(kept, found)
        return [one.as_node() if isinstance(one, _Stretch) else one for one in kept]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Stretch:
    """Neighbouring chunks of a record, first to last, around the passage that was found."""

    record: Record
    first: int
    last: int
    score: float | None
    metadata: dict[str, Any]

    def touches(self, other: _Stretch) -> bool:
        return self.record.source == other.record.source and self.first <= other.last and other.first <= self.last

    def as_node(self) -> NodeWithScore:
        span = Span(self.record.chunks[self.first].span.start, self.record.chunks[self.last].span.end)
        metadata = {**self.metadata, "start": span.start, "end": span.end}
        return NodeWithScore(node=node_of(span.of(self.record.document.text), metadata), score=self.score)


def _stretch(scored: NodeWithScore, stored: StoredPassages, neighbours: int) -> _Stretch | None:
    named = place_in(scored.node.metadata)
    place = None if named is None else stored.place(*named)
    if place is None:
        return None
    record, index = place
    passage = passage_of(record, record.chunks[index])
    if scored.node.get_content(MetadataMode.NONE) != passage.text:  # someone wrote another text under our metadata
        return None
    first = last = index
    path = record.chunks[index].heading_path
    while first > max(0, index - neighbours) and record.chunks[first - 1].heading_path == path:
        first -= 1
    while last < min(len(record.chunks) - 1, index + neighbours) and record.chunks[last + 1].heading_path == path:
        last += 1
    return _Stretch(record=record, first=first, last=last, score=scored.score, metadata={**scored.node.metadata, **place_of(passage)})


def _added(kept: list[_Stretch | NodeWithScore], new: _Stretch) -> list[_Stretch | NodeWithScore]:
    """The list with a stretch more, fused into the first that it overlaps together with all others that this then overlaps."""
    fused, place = new, len(kept)
    others: list[_Stretch | NodeWithScore] = []
    for one in kept:
        if isinstance(one, _Stretch) and one.touches(fused):
            best = max(one, fused, key=lambda stretch: stretch.score or 0.0)
            fused = replace(best, first=min(one.first, fused.first), last=max(one.last, fused.last))
            place = min(place, len(others))
        else:
            others.append(one)
    return [*others[:place], fused, *others[place:]]
