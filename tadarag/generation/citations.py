"""Checks every citation of a draft against the stored text: what does not hold is taken out before a person relies on it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace

from tadarag.generation.claims import supports
from tadarag.generation.compose import answer_text, not_found_text
from tadarag.generation.events import announce_checks
from tadarag.generation.question_form import read_question
from tadarag.values import Answer, AnswerEvent, Citation, Draft, Evidence, Route, SourceName, Statement

ReadText = Callable[[SourceName], tuple[str, str] | None]


def check_citations(
    question: str,
    route: Route,
    draft: Draft,
    evidence: Evidence,
    read_text: ReadText,
    *,
    on_event: Callable[[AnswerEvent], None] | None = None,
) -> Answer:
    """The answer that the stored documents bear out.

    read_text: a source's content hash and text, None when it is not stored. A citation holds if its source has that hash and its quote
    stands at its span. A statement is supported if the drafter did not doubt it, at least one citation of it holds, and the quotes of
    those that hold support it; others stay in `statements`, flagged, and are left out of `text`. Without a supported statement the
    answer is "not found". Citations are numbered anew in the order of use. on_event: told of each statement, "checked" or "withdrawn".
    """
    texts = {source: read_text(source) for source in {citation.source for citation in draft.citations}}
    valid = {citation.number: citation for citation in draft.citations if holds(citation, texts)}
    checked = [_check(part, valid, texts, question) for part in draft.statements] if draft.found else []
    language = read_question(question, route).language
    kept = [part for part in checked if part.supported]
    numbers = _renumbered(kept)
    statements = tuple(
        replace(part, citations=tuple(numbers[number] for number in part.citations if number in numbers)) for part in checked
    )
    citations = tuple(replace(valid[old], number=new) for old, new in numbers.items())
    supported = [part for part in statements if part.supported]
    if on_event is not None:
        announce_checks(statements, on_event)
    return Answer(
        question=question,
        text=answer_text(supported, language) if supported else not_found_text(language),
        short=_short(draft, checked) if supported else "",
        found=bool(supported),
        statements=statements,
        citations=citations,
        confidence=draft.confidence * len(supported) / len(checked) if checked else draft.confidence,
        route=route,
        evidence=evidence,
        usage=draft.usage,
    )


def holds(citation: Citation, texts: Mapping[SourceName, tuple[str, str] | None]) -> bool:
    """Whether the quote stands at its span in the stored document of that hash."""
    stored = texts[citation.source]
    if stored is None or stored[0] != citation.content:
        return False
    span = citation.span
    return 0 <= span.start < span.end <= len(stored[1]) and span.of(stored[1]) == citation.quote and bool(citation.quote.strip())


def _check(part: Statement, valid: Mapping[int, Citation], texts: Mapping[SourceName, tuple[str, str] | None], question: str) -> Statement:
    numbers = tuple(number for number in dict.fromkeys(part.citations) if number in valid)
    cited = [valid[number] for number in numbers]
    context = " ".join(piece for citation in cited for piece in (*citation.heading_path, citation.date))
    given = " ".join(stored[1] for citation in cited if (stored := texts[citation.source]) is not None)
    supported = (
        part.supported
        and bool(cited)
        and supports(part.text, [citation.quote for citation in cited], context=context, given=given, question=question)
    )
    return Statement(text=part.text, citations=numbers, supported=supported)


def _renumbered(kept: list[Statement]) -> dict[int, int]:
    numbers: dict[int, int] = {}
    for part in kept:
        for number in part.citations:
            numbers.setdefault(number, len(numbers) + 1)
    return numbers


def _short(draft: Draft, checked: list[Statement]) -> str:
    """The short answer, unless a statement that it rests on was withdrawn."""
    kept = [part for part in checked if part.supported]
    if len(kept) == len(checked) or any(draft.short and draft.short in part.text for part in kept):
        return draft.short
    return ""
