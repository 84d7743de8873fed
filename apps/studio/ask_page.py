"""Ask: a conversation with the documents, each answer with its sources, its reasons, its graph, and a place for feedback."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial
from typing import Literal

import streamlit as st

from tadarag import Answer, DocumentInfo

from .answer_view import draft_html, how_html, show_answer
from .desk import Desk
from .failures import show_failure, told_calmly
from .parts import empty_state, page_head, section, to_documents
from .safe_text import as_html, as_label, one_line
from .source_view import open_source
from .streaming import Ask, Asking
from .words import current_language, in_language, named, say

LAYERS: dict[str, tuple[str, ...]] = {
    "words": ("lexical",),
    "meaning": ("dense",),
    "outline": ("outline",),
    "core": ("core",),
    "title": ("title",),
    "links": ("hop", "second-hop", "path", "residual"),
}
"""What can be switched, and the library's layers that it stands for."""
_MOST_SUGGESTIONS = 3
_LONGEST_TITLE = 60


@dataclass(slots=True)
class Turn:
    """A question of the conversation, and what came of it.

    asking: while it is being answered. told: the feedback that was given, 1, -1 or 0; has_comment: with words.
    """

    question: str
    asking: Asking | None = None
    answer: Answer | None = None
    error: Exception | None = None
    told: int = 0
    has_comment: bool = False


def ask_page(desk: Desk, pages: Mapping[str, object]) -> None:
    """The page."""
    page_head(say("ask"), say("ask_lead"))
    if not desk.base.status().n_passages:
        empty_state(say("ask_empty"), say("ask_empty_next"))
        to_documents(dict(pages))
        return
    turns: list[Turn] = st.session_state.setdefault("turns", [])
    _options(desk, turns)
    asked = st.chat_input(say("ask_box"), key="question")
    if not turns and not asked:
        asked = _suggestions(desk)
    if asked and asked.strip():
        question = asked.strip()
        turns.append(Turn(question=question, asking=Asking(with_options(desk, question))))
    for number, turn in enumerate(turns):
        with told_calmly():
            _turn(desk, turn, number)


def _options(desk: Desk, turns: list[Turn]) -> None:
    """How answers are made, and a fresh start."""
    with st.container(horizontal=True, key="ask-options"):
        with st.popover(say("options"), icon=":material/tune:"):
            st.selectbox(
                say("pipeline"),
                desk.pipelines,
                index=desk.pipelines.index(desk.pipeline),
                format_func=partial(named, "pipeline"),
                key="pipeline",
            )
            st.pills(
                say("layers"),
                list(LAYERS),
                selection_mode="multi",
                default=list(LAYERS),
                format_func=partial(named, "layer"),
                key="layers",
                help=say("layers_help"),
            )
            st.toggle(say("with_graph"), value=True, key="with-graph")
        if turns and st.button(say("new_chat"), icon=":material/add_comment:", type="tertiary", key="new-chat"):
            turns.clear()
            st.rerun()


def _suggestions(desk: Desk) -> str | None:
    """Questions to begin with; returns the one that was just pressed."""
    offered = suggestions(desk.base.list(), current_language())
    if not offered:
        return None
    section(say("suggestions"))
    for number, question in enumerate(offered):
        if st.button(as_label(question), key=f"suggestion-{number}"):
            return question
    return None


def suggestions(documents: tuple[DocumentInfo, ...], language: str) -> tuple[str, ...]:
    """A question about each of the first documents that have a title, in its language; those in the person's language come first."""
    chosen: dict[str, str] = {}
    for info in sorted(documents, key=lambda info: (info.language != language, info.source)):
        title = one_line(info.title)
        if info.n_passages and title and len(title) <= _LONGEST_TITLE and len(chosen) < _MOST_SUGGESTIONS:
            chosen.setdefault(title, in_language("zh" if info.language == "zh" else "en", "suggest_about", title=title))
    return tuple(chosen.values())


