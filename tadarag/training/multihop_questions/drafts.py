"""A question before it is written out: its words, its answer and the facts that it needs, in order."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from random import Random

from tadarag.analysis import name_tokens
from tadarag.chinese import simplify
from tadarag.training.multihop_questions.facts import Fact
from tadarag.training.multihop_questions.graph import Graph, Subject
from tadarag.training.multihop_questions.naming import name_key

MAX_TOKENS = {"en": 45, "zh": 60}
_STUTTER = re.compile(r"\b(?:located|based|born|found|founded|built|held) (?:located|based|born|found|founded|built|held)\b")
NOUN_SHARE = 0.35
"""How often a work whose name needs it not is still called "the film X"."""
TRADITIONAL_SHARE = 0.05
"""A text of which more characters are traditional ones is traditional."""
_SLOT = re.compile(r"\{([A-Z])\}")
_KIN = frozenset("son daughter wife husband brother sister member man woman person consort".split())
_DESCRIBED = frozenset("film movie album song single novel book play series opera magazine poem episode game soundtrack musical".split())


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """text: the passage's text[start:end]; for "yes" and "no" the passage is -1. kind: class of the value, or "yesno"."""

    text: str
    kind: str
    passage: int = -1
    start: int = 0
    end: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """facts: those needed, in the order in which they are found. path: names of the relations, one text for all questions alike. frames: those used.

    hidden: names that the question may not give away. shape: bridge, comparison, bridge_comparison, intersection or single.
    """

    shape: str
    hops: int
    path: str
    text: str
    answer: Answer
    facts: tuple[Fact, ...]
    frames: tuple[str, ...]
    hidden: tuple[str, ...] = ()


def filled(frame: str, slots: Mapping[str, str]) -> str:
    """The frame with its slots."""
    return _SLOT.sub(lambda slot: slots[slot[1]], frame)


def worded(graph: Graph, frame: str, fact: Fact) -> str:
    """The frame in the characters of the fact's passage: simplified or traditional."""
    if graph.frames.language != "zh":
        return frame
    text = graph.passages[fact.passage].text
    changed = sum(a != b for a, b in zip(text, simplify(text), strict=True))
    return frame.translate(graph.frames.traditional) if changed > len(text) * TRADITIONAL_SHARE else frame


def capital(text: str) -> str:
    """The text with a capital letter at its beginning."""
    return text[:1].upper() + text[1:]


def fitting_frames(frames: Sequence[str], slots: Mapping[str, str]) -> list[str]:
    """The frames of which every slot has a text."""
    return [frame for frame in frames if all(slots.get(name) for name in _SLOT.findall(frame))]


def called(graph: Graph, fact: Fact, random: Random) -> str:
    """How a question names the subject of a fact: a work in Chinese quotes, or with its noun where its name alone says little."""
    subject = graph.subjects.get(fact.subject)
    if subject is None:
        return fact.subject_name
    name = subject.name
    if graph.frames.language == "zh":
        return f"《{name}》" if subject.kind == "work" else name
    if subject.kind == "work" and subject.noun in _DESCRIBED:
        is_bare = len(name.split()) < 2 or subject.title != subject.name
        return f"the {subject.noun} {name}" if is_bare or random.random() < NOUN_SHARE else name
    return name


def noun_of(graph: Graph, subject: Subject | None) -> str:
    """The noun of a subject, "" where the corpus does not tell."""
    return "" if subject is None else "person" if subject.noun in _KIN else subject.noun


def asked_time(graph: Graph, fact: Fact) -> dict[str, str]:
    """The slots T and E of a fact whose value is a date, as exact as the date is."""
    if fact.value.kind != "date" or fact.value.order is None:
        return {}
    if graph.frames.language == "zh":
        return {"E": "天" if len(fact.value.order) == 3 else "年"}
    unit = ("year", "month", "date")[len(fact.value.order) - 1]
    return {"T": f"{'on' if unit == 'date' else 'in'} what {unit}", "E": unit}


def value_answer(fact: Fact) -> Answer:
    """The fact's value as an answer."""
    return Answer(text=fact.value.text, kind=fact.value.kind, passage=fact.passage, start=fact.value.start, end=fact.value.end)


def named_answer(graph: Graph, fact: Fact) -> Answer | None:
    """The name of the fact's subject where the fact's passage gives it; None when it does not."""
    subject = graph.subjects[fact.subject]
    text = graph.passages[fact.passage].text
    at = text.find(subject.name)
    if at < 0:
        return None
    return Answer(text=subject.name, kind=subject.kind or "name", passage=fact.passage, start=at, end=at + len(subject.name))


def is_sound(draft: Draft, language: str) -> bool:
    """Whether the question is short enough and gives away neither its answer nor a name that must be found on the way."""
    words = _tokens(draft.text)
    if _STUTTER.search(draft.text):
        return False
    if len(words) > MAX_TOKENS[language] or len({(fact.passage, fact.sentence) for fact in draft.facts}) < len(draft.facts):
        return False
    hidden = [*draft.hidden, *([draft.answer.text] if draft.shape not in ("comparison", "bridge_comparison") else [])]
    return not any(_holds(words, _tokens(name)) for name in hidden)


def _tokens(text: str) -> list[str]:
    return [token.text for token in name_tokens(text)] if text else []


def _holds(words: Sequence[str], name: Sequence[str]) -> bool:
    length = len(name)
    return any(list(words[at : at + length]) == list(name) for at in range(len(words) - length + 1)) if length else False


def sorted_key(*names: str) -> str:
    """One text for the names in any order."""
    return "\n".join(sorted(name_key(name) for name in names))
