"""The frame of the studio: style, navigation, language, and the door at which nothing raw gets out."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from pathlib import Path

import streamlit as st

from tadarag import KnowledgeBase

from .ask_page import ask_page
from .compare_page import compare_page
from .desk import Desk, open_desk
from .documents_page import documents_page, progress_words
from .evaluate_page import evaluate_page
from .failures import told_calmly
from .graph_page import graph_page
from .memories_page import memories_page
from .safe_text import as_html, as_label
from .words import LANGUAGES, current_language, say

_FOLDER = Path(__file__).parent
_PAGES = (
    ("documents", documents_page, ":material/description:"),
    ("ask", ask_page, ":material/chat:"),
    ("memories", memories_page, ":material/menu_book:"),
    ("graph", graph_page, ":material/hub:"),
    ("compare", compare_page, ":material/compare_arrows:"),
    ("evaluate", evaluate_page, ":material/monitoring:"),
)


def show(
    open_base: Callable[[], KnowledgeBase], *, place: str, pipeline: str = "default", pipelines: tuple[str, ...] = ("default",)
) -> None:
    """Draw the studio once; streamlit calls this again at every click.

    open_base: opens the base, called once for a place. pipeline: the recipe that answers unless a person chooses another of `pipelines`.
    """
    st.set_page_config(page_title="tadarag studio", page_icon=(_FOLDER / "icon.svg").read_text(encoding="utf-8"), layout="wide")
    st.html(_FOLDER / "style.css")
    if st.context.theme.type == "dark":  # what lies over the page, such as a dialog, is outside the part that streamlit marks so itself
        st.html("<style>:root { color-scheme: dark; }</style>")
    logo = (_FOLDER / "logo.svg").read_text(encoding="utf-8")
    st.logo(logo, size="large", icon_image=logo)
    language = current_language()
    if language != "en":
        st.html(f"<style>{(_FOLDER / f'style-{language}.css').read_text(encoding='utf-8')}</style>")
    with told_calmly():
        desk = open_desk(place, pipeline, tuple(dict.fromkeys((pipeline, *pipelines))), open_base)
        pages: dict[str, object] = {}
        for name, page, icon in _PAGES:
            pages[name] = st.Page(partial(page, desk, pages), title=say(name), icon=icon, url_path=name, default=name == "documents")
        chosen = st.navigation(list(pages.values()))  # type: ignore[arg-type]
        with st.sidebar:
            _sidebar(desk, language)
        chosen.run()


def _sidebar(desk: Desk, language: str) -> None:
    """Whose documents these are, whether some are being read, and the language."""
    status = desk.base.status()
    st.html(
        f'<div class="base"><p class="name"><bdi>{as_html(desk.base.path.resolve().parent.name)}</bdi></p>'
        f'<p class="quiet">{as_html(say("n_documents", n=status.n_documents))} · {as_html(say("n_passages", n=status.n_passages))}</p></div>'
    )
    is_reading = desk.room.progress() is not None
    st.fragment(_sidebar_progress, run_every=2.0 if is_reading else None)(desk)
    st.segmented_control(
        say("language"),
        list(LANGUAGES),
        format_func=LANGUAGES.__getitem__,
        key="language-choice",
        default=language,
        on_change=_choose_language,
    )


def _sidebar_progress(desk: Desk) -> None:
    progress = desk.room.progress()
    if progress is not None:
        st.progress(progress.fraction, text=as_label(progress_words(progress)))


def _choose_language() -> None:
    st.session_state["language"] = st.session_state["language-choice"] or st.session_state["language"]