def _wait(turn: Turn, asking: Asking) -> None:
    """Show what comes as it comes, until the turn has its answer or what went wrong."""
    place = st.empty()
    with place.container(), st.spinner(say("checking_hint")):
        text = st.empty()
        try:
            for draft in asking.drafts():
                turn.answer = draft.answer
                if draft.pieces and draft.answer is None:
                    text.html(draft_html(draft))
        except Exception as error:  # noqa: BLE001 (the studio's door: shown in the turn)
            turn.error = error
    turn.asking = None
    st.rerun()


def with_options(desk: Desk, question: str) -> Ask:
    """The question as the options of the session have it; read here, for the thread that asks knows no session."""
    chosen = st.session_state.get("layers", LAYERS)
    layers = [layer for switch in chosen for layer in LAYERS[switch]]
    pipeline = st.session_state.get("pipeline", desk.pipeline)
    with_graph = bool(st.session_state.get("with-graph", True))
    return lambda tell: desk.base.ask(question, pipeline=pipeline, layers=layers, with_graph=with_graph, on_event=tell)


def _turn(desk: Desk, turn: Turn, number: int) -> None:
    _bubble(turn.question)
    if turn.asking is not None:
        _wait(turn, turn.asking)
    if turn.error is not None:
        show_failure(turn.error)
    if turn.answer is None:
        return
    answer = turn.answer
    with st.container(key=f"answer-{number}"):
        citation = show_answer(answer, key=f"turn-{number}")
        _feedback(desk, turn, number)
        with st.expander(say("how"), icon=":material/route:", key=f"how-{number}"):
            st.html(how_html(answer))
        if answer.graph is not None:
            _graph(desk, answer, number)
    if citation is not None:
        open_source(desk.base, citation)


def _feedback(desk: Desk, turn: Turn, number: int) -> None:
    """Thumbs, kept at once; then room for words."""
    assert turn.answer is not None
    with st.container(horizontal=True, vertical_alignment="center", key=f"feedback-{number}"):
        st.html(f'<span class="quiet">{as_html(say("feedback"))}</span>', width="content")
        for reward, name, icon in ((1, "useful", ":material/thumb_up:"), (-1, "not_useful", ":material/thumb_down:")):
            is_given = turn.told == reward
            kind: Literal["primary", "tertiary"] = "primary" if is_given else "tertiary"
            if st.button(say(name), icon=icon, type=kind, key=f"{name}-{number}") and not is_given:
                desk.base.feedback(turn.answer, reward)
                turn.told = reward
                st.rerun()
    if turn.told and not turn.has_comment:
        with st.form(f"comment-{number}", clear_on_submit=True, border=False), st.container(horizontal=True, vertical_alignment="bottom"):
            comment = st.text_input(say("comment"), placeholder=say("comment_hint"), key=f"comment-text-{number}")
            sent = st.form_submit_button(say("send"))
        if sent and comment.strip():
            desk.base.feedback(turn.answer, turn.told, comment=comment.strip())
            turn.has_comment = True
            st.rerun()
    if turn.told:
        st.html(f'<p class="quiet" role="status">{as_html(say("thanks"))}</p>')


def _graph(desk: Desk, answer: Answer, number: int) -> None:
    """The graph of an answer, drawn by the library as a page of its own, in a frame that can do nothing to this one."""
    with st.expander(say("question_graph"), icon=":material/hub:", key=f"graph-{number}", on_change="rerun") as frame:
        if not frame.open:
            return
        if answer.graph is None or not answer.graph.nodes:
            st.html(f'<p class="quiet">{as_html(say("no_graph"))}</p>')
        else:
            st.iframe(desk.base.question_page(answer, is_framed=True), height=700, alt=say("question_graph"))


def _bubble(question: str) -> None:
    st.html(f'<div class="asked"><span class="hidden">{as_html(say("you"))}: </span><p dir="auto">{as_html(question)}</p></div>')
