"""Answers in the form of OpenAI's chat completions: the text with its markers, and each citation as an annotation of its marker."""

from __future__ import annotations

import re
from collections.abc import Iterator
from urllib.parse import urlencode

from tadarag.answer_json import Json, answer_id, citation_json
from tadarag.models.language_model import estimate_tokens
from tadarag.values import Answer, Citation

_MARKER = re.compile(r"\[(\d+)\]")


def completion(answer: Answer, *, model: str, created: int, prompt: str) -> Json:
    """A whole `chat.completion`."""
    message = {"role": "assistant", "content": answer.text, "refusal": None, "annotations": citations_of(answer)}
    return {
        **_head(answer_id(answer), "chat.completion", model=model, created=created),
        "choices": [{"index": 0, "message": message, "finish_reason": "stop", "logprobs": None}],
        "usage": usage(answer, prompt),
        "tadarag": _about(answer),
    }


def first_chunk(completion_id: str, *, model: str, created: int) -> Json:
    """What is sent at once: the role, and no text."""
    return _chunk(completion_id, model, created, {"role": "assistant", "content": ""})


def checked_chunks(answer: Answer, completion_id: str, *, model: str, created: int) -> Iterator[Json]:
    """The checked text, a statement a chunk, then the citations with the reason of the end; the deltas' contents make up the text."""
    for line in answer.text.splitlines(keepends=True):
        yield _chunk(completion_id, model, created, {"content": line})
    last = _chunk(completion_id, model, created, {"annotations": citations_of(answer)}, finish="stop")
    yield {**last, "tadarag": _about(answer)}


def usage_chunk(answer: Answer, completion_id: str, *, model: str, created: int, prompt: str) -> Json:
    """The chunk without choices that a client asks for with `stream_options.include_usage`."""
    return {**_head(completion_id, "chat.completion.chunk", model=model, created=created), "choices": [], "usage": usage(answer, prompt)}


def usage(answer: Answer, prompt: str) -> Json:
    """Tokens of the model that wrote the answer; where none was called, estimates for the question and the answer."""
    spent = answer.usage
    n_prompt = spent.prompt_tokens or estimate_tokens(prompt)
    n_completion = spent.completion_tokens or estimate_tokens(answer.text)
    return {"prompt_tokens": n_prompt, "completion_tokens": n_completion, "total_tokens": n_prompt + n_completion}


def citations_of(answer: Answer) -> list[Json]:
    """One `url_citation` for each marker [n] of the text, at its place; `citation` holds all that is known of it.

    The URL is that of the cited passage on this server, relative to its root.
    """
    by_number = {citation.number: citation for citation in answer.citations}
    found = []
    for match in _MARKER.finditer(answer.text):
        citation = by_number.get(int(match[1]))
        if citation is not None:  # a document may hold "[7]" in its own words
            found.append(_annotation(citation, match.start(), match.end()))
    return found


def _annotation(citation: Citation, start: int, end: int) -> Json:
    place = {"source": str(citation.source), "start": citation.span.start, "end": citation.span.end, "content": citation.content}
    return {
        "type": "url_citation",
        "url_citation": {
            "start_index": start,
            "end_index": end,
            "title": str(citation.source),
            "url": f"/api/v1/document/passage?{urlencode(place, errors='replace')}",
        },
        "citation": citation_json(citation),
    }


def _about(answer: Answer) -> Json:
    """question: as it was asked of the documents."""
    return {
        "answer": answer_id(answer),
        "question": answer.question,
        "found": answer.found,
        "short": answer.short,
        "confidence": answer.confidence,
    }


def _chunk(completion_id: str, model: str, created: int, delta: Json, *, finish: str | None = None) -> Json:
    choice = {"index": 0, "delta": delta, "finish_reason": finish, "logprobs": None}
    return {**_head(completion_id, "chat.completion.chunk", model=model, created=created), "choices": [choice]}


def _head(completion_id: str, kind: str, *, model: str, created: int) -> Json:
    return {"id": f"chatcmpl-{completion_id}", "object": kind, "created": created, "model": model}
