"""Keeping names apart: a person's decision that two names, or two bearers of one name, are not one thing."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import streamlit as st

from .desk import Desk
from .failures import told_calmly
from .parts import section
from .safe_text import as_html, one_line, shortened
from .words import say

Parting = tuple[str, str, str]
"""A name, and either another name or a source: what `KnowledgeBase.unmerge` is given."""


def parting_panel(desk: Desk, found: Mapping[str, Any], parted: Sequence[tuple[str, str]]) -> None:
    """What can be kept apart of a thing, and what is. found: as `tadarag.graph_json` writes it. parted: as the view has them in words."""
    section(say("unmerge"), say("unmerge_lead"))
    names = [str(name["name"]) for name in found["names"]]
    name = str(found["names"][0]["name"]) if names else str(found["name"])
    chosen: list[tuple[str, Parting]] = []
    if len(names) > 1:
        pair = st.selectbox(say("unmerge_name"), names, index=None, format_func=lambda one: shortened(one, 60), key="part-name")
        against = next((one for one in names if one != pair), "")
        chosen += [(pair, (against, pair, ""))] if pair else []
    if len(found["sources"]) > 1:
        source = st.selectbox(say("unmerge_source"), list(found["sources"]), index=None, key="part-source")
        chosen += [(source, (name, "", source))] if source else []
    if len(names) < 2 and len(found["sources"]) < 2:
        st.html(f'<p class="quiet">{as_html(say("unmerge_none"))}</p>')
    elif st.button(say("unmerge"), disabled=not chosen, icon=":material/call_split:", key="part"):
        st.dialog(say("unmerge"))(_confirm)(desk, chosen[0][1])
    _decided(desk, parted)


def _confirm(desk: Desk, parting: Parting) -> None:
    name, other, source = parting
    st.html(f"<p>{as_html(say('unmerge_sure', one=one_line(name), other=one_line(other or source)))}</p>")
    with st.container(horizontal=True):
        if st.button(say("unmerge"), type="primary", key="part-yes"):
            with told_calmly():
                desk.base.unmerge(name, other, source=source)
                st.session_state.setdefault("parted", []).append(parting)
                st.rerun()
        if st.button(say("cancel"), key="part-no"):
            st.rerun()


def _decided(desk: Desk, parted: Sequence[tuple[str, str]]) -> None:
    """The decisions that bear on what is shown, and those of this session; each can be undone."""
    mine: list[Parting] = st.session_state.setdefault("parted", [])
    partings = list(dict.fromkeys([*mine, *(one for one in map(parting_of, parted) if not _is_among(one, mine))]))
    if not partings:
        return
    section(say("parted"))
    for number, (name, other, source) in enumerate(partings):
        with st.container(horizontal=True, vertical_alignment="center", key=f"parted-{number}"):
            st.html(f"<p><bdi>{as_html(one_line(name))}</bdi> ≠ <bdi>{as_html(one_line(other or source))}</bdi></p>", width="content")
            if st.button(say("undo"), key=f"undo-{number}", icon=":material/undo:", type="tertiary"):
                with told_calmly():
                    desk.base.unmerge(name, other, source=source, undo=True)
                    st.session_state["parted"] = [one for one in mine if one != (name, other, source)]
                    st.rerun()


def parting_of(pair: tuple[str, str]) -> Parting:
    """A decision in words, "A" and "B" or "A" and "A in SOURCE", as `KnowledgeBase.unmerge` is given it."""
    for name, other in (pair, pair[::-1]):
        if other.startswith(f"{name} in "):
            return name, "", other.removeprefix(f"{name} in ")
    return *pair, ""


def _is_among(parting: Parting, others: Sequence[Parting]) -> bool:
    return any(
        parting[2] == other[2] and {parting[0].casefold(), parting[1].casefold()} == {other[0].casefold(), other[1].casefold()}
        for other in others
    )
