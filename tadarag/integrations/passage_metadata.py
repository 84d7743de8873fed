"""What a host is told about a retrieved passage beside its text: the same keys in every framework."""

from __future__ import annotations

from typing import Any

from tadarag.values import Hit, Passage

BREADCRUMB_JOINT = " > "
SHOWN = ("source", "breadcrumb", "page", "date")
"""Keys that say where a passage stands in words: what a language model should see of them."""


def passage_metadata(hit: Hit) -> dict[str, Any]:
    """Where the passage of a hit stands and how it was found, as JSON values; every key is always there.

    source, content: the document's name and hash. chunk, start, end: the passage's id and its range in the document's text, in code points.
    page: from 1, None where the format has none. breadcrumb: from the document's title to its outline line. subject, date, language,
    domain: "" where unknown. score: as ranked. layers: what each layer gave it. path: the links that led to it, each with the `seed`
    document, the `sentence` in it, the `name` there and the `kind` of link; empty for a direct hit.
    """
    passage = hit.passage
    return {
        **place_of(passage),
        "score": hit.score,
        "layers": dict(hit.layers),
        "path": [{"seed": str(link.seed), "sentence": link.sentence, "name": link.name, "kind": link.kind} for link in hit.path],
    }


def place_of(passage: Passage) -> dict[str, Any]:
    """The part of `passage_metadata` that does not depend on a question."""
    return {
        "source": str(passage.source),
        "content": passage.content,
        "chunk": passage.chunk,
        "start": passage.span.start,
        "end": passage.span.end,
        "page": passage.page,
        "breadcrumb": BREADCRUMB_JOINT.join(passage.outline_path),
        "subject": passage.subject,
        "date": passage.date,
        "language": passage.language,
        "domain": passage.domain,
    }


def passage_id(source: object, chunk: str) -> str:
    """An id that is unique in its base, and stays while the passage's text, headings and document's name do."""
    return f"{source}@{chunk}"


def split_passage_id(text: str) -> tuple[str, str]:
    """The source's name and the chunk's id of a `passage_id`; ("", "") for a text that is none."""
    source, at, chunk = text.rpartition("@")
    return (source, chunk) if at else ("", "")
