"""The small pieces that every page is made of: its head, an empty state, a row of chips, pages of a long list."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypeVar

import streamlit as st

from .safe_text import as_html
from .words import say

T = TypeVar("T")


def page_head(title: str, lead: str) -> None:
    """The title of a page with one line under it."""
    st.html(f'<header class="page-head"><h1>{as_html(title)}</h1><p>{as_html(lead)}</p></header>')


def section(title: str, lead: str = "") -> None:
    """The heading of a part of a page."""
    told = f"<p>{as_html(lead)}</p>" if lead else ""
    st.html(f'<div class="section"><h2>{as_html(title)}</h2>{told}</div>')


def empty_state(title: str, next_step: str) -> None:
    """What a page says where there is nothing to show: that, and the next step."""
    st.html(f'<div class="empty"><h2>{as_html(title)}</h2><p>{as_html(next_step)}</p></div>')


def to_documents(pages: dict[str, object]) -> None:
    """The button of an empty state that leads to the documents."""
    if st.button(say("go_documents"), type="primary", icon=":material/upload_file:", key="to-documents"):
        st.switch_page(pages["documents"])  # type: ignore[arg-type]


def chip(text: str, kind: str = "") -> str:
    """A short label as HTML. kind: a class that colours it."""
    return f'<span class="chip {kind}">{as_html(text)}</span>'


def paged(entries: Sequence[T], *, size: int, key: str) -> Sequence[T]:
    """The page of a list that a person has turned to; buttons to turn pages are shown by `page_turner` of the same key."""
    pages = max(1, -(-len(entries) // size))
    page = min(int(st.session_state.get(f"{key}-page", 0)), pages - 1)
    st.session_state[f"{key}-page"] = page
    return entries[page * size : (page + 1) * size]


def page_turner(n_entries: int, *, size: int, key: str) -> None:
    """Buttons to turn the pages of a list; nothing for one page."""
    pages = max(1, -(-n_entries // size))
    if pages == 1:
        return
    page = int(st.session_state.get(f"{key}-page", 0))
    with st.container(horizontal=True, vertical_alignment="center", key=f"{key}-turner"):
        back = st.button(say("previous"), disabled=page == 0, key=f"{key}-back", icon=":material/chevron_left:")
        st.html(f'<span class="quiet">{as_html(say("page_of", page=page + 1, pages=pages))}</span>', width="content")
        on = st.button(say("next"), disabled=page == pages - 1, key=f"{key}-on", icon=":material/chevron_right:")
    if back or on:
        st.session_state[f"{key}-page"] = page + (1 if on else -1)
        st.rerun()
