"""Memories: for each passage of a document its outline, its core and its text, side by side."""

from __future__ import annotations

from collections.abc import Mapping

import streamlit as st

from tadarag import Chunk, DocumentInfo, Record, SourceName

from .desk import Desk
from .failures import told_calmly
from .parts import chip, empty_state, page_head, page_turner, paged, to_documents
from .safe_text import as_html, one_line, shortened
from .words import named, say

_ROWS = 12
_LONGEST_LEFT_OUT = 240


def memories_page(desk: Desk, pages: Mapping[str, object]) -> None:
    """The page."""
    page_head(say("memories"), say("memories_lead"))
    with told_calmly():
        documents = [info for info in desk.base.list() if info.n_passages]
        if not documents:
            empty_state(say("memories_empty"), say("memories_empty_next"))
            to_documents(dict(pages))
            return
        _memories(desk.base.record(_chosen(documents)))


def _chosen(documents: list[DocumentInfo]) -> SourceName:
    names = {info.source: _named(info) for info in documents}
    chosen: SourceName = st.selectbox(say("choose_document"), list(names), format_func=names.__getitem__, key="memory-document")
    return chosen


def _named(info: DocumentInfo) -> str:
    name = shortened(str(info.source), 60)
    title = shortened(info.title, 60)
    return f"{title} ({name})" if title and title != name else name


def _memories(record: Record) -> None:
    st.html(_summary(record))
    words = st.text_input(say("find_memory"), key="find-memory").casefold().strip()
    text = record.document.text
    found = [
        chunk for chunk in record.chunks if words in f"{' '.join(chunk.heading_path)}\n{chunk.outline}\n{chunk.span.of(text)}".casefold()
    ]
    if not found:
        empty_state(say("nothing_matches"), "")
        return
    shown = "".join(memory_html(chunk, text) for chunk in paged(found, size=_ROWS, key="memories"))
    heads = "".join(f"<span>{as_html(say(name))}</span>" for name in ("outline", "core", "text"))
    st.html(f'<div class="memories"><div class="memory heads" aria-hidden="true">{heads}</div>{shown}</div>')
    page_turner(len(found), size=_ROWS, key="memories")


def _summary(record: Record) -> str:
    memory = record.memory
    facts = [say("n_memories", n=len(record.chunks))]
    if memory.scenario:
        facts.append(f"{say('scenario')}: {named('scenario', memory.scenario)}")
    if record.document.date:
        facts.append(record.document.date)
    scores = " ".join(chip(f"{named('score', name)} {score:.2f}") for name, score in memory.scores)
    return f'<p class="quiet">{as_html(" · ".join(facts))}</p><p>{scores}</p>'


def memory_html(chunk: Chunk, text: str) -> str:
    """One memory as HTML: where it stands, its core statement, and its text with the core marked."""
    return (
        f'<section class="memory">{_outline(chunk)}'
        f'<div class="core" dir="auto"><b class="label">{as_html(say("core"))}</b>{_core(chunk, text)}</div>'
        f'<div class="text" dir="auto"><b class="label">{as_html(say("text"))}</b><p>{_marked(chunk, text)}</p></div></section>'
    )


def _outline(chunk: Chunk) -> str:
    *path, last = [one_line(title) for title in (*chunk.heading_path, chunk.outline) if title.strip()] or ["—"]
    steps = list(dict.fromkeys(title for title in path if title != last))
    trail = "".join(f'<li dir="auto">{as_html(title)}</li>' for title in steps)
    return f'<div class="outline"><ol class="breadcrumb">{trail}</ol><h3 dir="auto">{as_html(last)}</h3></div>'


def _core(chunk: Chunk, text: str) -> str:
    if chunk.statement:
        shown = f"<p>{as_html(one_line(chunk.statement))}</p>"
    elif chunk.core:
        shown = "".join(f"<p>{as_html(one_line(span.of(text)))}</p>" for span in chunk.core)
    else:
        shown = f'<p class="quiet">{as_html(say("no_core"))}</p>'
    if chunk.left_out:
        listed = shortened(" · ".join(chunk.left_out), _LONGEST_LEFT_OUT)
        shown += f'<p class="quiet">{as_html(say("left_out"))}: {as_html(listed)}</p>'
    return shown


def _marked(chunk: Chunk, text: str) -> str:
    """The text of a memory with its core sentences marked."""
    shown, end = [], chunk.span.start
    for span in sorted(chunk.core, key=lambda span: span.start):
        shown.append(f"{as_html(text[end : span.start])}<mark>{as_html(span.of(text))}</mark>")
        end = span.end
    return "".join([*shown, as_html(text[end : chunk.span.end])]).strip()
