"""An answer on the page: its text with citations, what was withdrawn, its sources, and how it came about."""

from __future__ import annotations

import re
from collections.abc import Iterator

import streamlit as st

from tadarag import Answer, Citation, Hit

from .components import answer_text
from .library_words import reason_told
from .parts import chip
from .safe_text import as_html, as_label, one_line, readable, shortened
from .streaming import Draft
from .words import named, say

_CITED = re.compile(r"\s*\[(\d+)\]")
_LONGEST_QUOTE = 220


def draft_html(draft: Draft) -> str:
    """An answer in the making, as HTML; text is marked unchecked until its sentence has passed."""
    shown = []
    for piece in draft.pieces:
        mark = ""
        if piece.state == "unchecked":
            mark = chip(say("checking"), "waiting")
        elif piece.state == "withdrawn":
            mark = chip(say("withdrawn"), "quarantined")
        shown.append(f'<span class="piece {piece.state}" dir="auto">{as_html(piece.text)}</span> {mark}')
    return f'<div class="draft" role="status">{" ".join(shown)}<p class="quiet">{as_html(say("checking_hint"))}</p></div>'


def show_answer(answer: Answer, *, key: str) -> Citation | None:
    """A checked answer; returns the citation that was just pressed, in its text or among its sources."""
    pressed = answer_text(list(answer_pieces(answer)), language=answer.route.language, key=f"{key}-text")
    if not answer.found:
        st.html(f'<p class="quiet">{as_html(say("not_found_next"))}</p>')
    for statement in answer.statements:
        if not statement.supported:
            st.html(
                f'<p class="piece withdrawn" dir="auto">{as_html(statement.text)} {chip(say("withdrawn"), "quarantined")} '
                f'<span class="quiet">{as_html(say("withdrawn_hint"))}</span></p>'
            )
    chosen = None
    with st.container(gap=None, key=f"{key}-sources"):
        for citation in answer.citations:
            if _source_row(citation, key=f"{key}-source-{citation.number}"):
                chosen = citation
    return next((one for one in answer.citations if one.number == pressed), chosen)


def answer_pieces(answer: Answer) -> Iterator[dict[str, object]]:
    """The text of an answer cut at its citations; a number in brackets that no citation has is text."""
    by_number = {citation.number: citation for citation in answer.citations}
    end = 0
    for found in _CITED.finditer(answer.text):
        citation = by_number.get(int(found[1]))
        if citation is None:
            continue
        if found.start() > end:
            yield {"text": readable(answer.text[end : found.start()])}
        yield {"citation": citation.number, "label": say("open_source", n=citation.number, name=shortened(str(citation.source), 80))}
        end = found.end()
    if end < len(answer.text):
        yield {"text": readable(answer.text[end:])}


def _source_row(citation: Citation, *, key: str) -> bool:
    """One source as a button with its quote; whether it was just pressed."""
    with st.container(gap=None, key=f"{key}-row"):
        pressed = st.button(f"{citation.number} · {as_label(shortened(str(citation.source), 60))}", type="tertiary", key=key)
        st.html(
            f'<blockquote class="cited" dir="auto">{as_html(shortened(citation.quote, _LONGEST_QUOTE))}</blockquote>'
            f'<p class="quiet">{as_html(place_words(citation))}</p>'
        )
    return pressed


def place_words(citation: Citation) -> str:
    """Where a citation stands in its document: page, headings, date."""
    page = say("page", n=citation.page) if citation.page is not None else ""
    return " · ".join(one_line(part) for part in (page, " › ".join(citation.heading_path), citation.date) if part)


def how_html(answer: Answer) -> str:
    """Route with reasons, time by stage, tokens, and the passages with the layers that found them, as HTML."""
    route = answer.route
    asked = say("route_of", task=named("task", route.task), answer=named("answer", route.answer), domain=named("domain", route.domain))
    rows = [
        (say("route"), asked),
        (say("reasons"), "; ".join(map(reason_told, route.reasons))),
        (say("time"), time_words(answer)),
        (say("tokens"), token_words(answer)),
        (say("cost"), cost_words(answer)),
    ]
    listed = "".join(f"<dt>{as_html(name)}</dt><dd>{as_html(value)}</dd>" for name, value in rows if value)
    hits = "".join(_hit(rank, hit) for rank, hit in enumerate(answer.evidence.hits, start=1))
    return f'<dl class="how">{listed}</dl><h3>{as_html(say("passages"))}</h3><ol class="hits">{hits}</ol>'


def time_words(answer: Answer) -> str:
    """The seconds of an answer, in all and by stage."""
    stages = answer.usage.seconds
    total = say("seconds", n=sum(seconds for _, seconds in stages))
    parts = ", ".join(f"{named('stage', stage)} {seconds:.2f}" for stage, seconds in stages)
    return f"{total} ({parts})" if parts else total


def token_words(answer: Answer) -> str:
    """The tokens that a model read and wrote."""
    usage = answer.usage
    if not usage.model:
        return say("no_model")
    counted = f"{usage.prompt_tokens} → {usage.completion_tokens}"
    return f"{usage.model}: {counted}" + (f" ({say('estimated')})" if usage.tokens_are_estimates else "")


def cost_words(answer: Answer) -> str:
    """What a model's answer cost; "" where no model was asked."""
    if not answer.usage.model:
        return ""
    return say("unknown") if answer.usage.cost is None else f"{answer.usage.cost:.4f}"


def _hit(rank: int, hit: Hit) -> str:
    layers = " ".join(chip(f"{named('layer', name)} {score:.2f}") for name, score in hit.layers)
    place = " › ".join((str(hit.passage.source), *hit.passage.outline_path))
    return (
        f"<li><p><bdi>{as_html(one_line(place))}</bdi> <b>{hit.score:.2f}</b> {layers}</p>"
        f'<p class="quiet" dir="auto">{as_html(shortened(hit.passage.text, _LONGEST_QUOTE))}</p></li>'
    )
