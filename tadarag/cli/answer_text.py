"""Answers and hits as text for people."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from tadarag.cli.output import one_line, printable
from tadarag.cli.question_graph_text import graph_lines

if TYPE_CHECKING:
    from tadarag.values import Answer, Citation, Hit, SetChoice, Usage

_EXCERPT = 240  # code points of a passage that a list of hits shows


def answer_lines(answer: Answer, *, explain: bool) -> Iterator[str]:
    """The answer, then its numbered citations, then (with `explain`) how it was found."""
    yield printable(answer.text)
    unsupported = [statement for statement in answer.statements if not statement.supported]
    for statement in unsupported:
        yield f"(no citation bears out: {one_line(statement.text)})"
    if answer.citations:
        yield ""
    for citation in answer.citations:
        yield from _citation_lines(citation)
    if explain:
        yield ""
        yield from _explanation_lines(answer)


def hit_lines(hits: Sequence[Hit], *, explain: bool) -> Iterator[str]:
    """One block for each hit: rank, place, score and an excerpt; with `explain` the layers and the path."""
    if not hits:
        yield "no passage matches"
    for rank, hit in enumerate(hits, start=1):
        passage = hit.passage
        place = _place(str(passage.source), passage.page, passage.outline_path, passage.date)
        yield f"{rank:>3}. {place}  (score {hit.score:.3f})"
        yield f"     {_excerpt(hit)}"
        if explain:
            yield from (f"     {line}" for line in _how_found(hit))


def _citation_lines(citation: Citation) -> Iterator[str]:
    yield f"[{citation.number}] {_place(str(citation.source), citation.page, citation.heading_path, citation.date)}"
    yield f'    "{one_line(citation.quote)}"'


def _place(source: str, page: int | None, heading_path: Sequence[str], date: str) -> str:
    parts = [one_line(source), f"page {page}" if page is not None else "", one_line(" > ".join(heading_path)), date]
    return " · ".join(part for part in parts if part)


def _excerpt(hit: Hit) -> str:
    """The start of a short passage; of a long one, what begins with the sentence that matches best."""
    passage, scores = hit.passage, hit.sentence_scores
    begin = 0
    if len(passage.text) > _EXCERPT and scores:
        best = max(range(len(scores)), key=lambda index: (scores[index], -index))
        begin = passage.sentences[best].start - passage.span.start
    text = one_line(passage.text[begin:])
    return ("… " if begin else "") + (text if len(text) <= _EXCERPT else text[: _EXCERPT - 1].rstrip() + "…")


def _explanation_lines(answer: Answer) -> Iterator[str]:
    route = answer.route
    task, domain = f"{route.task} ({route.confidence:.2f})", f"{route.domain} ({route.domain_confidence:.2f})"
    yield f"question:   {task}, wants {route.answer}, language {route.language}, domain {domain}"
    for reason in route.reasons:
        yield f"            because {one_line(reason)}"
    how = "direct hits were enough" if answer.evidence.early_exit else "links were followed"
    yield f"evidence:   {len(answer.evidence.hits)} passages, {how}"
    if answer.evidence.choice is not None:
        yield from _choice_lines(answer.evidence.choice)
    for rank, hit in enumerate(answer.evidence.hits, start=1):
        yield f"  {rank:>2}. {_place(str(hit.passage.source), hit.passage.page, hit.passage.outline_path, hit.passage.date)}"
        yield from (f"      {line}" for line in _how_found(hit))
    if answer.graph is not None:
        yield from graph_lines(answer.graph)
    yield f"confidence: {answer.confidence:.2f}"
    yield from _usage_lines(answer.usage)


def _choice_lines(choice: SetChoice) -> Iterator[str]:
    unknown = f"; {choice.n_unknown} of its numbers name none of them" if choice.n_unknown else ""
    if choice.problem:
        yield f"            {choice.usage.model} saw {choice.n_shown}, but {choice.problem}: the order before it stands{unknown}"
    else:
        yield f"            {choice.usage.model} chose {choice.n_chosen} of {choice.n_shown}, which come first{unknown}"


def _how_found(hit: Hit) -> Iterator[str]:
    layers = ", ".join(f"{name} {score:.3f}" for name, score in hit.layers)
    yield f"score {hit.score:.3f}" + (f" ({layers})" if layers else "")
    for link in hit.path:
        name = f" {one_line(link.name)!r}" if link.name else ""
        yield f'by {link.kind}{name} in {one_line(str(link.seed))}: "{one_line(link.sentence)}"'


def _usage_lines(usage: Usage) -> Iterator[str]:
    if usage.seconds:
        yield "time:       " + ", ".join(f"{stage} {1000 * seconds:.0f} ms" for stage, seconds in usage.seconds)
    if usage.model:
        about = "about " if usage.tokens_are_estimates else ""
        cost = "cost unknown" if usage.cost is None else f"cost {usage.cost:.4f}"
        yield f"model:      {usage.model}, {about}{usage.prompt_tokens} + {usage.completion_tokens} tokens, {cost}"
