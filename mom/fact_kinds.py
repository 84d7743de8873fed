"""The kinds of facts, and what a reading of a text for them yields."""

from __future__ import annotations

from typing import Literal

Kind = Literal["name", "title", "number", "date", "negation"]
Reading = tuple[int, int, Kind]
"""Start, end and kind of what may be a fact; the first of two readings that overlap stands."""
