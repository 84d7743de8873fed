"""The source of a citation: the passage, marked inside its document, with the headings that lead to it."""

from __future__ import annotations

import streamlit as st

from tadarag import Citation, KnowledgeBase, UsageError

from .components import source_text
from .safe_text import as_html, one_line, readable
from .words import say

_AROUND = 20_000
"""Characters of the document before and after the passage: a browser should not be given a book."""


def open_source(base: KnowledgeBase, citation: Citation) -> None:
    """Open the source of a citation over the page."""
    st.dialog(say("source_title"), width="large")(show_source)(base, citation)


def show_source(base: KnowledgeBase, citation: Citation) -> None:
    """The document with the passage marked; for a document that has changed since, that, and what the passage said."""
    try:
        found = base.passage(citation.source, citation.span, content=citation.content)
    except UsageError:
        st.html(
            f'{_place(citation)}<p class="note" role="status">{as_html(say("source_gone"))} {as_html(say("source_gone_quote"))}</p>'
            f'<blockquote class="cited" dir="auto">{as_html(citation.quote)}</blockquote>'
        )
        return
    st.html(_place(citation, found.outline))
    before, after = around(found.text, found.span.start, found.span.end)
    source_text(
        before=readable(before),
        quote=readable(found.quote),
        after=readable(after),
        language=found.language,
        label=say("source_title"),
        key=f"source-{found.content[:12]}-{found.span.start}-{found.span.end}",
    )


def around(text: str, start: int, end: int) -> tuple[str, str]:
    """What stands before and after a passage, cut far away from it, with a word where it is cut."""
    before, after = text[max(0, start - _AROUND) : start], text[end : end + _AROUND]
    return (
        f"{say('cut')}\n\n{before}" if start > _AROUND else before,
        f"{after}\n\n{say('cut')}" if end + _AROUND < len(text) else after,
    )


def _place(citation: Citation, outline: str = "") -> str:
    """Where a passage stands: its document, the headings that lead to it and its own line of the outline, its page and date."""
    titles = dict.fromkeys(one_line(title) for title in (*citation.heading_path, outline) if title.strip())
    steps = "".join(f'<li dir="auto">{as_html(title)}</li>' for title in titles)
    page = say("page", n=citation.page) if citation.page is not None else ""
    told = " · ".join(part for part in (page, citation.date) if part)
    return (
        f'<div class="place"><p class="name"><bdi>{as_html(str(citation.source))}</bdi></p>'
        f'<ol class="breadcrumb">{steps}</ol><p class="quiet">{as_html(told)}</p></div>'
    )
