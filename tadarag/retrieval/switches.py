"""The layers of a score, by the names that hits carry: each can be switched off."""

from __future__ import annotations

from collections.abc import Collection

from tadarag.errors import UsageError
from tadarag.nearest import nearest

LISTS = frozenset({"lexical", "dense"})
"""The two lists of the first stage: words and vectors of passages."""
LINKS = frozenset({"hop", "second-hop", "path", "residual"})
"""What sentences that are believed lead to."""
LAYERS = LISTS | {"outline", "core", "title"} | LINKS
"""All that a score is made of."""


def check_layers(layers: Collection[str], *, system: str = "fused") -> frozenset[str]:
    """The layers that take part.

    Raises UsageError for a name that no layer has, where only links are left, which start from nothing, and for a system other than "fused",
    which is a choice of layers by itself.
    """
    for name in sorted(layers):
        if name not in LAYERS:
            raise UsageError(f"there is no layer {name!r}", nearest(name, sorted(LAYERS)))
    if not set(layers) - LINKS:
        raise UsageError("no layer is left from which a search could start", f"keep one of: {', '.join(sorted(LAYERS - LINKS))}")
    if system != "fused" and set(layers) != LAYERS:
        raise UsageError(f"the system {system!r} has its own layers", "choose a system or layers, not both")
    return frozenset(layers)
