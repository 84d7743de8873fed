"""Compare: one question answered in two ways, with sources, time and tokens side by side."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial

import streamlit as st

from tadarag import Answer, Citation

from .answer_view import cost_words, show_answer, time_words, token_words
from .desk import Desk
from .failures import show_failure, told_calmly
from .parts import empty_state, page_head, section, to_documents
from .safe_text import as_html
from .source_view import open_source
from .words import named, say


@dataclass(frozen=True, slots=True, kw_only=True)
class Tried:
    """One way of answering: the recipe, and the answer or what went wrong."""

    pipeline: str
    answer: Answer | None = None
    error: Exception | None = None


def compare_page(desk: Desk, pages: Mapping[str, object]) -> None:
    """The page."""
    page_head(say("compare"), say("compare_lead"))
    with told_calmly():
        if not desk.base.status().n_passages:
            empty_state(say("compare_empty"), say("ask_empty_next"))
            to_documents(dict(pages))
            return
        _form(desk)
    tried: tuple[Tried, ...] = st.session_state.get("tried", ())
    if tried:
        with told_calmly():
            _side_by_side(desk, tried)


def _form(desk: Desk) -> None:
    with st.form("compare"):
        question = st.text_input(say("question"), placeholder=say("ask_box"), key="compare-question")
        left, right = st.columns(2)
        options, shown = desk.pipelines, partial(named, "pipeline")
        second = next((index for index, name in enumerate(options) if name != options[0]), 0)
        one = left.selectbox(say("one_way"), options, index=0, format_func=shown, key="one-way")
        other = right.selectbox(say("other_way"), options, index=second, format_func=shown, key="other-way")
        pressed = st.form_submit_button(say("compare_button"), type="primary", icon=":material/compare_arrows:")
    if not pressed or not question.strip():
        return
    if one == other:
        st.html(f'<p class="note" role="status">{as_html(say("same_ways"))}</p>')
        return
    with st.spinner(say("checking_hint")):
        st.session_state["tried"] = tuple(attempt(desk, question.strip(), pipeline) for pipeline in (one, other))


def attempt(desk: Desk, question: str, pipeline: str) -> Tried:
    """Ask in one way; what goes wrong there does not keep the other way from answering."""
    try:
        return Tried(pipeline=pipeline, answer=desk.base.ask(question, pipeline=pipeline))
    except Exception as error:  # noqa: BLE001 (the studio's door: shown beside the other way)
        return Tried(pipeline=pipeline, error=error)


def _side_by_side(desk: Desk, tried: tuple[Tried, ...]) -> None:
    pressed: Citation | None = None
    for number, (one, column) in enumerate(zip(tried, st.columns(2, gap="large"), strict=True)):
        with column:
            section(named("pipeline", one.pipeline))
            if one.error is not None:
                show_failure(one.error)
            if one.answer is not None:
                st.html(measures_html(one.answer))
                pressed = show_answer(one.answer, key=f"compare-{number}") or pressed
    if pressed is not None:
        open_source(desk.base, pressed)


def measures_html(answer: Answer) -> str:
    """What an answer took and how sure it is, as HTML."""
    rows = [
        (say("time"), time_words(answer)),
        (say("tokens"), token_words(answer)),
        (say("cost"), cost_words(answer)),
        (say("confidence"), f"{answer.confidence:.2f}"),
        (say("citations"), str(len(answer.citations))),
    ]
    listed = "".join(f"<dt>{as_html(name)}</dt><dd>{as_html(value)}</dd>" for name, value in rows if value)
    return f'<dl class="how measures">{listed}</dl>'
