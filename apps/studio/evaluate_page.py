"""Evaluate: how good the answers are, on a suite of questions: run one in the background, and read finished runs."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import streamlit as st

from tadarag import Evaluations

from .desk import Desk
from .evaluating import EvaluationRoom
from .failures import show_failure, told_calmly
from .parts import empty_state, page_head, section
from .safe_text import as_html, as_label
from .words import current_language, say

_LIMITS = (10, 50, 0)
_REFRESH_SECONDS = 2.0


def evaluate_page(desk: Desk, pages: Mapping[str, object]) -> None:
    """The page."""
    page_head(say("evaluate"), say("evaluate_lead"))
    with told_calmly():
        room = evaluation_room(str(desk.base.path.parent))
        _form(room)
        st.fragment(_running, run_every=_REFRESH_SECONDS if room.running() else None)(room)
        if room.error is not None:
            show_failure(room.error)
        _finished(room)


@st.cache_resource(show_spinner=False)
def evaluation_room(folder: str) -> EvaluationRoom:
    """The room of a folder, the same for all sessions and reruns."""
    return EvaluationRoom(Evaluations(Path(folder)))


def _form(room: EvaluationRoom) -> None:
    with st.form("evaluate"):
        left, right = st.columns([3, 1])
        suite = left.selectbox(say("suite"), room.evaluations.suites(), key="evaluate-suite", help=say("suite_help"))
        limit = right.selectbox(say("how_many"), _LIMITS, format_func=_limit_words, key="evaluate-limit")
        is_busy = room.running() is not None
        pressed = st.form_submit_button(say("run_suite"), type="primary", icon=":material/play_arrow:", disabled=is_busy)
    if pressed and suite and room.start(suite, limit=limit or None):
        st.rerun()


def _limit_words(limit: int) -> str:
    return say("first_n", n=limit) if limit else say("all_questions")


def _running(room: EvaluationRoom) -> None:
    """How far the suite at hand is; the whole page is drawn again when it has ended."""
    running = room.running()
    was_running = st.session_state.get("evaluate-was-running", False)
    st.session_state["evaluate-was-running"] = running is not None
    if running is not None:
        told = say("suite_running", suite=running.suite, stage=running.stage or say("suite_starting"))
        st.progress(running.fraction, text=as_label(told))
        st.html(f'<p class="quiet">{as_html(say("ask_meanwhile"))}</p>')
    elif was_running:
        st.rerun()


def _finished(room: EvaluationRoom) -> None:
    runs = room.evaluations.runs()
    if not runs:
        empty_state(say("no_runs"), say("no_runs_next"))
        return
    section(say("finished_runs"))
    latest = runs.index(room.finished) if room.finished in runs else 0
    chosen = st.selectbox(say("finished_run"), runs, index=latest, key=f"evaluate-run-{room.finished}")
    report = room.evaluations.report(chosen)
    for reason in report["invalid"]:
        st.html(f'<p class="note" role="status">{as_html(say("run_invalid", why=reason))}</p>')
    page = room.evaluations.page(chosen, language=current_language())
    st.iframe(page, height=900, alt=say("report_of", name=chosen))
    st.download_button(
        say("save_report"), page, file_name=f"{chosen}.html", mime="text/html", icon=":material/download:", key="save-report"
    )
