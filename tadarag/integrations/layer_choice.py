"""The layers of a search that a host's retriever is made with."""

from __future__ import annotations

from collections.abc import Collection

from tadarag.errors import UsageError
from tadarag.knowledge_base import KnowledgeBase


def chosen_layers(layers: Collection[str] | None) -> frozenset[str]:
    """Those that are named, all of them for None. Raises UsageError for a name that no layer has, and for none at all."""
    if layers is None:
        return KnowledgeBase.LAYERS
    chosen = frozenset([layers] if isinstance(layers, str) else layers)
    unknown = sorted(chosen - KnowledgeBase.LAYERS)
    if unknown or not chosen:
        what = f"there is no layer {unknown[0]!r}" if unknown else "no layer is left to search by"
        raise UsageError(what, f"choose among: {', '.join(sorted(KnowledgeBase.LAYERS))}")
    return chosen
