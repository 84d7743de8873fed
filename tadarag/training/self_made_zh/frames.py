"""The frames that sentences are made from: text with slots for names, marks for common words, and the relations between the slots."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import yaml

FRAMES_FILE = Path(__file__).with_name("frames.yaml")
PARTS = re.compile(r"\{([a-z]\d)\}|<([a-z]+)>")
"""A slot ({p1}: kind letter and number) or a mark of a common word (<title>)."""


@dataclass(frozen=True, slots=True)
class Frame:
    """relations: (head slot, relation, tail slot)."""

    text: str
    relations: tuple[tuple[str, str, str], ...] = ()


@cache
def shipped_frames() -> Mapping[str, tuple[Frame, ...]]:
    """The frames of frames.yaml by genre; `leads`, `fillers` and `tails` are put before and behind the others."""
    genres = yaml.safe_load(FRAMES_FILE.read_text(encoding="utf-8"))
    return {genre: tuple(read_frame(line) for line in lines.splitlines()) for genre, lines in genres.items()}


def read_frame(line: str) -> Frame:
    """Reads `text|head relation tail;head relation tail`. ValueError: a relation is not three words."""
    text, _, stated = line.partition("|")
    relations = []
    for triple in filter(None, stated.split(";")):
        head, relation, tail = triple.split()
        relations.append((head, relation, tail))
    return Frame(text, tuple(relations))
