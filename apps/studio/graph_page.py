"""Graph: a name, what it is called, what is stated of it, and the way on to its neighbours."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import streamlit as st

from tadarag import KnowledgeBase
from tadarag.graph_json import entity_json

from .components import neighbourhood
from .desk import Desk
from .failures import told_calmly
from .name_parting import parting_panel
from .neighbours import drawing, ends_of
from .parts import chip, empty_state, page_head, section, to_documents
from .safe_text import as_html, as_label, one_line, shortened
from .words import named, say

_MOST_FREQUENT = 12
_MOST_PASSAGES_LISTED = 5000
"""Above so many passages the names of the whole base are not counted for a first look: it would take longer than a person waits."""
_VALUES = ("time", "number")


@dataclass(frozen=True, slots=True)
class Wanted:
    """A name to look at; source: of which document's bearer, "" where any will do."""

    name: str
    source: str = ""


def graph_page(desk: Desk, pages: Mapping[str, object]) -> None:
    """The page."""
    page_head(say("graph"), say("graph_lead"))
    with told_calmly():
        status = desk.base.status()
        if not status.n_passages:
            empty_state(say("graph_empty"), say("graph_empty_next"))
            to_documents(dict(pages))
            return
        _find()
        trail: list[Wanted] = st.session_state.setdefault("trail", [])
        if trail:
            _look_at(desk, trail)
        elif status.n_passages <= _MOST_PASSAGES_LISTED:
            _frequent(frequent_names(str(desk.base.path), status.sequence, desk.base))


def _find() -> None:
    """The field to find a name; a new name begins a new trail."""

    def begin() -> None:
        name = str(st.session_state["find-name"]).strip()
        st.session_state["trail"] = [Wanted(name)] if name else []

    st.text_input(say("find_name"), placeholder=say("find_name_hint"), key="find-name", on_change=begin)


@st.cache_data(show_spinner=False, max_entries=4)
def frequent_names(place: str, sequence: int, _base: KnowledgeBase) -> tuple[tuple[str, str, str, int], ...]:
    """Name, type, a source and the number of documents of what most documents speak of. sequence: the state of the base that is counted."""
    things = [thing for thing in _base.graph().things if thing.kind not in _VALUES]
    things.sort(key=lambda thing: (-len(thing.sources), thing.kind == "name", thing.number))
    by_name = {thing.name: thing for thing in reversed(things)}
    first = [thing for thing in things if by_name[thing.name] is thing][:_MOST_FREQUENT]
    return tuple((thing.name, thing.kind, str(thing.sources[0]), len(thing.sources)) for thing in first)


def _frequent(names: Sequence[tuple[str, str, str, int]]) -> None:
    if not names:
        empty_state(say("graph_empty"), "")
        return
    section(say("frequent"))
    with st.container(horizontal=True, key="frequent"):
        for number, (name, kind, source, n_sources) in enumerate(names):
            label = " · ".join([as_label(shortened(name, 40)), *([named("kind", kind)] if kind != "name" else []), str(n_sources)])
            if st.button(label, key=f"frequent-{number}"):
                st.session_state["trail"] = [Wanted(name, source)]
                st.rerun()


def _look_at(desk: Desk, trail: list[Wanted]) -> None:
    """The thing at the end of the trail."""
    if len(trail) > 1 and st.button(say("back", name=as_label(shortened(trail[-2].name, 40))), icon=":material/arrow_back:", key="back"):
        trail.pop()
        st.rerun()
    wanted = trail[-1]
    view = desk.base.graph(wanted.name, depth=1)
    things = view.called(wanted.name)
    if not things:
        _near(desk, trail, wanted.name)
        return
    of_source = [thing for thing in things if wanted.source in map(str, thing.sources)]
    if len(of_source or things) > 1:
        numbers = {view.described(thing): thing for thing in of_source or things}
        thing = numbers[st.selectbox(say("which"), list(numbers), key=f"which-{wanted.name}")]
    else:
        thing = (of_source or things)[0]
    kinds = sorted({fact["other"]["type"] for fact in entity_json(view, thing)["facts"]})
    left, right = st.columns(2)
    kind = left.selectbox(
        say("filter_type"), ["", *kinds], format_func=lambda one: named("kind", one) if one else say("all_types"), key="fact-type"
    )
    as_of = right.text_input(say("as_of"), placeholder=say("as_of_hint"), key="as-of").strip()
    found = entity_json(view, thing, as_of=as_of)
    facts = [fact for fact in found["facts"] if not kind or fact["other"]["type"] == kind]
    st.html(_thing_html(found))
    _neighbours(found, facts, trail)
    section(say("facts"))
    st.html(facts_html(facts) if facts else f'<p class="quiet">{as_html(say("no_facts" if kind or as_of else "states_nothing"))}</p>')
    section(say("names"), say("names_lead"))
    st.html(names_html(found))
    parting_panel(desk, found, view.parted())


