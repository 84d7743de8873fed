"""What all sessions and reruns share: the opened base and its reading room. It is opened once for the life of the studio."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import streamlit as st

from tadarag import KnowledgeBase

from .reading import ReadingRoom


@dataclass(frozen=True, slots=True, kw_only=True)
class Desk:
    """The base, the room that reads into it, the recipe that answers unless a person chooses another, and all that can be chosen."""

    base: KnowledgeBase
    room: ReadingRoom
    pipeline: str
    pipelines: tuple[str, ...]


@st.cache_resource(show_spinner=False)
def open_desk(place: str, pipeline: str, pipelines: tuple[str, ...], _open_base: Callable[[], KnowledgeBase]) -> Desk:
    """The desk of a place, opened when it is first asked for. place: what tells bases apart."""
    base = _open_base()
    return Desk(base=base, room=ReadingRoom(base), pipeline=pipeline, pipelines=pipelines)
