"""Text in the form in which a model's copy of it is compared, with a way back to the source."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass

_VARIANTS = {
    **dict.fromkeys("‘’‚‛′`´ʼ", "'"),
    **dict.fromkeys("“”„‟″«»「」『』", '"'),
    **dict.fromkeys("‐‑‒–—―−﹣－", "-"),
    **dict.fromkeys("\u200b\u200c\u200d\u2060\ufeff\u00ad", ""),
}


@dataclass(frozen=True, slots=True)
class Normalised:
    """A text in compared form. starts, ends: for each of its characters the source range [start, end) that gave it; both rise."""

    text: str
    starts: tuple[int, ...]
    ends: tuple[int, ...]


def normalise(text: str) -> Normalised:
    """NFKC, runs of white space as one space, one form of quotes and dashes; no white space at the ends. Source: mom.md 5, step 1."""
    pieces: list[str] = []
    starts: list[int] = []
    ends: list[int] = []
    place, n = 0, len(text)
    while place < n:
        end = place + 1
        while end < n and unicodedata.combining(text[end]):
            end += 1
        cluster = text[place:end]
        form = cluster if cluster.isascii() and cluster != "`" else _form(cluster)
        for character in form:
            if character.isspace():
                if not pieces or pieces[-1] == " ":
                    continue
                character = " "
            pieces.append(character)
            starts.append(place)
            ends.append(end)
        place = end
    if pieces and pieces[-1] == " ":
        del pieces[-1], starts[-1], ends[-1]
    return Normalised("".join(pieces), tuple(starts), tuple(ends))


def _form(cluster: str) -> str:
    compatible = unicodedata.normalize("NFKC", "".join(_VARIANTS.get(character, character) for character in cluster))
    return "".join(_VARIANTS.get(character, character) for character in compatible)
