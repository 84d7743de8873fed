"""A tokenizer for a tiny reader: the fixed lines of the prompts, the tags and the words of its documents whole, all else by characters."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from typing import Any

from mom.reply import MASK
from tadarag.training.causal.tiny_model import word_tokenizer
from tadarag.training.memory_reader.memory_records import MemoryRecord

_FENCE = re.compile(r"(=== [0-9a-f]{16} ===)")
_WORD = re.compile(r" ?[A-Za-z]{2,}|[\u4e00-\u9fff]{2}")
_TAGS = ("<think>", "</think>", "<outline>", "</outline>", "<scenario><chunk>", "</chunk>", "</scenario>", MASK)
_CHARACTERS = tuple(map(chr, range(32, 127)))


def reader_tokenizer(records: Sequence[MemoryRecord]) -> Any:
    """A fast tokenizer in which a prompt is short. Texts of other documents can be read too where their characters occur in the records."""
    return word_tokenizer(reader_pieces(records))


def reader_pieces(records: Sequence[MemoryRecord]) -> list[str]:
    """What the tokenizer knows whole, sorted, each once."""
    words = {word for record in records for text in (record.task.document, record.target) for word in _WORD.findall(text)}
    characters = {character for record in records for text in (record.system, record.user, record.target) for character in text}
    return sorted({*_TAGS, *_CHARACTERS, *characters, *words, *_fixed_lines(records)})


def _fixed_lines(records: Iterable[MemoryRecord]) -> set[str]:
    """Lines of the questions outside the documents, cut at the fences, which differ from document to document."""
    lines: set[str] = set()
    for record in records:
        asked = record.user.replace(record.task.document, "\n")
        parts = [part for text in (record.system, asked) for part in _FENCE.split(text) if not _FENCE.fullmatch(part)]
        lines.update(line for part in parts for line in part.split("\n") if len(line) > 1)
    return lines
