"""Three pieces that streamlit has not: an answer with citations to press, a source scrolled to its passage, a drawing to walk along.

Their scripts put text into the page as text, never as markup; what they are given is data.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

import streamlit as st

_FOLDER = Path(__file__).parent


def _component(name: str) -> Callable[..., Any]:
    script = (_FOLDER / f"{name}.js").read_text(encoding="utf-8")
    return st.components.v2.component(f"tadarag-studio-{name}", js=script, html=f'<div class="{name}-view"></div>', isolate_styles=False)


_ANSWER = _component("answer")
_SOURCE = _component("source")
_NEIGHBOURS = _component("neighbours")


def answer_text(pieces: Sequence[Mapping[str, object]], *, language: str, key: str) -> int | None:
    """Show an answer; returns the number of the citation that was just pressed.

    pieces: {"text": …} or {"citation": number, "label": what the button is called}, in order.
    """
    pressed = _ANSWER(data={"pieces": list(pieces), "language": language}, key=key, on_cited_change=_nothing).cited
    return None if pressed is None else int(pressed)


def source_text(*, before: str, quote: str, after: str, language: str, label: str, key: str) -> None:
    """Show a document around a passage, scrolled to the passage. label: what the frame is called."""
    _SOURCE(data={"before": before, "quote": quote, "after": after, "language": language, "label": label}, key=key)


def neighbourhood(
    nodes: Sequence[Mapping[str, object]], edges: Sequence[Mapping[str, object]], *, height: int, label: str, key: str
) -> int | None:
    """Draw things and what joins them; returns the id of the thing that was just pressed.

    nodes: id, name, kind, x, y, label, is_centre. edges: from and to (indexes of nodes), text. Places in a field 1000 wide.
    """
    data = {"nodes": list(nodes), "edges": list(edges), "height": height, "label": label}
    pressed = _NEIGHBOURS(data=data, key=key, on_chosen_change=_nothing).chosen
    return None if pressed is None else int(pressed)


def _nothing() -> None:
    """A trigger is read from the result; streamlit wants a listener all the same."""
