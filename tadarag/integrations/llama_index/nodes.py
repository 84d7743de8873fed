"""Passages as LlamaIndex text nodes."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from tadarag.integrations.extras import needs_extra
from tadarag.integrations.passage_metadata import SHOWN, passage_id

with needs_extra("llama-index"):
    from llama_index.core.schema import NodeRelationship, RelatedNodeInfo, TextNode


def node_of(text: str, metadata: Mapping[str, Any]) -> TextNode:
    """A passage with its metadata; models and encoders are shown where it stands as far as that is known, not how it was found.

    Its id stays while the passage does, its SOURCE relationship names the document, start_char_idx and end_char_idx count in that.
    """
    hidden = [key for key, value in metadata.items() if key not in SHOWN or value in (None, "")]
    return TextNode(
        id_=passage_id(metadata["source"], metadata["chunk"]),
        text=text,
        metadata=dict(metadata),
        start_char_idx=metadata["start"],
        end_char_idx=metadata["end"],
        excluded_llm_metadata_keys=hidden,
        excluded_embed_metadata_keys=hidden,
        relationships={NodeRelationship.SOURCE: RelatedNodeInfo(node_id=metadata["source"], hash=metadata["content"])},
    )
