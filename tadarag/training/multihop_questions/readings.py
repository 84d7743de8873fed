"""Sentences about a passage's subject, written so that patterns can read them: the subject is §, a mention is its number in ⟨⟩."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from mom.sentences import split_sentences
from tadarag.chinese import simplify
from tadarag.extraction.found import Found
from tadarag.extraction.rules import find_in_sentence, small_words
from tadarag.training.multihop_questions.definitions import defined_as
from tadarag.training.multihop_questions.naming import named_at_start
from tadarag.training.multihop_questions.passages import Passage
from tadarag.values import Span

MAX_SENTENCES, MAX_CHARACTERS = 8, 2000
_VALUES = frozenset("time number money percent quantity".split())


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """typed: the sentence from its subject on. places: for every character of it the offset in the passage's text, one more for the end.

    subject: where the sentence names the subject. kind, noun: of the subject, as the passage's first sentence told them.
    """

    typed: str
    places: tuple[int, ...]
    mentions: tuple[Found, ...]
    sentence: Span
    subject: Span
    kind: str
    noun: str


def readings(passage: Passage, classes: Mapping[str, str]) -> Iterator[Reading]:
    """The sentences at the passage's beginning that begin with its subject; "He" counts only right behind a sentence about the subject."""
    text = passage.text
    common = small_words(text) if passage.language == "en" else frozenset()
    kind, noun, is_about = "", "", False
    for number, found_sentence in enumerate(split_sentences(text[:MAX_CHARACTERS])[:MAX_SENTENCES]):
        sentence = Span(found_sentence.start, found_sentence.end)
        words = text[sentence.start : sentence.end]
        named = named_at_start(words, passage.title, passage.language, is_first=number == 0, kind=kind, noun=noun)
        if named is None or (number and not is_about and not _is_title(words[named[0] : named[1]], passage)):
            is_about = False
            continue
        is_about = True
        subject = Span(sentence.start + named[0], sentence.start + named[1])
        found = [one for one in find_in_sentence(text, sentence, "", common) if one.start >= subject.end or one.end > subject.end]
        if passage.language == "zh":
            found = [one for one in found if one.kind in _VALUES]
        typed, places = _typed(simplify(text) if passage.language == "zh" else text, subject, sentence.end, found)
        if number == 0:
            kind, noun = defined_as(typed, classes, passage.language)
        yield Reading(typed=typed, places=places, mentions=tuple(found), sentence=sentence, subject=subject, kind=kind, noun=noun)


def _is_title(words: str, passage: Passage) -> bool:
    return len(words) > 3 if passage.language == "en" else len(words) > 1


def _typed(text: str, subject: Span, end: int, mentions: Sequence[Found]) -> tuple[str, tuple[int, ...]]:
    parts, places, at = ["§"], [subject.start], subject.end
    for number, mention in enumerate(mentions):
        start = max(mention.start, at)
        mark = f"⟨{number}⟩"
        parts += [text[at:start], mark]
        places += [*range(at, start), *[start] * len(mark)]
        at = mention.end
    parts.append(text[at:end])
    places += range(at, end + 1)
    return "".join(parts), tuple(places)
