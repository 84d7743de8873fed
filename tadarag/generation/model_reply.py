"""What a model wrote, made into statements: thoughts taken out, cut-off and repeated sentences dropped, numbers read."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

_THOUGHT = re.compile(r"<think(?:ing)?>.*?(?:</think(?:ing)?>|$)", re.DOTALL | re.IGNORECASE)
_MARKS = re.compile(r"\s*[\[【]\s*(\d{1,2}(?:\s*[,，、]\s*\d{1,2})*)\s*[\]】]")
_SENTENCE = re.compile(
    r".+?(?:[.!?](?:[\"”’)]+)?(?:\s*[\[【][\d\s,，、]+[\]】])*(?=\s|$)|[。！？](?:[”’」』）]+)?(?:\s*[\[【][\d\s,，、]+[\]】])*|\n|$)",
    re.DOTALL,
)
_ABBREVIATION = re.compile(r"\b(?:Mr|Mrs|Ms|Dr|St|No|Prof|vs|etc|e\.g|i\.e|approx|[A-Z])\.$")
_NOT_FOUND = re.compile(r"^\W*(?:NOT FOUND|not found in the (?:documents|passages)|文档中没有找到答案)\W*$", re.IGNORECASE)
_BULLET = re.compile(r"^\s*(?:[-*•]|\d+[.)、])\s+")
REPEATS = 3  # a piece written this often means that the model runs in a circle


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence of a reply without its marks, and the passage numbers it cites."""

    text: str
    numbers: tuple[int, ...]


def without_thoughts(text: str) -> str:
    """The reply without <think> blocks, also when the last was never closed or the first never opened."""
    opened = re.sub(r"^(?:(?!<think).)*?</think(?:ing)?>", "", text, count=1, flags=re.DOTALL | re.IGNORECASE)
    return _THOUGHT.sub("", opened).strip()


def is_refusal(text: str) -> bool:
    """Whether the reply says that the passages do not answer."""
    return not text.strip() or bool(_NOT_FOUND.match(text.strip()))


def read_sentences(text: str, *, cut_off: bool) -> list[Sentence]:
    """Sentences of a reply, each once. cut_off: the reply did not end by itself, so a last sentence without its end is dropped."""
    found: list[Sentence] = []
    pieces = list(_pieces(text))
    for place, piece in enumerate(pieces):
        numbers = tuple(int(number) for match in _MARKS.finditer(piece) for number in re.findall(r"\d+", match.group(1)))
        plain = _BULLET.sub("", " ".join(_MARKS.sub("", piece).split())).strip()
        complete = bool(re.search(r"[.!?。！？\]】][\"”’)」』）]*\s*$", piece.strip()))
        if cut_off and place == len(pieces) - 1 and not complete:
            continue
        if not re.search(r"\w", plain):
            if numbers and found:  # marks on a line of their own belong to the sentence before
                found[-1] = Sentence(found[-1].text, tuple(dict.fromkeys((*found[-1].numbers, *numbers))))
            continue
        if all(plain != other.text for other in found) and not is_refusal(plain):
            found.append(Sentence(plain, tuple(dict.fromkeys(numbers))))
    return found


def runs_in_circle(text: str) -> bool:
    """Whether a piece of at least 20 characters stands REPEATS times in a row at the end of the text."""
    tail = text[-600:]
    return any(tail[-size:] * REPEATS == tail[-size * REPEATS :] for size in range(20, len(tail) // REPEATS + 1))


def _pieces(text: str) -> Iterator[str]:
    held = ""
    for match in _SENTENCE.finditer(text):
        held += match.group()
        if _ABBREVIATION.search(held.rstrip()):
            continue
        if held.strip():
            yield held
        held = ""
    if held.strip():
        yield held


class ThoughtFilter:
    """Passes on streamed text without <think> blocks. A class because a tag may be cut between two pieces."""

    def __init__(self) -> None:
        self._held = ""
        self._thinking = False

    def push(self, piece: str) -> str:
        """The part of the text so far that may be shown now."""
        self._held += piece
        shown = ""
        while True:
            tag = "</think>" if self._thinking else "<think>"
            place = self._held.find(tag)
            if place < 0:
                keep = next((size for size in range(len(tag) - 1, 0, -1) if self._held.endswith(tag[:size])), 0)
                if not self._thinking:
                    shown += self._held[: len(self._held) - keep]
                self._held = self._held[len(self._held) - keep :]
                return shown
            if not self._thinking:
                shown += self._held[:place]
            self._held = self._held[place + len(tag) :]
            self._thinking = not self._thinking
