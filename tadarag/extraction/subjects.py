"""The subject of a chunk: the name that a passage is about."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from tadarag.analysis import CJK, capitalised_names
from tadarag.extraction.chinese_names import find_chinese_names
from tadarag.extraction.found import without_overlaps
from tadarag.values import Chunk, Document

_TRAILING_PARENTHESIS = re.compile(r"\s*[(（][^()（）]*[)）]\s*$")
_CHINESE = re.compile(f"[{CJK}]")
_FIRST_CHARACTERS = 40


def with_subjects(document: Document, chunks: Sequence[Chunk]) -> tuple[Chunk, ...]:
    """The chunks with their subjects: the document's title; else the innermost heading; else the first name near the chunk's beginning.

    A trailing parenthesis of a title is left out ("Mercury (planet)"). The name must begin in the first 40 characters of the chunk's first
    sentence. All chunks of a titled document share its title. Source: retrieval design 1.1.
    """
    title = _plain(document.title)
    return tuple(replace(chunk, subject=title or _own_subject(document.text, chunk)) for chunk in chunks)


def _plain(title: str) -> str:
    title = title.strip()
    return _TRAILING_PARENTHESIS.sub("", title) or title


def _own_subject(text: str, chunk: Chunk) -> str:
    headings = [heading for heading in chunk.heading_path if heading.strip()]
    if headings:
        return _plain(headings[-1])
    if not chunk.sentences:
        return ""
    sentence = chunk.sentences[0]
    head = text[sentence.start : sentence.end]
    if _CHINESE.search(head[:_FIRST_CHARACTERS]):
        found = without_overlaps(find_chinese_names(text, sentence.start, sentence.end))
        return next((text[one.start : one.end] for one in found if one.start - sentence.start < _FIRST_CHARACTERS), "")
    return next((head[name.start : name.end] for name in capitalised_names(head) if name.start < _FIRST_CHARACTERS), "")
