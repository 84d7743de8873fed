"""The seam between evidence and a drafted answer."""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol

from tadarag.values import Draft, Evidence, Route


class Answerer(Protocol):
    """Question and evidence in; a draft out whose citations still have to be checked. Never mutates its input."""

    def draft(self, question: str, route: Route, evidence: Evidence, *, on_text: Callable[[str], None] | None = None) -> Draft:
        """Draft an answer. on_text: called with each piece of text as it comes, before any of it is checked."""
        ...