def _near(desk: Desk, trail: list[Wanted], text: str) -> None:
    """Names that hold what was typed, for a name that no document has as it stands. Raises UsageError, with what is near, where none does."""
    view, things = desk.base.search_names(text, limit=_MOST_FREQUENT)
    if not things:
        view.find(text)
    section(say("names_like"))
    with st.container(horizontal=True, key="near-names"):
        for number, thing in enumerate(things):
            if st.button(as_label(shortened(thing.name, 40)), key=f"near-name-{number}"):
                trail[-1] = Wanted(thing.name, str(thing.sources[0]))
                st.rerun()


def _thing_html(found: Mapping[str, Any]) -> str:
    kinds = chip(named("kind", found["type"]), "ready")
    documents = say("n_documents", n=len(found["sources"]))
    return f'<div class="thing-head"><h2><bdi>{as_html(one_line(found["name"]))}</bdi> {kinds}</h2><p class="quiet">{as_html(documents)}</p></div>'


def _neighbours(found: Mapping[str, Any], facts: Sequence[Mapping[str, Any]], trail: list[Wanted]) -> None:
    """The drawing; what is pressed in it comes to the middle."""
    ends = ends_of(facts, found["named_with"])
    if not ends:
        return
    section(say("neighbours"))
    nodes, edges, height = drawing(found, ends)
    pressed = neighbourhood(nodes, edges, height=height, label=say("neighbours"), key=f"near-{len(trail)}-{found['name']}")
    if pressed is not None and pressed < len(ends):
        trail.append(Wanted(ends[pressed].name, ends[pressed].source))
        st.rerun()


def facts_html(facts: Sequence[Mapping[str, Any]]) -> str:
    """Facts, each with the sentence that states it and the dates by which it holds, as HTML."""
    return f'<ul class="facts">{"".join(map(_fact, facts))}</ul>'


def _fact(fact: Mapping[str, Any]) -> str:
    arrow = "→" if fact["direction"] == "out" else "←"
    says = str(fact["predicate"]).replace("_", " ")
    start, end = fact["valid_from"], fact["valid_to"]
    dates = [start if start == end else say("holds", start=start or "…", end=end or "…")] if start or end else []
    if fact["stated_on"]:
        dates.append(say("stated_on", date=fact["stated_on"]))
    return (
        f'<li><p><span class="says">{as_html(says)} {arrow}</span> <b><bdi>{as_html(one_line(fact["other"]["name"]))}</bdi></b> '
        f'{chip(named("kind", fact["other"]["type"]))} <span class="quiet">{as_html(" · ".join(dates))}</span></p>{_quote(fact)}</li>'
    )


def names_html(found: Mapping[str, Any]) -> str:
    """What documents call a thing, and the sentences by which its names are taken for one, as HTML."""
    names = "".join(
        f"<li><p><b><bdi>{as_html(one_line(name['name']))}</bdi></b></p>{''.join(map(_quote, name['sentences']))}</li>"
        for name in found["names"]
    )
    shown = f'<ul class="facts">{names}</ul>'
    if found["aliases"]:
        reasons = "".join(
            f"<li><p><b><bdi>{as_html(' = '.join(map(one_line, alias['names'])))}</bdi></b> {chip(named('alias', alias['reason']))}</p>"
            f"{''.join(map(_quote, alias['support']))}</li>"
            for alias in found["aliases"]
        )
        shown += f'<h3>{as_html(say("why_one"))}</h3><ul class="facts">{reasons}</ul>'
    return shown


def _quote(quoted: Mapping[str, Any]) -> str:
    """A sentence and where it stands; `quoted` has "sentence" and "source"."""
    return (
        f'<blockquote class="cited" dir="auto">{as_html(shortened(quoted["sentence"], 300))}</blockquote>'
        f'<p class="quiet"><bdi>{as_html(quoted["source"])}</bdi></p>'
    )
